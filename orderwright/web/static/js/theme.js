// Light, dark, or like the system; kept in a cookie so that the server renders it.
const page = document.documentElement;
const system = matchMedia("(prefers-color-scheme: dark)");

function show() {
  const choice = page.dataset.themeChoice;
  page.dataset.bsTheme = choice === "auto" ? (system.matches ? "dark" : "light") : choice;
  for (const item of document.querySelectorAll("[data-theme-set]")) {
    item.setAttribute("aria-checked", String(item.dataset.themeSet === choice));
  }
}

document.addEventListener("click", (event) => {
  const item = event.target.closest("[data-theme-set]");
  if (!item) return;
  page.dataset.themeChoice = item.dataset.themeSet;
  document.cookie = `theme=${item.dataset.themeSet}; path=/; max-age=31536000; samesite=lax`;
  show();
  item.closest("[popover]")?.hidePopover();
});
system.addEventListener("change", show);
