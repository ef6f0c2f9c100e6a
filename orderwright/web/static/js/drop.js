// A file can be dropped on its field; without this, the field works as every file field does.
const zones = () => document.querySelectorAll("[data-drop]");

function zoneOf(event) {
  return event.target instanceof Element ? event.target.closest("[data-drop]") : null;
}

document.addEventListener("dragover", (event) => {
  event.preventDefault();
  for (const zone of zones()) zone.classList.toggle("is-over", zone === zoneOf(event));
});

document.addEventListener("dragleave", (event) => {
  if (!event.relatedTarget) for (const zone of zones()) zone.classList.remove("is-over");
});

// A file that misses the field must not replace the page.
document.addEventListener("drop", (event) => {
  event.preventDefault();
  const zone = zoneOf(event) ?? zones()[0];
  zone?.classList.remove("is-over");
  const input = zone?.querySelector("input[type='file']");
  if (!input || !event.dataTransfer.files.length) return;
  input.files = event.dataTransfer.files;
  input.dispatchEvent(new Event("change", { bubbles: true }));
});
