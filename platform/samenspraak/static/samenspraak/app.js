// Small courtesies; every page works without them.

// A form goes out once. Coming back, or waiting a while (a download leaves the page standing), opens it again.
const PATIENCE = 8000;

function reopen(form) {
  delete form.dataset.sent;
  form.querySelectorAll("[aria-busy]").forEach((button) => button.removeAttribute("aria-busy"));
}

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.dataset.sent) {
    event.preventDefault();
    return;
  }
  form.dataset.sent = "yes";
  event.submitter?.setAttribute("aria-busy", "true");
  setTimeout(reopen, PATIENCE, form);
});

addEventListener("pageshow", () => document.querySelectorAll("form[data-sent]").forEach(reopen));
document.addEventListener("htmx:afterRequest", (event) => {
  const form = event.target.closest?.("form");
  if (form) reopen(form);
});

// A link in the error summary lands in the field itself, also where the field is a group of tiles.
document.addEventListener("click", (event) => {
  const link = event.target.closest?.(".summary a[href^='#']");
  const place = link && document.getElementById(link.hash.slice(1));
  const control = place?.matches("fieldset") ? place.querySelector("input") : place;
  if (control) {
    event.preventDefault();
    control.focus();
    control.scrollIntoView({ block: "center" });
  }
});

// Without support for autofocus outside controls, the summary still takes the focus.
document.querySelector(".summary[autofocus]")?.focus();

// Printing is the browser's; the button only shows where a script can press it.
document.querySelectorAll("[data-print]").forEach((button) => {
  button.hidden = false;
  button.addEventListener("click", () => print());
});
