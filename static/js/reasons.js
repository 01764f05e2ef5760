// A ready-made reason fills the message, to be changed by hand; words of one's own are never overwritten.

const message = document.querySelector("textarea[name=message]");
const texts = [...document.querySelectorAll("input[name=reason]")].map((pick) => pick.dataset.text ?? "");

document.addEventListener("change", (event) => {
  if (event.target.name !== "reason" || !message) return;
  if (texts.includes(message.value.trim()) || !message.value.trim()) message.value = event.target.dataset.text ?? "";
});
