// What every map stands on: tiles of a server when one is configured, otherwise our own quiet drawing.
// Needs Leaflet (global L) and the JSON of {% map_settings %}.

export const settings = JSON.parse(document.getElementById("map-settings").textContent);
export const texts = settings.texts;
export const still = matchMedia("(prefers-reduced-motion: reduce)").matches;

// At its own keys Leaflet glides, whatever its options say.
const { panBy } = L.Map.prototype;
if (still) L.Map.include({ panBy: function (offset) { return panBy.call(this, offset, { animate: false }); } });

export const options = {
  zoomControl: false,
  zoomAnimation: !still,
  fadeAnimation: !still,
  markerZoomAnimation: !still,
  inertia: !still,
  minZoom: 10,
  maxZoom: 18,
};

const PATIENCE = 4000; // milliseconds in which a tile server shows something

export const say = (text, values) => text.replace(/\{(\w+)\}/g, (_, name) => values[name] ?? "");

/** [longitude, latitude] as Leaflet has it. */
export const at = ([lon, lat]) => L.latLng(lat, lon);

export async function addGround(map) {
  map.attributionControl?.setPrefix(false);
  if (settings.tiles) addTiles(map);
  else await addSketch(map);
}

/** Our drawing comes beneath them once one fails, or when none comes at all: who has tiles does not fetch it. */
function addTiles(map) {
  const tiles = L.tileLayer(settings.tiles, { maxZoom: 19 });
  let shown = false;
  let sketch = null;
  const addBeneath = () => (sketch ??= addSketch(map));
  tiles.once("tileload", () => {
    shown = true;
    // Named when there is something of theirs to see, and not under our own drawing.
    map.attributionControl?.addAttribution(settings.attribution);
  });
  tiles.once("tileerror", addBeneath);
  tiles.once("loading", () => setTimeout(() => shown || addBeneath(), PATIENCE));
  tiles.addTo(map);
}

async function addSketch(map) {
  const answer = await fetch(settings.sketch).catch(() => null);
  if (!answer?.ok) return;
  const drawing = new DOMParser().parseFromString(await answer.text(), "image/svg+xml").documentElement;
  const svg = document.importNode(drawing, true);
  svg.setAttribute("preserveAspectRatio", "none");
  svg.setAttribute("aria-hidden", "true");
  map.createPane("ground").style.zIndex = 100; // tiles lie at 200
  const [west, south, east, north] = settings.sketchBounds;
  const bounds = L.latLngBounds([south, west], [north, east]);
  L.svgOverlay(svg, bounds, { pane: "ground", interactive: false }).addTo(map);

  const names = [...svg.querySelectorAll("text")].map((name) => [name, Number(name.getAttribute("font-size"))]);
  const lines = [...svg.querySelectorAll(".roads, .casing, .motorways, .rail, .sleepers")].map((line) => [line, Number(line.getAttribute("stroke-width"))]);
  const width = svg.viewBox.baseVal.width;
  // Ground grows with the zoom; names keep their size, and roads grow slowly.
  const fit = () => {
    const unit = width / (map.latLngToLayerPoint(bounds.getNorthEast()).x - map.latLngToLayerPoint(bounds.getNorthWest()).x);
    const slow = unit < 1 ? unit ** 0.6 : 1;
    const small = unit > 2 ? 0.75 : 1;
    for (const [name, size] of names) name.style.fontSize = `${size * unit * small}px`;
    for (const [line, breadth] of lines) line.style.strokeWidth = `${breadth * slow}px`;
    svg.classList.toggle("sketch--far", unit > 2);
  };
  map.on("zoomend viewreset", fit);
  map.whenReady(fit);
}

/** The districts' borders; gives the districts. */
export async function addBoundaries(map) {
  const districts = await boundaries("district");
  if (districts) L.polyline(bordersOnce(districts), { interactive: false, className: "border" }).addTo(map);
  return districts;
}

/** A strong line around one area, [level, code]. */
export async function outline(map, [level, code]) {
  const all = await boundaries(level);
  const one = all?.features.find((feature) => feature.properties.code === code);
  return one ? L.geoJSON(one, { interactive: false, style: { className: "border border--on" } }).addTo(map) : null;
}

/** Neighbours share their border: drawn twice its dots would run into each other. */
function bordersOnce({ features }) {
  const seen = new Set();
  const lines = [];
  for (const ring of features.flatMap((feature) => rings(feature.geometry))) {
    let line = [];
    for (let i = 1; i < ring.length; i++) {
      const piece = [String(ring[i - 1]), String(ring[i])].sort().join(" ");
      if (!seen.has(piece)) {
        seen.add(piece);
        if (!line.length) lines.push((line = [at(ring[i - 1])]));
        line.push(at(ring[i]));
      } else line = [];
    }
  }
  return lines;
}

function rings({ type, coordinates }) {
  return type === "Polygon" ? coordinates : coordinates.flat();
}

/** The feature that holds [longitude, latitude]: a line to the east crosses its rings an odd number of times. */
export function areaAt({ features }, [lon, lat]) {
  const crosses = ([x1, y1], [x2, y2]) => y1 > lat !== y2 > lat && lon < x1 + ((lat - y1) * (x2 - x1)) / (y2 - y1);
  return features.find(({ geometry }) => {
    const crossings = rings(geometry).flatMap((ring) => ring.slice(1).filter((end, i) => crosses(ring[i], end)));
    return crossings.length % 2 === 1;
  });
}

export async function boundaries(level) {
  const answer = await fetch(`${settings.boundaries}?level=${level}`).catch(() => null);
  return answer?.ok ? answer.json() : null;
}

/** Our own zoom buttons: named in the visitor's language, and large enough. */
export function addZoom(map, box) {
  const zoom = document.createElement("div");
  zoom.className = "zoom";
  const button = (name, path, act) => {
    const made = document.createElement("button");
    made.type = "button";
    made.setAttribute("aria-label", name);
    made.innerHTML = `<svg class="ic" viewBox="0 0 24 24" aria-hidden="true"><path d="${path}"/></svg>`;
    made.addEventListener("click", act);
    zoom.append(made);
    return made;
  };
  const nearer = button(texts.zoomIn, "M12 5v14M5 12h14", () => map.zoomIn());
  const farther = button(texts.zoomOut, "M5 12h14", () => map.zoomOut());
  // Not `disabled`: a button that takes the focus with it when it goes dark is lost to the keyboard.
  const fit = () => {
    nearer.setAttribute("aria-disabled", map.getZoom() >= map.getMaxZoom());
    farther.setAttribute("aria-disabled", map.getZoom() <= map.getMinZoom());
  };
  map.on("zoomend", fit);
  map.whenReady(fit);
  box.append(zoom);
}
