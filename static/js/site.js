// The page works without this. It moves the focus to what needs attention, and closes the menu as people expect.

const summary = document.querySelector("[data-error-summary]");
summary?.focus();

// A swapped-in form with errors says so as a full page would.
document.addEventListener("htmx:afterSettle", (event) => {
  event.target.querySelector?.("[data-error-summary]")?.focus();
});

// Jump from the summary to the control itself, with its label in view.
document.addEventListener("click", (event) => {
  const link = event.target.closest("[data-error-summary] a[href^='#']");
  const control = link && document.getElementById(decodeURIComponent(link.hash.slice(1)));
  if (!control) return;
  event.preventDefault();
  (control.closest("[data-field]") ?? control).scrollIntoView();
  control.focus({ preventScroll: true });
});

const menu = document.querySelector(".menu");
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape" || !menu?.open) return;
  menu.open = false;
  menu.querySelector("summary").focus();
});
document.addEventListener("click", (event) => {
  if (menu?.open && !menu.contains(event.target)) menu.open = false;
});

// Back to the map as it was, with what was searched there.
const back = document.querySelector("a.crumb");
if (back && document.referrer.split("?")[0] === back.href) back.href = document.referrer;
