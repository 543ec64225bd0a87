// A file that is too heavy is said beside its field before a phone sends it. Without this module the same form says it after.

for (const field of document.querySelectorAll("input[type=file][data-most]")) {
  const said = document.createElement("p");
  said.className = "invalid-feedback d-block mb-0";
  said.setAttribute("role", "alert");
  field.after(said);

  const isTooHeavy = () => {
    const heavy = [...field.files].some((each) => each.size > Number(field.dataset.most));
    said.textContent = heavy ? field.dataset.heavy : "";
    field.classList.toggle("is-invalid", heavy);
    field.setAttribute("aria-invalid", String(heavy));
    return heavy;
  };

  field.addEventListener("change", isTooHeavy);
  field.form.addEventListener("submit", (event) => {
    if (!isTooHeavy()) return;
    event.preventDefault();
    field.focus();
  });
}
