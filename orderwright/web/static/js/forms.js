// Nothing lost, nothing twice: a changed form asks before it is left, a sent form waits.
const first = new WeakMap();
const left = new WeakSet();

const PARTS = ["id", "name", "for", "aria-describedby", "aria-controls"];
const ignored = new Set(["_once", "csrfmiddlewaretoken"]);

function stateOf(form) {
  const fields = [...new FormData(form)].filter(([name]) => !ignored.has(name));
  return JSON.stringify(fields.map(([name, value]) => [name, String(value)]));
}

export function isDirty(form) {
  return !left.has(form) && first.has(form) && first.get(form) !== stateOf(form);
}

export function settle(form) {
  left.add(form);
}

export function focusFirstError(root) {
  const wrong = root.querySelector("[aria-invalid='true']") ?? root.querySelector("[data-errors]");
  wrong?.focus();
  return Boolean(wrong);
}

function watch(root) {
  for (const form of root.querySelectorAll("form[data-guard]")) {
    if (!first.has(form)) first.set(form, form.querySelector("[data-errors]") ? "" : stateOf(form));
  }
}

addEventListener("beforeunload", (event) => {
  const dirty = [...document.querySelectorAll("form[data-guard]")].some(isDirty);
  if (dirty) event.preventDefault();
});

function wait(form) {
  settle(form);
  for (const button of form.querySelectorAll("button[type='submit'], button:not([type])")) {
    button.setAttribute("aria-busy", "true");
  }
}

function wake(form) {
  left.delete(form);
  delete form.dataset.confirmed;
  delete form.dataset.sent;
  for (const button of form.querySelectorAll("[aria-busy]")) button.removeAttribute("aria-busy");
}

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!("busy" in form.dataset)) return;
  if (form.dataset.sent) {
    event.preventDefault();
    event.stopPropagation();
    return;
  }
  form.dataset.sent = "yes";
  wait(form);
});
document.addEventListener("htmx:finally:request", (event) => {
  const form = event.target.closest?.("form[data-busy]");
  if (form) wake(form);
});
// A page that comes back from the browser's memory can be sent again.
addEventListener("pageshow", (event) => {
  if (event.persisted) document.querySelectorAll("form[data-busy]").forEach(wake);
});

document.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
  const form = event.target.closest?.("form");
  const button = form?.querySelector(".btn-primary[type='submit']");
  if (button) form.requestSubmit(button);
});

// Rows that repeat: the last row's copy is added, a row is removed.
document.addEventListener("click", (event) => {
  const add = event.target.closest("[data-repeat-add]");
  if (add) {
    const rows = document.getElementById(add.dataset.repeatAdd);
    const row = rows.querySelector("template").content.firstElementChild.cloneNode(true);
    const number = `${Date.now()}`;
    for (const part of row.querySelectorAll(PARTS.map((name) => `[${name}]`).join())) {
      for (const name of PARTS) {
        const held = part.getAttribute(name);
        if (held) part.setAttribute(name, held.replace("__", number));
      }
    }
    rows.append(row);
    row.querySelector("input:not([type='hidden']), select")?.focus();
  }
  event.target.closest("[data-repeat-remove]")?.closest(".repeat-row").remove();
});

// The summary of errors names each field by its label.
function nameErrors(root) {
  for (const link of root.querySelectorAll("[data-errors] a:not([data-named])")) {
    const id = decodeURIComponent(link.hash.slice(1));
    const label = document.querySelector(`label[for="${CSS.escape(id)}"]`);
    const name = label?.firstChild.textContent.trim() ?? id.replace(/^f-/, "").replaceAll(/[._]/g, " ");
    link.textContent = `${name}: ${link.textContent}`;
    link.dataset.named = "";
  }
}

watch(document);
nameErrors(document);
focusFirstError(document);
document.addEventListener("htmx:after:swap", () => {
  watch(document);
  nameErrors(document);
});
