// What allauth's passkey scripts leave out: a button only where it can work, and a word when it did not.

if (window.PublicKeyCredential) {
  for (const button of document.querySelectorAll("[data-needs-passkeys]")) button.hidden = false;
}

document.addEventListener("allauth.error", (event) => {
  event.preventDefault();
  for (const problem of document.querySelectorAll("[data-passkey-problem]")) problem.hidden = false;
});
