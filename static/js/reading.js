// Reading together by keyboard: 1, 2 and 3 are the buttons, arrows go back and further. The page works without this.

const page = document.querySelector("[data-reading]");
const rightToLeft = document.documentElement.dir === "rtl";
const back = "[data-previous]";
const further = "[data-next]";
const ARROWS = rightToLeft ? { ArrowRight: back, ArrowLeft: further } : { ArrowLeft: back, ArrowRight: further };

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest("input, select, textarea")) return;
  const wanted = ARROWS[event.key] ?? (/^[123]$/.test(event.key) ? `[data-key="${event.key}"]` : null);
  const button = wanted && page.querySelector(wanted);
  if (!button) return;
  event.preventDefault();
  button.click();
});

// "Different" opens a field: one types at once.
page.querySelector("textarea")?.focus();
