// The order page: choosing lines, filtering them by status, and keeping up with other people.
// Everything listens on the document, so that a refreshed page part works at once.
import "./lots.js";

const EVERY = 2000;
const chosen = new Set();
let shown = "";

const root = () => document.getElementById("order");
const boxes = () => [...document.querySelectorAll("#lines input[name='line']")];
const rowOf = (box) => box.closest("tr");

// ---------- Lines: choose, filter ----------

function refresh() {
  const all = boxes();
  for (const box of all) {
    box.checked = chosen.has(box.value);
    rowOf(box).hidden = Boolean(shown) && rowOf(box).dataset.status !== shown;
    rowOf(box).classList.toggle("chosen", box.checked);
  }
  const ticked = all.filter((box) => box.checked);
  const every = document.querySelector("[data-all-lines]");
  if (every) {
    const visible = all.filter((box) => !rowOf(box).hidden);
    every.checked = visible.length > 0 && visible.every((box) => box.checked);
    every.indeterminate = !every.checked && ticked.length > 0;
  }
  for (const chip of document.querySelectorAll("[data-line-filter]")) {
    chip.setAttribute("aria-pressed", String(chip.dataset.lineFilter === shown));
  }
  const bulk = document.querySelector("[data-bulk]");
  if (!bulk) return;
  bulk.hidden = ticked.length === 0;
  bulk.querySelector("[data-bulk-count]").textContent =
    ticked.length === 1 ? "1 line" : `${ticked.length} lines`;
  const wants = ticked.flatMap((box) => rowOf(box).dataset.wants.split(" "));
  for (const button of bulk.querySelectorAll("[data-bulk-needs]")) {
    button.hidden = !wants.includes(button.dataset.bulkNeeds);
  }
}

document.addEventListener("change", (event) => {
  const target = event.target;
  if (target.matches("#lines input[name='line']")) {
    target.checked ? chosen.add(target.value) : chosen.delete(target.value);
    refresh();
  } else if (target.matches("[data-all-lines]")) {
    for (const box of boxes()) {
      if (rowOf(box).hidden) continue;
      target.checked ? chosen.add(box.value) : chosen.delete(box.value);
    }
    refresh();
  }
});

// A range of lines with Shift, as in a list of files.
let last = null;
document.addEventListener("click", (event) => {
  const box = event.target.closest?.("#lines input[name='line']");
  if (!box) return;
  const all = boxes();
  if (event.shiftKey && last) {
    const [from, to] = [all.findIndex((one) => one.value === last), all.indexOf(box)].sort((a, b) => a - b);
    for (const one of all.slice(from, to + 1)) {
      if (!rowOf(one).hidden) box.checked ? chosen.add(one.value) : chosen.delete(one.value);
    }
    refresh();
  }
  last = box.value;
});

document.addEventListener("click", (event) => {
  const chip = event.target.closest("[data-line-filter]");
  if (chip) {
    shown = shown === chip.dataset.lineFilter ? "" : chip.dataset.lineFilter;
    refresh();
  }
  if (event.target.closest("[data-bulk-clear]")) {
    chosen.clear();
    refresh();
  }
  const opener = event.target.closest("[data-line-menu]");
  if (opener) openMenu(opener);
  const action = event.target.closest("[data-line-action]");
  if (action) act(action);
});

// ---------- One menu for all lines ----------

function openMenu(button) {
  const menu = document.getElementById("line-menu");
  const wants = rowOf(button).dataset.wants.split(" ");
  let offered = 0;
  for (const item of menu.querySelectorAll("[data-line-action]")) {
    item.hidden = Boolean(item.dataset.needs) && !wants.includes(item.dataset.needs);
    if (!item.hidden) offered += 1;
  }
  menu.querySelector("[data-line-none]").hidden = offered > 0;
  menu.dataset.line = button.dataset.lineMenu;
  menu.showPopover({ source: button });
  place(menu, button);
  menu.querySelector("button:not([hidden])")?.focus();
}

function place(menu, button) {
  const from = button.getBoundingClientRect();
  const size = menu.getBoundingClientRect();
  const below = from.bottom + 4 + size.height <= innerHeight - 8;
  menu.style.top = `${below ? from.bottom + 4 : Math.max(8, from.top - 4 - size.height)}px`;
  menu.style.left = `${Math.max(8, from.right - size.width)}px`;
}

function act(item) {
  const menu = item.closest("#line-menu");
  const line = menu.dataset.line;
  const path = item.dataset.lineAction === "edit-line" ? `lines/${line}` : item.dataset.lineAction;
  menu.hidePopover();
  htmx.ajax("GET", `${menu.dataset.url}/${path}?line=${line}`, {
    target: "#dialog-content",
    headers: { "HX-Target": "div#dialog-content" },
  });
}

// ---------- Other people's changes ----------

const typed = (field) => field.defaultValue !== undefined && field.value !== field.defaultValue;
const writing = () =>
  document.activeElement?.closest("#order form[data-inline]") ||
  [...document.querySelectorAll("#order form[data-inline] .form-control")].some(typed);
const busy = () =>
  document.hidden || document.querySelector("dialog[open], :popover-open") || writing();

async function look() {
  const order = root();
  if (!order?.dataset.pulse || busy()) return;
  const answer = await fetch(order.dataset.pulse, {
    headers: { "If-None-Match": `"${order.dataset.stamp}"` },
    cache: "no-store",
  });
  if (answer.status !== 200 || answer.redirected) return;
  const stamp = await answer.text();
  if (stamp === root()?.dataset.stamp || busy()) return;
  await htmx.ajax("GET", location.pathname + location.search, {
    source: order,
    target: "#order",
    select: "#order",
    swap: "outerMorph",
  });
}

document.addEventListener("htmx:after:swap", refresh);
setInterval(() => look().catch(() => {}), EVERY);
refresh();
