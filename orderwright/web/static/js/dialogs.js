// Pages that open in a dialog, and questions before something that cannot be taken back.
import { focusFirstError, isDirty, settle } from "./forms.js";

const dialog = document.getElementById("dialog");
const content = document.getElementById("dialog-content");
const question = document.getElementById("confirm");

document.addEventListener("htmx:after:swap", () => {
  if (!content.firstElementChild) return;
  if (!dialog.open) dialog.showModal();
  focusFirstError(content) || content.querySelector("[autofocus]")?.focus();
});

async function close() {
  const form = content.querySelector("form[data-guard]");
  if (form && isDirty(form)) {
    const leave = await ask({
      title: "Discard what you typed?",
      text: "This dialog has entries that are not saved.",
      yes: "Discard",
    });
    if (!leave) return;
    settle(form);
  }
  dialog.close();
}

dialog.addEventListener("cancel", (event) => {
  event.preventDefault();
  close();
});
dialog.addEventListener("close", () => content.replaceChildren());

document.addEventListener("click", (event) => {
  if (event.target.closest("[data-closes]")) close();
  const opener = event.target.closest("[data-opens]");
  if (opener) document.getElementById(opener.dataset.opens)?.showModal();
  if (event.target === dialog) close();
});

export function ask({ title, text, yes }) {
  document.getElementById("confirm-title").textContent = title;
  document.getElementById("confirm-text").textContent = text;
  document.getElementById("confirm-yes").textContent = yes;
  question.returnValue = "";
  question.showModal();
  return new Promise((answer) => {
    // The event of an earlier question may still be on its way when this one opens.
    const answered = () => {
      if (question.open) return;
      question.removeEventListener("close", answered);
      answer(question.returnValue === "yes");
    };
    question.addEventListener("close", answered);
  });
}

// A form with data-confirm is sent after a yes.
document.addEventListener(
  "submit",
  async (event) => {
    const form = event.target;
    if (!form.dataset.confirm || form.dataset.confirmed) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    const { confirm, confirmTitle, confirmYes } = form.dataset;
    const said = await ask({ title: confirmTitle || "Are you sure?", text: confirm, yes: confirmYes || "Yes" });
    if (!said) return;
    form.dataset.confirmed = "yes";
    form.requestSubmit(event.submitter);
  },
  true,
);
