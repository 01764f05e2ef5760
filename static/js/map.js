// The map beside the list: the same hits, the same numbers. Without it the list says everything.

import { addBoundaries, addGround, addZoom, at, options, outline, say, still, texts } from "./map-ground.js";
import { cluster, commonArea } from "./map-clusters.js";

const FEW = 30; // so many places in view may each have their own sign

const box = document.getElementById("map-box");
const status = document.getElementById("map-status");
const glyphs = JSON.parse(document.getElementById("map-glyphs").textContent);

box.hidden = false;
Object.assign(L.Map.prototype.options, options);
window.addEventListener("map:init", ({ detail }) => start(detail.map), { once: true });

async function start(map) {
  const view = new MapView(map);
  view.read();
  addGround(map);
  addZoom(map, box);
  addBoundaries(map);
  await view.load(box.dataset.points);

  let moreOpen = false;
  document.addEventListener("toggle", (event) => event.target.matches?.("#more-filters") && (moreOpen = event.target.open), true);
  document.addEventListener("htmx:configRequest", ({ detail }) => {
    for (const name of ["q", "postcode"]) if (!detail.parameters[name]) delete detail.parameters[name];
  });
  document.addEventListener("htmx:afterSettle", ({ detail }) => {
    if (detail.elt.id !== "results") return;
    const more = document.getElementById("more-filters");
    if (more && moreOpen) more.open = true;
    view.read();
    view.draw();
    // The heading is swapped in whole, so a screen reader hears of it here.
    status.textContent = document.getElementById("results-heading").textContent;
  });
}

class MapView {
  constructor(map) {
    this.map = map;
    this.points = [];
    this.markers = L.layerGroup().addTo(map);
    this.outline = null;
    map.on("zoomend moveend resize", () => this.draw());
    map.getContainer().setAttribute("role", "region");
    map.getContainer().setAttribute("aria-label", box.dataset.label);
    map.getContainer().setAttribute("aria-describedby", "map-keys");
    box.addEventListener("keydown", (event) => this.key(event));
    // The list is swapped, its surroundings are not.
    const shell = document.getElementById("split");
    for (const type of ["mouseover", "focusin"]) shell.addEventListener(type, (event) => this.pointAt(event.target.closest("#results [data-key]")?.dataset.key));
  }

  /** What the list on the page shows now. */
  read() {
    this.data = JSON.parse(document.getElementById("map-data").textContent);
    this.numbers = new Map(this.data.hits);
    this.only = this.data.only && new Set(this.data.only);
    // Whoever asked something sees the first answer at once.
    this.current = this.data.asked ? String(this.data.hits[0]?.[0] ?? "") : null;
    for (const link of document.querySelectorAll("#results [data-with-map]")) link.hidden = false;
    this.fit();
    this.showArea();
  }

  /** A line around the area asked for, or around the neighbourhood of the postcode. */
  async showArea() {
    const data = this.data;
    const drawn = data.area && (await outline(this.map, data.area));
    if (data !== this.data) drawn?.remove();
    else {
      this.outline?.remove();
      this.outline = drawn;
    }
  }

  fit() {
    const places = this.data.view.map(at);
    if (!places.length) return;
    this.map.fitBounds(L.latLngBounds(places), { padding: [64, 64], maxZoom: 14, animate: !still });
  }

  async load(url) {
    const answer = await fetch(url).catch(() => null);
    if (!answer?.ok) return;
    const { kinds, areas, points } = await answer.json();
    this.points = points.map(([key, lon, lat, kind, slug, name, area]) => ({ key, place: L.latLng(lat, lon), kind: kinds[kind], slug, name, area: areas[area] }));
    this.draw();
  }

  draw() {
    const focused = document.activeElement?.dataset?.sign;
    const matches = this.only ? this.points.filter((point) => this.only.has(point.key)) : this.points;
    const zoom = this.map.getZoom();
    for (const point of matches) Object.assign(point, this.map.project(point.place, zoom));
    const seen = this.map.getBounds();
    const around = seen.pad(0.25);
    const near = matches.filter((point) => around.contains(point.place));
    const groups = cluster(near, near.length > FEW ? 84 : 46);
    this.markers.clearLayers();
    this.signs = new Map();
    for (const one of groups) {
      const place = this.map.unproject([one.x, one.y], zoom);
      if (seen.contains(place)) this.add(one, place);
    }
    if (focused) this.markers.eachLayer((layer) => layer.getElement()?.dataset.sign === focused && layer.getElement().focus({ preventScroll: true }));
    this.tellBeyond(matches, seen);
    this.mark();
  }

