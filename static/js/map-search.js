// "Search in this piece of the map": offered once somebody moved the map, and put in the address as vak=west,south,east,north.

import { texts } from "./map-ground.js";

const DECIMALS = 5;

export function addSearchHere(map, box) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "btn btn--s again";
  button.textContent = texts.searchHere;
  button.hidden = true;
  box.append(button);

  let moved = false; // by somebody, not by us
  let asked = "";
  for (const type of ["pointerdown", "wheel", "keydown"]) box.addEventListener(type, () => (moved = true), { passive: true });
  map.on("moveend", () => (button.hidden = !moved));
  const hide = () => {
    moved = false;
    button.hidden = true;
  };
  const go = (bounds) => {
    asked = [bounds.getWest(), bounds.getSouth(), bounds.getEast(), bounds.getNorth()].map((side) => side.toFixed(DECIMALS)).join(",");
    const form = document.getElementById("find");
    for (const old of form.querySelectorAll("[name=vak],[name=page]")) old.remove();
    const field = Object.assign(document.createElement("input"), { type: "hidden", name: "vak", value: asked });
    document.getElementById("place").append(field);
    hide();
    form.requestSubmit();
  };
  button.addEventListener("click", () => {
    go(map.getBounds());
    document.getElementById("results-heading").focus({ preventScroll: true });
  });
  return {
    go,
    hide,
    offer: () => (moved = true),
    /** Whether this piece is the one just asked for from the map, which then need not move. */
    isShown: (piece) => asked === piece.map((side) => side.toFixed(DECIMALS)).join(","),
  };
}
