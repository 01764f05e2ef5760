// The map beside the list: the same hits, the same numbers. Without it the list says everything.

import { addBoundaries, addGround, addZoom, at, options, outline, say, still, texts } from "./map-ground.js";
import { apart, cluster } from "./map-clusters.js";
import { Card } from "./map-card.js";
import { FAR, Places } from "./map-places.js";
import { addSearchHere } from "./map-search.js";
import { clusterSign, contactPin, districtSign, marker, pin } from "./map-signs.js";

const FEW = 30; // so many places in view may each have their own sign
const ROOM = 84; // pixels between clusters with names
const SIGN = 46;
const PADDING = [64, 64];

const box = document.getElementById("map-box");
const status = document.getElementById("map-status");

box.hidden = false;
Object.assign(L.Map.prototype.options, options);
window.addEventListener("map:init", ({ detail }) => start(detail.map), { once: true });

async function start(map) {
  const view = new MapView(map);
  addGround(map);
  addZoom(map, box);
  addBoundaries(map).then((districts) => (view.boundaries = districts));
  view.read();
  if (!(await view.places.load())) view.tellFailure();
  view.read();

  let moreOpen = false;
  document.addEventListener("toggle", (event) => event.target.matches?.("#more-filters") && (moreOpen = event.target.open), true);
  document.addEventListener("htmx:configRequest", ({ detail }) => {
    for (const name of ["q", "postcode", "gebied"]) if (!detail.parameters[name]) delete detail.parameters[name];
  });
  document.addEventListener("htmx:afterSettle", ({ detail }) => {
    if (detail.elt.id !== "results") return;
    const more = document.getElementById("more-filters");
    if (more && moreOpen) more.open = true;
    view.read();
    // The heading is swapped in whole, so a screen reader hears of it here.
    status.textContent = document.getElementById("results-heading").textContent;
  });
}

class MapView {
  constructor(map) {
    this.map = map;
    this.places = new Places({ document: box.dataset.points, viewport: box.dataset.viewport, changed: () => this.draw() });
    this.markers = L.layerGroup().addTo(map);
    this.outline = null;
    this.card = new Card(box.dataset.place, (key) => this.pointAt(key ?? this.first));
    this.searchHere = addSearchHere(map, box);
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
    const now = document.getElementById("map-data").textContent;
    const data = JSON.parse(now);
    this.places.ask(data);
    const same = now === this.text;
    this.text = now;
    if (!same) {
      this.data = data;
      this.hits = data.hits.map((hit) => this.hit(hit));
      this.numbers = new Map(data.hits);
      // Whoever asked something sees the first answer at once.
      this.first = this.current = data.asked && data.hits.length ? String(data.hits[0][0]) : null;
      for (const link of document.querySelectorAll("#results [data-with-map]")) link.hidden = false;
      this.fit();
      this.showArea();
    }
    this.draw();
  }

  /** The list's own places are known before anything else arrives. */
  hit([key, , lon, lat]) {
    const name = document.querySelector(`#results [data-key="${key}"] h2`)?.textContent.trim() ?? "";
    return { key, name, place: at([lon, lat]), area: "", count: 1 };
  }

