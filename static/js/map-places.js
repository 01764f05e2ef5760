// Where the map's places come from: one document with all of them or, where they are too many, the server, for what is in view.
// A place is {key, place, kind, name, area, count}; one that stands for several has no key, and `bounds`.

const SCALE = 1e5; // the server counts in hundred thousandths of a degree
const FAR = 11; // zoomed out as far as this, districts are counted

export class Places {
  /** document, viewport: addresses; changed: called when more has arrived. */
  constructor({ document, viewport, changed }) {
    Object.assign(this, { document, viewport, changed });
    this.all = []; // from the document
    this.byView = false;
    this.seen = { url: "", points: [], districts: [] };
  }

  /** Gives whether it worked. */
  async load() {
    const content = await json(this.document);
    if (!content) return false;
    this.arrived = true;
    this.total = content.places;
    this.byView = !content.keys;
    if (!this.byView) this.all = unpack(content);
    return true;
  }

  /** What `data` (of the list on the page) asks for: the keys that match, or a question for the server. */
  ask(data) {
    this.only = data.only && new Set(data.only);
    this.question = data.filters;
    this.asksServer = this.byView || Boolean(data.filters && !data.only);
    this.matching = this.asksServer ? data.total : (data.only?.length ?? this.total ?? 0);
  }

  get matches() {
    return this.only ? this.all.filter((point) => this.only.has(point.key)) : this.all;
  }

  /** The matches within these bounds but for `without`. What the server knows comes later, through `changed`. */
  within(bounds, zoom, without) {
    if (!this.asksServer) return this.matches.filter((point) => bounds.contains(point.place) && !without.has(point.key));
    this.#fetch(bounds, Math.max(zoom, FAR + 1), [...without]);
    return this.seen.points.filter((point) => bounds.contains(point.place) && !without.has(point.key));
  }

  /** [{area, code, place, count}] of the districts with matches. */
  districts(bounds, zoom) {
    if (this.asksServer) {
      this.#fetch(bounds, zoom, []);
      return this.seen.districts;
    }
    const found = new Map();
    for (const { district, place } of this.matches) {
      const one = found.get(district.code) ?? { code: district.code, area: district.name, lat: 0, lon: 0, count: 0 };
      one.lat += place.lat;
      one.lon += place.lng;
      one.count += 1;
      found.set(district.code, one);
    }
    return [...found.values()].map((one) => ({ ...one, place: L.latLng(one.lat / one.count, one.lon / one.count) }));
  }

  async #fetch(bounds, zoom, without) {
    const sides = [bounds.getWest(), bounds.getSouth(), bounds.getEast(), bounds.getNorth()].map((side) => side.toFixed(5));
    const url = `${this.viewport}?beeld=${sides}&zoom=${zoom}&zonder=${without}&${this.question}`;
    if (url === this.wanted) return;
    this.wanted = url;
    const answer = await json(url);
    if (url !== this.wanted || !answer) return;
    const points = (answer.points ?? []).map(([key, lon, lat, kind, name, area]) => ({ key, place: at(lon, lat), kind: answer.kinds[kind], name, area, count: 1 }));
    const cells = (answer.cells ?? []).map(([lon, lat, area, count, west, south, east, north]) => ({ place: at(lon, lat), area, count, bounds: L.latLngBounds(at(west, south), at(east, north)) }));
    const districts = (answer.districts ?? []).map(([code, area, lon, lat, count]) => ({ code, area, place: at(lon, lat), count }));
    this.seen = { points: [...points, ...cells], districts };
    this.changed();
  }
}

const at = (lon, lat) => L.latLng(lat / SCALE, lon / SCALE);

async function json(url) {
  const answer = await fetch(url).catch(() => null);
  return answer?.ok ? answer.json().catch(() => null) : null;
}

/** Columns to places; keys and degrees are differences with the one before. */
function unpack({ kinds, areas, districts, keys, lon, lat, kind, area, names }) {
  const districtOf = districts.map(([code, name]) => ({ code, name }));
  let [key, x, y] = [0, 0, 0];
  return keys.map((step, i) => {
    key += step;
    x += lon[i];
    y += lat[i];
    const [areaName, district] = areas[area[i]];
    return { key, place: at(x, y), kind: kinds[kind[i]], name: names[i], area: areaName, district: districtOf[district], count: 1 };
  });
}

export { FAR };
