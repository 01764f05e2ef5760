// Copying a link and printing, where the browser can: the buttons are hidden without this.

for (const place of document.querySelectorAll("[data-share]")) {
  const button = place.querySelector("button");
  if (place.dataset.share === "print") button.addEventListener("click", () => window.print());
  else if (navigator.clipboard) button.addEventListener("click", () => copy(button));
  else continue;
  place.hidden = false;
}

async function copy(button) {
  await navigator.clipboard.writeText(button.dataset.url);
  button.querySelector("span").textContent = button.dataset.done;
  document.querySelector("[data-share-said]").textContent = button.dataset.done;
}
