// Tips show on hover and on focus, stay while the pointer is on them, and go with Escape.
import { place } from "./place.js";

let shown = null;
let anchor = null;
let leaving = 0;

const tipOf = (element) => element.closest?.("[data-tip]");

function show(owner) {
  clearTimeout(leaving);
  const tip = document.getElementById(owner.dataset.tip);
  if (!tip || tip === shown) return;
  hide();
  tip.showPopover();
  place(tip, owner);
  shown = tip;
  anchor = owner;
}

function hide() {
  clearTimeout(leaving);
  if (shown?.isConnected && shown.matches(":popover-open")) shown.hidePopover();
  shown = null;
}

document.addEventListener("pointerover", (event) => {
  const owner = tipOf(event.target);
  if (owner) show(owner);
  else if (event.target.closest?.(".tip")) clearTimeout(leaving);
  else if (shown) {
    clearTimeout(leaving);
    leaving = setTimeout(hide, 150);
  }
});
document.addEventListener("focusin", (event) => {
  const owner = tipOf(event.target);
  if (owner) show(owner);
  else hide();
});
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape" || !shown) return;
  hide();
  event.preventDefault();
});
const follow = () => shown && place(shown, anchor);
document.addEventListener("scroll", follow, { capture: true, passive: true });