  add(one, place) {
    const single = one.points.length === 1 ? one.points[0] : null;
    const button = single ? this.pin(single) : this.clusterSign(one);
    const marker = L.marker(place, { icon: new ButtonIcon({ button }), keyboard: false });
    for (const { key } of one.points) this.signs.set(String(key), button);
    L.DomEvent.disableClickPropagation(button);
    this.markers.addLayer(marker);
  }

  pin(point) {
    const number = this.numbers.get(point.key);
    const button = sign("pin", `pin-${point.key}`);
    const glyph = document.querySelector(`#results [data-key="${point.key}"] .glyph`);
    if (glyph) button.append(glyph.cloneNode(true));
    else button.innerHTML = glyphs[point.kind];
    const label = document.createElement("b");
    label.textContent = point.name;
    button.append(label);
    button.setAttribute("aria-label", number ? `${number}. ${point.name}` : point.name);
    button.addEventListener("click", () => this.choose(point));
    for (const type of ["mouseenter", "focus"]) button.addEventListener(type, () => this.pointAt(String(point.key)));
    return button;
  }

  clusterSign(one) {
    const area = commonArea(one.points);
    const count = one.points.length;
    const button = sign(one.named ? "clus" : "clus clus--bare", `cluster-${one.points.map((point) => point.key).sort().join("-")}`);
    const number = document.createElement("b");
    number.textContent = count;
    button.append(number);
    if (one.named) button.append(area);
    button.setAttribute("aria-label", say(area ? texts.cluster : texts.clusterNowhere, { count, area }));
    button.addEventListener("click", () => {
      const bounds = L.latLngBounds(one.points.map((point) => point.place));
      const apart = !bounds.getNorthEast().equals(bounds.getSouthWest()) && this.map.getZoom() < this.map.getMaxZoom();
      if (apart) this.map.fitBounds(bounds, { padding: [64, 64], animate: !still });
      else this.choose(one.points.find((point) => this.numbers.has(point.key)) ?? one.points[0]);
      this.map.getContainer().focus({ preventScroll: true });
    });
    return button;
  }

  /** To its place in the list, or to its own page when the list does not show it. */
  choose(point) {
    const link = document.querySelector(`#results [data-key="${point.key}"] a`);
    if (!link) {
      location.assign(box.dataset.initiative.replace("SLUG", point.slug));
      return;
    }
    link.closest("li").scrollIntoView({ block: "center", behavior: still ? "auto" : "smooth" });
    link.focus({ preventScroll: true });
  }

  pointAt(key) {
    if (!key || key === this.current) return;
    this.current = key;
    this.mark();
  }

  mark() {
    for (const item of document.querySelectorAll("#results [data-key]")) {
      if (item.dataset.key === this.current) item.setAttribute("aria-current", "true");
      else item.removeAttribute("aria-current");
    }
    for (const button of this.signs?.values() ?? []) button.classList.remove("pin--on", "clus--on");
    const button = this.signs?.get(this.current);
    button?.classList.add(button.classList.contains("pin") ? "pin--on" : "clus--on");
  }

  /** Hits outside the view are not forgotten. */
  tellBeyond(matches, seen) {
    const beyond = matches.filter((point) => this.only && !seen.contains(point.place));
    const button = box.querySelector(".beyond");
    button.hidden = !beyond.length;
    button.querySelector("span").textContent = say(texts.beyond, { count: beyond.length });
    button.onclick = () => {
      this.map.fitBounds(L.latLngBounds(matches.map((point) => point.place)), { padding: [64, 64], animate: !still });
      this.map.getContainer().focus({ preventScroll: true });
    };
  }

  key(event) {
    if (event.key === "Escape") {
      const item = this.current && document.querySelector(`#results [data-key="${this.current}"] a`);
      (item || document.getElementById("results-heading")).focus();
      return;
    }
    // Leaflet hears its keys only while the map itself has the focus; on a marker they should do the same.
    if (event.target === this.map.getContainer() || event.ctrlKey || event.metaKey || event.altKey) return;
    const steps = { ArrowLeft: [-80, 0], ArrowRight: [80, 0], ArrowUp: [0, -80], ArrowDown: [0, 80] };
    if (steps[event.key]) this.map.panBy(steps[event.key], { animate: !still });
    else if (event.key === "+" || event.key === "=") this.map.zoomIn();
    else if (event.key === "-") this.map.zoomOut();
    else return;
    event.preventDefault();
  }
}

function sign(className, name) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = className;
  button.dataset.sign = name;
  return button;
}

const ButtonIcon = L.DivIcon.extend({
  createIcon() {
    const { button } = this.options;
    button.classList.add("leaflet-marker-icon");
    return button;
  },
});
