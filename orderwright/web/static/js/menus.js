// Menus are popovers; they open beside their button and are walked with the arrow keys.
import { place } from "./place.js";

const ITEMS = "a, button";

document.addEventListener(
  "toggle",
  (event) => {
    const menu = event.target;
    if (!menu.matches?.(".menu") || event.newState !== "open") return;
    const button = document.querySelector(`[popovertarget="${menu.id}"]`);
    if (button) place(menu, button);
    menu.querySelector(ITEMS)?.focus();
  },
  true,
);

document.addEventListener("keydown", (event) => {
  const menu = event.target.closest?.(".menu");
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (!menu || !step) return;
  const items = [...menu.querySelectorAll(ITEMS)];
  const next = items.indexOf(document.activeElement) + step;
  items.at(next % items.length)?.focus();
  event.preventDefault();
});

document.addEventListener("click", (event) => {
  const menu = event.target.closest(".menu");
  if (menu && event.target.closest(ITEMS)) menu.hidePopover();
});
