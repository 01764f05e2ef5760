// The signs on the map: each a button with a name of its own.

import { say, texts } from "./map-ground.js";
import { commonArea } from "./map-clusters.js";

const glyphs = JSON.parse(document.getElementById("map-glyphs").textContent);
const PERSON = '<svg class="ic" viewBox="0 0 24 24" aria-hidden="true"><circle cx="12" cy="8" r="4"/><path d="M4 21a8 8 0 0 1 16 0"/></svg>';

const ButtonIcon = L.DivIcon.extend({
  createIcon() {
    const { button } = this.options;
    button.classList.add("leaflet-marker-icon");
    return button;
  },
});

/** A Leaflet marker that is this button. */
export function marker(place, button) {
  L.DomEvent.disableClickPropagation(button);
  return L.marker(place, { icon: new ButtonIcon({ button }), keyboard: false });
}

/** One place: its kind's shape, with its number in the list. */
export function pin({ key, kind, name }, number) {
  const button = sign("pin", `pin-${key}`);
  const glyph = document.querySelector(`#results [data-key="${key}"] .glyph`);
  if (glyph) button.append(glyph.cloneNode(true));
  else button.innerHTML = glyphs[kind] ?? "";
  button.append(bold(name));
  button.setAttribute("aria-label", number ? `${number}. ${name}` : name);
  return button;
}

/** Whom to ask at the municipality. */
export function contactPin({ key, name, area }) {
  const button = sign("pin pin--contact", `contact-${key}`);
  button.innerHTML = PERSON;
  button.append(bold(name));
  button.setAttribute("aria-label", say(texts.contact, { name, area }));
  return button;
}

/** Several together: how many, and near what. */
export function clusterSign({ points, count, named }, { contacts = false } = {}) {
  const area = commonArea(points);
  const words = contacts ? texts.contacts : area ? texts.cluster : texts.clusterNowhere;
  const keys = points.map((point) => point.key ?? `${point.place.lat},${point.place.lng}`).sort();
  return counted(`cluster-${keys.slice(0, 9).join("-")}`, { area, count, named, words });
}

export function districtSign({ points: [{ area, code }], count, named }) {
  return counted(`district-${code}`, { area, count, named, words: texts.district });
}

function counted(id, { area, count, named, words }) {
  const button = sign(named ? "clus" : "clus clus--bare", id);
  button.append(bold(count));
  if (named) button.append(area);
  button.setAttribute("aria-label", say(words, { count, area }));
  return button;
}

function bold(text) {
  const made = document.createElement("b");
  made.textContent = text;
  return made;
}

function sign(className, name) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = className;
  button.dataset.sign = name;
  return button;
}
