// The list works without this. After a tap the list is swapped in place: the keyboard goes on with the next person.

document.addEventListener("htmx:afterSettle", (event) => {
  if (event.detail.target?.id !== "calls" && event.target.id !== "calls") return;
  const next = document.querySelector("#calls .res button") ?? document.getElementById("who-to-call");
  next?.focus();
});

// Arrow down and up go from person to person, to the same answer.
document.addEventListener("keydown", (event) => {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  const row = step && event.target.closest(".res");
  if (!row) return;
  const rows = [...document.querySelectorAll("#calls .res")];
  const other = rows[rows.indexOf(row) + step];
  if (!other) return;
  event.preventDefault();
  other.querySelectorAll("button")[[...row.querySelectorAll("button")].indexOf(event.target.closest("button"))].focus();
});
