// Receive Inventory: a scan goes to its line, "everything" and "nothing" fill all of them.
import { beep, say } from "./scanner.js";

const place = () => document.querySelector("[data-receive]");
const cards = () => [...document.querySelectorAll("[data-receive-card]")];
const fieldOf = (card) => card.querySelector("[data-quantity]");
const nameOf = (card) => card.querySelector("h2").firstChild.textContent.trim();
const same = (one, other) => one.trim().toLowerCase() === other.trim().toLowerCase();

document.addEventListener("scanned", (event) => {
  if (!place()) return;
  const fitting = cards().filter((card) =>
    card.dataset.codes.split("\n").some((code) => code && same(code, event.detail)),
  );
  const card = fitting.find((one) => !one.classList.contains("found")) ?? fitting[0];
  const find = document.querySelector("[data-part] [data-find]");
  if (!card && find && find.value !== event.detail) {
    // It may stand in another part of the lines; what was typed travels along.
    find.value = event.detail;
    find.nextElementSibling.click();
    return;
  }
  beep(Boolean(card));
  if (!card) {
    say(place(), `Nothing on this order has the code ${event.detail}.`, false);
    return;
  }
  for (const one of cards()) one.classList.remove("found");
  card.classList.add("found");
  card.scrollIntoView({ block: "center" });
  fieldOf(card).focus();
  fieldOf(card).select();
  say(place(), nameOf(card), true);
});

// What was searched or scanned in another part of the lines is ready for its number.
document.addEventListener("htmx:after:swap", () => {
  const find = document.querySelector("[data-part] [data-find]");
  const card = find?.value ? cards()[0] : null;
  if (!card) return;
  fieldOf(card).focus();
  fieldOf(card).select();
});

document.addEventListener("click", (event) => {
  const all = event.target.closest("[data-receive-all]");
  const none = event.target.closest("[data-receive-none]");
  if (!all && !none) return;
  const others = document.querySelector("[data-part] select[name='others']");
  if (others) others.value = all ? "everything" : "nothing";
  for (const card of cards()) {
    fieldOf(card).value = all ? card.dataset.outstanding : "";
    fieldOf(card).dispatchEvent(new Event("input", { bubbles: true }));
  }
});
