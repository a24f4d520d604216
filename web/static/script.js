// Nothing here is needed: every page works without it.
"use strict";
// a choice that stands alone unticks the others, and they untick it
document.addEventListener("change", ({target}) => {
  if (target.type !== "checkbox" || !target.checked || !target.form) return;
  for (const other of target.form.querySelectorAll("input[type=checkbox][name='" + CSS.escape(target.name) + "']"))
    if (other !== target && ("alone" in target.dataset || "alone" in other.dataset)) other.checked = false;
});
// a second press of a button is not a second form
document.addEventListener("submit", event => {
  const form = event.target;
  if (form.dataset.sent) return event.preventDefault();
  form.dataset.sent = "yes";
  setTimeout(() => delete form.dataset.sent, 4000);
});
addEventListener("pageshow", () => document.querySelectorAll("form").forEach(form => delete form.dataset.sent));
for (const button of document.querySelectorAll("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => print());
}
// a page that asks to wait presses its own button when the time has come
const waiting = document.querySelector("form[data-wait]");
if (waiting) setTimeout(() => waiting.requestSubmit(), waiting.dataset.wait * 1000);
