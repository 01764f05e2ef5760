// A place chosen on the map that the list does not show, as a card on top of the list. The address ends in #plek-KEY, so that going
// back closes it, and coming back to the page opens it again.

import { still, texts } from "./map-ground.js";

const HASH = /^#plek-(\d+)$/;

export class Card {
  /** address: of a place, with 0 for its key; changed: called with the key of the open card, or null. */
  constructor(address, changed) {
    Object.assign(this, { address, changed });
    window.addEventListener("popstate", () => this.#follow());
    document.addEventListener("keydown", (event) => event.key === "Escape" && event.target.closest?.("#map-card") && this.close());
    this.#follow();
  }

  open(key) {
    // Without htmx's mark on it this entry is not loaded again on the way back.
    history.replaceState(null, "");
    history[this.shown ? "replaceState" : "pushState"]({ card: true }, "", `#plek-${key}`);
    return this.#show(String(key));
  }

  close() {
    if (history.state?.card) history.back();
    else {
      history.replaceState(null, "", location.pathname + location.search);
      this.#hide();
    }
  }

  #follow() {
    const key = HASH.exec(location.hash)?.[1];
    if (key && key !== this.shown) this.#show(key);
    else if (!key && this.shown) this.#hide();
  }

  async #show(key) {
    this.shown = key;
    const answer = await fetch(this.address.replace("/0/", `/${key}/`)).catch(() => null);
    if (!answer?.ok || this.shown !== key) return;
    document.getElementById("map-card")?.remove();
    const card = document.createElement("div");
    card.id = "map-card";
    card.setAttribute("role", "group");
    card.setAttribute("aria-label", texts.card);
    card.innerHTML = `<ol>${await answer.text()}</ol><button class="more" type="button"></button>`;
    const close = card.lastElementChild;
    close.textContent = texts.close;
    close.addEventListener("click", () => this.close());
    document.querySelector("#results > header").after(card);
    card.scrollIntoView({ block: "center", behavior: still ? "auto" : "smooth" });
    card.querySelector("a").focus({ preventScroll: true });
    this.changed(key);
  }

  #hide() {
    this.shown = null;
    document.getElementById("map-card")?.remove();
    this.changed(null);
  }
}
