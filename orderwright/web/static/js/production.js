// Material and output of jobs: lots found by typing or scanning, weights that follow, and what is
// pending after this receipt, as it is typed.
import { beep, say } from "./scanner.js";

const number = (text) => Number(String(text).replace(",", ".")) || 0;
const plain = (value) => String(Math.round(value * 1e6) / 1e6);
const held = new WeakMap();

// ---------- Lots that go in ----------

const partsOf = (row) => ({
  full: row.querySelector("[data-full]"),
  quantity: row.querySelector("input[name$='.quantity']"),
  weight: row.querySelector("input[name$='.weight']"),
  holds: row.querySelector("[data-holds]"),
});

function hold(row, lot) {
  held.set(row, lot);
  const { full, holds } = partsOf(row);
  const weighs = lot.weight ? `, ${lot.weight} ${lot.weight_unit}` : "";
  holds.textContent = `${lot.product}: ${lot.quantity} ${lot.unit}${weighs}`;
  full.checked = true;
  fill(row);
}

function fill(row) {
  const { full, quantity, weight } = partsOf(row);
  const lot = held.get(row);
  for (const field of [quantity, weight]) field.readOnly = full.checked;
  if (!lot) return;
  quantity.value = full.checked ? lot.quantity : "";
  weight.value = full.checked ? lot.weight : "";
}

document.addEventListener("chosen", (event) => {
  const row = event.target.closest("[data-lot-row]");
  if (row) hold(row, event.detail);
});
document.addEventListener("change", (event) => {
  const row = event.target.closest?.("[data-lot-row]");
  if (row && event.target.matches("[data-full]")) fill(row);
});
document.addEventListener("input", (event) => {
  const row = event.target.closest?.("[data-lot-row]");
  const lot = row && held.get(row);
  if (!lot || !event.target.name.endsWith(".quantity") || !number(lot.weight)) return;
  const share = Math.min(1, number(event.target.value) / number(lot.quantity));
  partsOf(row).weight.value = share ? plain(number(lot.weight) * share) : "";
});

// ---------- Scanned codes ----------

async function found(source, code) {
  const answer = await fetch(`${source}q=${encodeURIComponent(code)}`, {
    headers: { Accept: "application/json" },
  });
  return answer.ok ? (await answer.json()).data : [];
}

function freshRow(list, isFree) {
  const free = [...list.querySelectorAll(":scope > .repeat-row")].find(isFree);
  if (free) return free;
  document.querySelector(`[data-repeat-add="${list.id}"]`).click();
  return list.lastElementChild;
}

function put(row, name, id, label) {
  const kept = row.querySelector(`input[type='hidden'][name$='.${name}']`);
  kept.value = id;
  kept.parentElement.querySelector("[role='combobox']").value = label;
}

const answer = (words, isGood) => {
  say(document, words, isGood);
  beep(isGood);
};

async function scannedLot(list, code) {
  const lot = (await found("/lookup/lots?", code)).find((one) => one.label === code.toUpperCase());
  if (!lot) return answer(`${code}: no lot with this tag holds anything.`, false);
  const there = [...list.querySelectorAll("input[name$='.lot_id']")].some((one) => one.value === lot.id);
  if (there) return answer(`${lot.label} is on the list already.`, false);
  const row = freshRow(list, (one) => !one.querySelector("input[name$='.lot_id']").value);
  put(row, "lot_id", lot.id, lot.label);
  hold(row, lot);
  answer(`${lot.label}: ${lot.hint}`, true);
}

async function scannedOutput(list, code) {
  const lot = (await found("/lookup/lots?", code)).find((one) => one.label === code.toUpperCase());
  const products = lot ? [] : await found("/lookup/products?type=sale&", code);
  const product = lot
    ? { id: lot.product_id, label: lot.product }
    : products.find((one) => one.sku.toUpperCase() === code.toUpperCase());
  if (!product) return answer(`${code}: no product and no lot.`, false);
  const row = freshRow(list, (one) => !one.querySelector("input[name$='.product_id']").value);
  put(row, "product_id", product.id, product.label);
  row.querySelector("input[name$='.received']").focus();
  answer(product.label, true);
}

document.addEventListener("scanned", (event) => {
  const lots = document.querySelector("[data-scan-lots]");
  const output = document.querySelector("[data-receive] .repeat");
  if (lots) scannedLot(lots, event.detail);
  else if (output) scannedOutput(output, event.detail);
});

// ---------- What is pending after this ----------

function run() {
  const form = document.querySelector("[data-receive]");
  if (!form) return;
  const grams = Object.fromEntries(form.dataset.grams.split(" ").map((one) => one.split(":")));
  let now = 0;
  for (const row of form.querySelectorAll("[data-output]")) {
    const factor = grams[row.querySelector("[data-unit-of-row]").value] / grams[form.dataset.unit];
    for (const field of row.querySelectorAll("[data-weigh]")) now += number(field.value) * factor;
  }
  const out = form.querySelector("[data-running]");
  const unit = form.dataset.unit;
  const base = number(form.dataset.base);
  if (!base) {
    out.textContent = `${plain(now)} ${unit} in this receipt`;
    return;
  }
  const pending = base - number(form.dataset.accounted) - now;
  out.textContent =
    pending < -1e-6
      ? `${plain(now)} ${unit} in this receipt, over base by ${plain(-pending)} ${unit}`
      : `${plain(now)} ${unit} in this receipt, pending after this ${plain(pending)} of ${plain(base)} ${unit}`;
  out.dataset.state = pending < -1e-6 ? "over" : Math.abs(pending) <= 1e-6 ? "full" : "part";
}

document.addEventListener("input", run);
document.addEventListener("change", run);
document.addEventListener("click", () => setTimeout(run));
for (const more of document.querySelectorAll("[data-more]")) {
  more.open = [...more.querySelectorAll("input")].some((one) => one.value || one.matches("[aria-invalid]"));
}
run();
