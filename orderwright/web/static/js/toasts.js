// Toasts close by their button; those without an action go after a while.
const SHOWN_FOR = 8000;

document.addEventListener("click", (event) => {
  event.target.closest("[data-toast-close]")?.closest("[data-toast]").remove();
});

function expire(toast) {
  if (toast.querySelector("form, a")) return;
  let timer = setTimeout(() => toast.remove(), SHOWN_FOR);
  toast.addEventListener("pointerenter", () => clearTimeout(timer));
  toast.addEventListener("pointerleave", () => {
    timer = setTimeout(() => toast.remove(), SHOWN_FOR);
  });
}

export function say(text) {
  const toast = document.createElement("div");
  toast.className = "toast-note";
  toast.dataset.toast = "";
  toast.textContent = text;
  document.querySelector(".toasts").append(toast);
  expire(toast);
}

document.querySelectorAll("[data-toast]").forEach(expire);
document.addEventListener("htmx:error", () => say("The server did not answer. Nothing was lost; try again."));
