// "Near me": the browser says where it is, rounded to about a hundred metres before it leaves the page. Without it a postcode does.

const DECIMALS = 3;

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-near-me]");
  if (button) ask(button);
});
document.addEventListener("htmx:afterSettle", show);
show();

function show() {
  for (const button of document.querySelectorAll("[data-near-me]")) button.hidden = !navigator.geolocation;
}

function ask(button) {
  const say = (text) => (document.querySelector("[data-near-said]").textContent = text);
  say(button.dataset.waiting);
  const options = { maximumAge: 60000, timeout: 10000 };
  navigator.geolocation.getCurrentPosition(({ coords }) => go(button.form, coords), () => say(button.dataset.failed), options);
}

/** By an ordinary address: the question so far, with this place for the one that stood there. */
function go(form, { latitude, longitude }) {
  const query = new URLSearchParams([...new FormData(form)].filter(([name, value]) => value && !["bij", "postcode"].includes(name)));
  query.set("bij", [latitude, longitude].map((side) => side.toFixed(DECIMALS)).join(","));
  location.assign(`${form.action}?${query}`);
}