  /** A line around the area asked for, or around the neighbourhood of the place that was asked. */
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
    const { box: piece, view, near, contacts } = this.data;
    if (piece && this.searchHere.isShown(piece)) return;
    const places = piece ? [piece.slice(0, 2), piece.slice(2)] : (contacts?.map(([, lon, lat]) => [lon, lat]) ?? view);
    if (!places.length) return;
    // A piece of the map is what was in view: without room around it, or it would be smaller each time
    const bounds = L.latLngBounds(places.map(at)).pad(piece ? -0.05 : 0);
    this.searchHere.hide();
    const maxZoom = piece ? 18 : contacts ? 12 : near ? 15 : 14;
    this.map.fitBounds(bounds, { padding: piece ? [0, 0] : PADDING, maxZoom, animate: !still });
  }

  draw() {
    if (!this.data) return;
    const focused = document.activeElement?.dataset?.sign;
    const zoom = this.map.getZoom();
    const seen = this.map.getBounds();
    this.markers.clearLayers();
    this.signs = new Map();
    const far = zoom <= FAR && !this.data.contacts && this.places.matching > FEW;
    box.classList.toggle("map--far", far);
    const groups = far ? this.districts(seen, zoom) : this.data.contacts ? this.contacts() : this.nearby(seen, zoom);
    for (const one of groups) {
      const place = this.map.unproject([one.x, one.y], zoom);
      if (seen.contains(place)) this.add(one, place, far);
    }
    if (focused) this.markers.eachLayer((layer) => layer.getElement()?.dataset.sign === focused && layer.getElement().focus({ preventScroll: true }));
    this.tellBeyond(seen);
    this.mark();
  }

  projected(points) {
    const zoom = this.map.getZoom();
    return points.map((point) => Object.assign(point, this.map.project(point.place, zoom)));
  }

  districts(seen, zoom) {
    return apart(this.projected(this.places.districts(seen, zoom)));
  }

  contacts() {
    const points = this.data.contacts.map(([key, lon, lat, name, area]) => ({ key: `c${key}`, contact: key, name, area, place: at([lon, lat]), count: 1 }));
    return cluster(this.projected(points), SIGN);
  }

  /** The nearest hits, and the one that is pointed at, are never in a cluster. */
  nearby(seen, zoom) {
    const around = seen.pad(0.25);
    const hits = this.hits.filter((hit) => around.contains(hit.place));
    const kept = hits.filter((hit) => String(hit.key) === this.current || this.hits.indexOf(hit) < this.data.near);
    const without = new Set(kept.map((hit) => hit.key));
    const others = this.places.arrived ? this.places.within(around, zoom, without) : hits.filter((hit) => !without.has(hit.key));
    const few = others.length + kept.length <= FEW && others.every((point) => point.key);
    return cluster(this.projected(others), few ? SIGN : ROOM, this.projected(kept));
  }

  add(one, place, far) {
    const single = one.count === 1 && !far ? one.points[0] : null;
    const button = single ? this.pin(single) : this.together(one, far);
    for (const { key } of one.points) this.signs.set(String(key), button);
    this.markers.addLayer(marker(place, button));
  }

  pin(point) {
    const button = point.contact ? contactPin(point) : pin(point, this.numbers.get(point.key));
    button.addEventListener("click", () => this.choose(point));
    for (const type of ["mouseenter", "focus"]) button.addEventListener(type, () => this.pointAt(String(point.key)));
    return button;
  }

  together(one, far) {
    const button = far ? districtSign(one) : clusterSign(one, { contacts: Boolean(this.data.contacts) });
    button.addEventListener("click", () => {
      this.searchHere.offer();
      this.open(one, far);
      this.map.getContainer().focus({ preventScroll: true });
    });
    return button;
  }

  /** Zoom in until they come apart; those that never do are shown in the list. */
  open(one, far) {
    const district = far && this.boundaries?.features.find((feature) => feature.properties.code === one.points[0].code);
    if (far && !district) return this.map.setView(one.points[0].place, FAR + 2, { animate: !still });
    const bounds = district ? L.geoJSON(district).getBounds() : one.points.reduce((all, point) => all.extend(point.bounds ?? point.place), L.latLngBounds([]));
    const spread = !bounds.getNorthEast().equals(bounds.getSouthWest()) && this.map.getZoom() < this.map.getMaxZoom();
    if (far) this.map.setView(bounds.getCenter(), Math.max(FAR + 1, this.map.getBoundsZoom(bounds)), { animate: !still });
    else if (spread) this.map.fitBounds(bounds, { padding: PADDING, animate: !still });
    else if (one.points[0].contact) this.choose(one.points[0]);
    else this.searchHere.go(bounds.pad(0.1).extend(bounds.getCenter().toBounds(30)));
  }

  /** To its place in the list, or on a card on top of it when the list does not show it. */
  choose(point) {
    const item = document.querySelector(point.contact ? `#results [data-contact="${point.contact}"]` : `#results [data-key="${point.key}"]`);
    const link = item?.querySelector("a");
    if (!link) return this.card.open(point.key);
    item.scrollIntoView({ block: "center", behavior: still ? "auto" : "smooth" });
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

  /** Matches outside the view are not forgotten. */
  tellBeyond(seen) {
    const known = this.places.only && !this.data.contacts && !this.places.asksServer ? this.places.matches : [];
    const beyond = known.filter((point) => !seen.contains(point.place));
    const button = box.querySelector(".beyond");
    button.hidden = !beyond.length;
    button.querySelector("span").textContent = say(texts.beyond, { count: beyond.length });
    button.onclick = () => {
      this.map.fitBounds(L.latLngBounds(known.map((point) => point.place)), { padding: PADDING, animate: !still });
      this.map.getContainer().focus({ preventScroll: true });
    };
  }

  /** The list stands; the map has its hits and no more. */
  tellFailure() {
    const line = document.createElement("p");
    line.className = "map__note";
    line.setAttribute("role", "status");
    line.textContent = texts.failed;
    box.append(line);
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
    if (steps[event.key]) this.map.panBy(steps[event.key]);
    else if (event.key === "+" || event.key === "=") this.map.zoomIn();
    else if (event.key === "-") this.map.zoomOut();
    else return;
    event.preventDefault();
  }
}
