// Reads the page, or the part that the button names, aloud with the browser's own voice; nothing leaves the browser. Where it has no speech, the button stays hidden.

const button = document.querySelector("[data-read-aloud]");
const speech = window.speechSynthesis;
const SILENT = "nav, script, style, svg, button, select, input, textarea, [hidden], [aria-hidden=true], .crumb";
const BLOCK = "h1, h2, h3, p, li, dt, dd, legend, label, summary, td, th, figcaption";
// Some browsers stop in the middle of a long piece.
const LONGEST = 180;

if (button && speech) {
  const words = button.querySelector("span");
  const begin = words.textContent;
  let reading = 0;

  const stop = () => {
    reading += 1;
    speech.cancel();
    words.textContent = begin;
    button.setAttribute("aria-pressed", "false");
  };

  const read = () => {
    const pieces = textOf(document.querySelector(button.dataset.readAloud || "main"));
    const mine = (reading += 1);
    speech.cancel();
    words.textContent = button.dataset.stop;
    button.setAttribute("aria-pressed", "true");
    const next = () => {
      if (mine !== reading) return;
      const piece = pieces.shift();
      if (!piece) return stop();
      const said = new SpeechSynthesisUtterance(piece.text);
      said.lang = piece.lang;
      said.onend = next;
      said.onerror = () => mine === reading && stop();
      speech.speak(said);
    };
    next();
  };

  button.hidden = false;
  button.setAttribute("aria-pressed", "false");
  button.addEventListener("click", () => (button.getAttribute("aria-pressed") === "true" ? stop() : read()));
  addEventListener("pagehide", () => speech.cancel());
}

/** What can be seen, block by block in the language it is in, in pieces of a sentence or a few. */
function textOf(part) {
  const blocks = new Map();
  const walker = document.createTreeWalker(part, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const parent = node.parentElement;
    if (!node.data.trim() || parent.closest(SILENT) || parent.checkVisibility?.() === false) continue;
    const block = parent.closest(BLOCK) ?? parent;
    blocks.set(block, `${blocks.get(block) ?? ""}${node.data}`);
  }
  return [...blocks].flatMap(([block, text]) => {
    const lang = block.closest("[lang]")?.lang ?? document.documentElement.lang;
    return sentences(text.replace(/\s+/g, " ").trim()).map((piece) => ({ text: piece, lang }));
  });
}

function sentences(text) {
  const pieces = [""];
  for (const sentence of text.match(/[^.!?]+[.!?]*["”]?\s*/g) ?? [text]) {
    if (pieces.at(-1) && pieces.at(-1).length + sentence.length > LONGEST) pieces.push("");
    pieces[pieces.length - 1] += sentence;
  }
  return pieces.filter((piece) => piece.trim());
}
