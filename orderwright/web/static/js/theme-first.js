// Runs before the first paint, so that a dark system never sees a light flash.
(function () {
  const page = document.documentElement;
  if (page.dataset.themeChoice === "auto") {
    const dark = matchMedia("(prefers-color-scheme: dark)").matches;
    page.dataset.bsTheme = dark ? "dark" : "light";
  }
})();
