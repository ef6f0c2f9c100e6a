// Lists: addresses without empty parameters, filters in popovers, the keyboard, selected rows.
import { place } from "./place.js";

const body = () => document.getElementById("list-body");
const picks = () => [...(body()?.querySelectorAll("td.pick input") ?? [])];
const bar = () => body()?.querySelector("[data-bulk]");

// The address of a list names only what narrows it.
document.addEventListener("htmx:config:request", (event) => {
  const { ctx } = event.detail;
  if (!ctx.sourceElement?.matches(".list-tools")) return;
  const form = ctx.request.body;
  for (const [name, value] of [...form]) if (!value) form.delete(name);
});
document.addEventListener("submit", (event) => {
  if (!("lean" in event.target.dataset)) return;
  for (const field of event.target.elements) {
    if (field.name && (!field.value || field.name.endsWith("_text"))) field.disabled = true;
  }
});

document.addEventListener(
  "toggle",
  (event) => {
    const pop = event.target;
    if (!pop.matches?.(".pop") || event.newState !== "open") return;
    place(pop, document.querySelector(`[popovertarget="${pop.id}"]`));
    pop.querySelector("input, button")?.focus();
  },
  true,
);

// On phones the headings are hidden; a menu has their links.
document.addEventListener(
  "beforetoggle",
  (event) => {
    if (!event.target.matches?.("[data-sorts]") || event.newState !== "open") return;
    const heads = event.target.closest("#list-body").querySelectorAll("th > a.sort");
    event.target.replaceChildren(...[...heads].map((one) => one.cloneNode(true)));
  },
  true,
);

// Days that people ask for often fill both fields.
document.addEventListener("click", (event) => {
  const preset = event.target.closest("[data-from]");
  if (!preset) return;
  const [from, to] = preset.closest(".pop").querySelectorAll("input[type='date']");
  from.value = preset.dataset.from;
  to.value = preset.dataset.to;
  to.dispatchEvent(new Event("change", { bubbles: true }));
});

// Selected rows. `matching` says that all rows that fit the address are meant.
let last = null;

function show({ matching = false } = {}) {
  const strip = bar();
  if (!strip) return;
  const all = picks();
  const chosen = all.filter((one) => one.checked);
  const isWhole = chosen.length === all.length;
  for (const page of body().querySelectorAll("[data-pick-page]")) {
    page.checked = isWhole;
    page.indeterminate = chosen.length > 0 && !isWhole;
  }
  strip.hidden = chosen.length === 0;
  for (const one of all) one.closest("tr").classList.toggle("picked", one.checked);
  strip.querySelector("[name='ids']").value = chosen.map((one) => one.value).join(" ");
  strip.querySelector("[name='ids']").disabled = matching;
  strip.querySelector("[name='matching']").disabled = !matching;
  strip.querySelector(".bulk-count").textContent = matching ? "All that match" : `${chosen.length} selected`;
  const more = body().querySelector(".list-foot a[rel]");
  strip.querySelector("[data-pick-matching]").hidden = matching || !isWhole || !more;
}

document.addEventListener("click", (event) => {
  const pick = event.target.closest?.("td.pick input");
  if (pick) {
    const all = picks();
    const [from, to] = [all.indexOf(last), all.indexOf(pick)].sort((a, b) => a - b);
    if (event.shiftKey && from >= 0) for (const one of all.slice(from, to + 1)) one.checked = pick.checked;
    last = pick;
    show();
  }
  const page = event.target.closest?.("[data-pick-page]");
  if (page) {
    for (const one of picks()) one.checked = page.checked;
    show();
  }
  if (event.target.closest?.("[data-pick-none]")) {
    for (const one of picks()) one.checked = false;
    show();
    const heads = [...body().querySelectorAll("[data-pick-page]")];
    heads.find((one) => one.checkVisibility())?.focus();
  }
  if (event.target.closest?.("[data-pick-matching]")) show({ matching: true });
});

// j and k (or the arrows) walk from row to row, Enter opens, x selects.
const STEPS = { j: 1, ArrowDown: 1, k: -1, ArrowUp: -1 };

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || !body()) return;
  if (document.querySelector("dialog[open], :popover-open")) return;
  const field = event.target.closest?.("input:not([type='checkbox']), textarea, select, [contenteditable]");
  const step = STEPS[event.key];
  if (field || (!step && event.key !== "x")) return;
  const rows = [...body().querySelectorAll("tbody tr")];
  const at = rows.indexOf(event.target.closest?.("tr"));
  if (event.key.startsWith("Arrow") && at < 0) return;
  if (step) {
    const next = rows[at < 0 ? (step > 0 ? 0 : rows.length - 1) : at + step];
    const link = next?.querySelector(".primary a");
    if (!link) return;
    event.preventDefault();
    link.focus();
    next.scrollIntoView({ block: "nearest" });
  } else if (at >= 0) {
    event.preventDefault();
    rows[at].querySelector("td.pick input")?.click();
  }
});

// Where rows are cards, each value has the heading of its column beside it.
function label() {
  for (const table of document.querySelectorAll("table[data-labelled]:not([data-done])")) {
    table.dataset.done = "";
    const heads = [...table.tHead.rows[0].cells].map((one) => one.textContent.trim());
    for (const row of table.tBodies[0].rows) {
      for (const [index, cell] of [...row.cells].entries()) cell.dataset.label = heads[index];
    }
  }
}

label();
document.addEventListener("htmx:after:swap", () => {
  label();
  show();
});
addEventListener("pageshow", () => show());
