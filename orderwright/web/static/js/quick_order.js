// Quick order: a grid that is filled by keyboard alone, priced by the server while one types.
const form = document.querySelector("[data-quick]");
const grid = form.querySelector("[data-grid]");
const WAIT = 250;
const token = () => form.querySelector("[name='csrfmiddlewaretoken']").value;

const rows = () => [...grid.querySelectorAll("[data-quick-row]")];
const part = (row, name) => row.querySelector(`[name='row_${name}']`);
const isEmpty = (row) => !part(row, "product_name").value.trim() && !part(row, "quantity").value.trim();

// ---------- Rows ----------

let made = 10000;
function addRow() {
  const row = form.querySelector("[data-blank]").content.firstElementChild.cloneNode(true);
  made += 1;
  const field = part(row, "product_name");
  field.id = `p-${made}`;
  field.setAttribute("aria-controls", `o-${made}`);
  row.querySelector("[role='listbox']").id = `o-${made}`;
  grid.append(row);
  renumber();
  return row;
}

function renumber() {
  rows().forEach((row, index) => {
    row.querySelector("[data-number]").textContent = String(index + 1);
  });
}

function lastEmpty() {
  const all = rows();
  const last = all.at(-1);
  return last && isEmpty(last) ? last : addRow();
}

function after(row) {
  const all = rows();
  const next = all[all.indexOf(row) + 1] ?? (isEmpty(row) ? row : addRow());
  part(next, "product_name").focus();
}

function put(row, product, quantity) {
  part(row, "product_id").value = product.id;
  part(row, "product_name").value = product.label;
  part(row, "unit").value = product.unit ?? "";
  if (quantity) part(row, "quantity").value = quantity;
}

// ---------- Keys ----------

form.addEventListener("keydown", (event) => {
  const row = event.target.closest("[data-quick-row]");
  if (event.key === "Enter" && !event.ctrlKey && !event.metaKey && event.target.matches("input, select")) {
    if (event.target.getAttribute("aria-expanded") === "true") return; // the open list takes it
    event.preventDefault();
    if (!row) moveOn(event.target);
    else if (event.target === part(row, "product_name")) part(row, "quantity").focus();
    else after(row);
  }
  if (event.key === "Tab" && !event.shiftKey && row && event.target === part(row, "quantity")) {
    if (rows().at(-1) === row && !isEmpty(row)) {
      event.preventDefault();
      after(row);
    }
  }
});

function moveOn(field) {
  const all = [...form.querySelectorAll("input:not([type='hidden']):not([tabindex='-1']), select")];
  all[all.indexOf(field) + 1]?.focus();
}

form.addEventListener("chosen", (event) => {
  const row = event.target.closest("[data-quick-row]");
  if (row) {
    part(row, "unit").value = event.detail.unit ?? "";
    if (document.activeElement === part(row, "product_name")) part(row, "quantity").focus();
  } else if (document.activeElement?.id === "f-customer_id") {
    part(lastEmpty(), "product_name").focus();
  }
  quoteSoon();
});

form.addEventListener("click", (event) => {
  const button = event.target.closest("[data-delete]");
  if (!button) return;
  const row = button.closest("[data-quick-row]");
  if (rows().length > 1) row.remove();
  else for (const name of ["product_id", "product_name", "quantity", "unit"]) part(row, name).value = "";
  renumber();
  quoteSoon();
});

// ---------- Pasting rows of a spreadsheet ----------

async function post(path, body) {
  const answer = await fetch(path, {
    method: "POST",
    headers: { "Content-Type": "application/json", "X-CSRFToken": token() },
    body: JSON.stringify(body),
  });
  return answer.ok ? answer.json() : null;
}

function parsed(text) {
  return text
    .split(/\r?\n/)
    .map((line) => line.split(/\t|;/).map((cell) => cell.trim()))
    .filter((cells) => cells[0])
    .map(([code, quantity = ""]) => ({ code, quantity: quantity.replace(/[\s,](?=\d{3}\b)/g, "") }));
}

form.addEventListener("paste", async (event) => {
  const row = event.target.closest("[data-quick-row]");
  const text = event.clipboardData.getData("text/plain");
  if (!row || !/[\t\n]/.test(text.trim())) return;
  event.preventDefault();
  const pasted = parsed(text);
  const found = await post("/orders/sales/quick/resolve", { codes: pasted.map((one) => one.code) });
  let at = isEmpty(row) ? row : null;
  for (const one of pasted) {
    const target = at ?? lastEmpty();
    at = null;
    const product = found?.data[one.code];
    if (product) put(target, product, one.quantity);
    else {
      part(target, "product_name").value = one.code;
      part(target, "quantity").value = one.quantity;
      target.querySelector("[data-wrong]").textContent = "No product has this code. Choose one.";
    }
  }
  part(lastEmpty(), "product_name").focus();
  quoteSoon();
});

// ---------- The live quote ----------

let timer = 0;
let asked = 0;

function quoteSoon() {
  clearTimeout(timer);
  timer = setTimeout(() => quote().catch(() => {}), WAIT);
}

async function quote() {
  const customer = form.querySelector("[name='customer_id']").value;
  const all = rows();
  const mine = ++asked;
  if (!customer) return show(all, { lines: [], totals: [], wrong: {}, message: "" });
  const answer = await post("/orders/sales/quick/quote", {
    customer_id: customer,
    discount_code: form.querySelector("[name='discount_code']").value,
    lines: all.map((row) => ({
      product_id: part(row, "product_id").value,
      quantity: part(row, "quantity").value.trim(),
      unit: part(row, "unit").value.trim(),
    })),
  });
  if (answer && mine === asked) show(all, answer);
}

function show(all, answer) {
  const byRow = new Map(answer.lines.map((line) => [line.row, line]));
  all.forEach((row, index) => {
    const line = byRow.get(index);
    const price = row.querySelector("[data-price]");
    if (price) {
      price.textContent = line?.unit_price ?? "";
      row.querySelector("[data-total]").textContent = line?.total ?? "";
    }
    const unit = part(row, "unit");
    if (line && !unit.value) unit.value = line.unit;
    const said = row.querySelector("[data-wrong]");
    const wrong = answer.wrong[index] ?? "";
    if (wrong || part(row, "product_id").value) said.textContent = wrong;
    part(row, "quantity").toggleAttribute("aria-invalid", Boolean(wrong));
    if (wrong) part(row, "quantity").setAttribute("aria-invalid", "true");
  });
  form.querySelector("[data-quote-message]").textContent = answer.message;
  const totals = form.querySelector("[data-totals]");
  totals.replaceChildren(
    ...answer.totals.map(([name, amount], index) => {
      const line = document.createElement("div");
      if (index === answer.totals.length - 1) line.className = "grand";
      const term = document.createElement("dt");
      term.textContent = name;
      const value = document.createElement("dd");
      value.textContent = amount;
      line.append(term, value);
      return line;
    }),
  );
}

form.addEventListener("input", quoteSoon);
form.addEventListener("change", quoteSoon);
const customer = document.getElementById("f-customer_id");
if (!document.querySelector("[data-errors]")) {
  if (customer.value) part(lastEmpty(), "product_name").focus();
  else customer.focus();
}
quoteSoon();
