// A still picture of where one place is: <div data-place="4.93 52.36" data-area="neighbourhood MB01">. With an area
// only, the neighbourhood is drawn. The address beside it says the same.

import { addGround, at, options, outline } from "./map-ground.js";

for (const box of document.querySelectorAll("[data-place]")) show(box);

async function show(box) {
  box.hidden = false;
  const place = at(box.dataset.place.split(" ").map(Number));
  const map = L.map(box.querySelector("[data-canvas]"), {
    ...options,
    center: place,
    zoom: 15,
    keyboard: false,
    dragging: false,
    touchZoom: false,
    doubleClickZoom: false,
    scrollWheelZoom: false,
    boxZoom: false,
  });
  addGround(map);
  L.control.scale({ imperial: false, maxWidth: 100 }).addTo(map);
  if (box.dataset.area) {
    const drawn = await outline(map, box.dataset.area.split(" "));
    if (drawn) map.fitBounds(drawn.getBounds(), { padding: [24, 24], maxZoom: 15, animate: false });
    return;
  }
  const mark = document.createElement("span");
  mark.className = "pin pin--on";
  mark.append(box.querySelector("template").content.cloneNode(true));
  const Mark = L.DivIcon.extend({ createIcon: () => (mark.classList.add("leaflet-marker-icon"), mark) });
  L.marker(place, { icon: new Mark(), keyboard: false, interactive: false }).addTo(map);
}
