// Typing a sheet in, quicker: a letter goes on to the next line, the arrows go up and down. Without this module the form works as a form.

const form = document.getElementById("saisie");
const lines = form ? [...form.querySelectorAll("[data-line]")] : [];

function go(from, step) {
  const to = lines[lines.indexOf(from) + step] ?? (step > 0 ? form.querySelector("button") : from);
  to.focus();
  to.select?.();
}

form?.addEventListener("input", ({ target }) => {
  if (target.dataset.line !== "letter") return;
  if (/^[previ1-5]$/i.test(target.value)) go(target, 1);
});

form?.addEventListener("keydown", (event) => {
  const step = { ArrowDown: 1, ArrowUp: -1, Enter: 1 }[event.key];
  if (!step || !event.target.dataset.line || event.isComposing) return;
  // Enter on a line would send half a sheet.
  event.preventDefault();
  go(event.target, step);
});
