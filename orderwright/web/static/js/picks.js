// The pick page: plus and minus are kept at once, a scan finds the line or the lot, packing asks
// for what is kept.
import { beep, say } from "./scanner.js";

const WAIT = 250;
const number = (text) => Number(String(text).replace(",", ".")) || 0;
const plain = (value) => String(Math.round(value * 1e6) / 1e6);
const page = () => document.querySelector("[data-pick]");
const dialog = () => document.querySelector("#dialog[open]");
const fieldOf = (row) => row.querySelector("input[name='quantity']");
const nameOf = (row) => row.querySelector("h2").lastChild.textContent.trim();

// ---------- Keeping what is picked ----------

const timers = new Map();
const saving = new Map();

function changed(row) {
  clearTimeout(timers.get(row));
  timers.set(row, setTimeout(() => save(row), WAIT));
  show(row);
}

function show(row, state) {
  const quantity = number(fieldOf(row).value);
  const asked = number(row.dataset.asked);
  const shown = quantity > asked ? "over" : quantity === asked ? "full" : quantity ? "some" : "none";
  row.dataset.state = state ?? shown;
}

function save(row) {
  clearTimeout(timers.get(row));
  timers.delete(row);
  const sent = (saving.get(row) ?? Promise.resolve()).then(() => send(row));
  saving.set(row, sent);
  return sent;
}

async function send(row) {
  const form = row.querySelector("[data-pick-form]");
  const field = fieldOf(row);
  const typed = field.value;
  try {
    const answer = await fetch(form.action, {
      method: "POST",
      headers: { Accept: "application/json" },
      body: new FormData(form),
    });
    const told = await answer.json();
    if (!answer.ok) throw new Error(told.message);
    row.dataset.kept = told.quantity;
    if (field.value !== typed) return;
    field.value = told.quantity;
    field.removeAttribute("aria-invalid");
    show(row, told.state);
    document.querySelector("[data-said]").textContent = told.said;
    document.querySelector(".scan-progress .bar-green")?.setAttribute("width", told.percent);
  } catch (error) {
    field.setAttribute("aria-invalid", "true");
    say(page(), `${nameOf(row)} was not kept: ${error.message || "the server did not answer."}`, false);
    beep(false);
  }
}

const unsaved = () => timers.size > 0;

async function saved() {
  await Promise.all([...timers.keys()].map(save));
  await Promise.all(saving.values());
}

function add(row, amount) {
  const field = fieldOf(row);
  field.value = plain(Math.max(0, number(field.value) + amount));
  changed(row);
}

document.addEventListener("click", (event) => {
  const row = event.target.closest("[data-pick-row]");
  const step = event.target.closest("[data-step]");
  if (step) add(row, Number(step.dataset.step));
  if (event.target.closest("[data-step-all]")) {
    const field = fieldOf(row);
    field.value = row.dataset.asked;
    changed(row);
  }
  const lot = event.target.closest("button[data-lot]");
  if (lot) choose(lot, lot.getAttribute("aria-pressed") !== "true");
});

document.addEventListener("input", (event) => {
  const row = event.target.closest("[data-pick-row]");
  if (row && event.target.name === "quantity") changed(row);
});

document.addEventListener("submit", (event) => {
  const row = event.target.closest("[data-pick-row]");
  if (!row) return;
  event.preventDefault();
  save(row);
});

// What asks the server for the whole pick waits until everything is kept.
document.addEventListener(
  "click",
  async (event) => {
    const button = event.target.closest("[data-pack], [data-after-saving]");
    if (!button || !(unsaved() || saving.size)) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    await saved();
    saving.clear();
    button.click();
  },
  true,
);
addEventListener("beforeunload", (event) => {
  if (unsaved()) event.preventDefault();
});

// ---------- Lots as sources ----------

function choose(button, isChosen) {
  button.setAttribute("aria-pressed", String(isChosen));
  const pack = document.querySelector("[data-pack]");
  if (!pack) return;
  const wanted = [...document.querySelectorAll("button[data-lot][aria-pressed='true']")].map(
    (lot) => `lot=${lot.closest("[data-pick-row]").dataset.pickRow}:${lot.dataset.lot}`,
  );
  pack.setAttribute("hx-get", [pack.dataset.packUrl, wanted.join("&")].filter(Boolean).join("?"));
}

// ---------- Scans ----------

const same = (one, other) => one.trim().toLowerCase() === other.trim().toLowerCase();
const codesOf = (element) => element.dataset.codes.split("\n");

function find(place, rows, code) {
  const fitting = rows.filter((row) => codesOf(row).some((each) => same(each, code)));
  const open = fitting.find((row) => ["none", "some"].includes(row.dataset.state));
  const lots = [...place.querySelectorAll("[data-tag]")].filter((lot) => same(lot.dataset.tag, code));
  return { row: open ?? fitting[0], lot: lots[0] };
}

function mark(element) {
  document.querySelectorAll(".found").forEach((each) => each.classList.remove("found"));
  element.classList.add("found");
  element.scrollIntoView({ block: "center" });
}

function scannedOnPage(code) {
  const { row, lot } = find(page(), [...document.querySelectorAll("[data-pick-row]")], code);
  if (row && fieldOf(row)) {
    add(row, 1);
    mark(row);
    row.focus();
    const over = number(fieldOf(row).value) > number(row.dataset.asked);
    const words = `${nameOf(row)}: ${fieldOf(row).value} of ${row.dataset.asked} picked.`;
    say(page(), over ? `${words} That is more than ordered.` : words, !over);
    return beep(!over);
  }
  if (lot) {
    const owner = lot.closest("[data-pick-row]");
    if (lot.dataset.lot) choose(lot, true);
    mark(owner);
    lot.matches("button") ? lot.focus() : owner.focus();
    say(page(), `${nameOf(owner)} comes from ${lot.dataset.tag}.`, true);
    return beep(true);
  }
  say(page(), `Nothing on this pick has the code ${code}.`, false);
  beep(false);
}

function scannedInDialog(place, code) {
  const { row, lot } = find(place, [...place.querySelectorAll("[data-pack-line]")], code);
  const found = lot?.querySelector("input") ?? row?.querySelector("input[name='line']");
  if (!found) {
    say(place, `Nothing here has the code ${code}.`, false);
    return beep(false);
  }
  if (lot) {
    const needed = Math.min(number(lot.dataset.needed), number(lot.dataset.onHand));
    if (!found.value && needed) found.value = plain(needed);
    found.select();
  } else found.checked = true;
  mark(lot ?? row);
  found.focus();
  say(place, `Found ${code}.`, true);
  beep(true);
}

document.addEventListener("scanned", (event) => {
  const code = event.detail.trim();
  if (!code) return;
  if (dialog()) scannedInDialog(dialog(), code);
  else if (page()) scannedOnPage(code);
  else {
    // In the queue: the pick itself when it stands there, else what the search finds.
    const links = [...document.querySelectorAll(".list a[href^='/picks/']")];
    const link = links.find((each) => same(each.textContent, code));
    location.assign(link?.href ?? `/picks?status=all&q=${encodeURIComponent(code)}`);
  }
});
