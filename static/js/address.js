// Says, under postcode and house number, which address that is; where a number has several doors, one chooses.
// <div data-address="URL" data-postcode-input="id" data-number-input="id" data-texts='{…}'></div>
// The server looks the address up again when the form is sent: this only saves a surprise.

for (const root of document.querySelectorAll("[data-address]")) check(root);

function check(root) {
  const postcode = document.getElementById(root.dataset.postcodeInput);
  const number = document.getElementById(root.dataset.numberInput);
  const words = document.createElement("p");
  words.className = "help";
  words.setAttribute("role", "status");
  const choices = document.createElement("ul");
  choices.className = "chips";
  root.append(words, choices);
  let asked = "";
  let waiting;

  const ask = async () => {
    const query = `${postcode.value} ${number.value}`.replace(/\s+/g, " ").trim();
    const whole = /^[1-9]\d{3}\s*[a-z]{2} \d+/i.test(query);
    if (query === asked) return;
    asked = query;
    if (!whole) return show("", []);
    const answer = await fetch(`${root.dataset.address}?q=${encodeURIComponent(query)}`).catch(() => null);
    if (query !== asked) return;
    if (!answer?.ok) return show("", []);
    const { suggestions, message } = await answer.json();
    show(message, suggestions.map(({ label }) => label).filter(fits));
  };
  const digits = () => number.value.match(/\d+/)?.[0];
  const code = () => postcode.value.replace(/\s/g, "").toUpperCase();
  const fits = (label) => label.replace(/\s/g, "").toUpperCase().includes(`,${code()}`) && numberOf(label).match(/^\d+/)?.[0] === digits();
  const same = (label) => numberOf(label).toUpperCase() === number.value.replace(/\s/g, "").toUpperCase();

  const show = (message, labels) => {
    const exact = labels.find(same);
    const found = exact ?? (labels.length === 1 ? labels[0] : null);
    words.textContent = message || found || (labels.length ? root.dataset.which : "");
    choices.replaceChildren(...(found ? [] : labels.map(choice)));
  };
  const choice = (label) => {
    const item = document.createElement("li");
    const button = document.createElement("button");
    button.type = "button";
    button.className = "chip";
    button.textContent = label.split(",")[0];
    button.addEventListener("click", () => {
      number.value = numberOf(label);
      asked = `${postcode.value} ${number.value}`.replace(/\s+/g, " ").trim();
      show("", [label]);
      number.focus();
    });
    item.append(button);
    return item;
  };

  for (const input of [postcode, number]) {
    input.addEventListener("input", () => {
      clearTimeout(waiting);
      waiting = setTimeout(ask, 350);
    });
    input.addEventListener("change", ask);
  }
}

/** "112-H" of "Javastraat 112-H, 1094HP Amsterdam": what follows the street's name. */
function numberOf(label) {
  return label.split(",")[0].match(/\s(\d+\S*)$/)?.[1] ?? "";
}
