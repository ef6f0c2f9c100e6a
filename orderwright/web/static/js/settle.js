// Settling: fields of payments and invoices, "oldest first", the sums below them; and Print.
const SCALE = 10000;
const parts = (root, kind) => [...root.querySelectorAll(`[data-settle-row='${kind}']`)];
const fieldOf = (row) => row.querySelector("input");

function read(text) {
  const typed = String(text ?? "").replace(/\s/g, "");
  const plain = typed.includes(".") ? typed : typed.replace(",", ".");
  const value = Math.round(Number(plain) * SCALE);
  return Number.isFinite(value) ? value : 0;
}

const mostOf = (row) => read(row.dataset.most);
const sum = (rows, value) => rows.reduce((total, row) => total + value(row), 0);
const typedIn = (row) => read(fieldOf(row).value);

function decimals(root) {
  const row = root.querySelector("[data-settle-row]");
  const shown = row?.dataset.most ?? root.dataset.credit ?? "0.00";
  return shown.includes(".") ? shown.length - shown.indexOf(".") - 1 : 0;
}

const plain = (root, value) => (value / SCALE).toFixed(decimals(root));

function money(root, value) {
  const digits = decimals(root);
  try {
    return new Intl.NumberFormat("en", {
      style: "currency",
      currency: root.dataset.currency,
      minimumFractionDigits: digits,
      maximumFractionDigits: digits,
    }).format(value / SCALE);
  } catch {
    return plain(root, value);
  }
}

function put(root, row, value) {
  fieldOf(row).value = value > 0 ? plain(root, value) : "";
}

// What there is to spend: of payments, of the amount that is typed, or of one payment's credit.
function spendable(root) {
  const payments = parts(root, "payment");
  if (payments.length) return sum(payments, typedIn) || sum(payments, mostOf);
  const amount = root.querySelector("[data-settle-amount]");
  return amount ? read(amount.value) : read(root.dataset.credit);
}

function oldest(root) {
  const invoices = parts(root, "invoice");
  const payments = parts(root, "payment");
  const amount = root.querySelector("[data-settle-amount]");
  let left = spendable(root);
  if (amount && !left) {
    left = sum(invoices, mostOf);
    amount.value = plain(root, left);
  }
  for (const row of invoices) {
    const taken = Math.min(left, mostOf(row));
    put(root, row, taken);
    left -= taken;
  }
  let used = sum(invoices, typedIn);
  for (const row of payments) {
    const most = typedIn(row) || (sum(payments, typedIn) ? 0 : mostOf(row));
    row.dataset.wanted = String(most);
  }
  for (const row of payments) {
    const taken = Math.min(used, Number(row.dataset.wanted));
    put(root, row, taken);
    used -= taken;
  }
  told(root);
}

function say(place, text, tone) {
  if (!place) return;
  place.textContent = text;
  place.dataset.tone = tone;
}

function told(root) {
  const payments = parts(root, "payment");
  const invoices = parts(root, "invoice");
  if (!invoices.length) return;
  const settled = sum(invoices, typedIn);
  const used = payments.length ? sum(payments, typedIn) : spendable(root);
  const beyond = [...payments, ...invoices].find((row) => typedIn(row) > mostOf(row));
  if (payments.length) {
    say(root.querySelector("[data-settle-used]"), money(root, used), "");
    say(root.querySelector("[data-settle-settled]"), money(root, settled), "");
    const tone = used === settled ? (used ? "good" : "") : "bad";
    say(root.querySelector("[data-settle-difference]"), money(root, used - settled), tone);
  }
  const place = root.querySelector("[data-settle-said]");
  if (beyond) {
    const label = fieldOf(beyond).getAttribute("aria-label");
    say(place, `${label}: ${money(root, mostOf(beyond))} at most.`, "bad");
  } else if (payments.length || !(settled || used)) {
    say(place, "", "");
  } else if (settled > used) {
    say(place, `${money(root, settled - used)} more than there is.`, "bad");
  } else {
    const rest = used - settled;
    const end = rest ? `${money(root, rest)} stays open` : "nothing is left";
    say(place, `${money(root, settled)} settled, ${end}.`, "");
  }
}

function shape(root) {
  const kind = root.querySelector("[name='type']")?.value;
  if (!kind) return;
  for (const one of root.querySelectorAll("[data-only]")) one.hidden = one.dataset.only !== kind;
  for (const one of root.querySelectorAll("[data-not]")) one.hidden = one.dataset.not === kind;
  const adjusts = root.querySelector("[name='adjustment_type']")?.closest(".field");
  const method = root.querySelector("[name='method']")?.closest(".field");
  if (adjusts) adjusts.hidden = kind !== "adjustment";
  if (method) method.hidden = !["payment", "refund"].includes(kind);
}

async function bring(root, customer) {
  const address = `/payments/new?customer=${encodeURIComponent(customer)}`;
  const answer = await fetch(address, { headers: { Accept: "text/html" } });
  if (!answer.ok) return;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const brought = page.querySelector("#open-money");
  if (!brought) return;
  root.querySelector("#open-money").replaceWith(document.adoptNode(brought));
  const currency = page.querySelector("[name='currency']")?.value;
  if (currency) root.querySelector("[name='currency']").value = currency;
  root.dataset.currency = currency ?? root.dataset.currency;
  shape(root);
  told(root);
}

document.addEventListener("click", (event) => {
  if (event.target.closest("[data-print]")) window.print();
  const root = event.target.closest("[data-settle]");
  if (!root) return;
  if (event.target.closest("[data-settle-oldest]")) oldest(root);
  if (event.target.closest("[data-settle-clear]")) {
    for (const row of root.querySelectorAll("[data-settle-row]")) put(root, row, 0);
    told(root);
  }
  const fill = event.target.closest("[data-settle-fill]");
  if (fill) {
    const row = fill.closest("[data-settle-row]");
    put(root, row, mostOf(row));
    fieldOf(row).focus();
    told(root);
  }
});

document.addEventListener("input", (event) => {
  const root = event.target.closest?.("[data-settle]");
  if (root) told(root);
});

document.addEventListener("change", (event) => {
  const root = event.target.closest?.("[data-new-payment]");
  if (root && event.target.name === "type") shape(root);
});

document.addEventListener("chosen", (event) => {
  const root = event.target.closest("[data-new-payment]");
  if (root && event.target.name === "customer_id") bring(root, event.detail.id);
  if (event.target.closest("[data-settle-whom]")) {
    location.assign(`/payments/settle?customer=${encodeURIComponent(event.detail.id)}`);
  }
});

for (const root of document.querySelectorAll("[data-settle]")) {
  shape(root);
  told(root);
}
