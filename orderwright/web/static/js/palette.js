// The command palette: search over everything, and what can be done from here. Ctrl+K or / opens it.
const palette = document.getElementById("palette");
const field = document.getElementById("palette-q");
const list = document.getElementById("palette-options");
const said = palette?.querySelector(".palette-said");
const WAIT = 120;
const MOST_RECENT = 8;
const RECORD = /^\/(orders\/sales|orders\/purchase|customers|suppliers|products|shipments|inventory|picks)\/(?!new|quick)[^/]+$/;

const part = (name) => list.querySelector(`[data-part="${name}"]`);
const options = () => [...list.querySelectorAll("[role='option']")].filter((one) => !one.closest("[hidden]"));
const memory = () => `recent:${palette.dataset.user}`;
const words = (text) => text.toLowerCase().split(/\s+/).filter(Boolean);
let marked = null;
let timer = 0;
let asking = null;
let answered = "";

function recents() {
  try {
    return JSON.parse(localStorage.getItem(memory())) ?? [];
  } catch {
    return [];
  }
}

function remember() {
  const label = document.querySelector("main h1")?.textContent.trim();
  if (!label || !RECORD.test(location.pathname)) return;
  const others = recents().filter((one) => one.url !== location.pathname);
  const kept = [{ url: location.pathname, label }, ...others].slice(0, MOST_RECENT);
  localStorage.setItem(memory(), JSON.stringify(kept));
}

function option(id, label, hint, kind) {
  const made = document.createElement("div");
  made.id = id;
  made.setAttribute("role", "option");
  made.setAttribute("aria-selected", "false");
  const icons = document.getElementById("palette-icons").content;
  const icon = icons.querySelector(`[data-icon="${kind}"]`)?.firstElementChild;
  if (icon) made.append(icon.cloneNode(true));
  for (const [name, text] of [["label", label], ["hint", hint]]) {
    if (!text) continue;
    const span = document.createElement("span");
    span.className = name;
    span.textContent = text;
    made.append(span);
  }
  return made;
}

function fill(name, heading, made) {
  const group = document.createElement("div");
  group.setAttribute("role", "group");
  group.setAttribute("aria-label", heading);
  const above = document.createElement("div");
  above.className = "palette-heading";
  above.setAttribute("aria-hidden", "true");
  above.textContent = heading;
  group.append(above, ...made);
  part(name).replaceChildren(...(made.length ? [group] : []));
}

// What can be done on this page: its own buttons, by their words.
function actionsHere() {
  const found = document.querySelectorAll(
    ".page-head .actions .btn, .order-head .btn, .order-menu a, .order-menu button",
  );
  const seen = new Set();
  return [...found].filter((one) => {
    const text = one.textContent.trim();
    if (!text || one.disabled || one.hasAttribute("popovertarget") || seen.has(text)) return false;
    seen.add(text);
    return true;
  });
}

function prepare() {
  fill(
    "recent",
    "Recently opened",
    recents()
      .filter((one) => one.url !== location.pathname)
      .map((one, place) => {
        const made = option(`pr-${place}`, one.label, "", "recent");
        made.dataset.url = one.url;
        return made;
      }),
  );
  fill(
    "here",
    "On this page",
    actionsHere().map((one, place) => {
      const made = option(`ph-${place}`, one.textContent.trim(), "", "here");
      made.presses = one;
      return made;
    }),
  );
  fill(
    "pages",
    "Go to",
    [...document.querySelectorAll(".side .side-link")].map((link, place) => {
      const made = option(`pp-${place}`, link.textContent.trim(), "", "pages");
      made.dataset.url = link.getAttribute("href");
      return made;
    }),
  );
}

// Actions and pages fit when each typed word begins one of theirs.
function narrow() {
  const typed = words(field.value);
  let fits = false;
  for (const name of ["recent", "here", "actions", "pages"]) {
    for (const one of part(name).querySelectorAll("[role='option']")) {
      const own = words(one.querySelector(".label").textContent);
      one.hidden = !typed.every((word) => own.some((mine) => mine.startsWith(word)));
      fits ||= !one.hidden && typed.length > 0;
    }
    for (const group of part(name).querySelectorAll("[role='group']")) {
      group.hidden = !group.querySelector("[role='option']:not([hidden])");
    }
  }
  list.insertBefore(part("found"), fits ? null : part("here"));
}

