// Puts signs that would cover each other on the screen together. Plain data in and out; no Leaflet.

const LABEL = 132; // how much room a name takes beside its number
const SIGN = 46; // a sign's own size

/**
 * points: [{x, y, area, count}] in pixels, count is 1 unless a point stands for more; room: how far signs stay apart, at least a sign's own size.
 * Gives [{x, y, count, points}] in reading order, where no two signs cover each other. Points in `kept` stay by themselves: they are
 * moved aside where two are on one spot, and the others make way for them.
 * A cell of the grid is always the same piece of ground at a zoom, so clusters stay put while the map is moved.
 */
export function cluster(points, room, kept = []) {
  const cells = new Map();
  for (const point of points) {
    const cell = `${Math.floor(point.x / room)}:${Math.floor(point.y / room)}`;
    if (!cells.has(cell)) cells.set(cell, []);
    cells.get(cell).push(point);
  }
  let groups = [...cells.values()].map(group);
  for (let before = Infinity; groups.length < before; ) [before, groups] = [groups.length, joined(groups, room)];
  return inReadingOrder([...makeWay(spread(kept.map((point) => group([point]))), groups), ...groups], room);
}

/** Signs that all stay by themselves, moved aside where they would cover each other. */
export function apart(points) {
  return inReadingOrder(spread(points.map((point) => group([point]))), SIGN);
}

function group(points) {
  const count = points.reduce((sum, point) => sum + point.count, 0);
  const middle = (axis) => points.reduce((sum, point) => sum + point[axis] * point.count, 0) / count;
  return { x: middle("x"), y: middle("y"), count, points };
}

/** The larger ones take in the smaller ones near them. */
function joined(groups, room) {
  const stay = [];
  for (const one of groups.sort((a, b) => b.count - a.count)) {
    const near = stay.findIndex((other) => Math.hypot(one.x - other.x, one.y - other.y) < room);
    if (near < 0) stay.push(one);
    else stay[near] = group([...stay[near].points, ...one.points]);
  }
  return stay;
}

function spread(groups) {
  for (let round = 0; round < 20; round++) {
    let moved = false;
    groups.forEach((one, i) => {
      for (const other of groups.slice(i + 1)) {
        const step = (SIGN - distance(one, other)) / 2;
        if (step <= 0.5) continue;
        push(one, other, -step, i);
        push(other, one, -step, i + 0.5);
        moved = true;
      }
    });
    if (!moved) break;
  }
  return groups;
}

function makeWay(kept, groups) {
  for (let round = 0; round < 8; round++) {
    for (const one of kept) for (const other of groups) if (distance(one, other) < SIGN) push(other, one, distance(one, other) - SIGN, 0);
  }
  return kept;
}

const distance = (one, other) => Math.hypot(one.x - other.x, one.y - other.y);

/** Move one towards other, or away by a negative step; from the very same spot in a direction of its own. */
function push(one, other, step, direction) {
  const [dx, dy] = distance(one, other) > 0.01 ? [other.x - one.x, other.y - one.y] : [Math.cos(direction * 2.4), Math.sin(direction * 2.4)];
  const length = Math.hypot(dx, dy);
  one.x += (dx / length) * step;
  one.y += (dy / length) * step;
}

function inReadingOrder(groups, room) {
  groups.sort((a, b) => Math.round(a.y / room) - Math.round(b.y / room) || a.x - b.x);
  for (const one of groups) {
    const inTheWay = (other) => other !== one && Math.abs(other.y - one.y) < SIGN && other.x > one.x - SIGN && other.x - one.x < LABEL + (other.named ? LABEL / 2 : 24);
    one.named = one.count > 1 && !groups.some(inTheWay);
  }
  return groups;
}

/** The name that most of these points lie in. */
export function commonArea(points) {
  const counts = new Map();
  for (const { area, count } of points) counts.set(area, (counts.get(area) ?? 0) + count);
  return [...counts].sort((a, b) => b[1] - a[1])[0]?.[0] ?? "";
}
