// The wizard: rows light their spans and spans their rows; rows are accepted, added, merged, deleted.
const review = () => document.querySelector("[data-review]");
const rows = () => [...document.querySelectorAll("[data-rows] [data-row]")];
const valueOf = (row, name) => row.querySelector(`[name='row_${name}']`).value.trim();

function light(index, lit) {
  if (index === undefined || index === "") return;
  for (const one of document.querySelectorAll(`[data-span='${index}'], [data-rows] [data-row='${index}']`)) {
    one.classList.toggle("lit", lit);
  }
}

const linked = (target) => target.closest?.("[data-span], [data-rows] [data-row]");
const indexOf = (element) => element.dataset.span ?? element.dataset.row;

for (const [type, lit] of [["pointerover", true], ["pointerout", false], ["focusin", true], ["focusout", false]]) {
  document.addEventListener(type, (event) => {
    const element = linked(event.target);
    if (element) light(indexOf(element), lit);
  });
}

document.addEventListener("click", (event) => {
  const span = event.target.closest("[data-span]");
  if (!span) return;
  const row = document.querySelector(`[data-rows] [data-row='${span.dataset.span}']`);
  row?.scrollIntoView({ block: "center" });
  row?.querySelector("[name='row_product_name']").focus();
});

// ---------- Accepting ----------

function accept(row, yes) {
  row.querySelector("[name='row_accepted']").value = yes ? "yes" : "";
  row.classList.toggle("accepted", yes);
  const button = row.querySelector("[data-accept]");
  button.setAttribute("aria-pressed", String(yes));
  button.removeAttribute("aria-invalid");
  button.querySelector("span").textContent = yes ? "Accepted" : "Accept";
}

const isWhole = (row) => valueOf(row, "product_id") && (valueOf(row, "quantity") || valueOf(row, "weight"));

function missing(row) {
  if (!valueOf(row, "product_id")) return row.querySelector("[name='row_product_name']");
  if (!isWhole(row)) return row.querySelector("[name='row_quantity']");
  return null;
}

function count() {
  const all = rows();
  const done = all.filter((row) => valueOf(row, "accepted")).length;
  const said = document.querySelector("[data-accepted-said]");
  if (said) said.textContent = `${done} of ${all.length} accepted`;
  const none = document.querySelector("[data-no-rows]");
  if (none) none.hidden = all.length > 0;
}

// ---------- Adding, deleting, merging ----------

let added = 1000;
function add() {
  const row = document.querySelector("[data-blank]").content.firstElementChild.cloneNode(true);
  added += 1;
  row.dataset.row = String(added);
  const field = row.querySelector("[name='row_product_name']");
  field.id = `p-${added}`;
  field.setAttribute("aria-controls", `o-${added}`);
  row.querySelector("[role='listbox']").id = `o-${added}`;
  document.querySelector("[data-rows]").append(row);
  field.focus();
}

const twinKey = (row) => ["product_id", "size", "shape", "material", "quality", "unit"].map((name) => valueOf(row, name)).join("\n");

function merge(row) {
  const twin = rows().find((other) => other !== row && twinKey(other) === twinKey(row));
  if (!twin) return;
  for (const name of ["quantity", "weight"]) {
    const field = twin.querySelector(`[name='row_${name}']`);
    const sum = Number(field.value || 0) + Number(valueOf(row, name) || 0);
    field.value = sum ? String(Math.round(sum * 1e6) / 1e6) : "";
  }
  twin.querySelector("[data-merge]")?.remove();
  row.remove();
  twin.querySelector("[name='row_quantity']").focus();
}

function choose(row, id, label) {
  row.querySelector("[name='row_product_id']").value = id;
  row.querySelector("[name='row_product_name']").value = label;
}

document.addEventListener("click", (event) => {
  const target = event.target;
  const row = target.closest("[data-row]");
  if (target.closest("[data-accept]")) {
    const hole = missing(row);
    if (hole && !valueOf(row, "accepted")) {
      hole.setAttribute("aria-invalid", "true");
      hole.focus();
    } else accept(row, !valueOf(row, "accepted"));
  } else if (target.closest("[data-accept-clean]")) {
    for (const one of rows()) if (one.dataset.clean && isWhole(one)) accept(one, true);
  } else if (target.closest("[data-add-row]")) add();
  else if (target.closest("[data-delete-row]")) {
    light(row.dataset.row, false);
    row.remove();
    document.querySelector("[data-add-row]").focus();
  } else if (target.closest("[data-merge]")) merge(row);
  else if (target.closest("[data-suggest]")) {
    const button = target.closest("[data-suggest]");
    choose(row, button.dataset.suggest, button.textContent);
    row.querySelector("[name='row_quantity']").focus();
  } else if (target.closest("[data-example]")) {
    const notes = document.getElementById("f-notes");
    if (!notes.value.trim()) notes.value = target.closest("[data-example]").dataset.example;
    notes.focus();
  } else if (target.closest("[data-suggested]")) {
    const button = target.closest("[data-suggested]");
    const field = document.getElementById(`f-${button.dataset.suggested}`);
    if (field) field.value = button.dataset.value;
    button.remove();
    field?.focus();
  } else return;
  if (review()) count();
});

document.addEventListener("input", (event) => event.target.removeAttribute("aria-invalid"));
document.addEventListener("chosen", (event) => {
  const row = event.target.closest("[data-row]");
  const unit = row?.querySelector("[name='row_unit']");
  if (unit && !unit.value && event.detail.unit) unit.value = event.detail.unit;
});
