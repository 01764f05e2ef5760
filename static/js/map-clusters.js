// Puts points that would cover each other on the screen together. Plain data in and out; no Leaflet.

const LABEL = 132; // how much room a name takes beside its number

/**
 * points: [{x, y, key, area}] in pixels; room: how far signs stay apart, at least a sign's own size. Gives [{x, y, points}] in reading order, where no two signs cover each other.
 * A cell of the grid is always the same piece of ground at a zoom, so clusters stay put while the map is moved.
 */
export function cluster(points, room) {
  const cells = new Map();
  for (const point of points) {
    const cell = `${Math.floor(point.x / room)}:${Math.floor(point.y / room)}`;
    if (!cells.has(cell)) cells.set(cell, []);
    cells.get(cell).push(point);
  }
  let groups = [...cells.values()].map(group);
  for (let joined = true; joined; ) [groups, joined] = join(groups, room);
  groups.sort((a, b) => Math.round(a.y / room) - Math.round(b.y / room) || a.x - b.x);
  return withRoomForNames(groups);
}

function group(points) {
  const x = points.reduce((sum, point) => sum + point.x, 0) / points.length;
  const y = points.reduce((sum, point) => sum + point.y, 0) / points.length;
  return { x, y, points };
}

function join(groups, room) {
  for (let i = 0; i < groups.length; i++) {
    for (let j = i + 1; j < groups.length; j++) {
      if (Math.hypot(groups[i].x - groups[j].x, groups[i].y - groups[j].y) < room) {
        const both = group([...groups[i].points, ...groups[j].points]);
        return [[...groups.filter((_, k) => k !== i && k !== j), both], true];
      }
    }
  }
  return [groups, false];
}

function withRoomForNames(groups) {
  for (const one of groups) {
    const inTheWay = (other) => other !== one && Math.abs(other.y - one.y) < 46 && other.x > one.x - 46 && other.x - one.x < LABEL + (other.named ? LABEL / 2 : 24);
    one.named = one.points.length > 1 && !groups.some(inTheWay);
  }
  return groups;
}

/** The name that most of these points lie in. */
export function commonArea(points) {
  const counts = new Map();
  for (const { area } of points) counts.set(area, (counts.get(area) ?? 0) + 1);
  return [...counts].sort((a, b) => b[1] - a[1])[0]?.[0] ?? "";
}
