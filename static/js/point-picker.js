// Pointing out a place on a map, by hand or by keyboard: the map moves under a cross, Enter or the button puts the pin there.
// <div data-point-picker data-lon-input="id" data-lat-input="id" data-lon="4.9" data-lat="52.3">; without this a list of
// neighbourhoods does the same.

import { addGround, addZoom, areaAt, at, boundaries, options, say, still, texts } from "./map-ground.js";

const PIN = '<svg viewBox="0 0 44 52" aria-hidden="true"><path d="M22 50S4 32 4 19a18 18 0 0 1 36 0c0 13-18 31-18 31z" fill="#0a565d" stroke="#fffdf8" stroke-width="2.5"/><circle cx="22" cy="19" r="7" fill="#f2b134"/></svg>';
const CROSS = '<svg class="cross" viewBox="0 0 56 56" aria-hidden="true"><circle cx="28" cy="28" r="16"/><path d="M28 2v18M28 36v18M2 28h18M36 28h18"/></svg>';
let count = 0;

async function pick(root) {
  const lonInput = document.getElementById(root.dataset.lonInput);
  const latInput = document.getElementById(root.dataset.latInput);
  const { box, canvas, words, put, remove } = build(root);
  const number = (text) => (text ? Number(String(text).replace(",", ".")) : NaN);
  const point = (lon, lat) => (Number.isFinite(lon) && Number.isFinite(lat) ? [lon, lat] : null);
  let placed = point(number(lonInput.value), number(latInput.value));
  const start = placed ?? point(number(root.dataset.lon), number(root.dataset.lat));

  const map = L.map(canvas, { ...options, center: start ? at(start) : [52.366, 4.91], zoom: start ? 15 : 12 });
  const mark = L.marker(map.getCenter(), { icon: L.divIcon({ className: "here", iconSize: null, html: PIN }), keyboard: false, interactive: false });
  canvas.setAttribute("role", "application");
  canvas.setAttribute("aria-label", texts.pickerLabel);
  canvas.setAttribute("aria-describedby", words.id + "-keys");
  addGround(map);
  addZoom(map, box);
  L.control.scale({ imperial: false, maxWidth: 100 }).addTo(map);
  new ResizeObserver(() => map.invalidateSize()).observe(canvas);
  const areas = await boundaries("neighbourhood");

  const show = () => {
    put.textContent = placed ? texts.pickerMove : texts.pickerPut;
    remove.hidden = !placed;
    if (!placed) mark.remove();
    else mark.setLatLng(at(placed)).addTo(map);
    const area = placed && areas && areaAt(areas, placed);
    words.textContent = !placed ? texts.pickerNone : area ? say(texts.pickerPlaced, { area: area.properties.name }) : areas ? texts.pickerNowhere : "";
  };
  const place = (latlng) => {
    placed = latlng && [Number(latlng.lng.toFixed(6)), Number(latlng.lat.toFixed(6))];
    [lonInput.value, latInput.value] = placed ?? ["", ""];
    lonInput.dispatchEvent(new Event("change", { bubbles: true }));
    show();
  };

  put.addEventListener("click", () => place(map.getCenter()));
  remove.addEventListener("click", () => {
    place(null);
    put.focus();
  });
  map.on("click", ({ latlng }) => {
    place(latlng);
    map.panTo(latlng, { animate: !still });
  });
  canvas.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.target !== canvas) return;
    event.preventDefault();
    place(map.getCenter());
  });
  // Who chooses a neighbourhood in the list sees it on the map.
  root.closest("form")?.querySelector("select[name=neighbourhood]")?.addEventListener("change", ({ target }) => {
    const name = target.selectedOptions[0]?.textContent.trim();
    const area = areas?.features.find((feature) => feature.properties.name === name);
    if (area && !placed) map.fitBounds(L.geoJSON(area).getBounds(), { animate: !still });
  });
  show();
}

function build(root) {
  const id = `picker-${++count}`;
  const made = document.createElement("div");
  made.className = "picker";
  made.innerHTML = `<div class="map"><div></div>${CROSS}</div>
    <div class="picker__bar"><button class="btn btn--s" type="button"></button><p id="${id}" role="status"></p><button class="textbtn" type="button" hidden></button></div>`;
  const keys = document.createElement("p");
  keys.id = `${id}-keys`;
  keys.className = "help";
  keys.textContent = texts.pickerKeys;
  root.append(keys, made);
  const [put, remove] = made.querySelectorAll("button");
  remove.textContent = texts.pickerRemove;
  return { box: made.querySelector(".map"), canvas: made.querySelector(".map > div"), words: made.querySelector("[role=status]"), put, remove };
}

for (const root of document.querySelectorAll("[data-point-picker]")) pick(root);
