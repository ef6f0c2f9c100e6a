// The address of a list names only what narrows it.
document.addEventListener("htmx:config:request", (event) => {
  const { ctx } = event.detail;
  if (!ctx.sourceElement?.matches(".list-tools")) return;
  const body = ctx.request.body;
  for (const [name, value] of [...body]) if (!value) body.delete(name);
});
