// Cards of Select Inventory and Create Shipment: weights follow quantities, totals run along.
const number = (text) => Number(String(text).replace(",", ".")) || 0;
const plain = (value) => String(Math.round(value * 1e6) / 1e6);

function proposeWeight(row) {
  const field = row.querySelector("[data-quantity]");
  const weight = row.querySelector("[data-weight]");
  const onHand = number(field.dataset.onHand);
  const weighs = number(field.dataset.weighs);
  if (!weight || !weighs || !onHand) return;
  const quantity = number(field.value);
  weight.value = quantity ? plain((weighs * Math.min(quantity, onHand)) / onHand) : "";
}

function fill(row, full) {
  const field = row.querySelector("[data-quantity]");
  const weight = row.querySelector("[data-weight]");
  field.value = full ? field.dataset.onHand : "";
  if (weight) weight.value = full && number(field.dataset.weighs) ? field.dataset.weighs : "";
}

function total(card) {
  const byWeight = card.dataset.basis === "weight";
  let sum = 0;
  for (const field of card.querySelectorAll("[data-quantity]")) {
    const row = field.closest("[data-lot]");
    const value = byWeight ? number(row.querySelector("[data-weight]")?.value) : number(field.value);
    sum += value * number(field.dataset.factor || "1");
    const over = number(field.value) > number(field.dataset.onHand);
    row.classList.toggle("too-much", over);
  }
  for (const field of card.querySelectorAll("[data-held]")) {
    const ticked = field.closest("[data-lot]").querySelector("[data-tick]")?.checked ?? true;
    if (ticked) sum += number(field.value) * number(field.dataset.factor || "1");
  }
  const wanted = number(card.dataset.wanted);
  const out = card.querySelector("[data-total]");
  out.textContent = `${plain(sum)} of ${plain(wanted)}`;
  out.dataset.state = sum > wanted + 1e-6 ? "over" : sum >= wanted - 1e-6 ? "full" : "part";
}

function start() {
  for (const card of document.querySelectorAll("[data-card]")) total(card);
}

document.addEventListener("input", (event) => {
  const row = event.target.closest?.("[data-lot]");
  if (row && event.target.matches("[data-quantity]")) {
    proposeWeight(row);
    const full = row.querySelector("[data-full]");
    if (full) full.checked = false;
  }
  const card = event.target.closest?.("[data-card]");
  if (!card) return;
  if (event.target.matches("[data-find-lot]")) {
    const text = event.target.value.trim().toLowerCase();
    for (const one of card.querySelectorAll("[data-lot]")) one.hidden = !one.dataset.text.includes(text);
  }
  total(card);
});

document.addEventListener("change", (event) => {
  const row = event.target.closest?.("[data-lot]");
  if (!row) return;
  if (event.target.matches("[data-full]")) fill(row, event.target.checked);
  total(row.closest("[data-card]"));
});

document.addEventListener("htmx:after:swap", start);
start();
