// A field with suggestions from the server (the combobox pattern of ARIA). The hidden input keeps
// the id; it tells the page of a choice by a bubbling `chosen` event with {id, label, …}.
const WAIT = 150;
const state = new WeakMap();

const partsOf = (box) => ({
  field: box.querySelector("[role='combobox']"),
  kept: box.querySelector("input[type='hidden']"),
  list: box.querySelector("[role='listbox']"),
});

function close(box) {
  const { field, list } = partsOf(box);
  list.hidden = true;
  field.setAttribute("aria-expanded", "false");
  field.removeAttribute("aria-activedescendant");
}

function mark(box, index) {
  const { field, list } = partsOf(box);
  const options = [...list.querySelectorAll("[role='option']")];
  if (!options.length) return;
  const at = (index + options.length) % options.length;
  options.forEach((option, i) => option.setAttribute("aria-selected", String(i === at)));
  options[at].scrollIntoView({ block: "nearest" });
  field.setAttribute("aria-activedescendant", options[at].id);
  state.get(box).at = at;
}

function show(box, found, typed) {
  const { field, list } = partsOf(box);
  state.set(box, { ...state.get(box), found, at: -1 });
  list.replaceChildren(...found.map((one, index) => optionOf(list, one, index)));
  if (!found.length) {
    const nothing = document.createElement("li");
    nothing.className = "said";
    nothing.textContent = typed ? `Nothing fits “${typed}”.` : "There is nothing to choose yet.";
    list.append(nothing);
  }
  list.hidden = false;
  field.setAttribute("aria-expanded", "true");
  if (found.length && typed) mark(box, 0);
}

function optionOf(list, one, index) {
  const option = document.createElement("li");
  option.id = `${list.id}-${index}`;
  option.setAttribute("role", "option");
  option.setAttribute("aria-selected", "false");
  const label = document.createElement("span");
  label.textContent = one.label;
  const hint = document.createElement("span");
  hint.className = "hint";
  hint.textContent = one.hint ?? "";
  option.append(label, hint);
  return option;
}

async function ask(box) {
  const { field } = partsOf(box);
  const typed = field.value.trim();
  const mine = (state.get(box)?.asked ?? 0) + 1;
  state.set(box, { ...state.get(box), asked: mine });
  const join = box.dataset.combobox.includes("?") ? "&" : "?";
  const answer = await fetch(`${box.dataset.combobox}${join}q=${encodeURIComponent(typed)}`, {
    headers: { Accept: "application/json" },
  });
  if (!answer.ok || state.get(box).asked !== mine || document.activeElement !== field) return;
  show(box, (await answer.json()).data, typed);
}

function choose(box, index) {
  const { field, kept } = partsOf(box);
  const one = state.get(box)?.found?.[index];
  if (!one) return;
  field.value = one.label;
  kept.value = one.id;
  close(box);
  kept.dispatchEvent(new CustomEvent("chosen", { bubbles: true, detail: one }));
  kept.dispatchEvent(new Event("change", { bubbles: true }));
}

let timer = 0;
document.addEventListener("input", (event) => {
  const box = event.target.closest?.("[data-combobox]");
  if (!box || event.target.type === "hidden") return;
  partsOf(box).kept.value = "";
  clearTimeout(timer);
  timer = setTimeout(() => ask(box), WAIT);
});

document.addEventListener("keydown", (event) => {
  const box = event.target.closest?.("[data-combobox]");
  if (!box) return;
  const { list } = partsOf(box);
  const at = state.get(box)?.at ?? -1;
  if (event.key === "ArrowDown" || event.key === "ArrowUp") {
    event.preventDefault();
    if (list.hidden) ask(box);
    else mark(box, event.key === "ArrowDown" ? at + 1 : Math.max(at, 0) - 1);
  } else if (event.key === "Enter" && !list.hidden && at >= 0) {
    event.preventDefault();
    choose(box, at);
  } else if (event.key === "Tab" && !list.hidden && at >= 0 && partsOf(box).field.value.trim()) {
    choose(box, at);
  } else if (event.key === "Escape" && !list.hidden) {
    event.preventDefault();
    event.stopPropagation();
    close(box);
  }
});

document.addEventListener("pointerdown", (event) => {
  const option = event.target.closest?.("[data-combobox] [role='option']");
  if (!option) return;
  event.preventDefault();
  choose(option.closest("[data-combobox]"), [...option.parentElement.children].indexOf(option));
});

document.addEventListener("focusout", (event) => {
  const box = event.target.closest?.("[data-combobox]");
  if (box) setTimeout(() => box.contains(document.activeElement) || close(box), 100);
});

document.addEventListener("click", (event) => {
  const box = event.target.closest?.("[data-combobox]");
  if (box && event.target.matches("[role='combobox']") && partsOf(box).list.hidden) ask(box);
});
