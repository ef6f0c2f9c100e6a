// The bell: how many notifications are unread, looked up after the page and then now and then.
import { place } from "./place.js";

const EVERY = 25000;
const bell = document.querySelector("[data-bell]");
const menu = document.getElementById("bell-menu");
const key = `bell-${bell?.dataset.bell}`;
const known = () => JSON.parse(sessionStorage.getItem(key) || "{}");

function show({ count = 0, shown = "" }) {
  const badge = bell.querySelector(".bell-count");
  badge.hidden = count === 0;
  badge.textContent = shown;
  menu.querySelector("[data-bell-reads]").hidden = count === 0;
  bell.setAttribute("aria-label", count ? `Notifications, ${shown} unread` : "Notifications");
}

async function look() {
  if (document.hidden) return;
  const before = known();
  const answer = await fetch("/notifications/pulse", {
    headers: before.etag ? { "If-None-Match": before.etag } : {},
    cache: "no-store",
    redirect: "manual",
  });
  if (answer.status !== 200) return;
  const now = { ...(await answer.json()), etag: answer.headers.get("ETag") };
  sessionStorage.setItem(key, JSON.stringify(now));
  show(now);
}

const quietly = () => look().catch(() => {});

async function open(event) {
  if (event.newState !== "open") return;
  await htmx.ajax("POST", "/notifications/newest", { source: menu, target: "#bell-newest" });
  place(menu, bell);
  if (menu.matches(":popover-open")) menu.querySelector("a, button")?.focus();
  quietly();
}

async function readAll(event) {
  event.preventDefault();
  await htmx.ajax("POST", "/notifications/read-all", { source: menu, swap: "none" });
  if (location.pathname === "/notifications") location.reload();
  else await look();
}

if (bell) {
  show(known());
  quietly();
  menu.addEventListener("toggle", open);
  menu.querySelector("[data-bell-reads]").addEventListener("submit", readAll);
  document.addEventListener("visibilitychange", quietly);
  setInterval(quietly, EVERY);
}