function mark(one) {
  marked?.setAttribute("aria-selected", "false");
  marked = one ?? null;
  if (!marked) return field.removeAttribute("aria-activedescendant");
  marked.setAttribute("aria-selected", "true");
  field.setAttribute("aria-activedescendant", marked.id);
  marked.scrollIntoView({ block: "nearest" });
}

function tell() {
  const count = options().length;
  said.textContent = count ? "↑ ↓ choose, Enter opens, Esc closes" : `Nothing fits “${field.value.trim()}”.`;
}

async function ask() {
  const typed = field.value.trim();
  asking?.abort.abort();
  if (!typed) {
    answered = "";
    part("found").replaceChildren();
    return settle();
  }
  const abort = new AbortController();
  const mine = { abort };
  asking = mine;
  try {
    const answer = await fetch(`${palette.dataset.source}?q=${encodeURIComponent(typed)}`, {
      signal: abort.signal,
      headers: { "HX-Request": "true" },
    });
    if (!answer.ok || asking !== mine) return;
    part("found").innerHTML = await answer.text();
    answered = typed;
    const all = option("pf-all", `Search for “${typed}”`, "everything on a page", "all");
    all.dataset.url = `/search?q=${encodeURIComponent(typed)}`;
    if (part("found").querySelector("[role='option']")) part("found").append(all);
    settle();
  } catch (error) {
    if (error.name !== "AbortError") said.textContent = "The server does not answer. Type on to try again.";
  }
}

function settle() {
  narrow();
  mark(options()[0]);
  tell();
}

async function choose(one) {
  if (!one) return;
  palette.close();
  if (one.presses) return one.presses.click();
  if (one.dataset.does === "keys") return document.getElementById("keys").showModal();
  if (one.dataset.does === "theme") {
    const wanted = document.documentElement.dataset.bsTheme === "dark" ? "light" : "dark";
    return document.querySelector(`[data-theme-set="${wanted}"]`)?.click();
  }
  location.assign(one.dataset.url);
}

function open() {
  field.value = "";
  part("found").replaceChildren();
  prepare();
  palette.showModal();
  field.focus();
  settle();
}

async function onKey(event) {
  const all = options();
  const at = all.indexOf(marked);
  if (event.key === "ArrowDown" || event.key === "ArrowUp") {
    event.preventDefault();
    const step = event.key === "ArrowDown" ? 1 : -1;
    mark(all[(at + step + all.length) % all.length]);
  } else if (event.key === "Enter") {
    event.preventDefault();
    if (field.value.trim() !== answered) {
      clearTimeout(timer);
      await ask();
    }
    choose(marked);
  }
}

if (palette) {
  remember();
  document.addEventListener("keydown", (event) => {
    const isCommand = (event.ctrlKey || event.metaKey) && !event.altKey && event.key.toLowerCase() === "k";
    const typing = event.target.closest?.("input, textarea, select, [contenteditable]");
    const isSlash = event.key === "/" && !event.ctrlKey && !event.metaKey && !event.altKey && !typing;
    if (!isCommand && !isSlash) return;
    if (isCommand && palette.open) {
      event.preventDefault();
      return palette.close();
    }
    if (document.querySelector("dialog[open]")) return;
    event.preventDefault();
    open();
  });
  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-palette-opens]") && !event.ctrlKey && !event.metaKey) {
      event.preventDefault();
      open();
    } else if (event.target === palette || event.target.closest("[data-palette-closes]")) {
      palette.close();
    } else {
      const one = event.target.closest("#palette [role='option']");
      if (one) choose(one);
    }
  });
  field.addEventListener("keydown", onKey);
  field.addEventListener("input", () => {
    narrow();
    if (!options().includes(marked)) mark(options()[0]);
    clearTimeout(timer);
    timer = setTimeout(ask, WAIT);
  });
}
