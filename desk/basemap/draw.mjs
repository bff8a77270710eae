// Draws desk/static/world.svg from Natural Earth (public domain), as the npm package world-atlas carries it.
//
//   npm install world-atlas@2 topojson-client@3 && node desk/basemap/draw.mjs desk/static/world.svg
//
// Miller's projection in degrees, the same as desk/worldmap.py. Points are rounded to 1/STEP of a degree and paths are
// relative, which keeps the file small. Islets below MIN_AREA (square degrees) are left out, Antarctica too.
import { readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";

const require = createRequire(process.cwd() + "/");
const { feature, mesh } = require("topojson-client");
const atlas = JSON.parse(readFileSync(require.resolve("world-atlas/countries-50m.json")));
const STEP = 20;
const MIN_AREA = 0.02;
const SOUTH = -58;

function project([longitude, latitude]) {
  const phi = (Math.min(latitude, 84) * Math.PI) / 180;
  const y = (1.25 * Math.log(Math.tan(Math.PI / 4 + 0.4 * phi)) * 180) / Math.PI;
  return [Math.round(longitude * STEP), Math.round(-y * STEP)];
}

function area(ring) {
  let sum = 0;
  for (let i = 0, j = ring.length - 1; i < ring.length; j = i++) sum += (ring[j][0] - ring[i][0]) * (ring[j][1] + ring[i][1]);
  return Math.abs(sum / 2);
}

function path(line, closed) {
  const points = [];
  for (const point of line.map(project)) {
    const last = points.at(-1);
    if (!last || last[0] !== point[0] || last[1] !== point[1]) points.push(point);
  }
  if (points.length < (closed ? 4 : 2)) return "";
  let out = `M${points[0][0]} ${points[0][1]}l`;
  const steps = [];
  for (let i = 1; i < points.length - (closed ? 1 : 0); i++)
    steps.push(`${points[i][0] - points[i - 1][0]} ${points[i][1] - points[i - 1][1]}`);
  out += steps.join(" ").replaceAll(" -", "-");
  return out + (closed ? "z" : "");
}

const land = feature(atlas, atlas.objects.land).features ?? [feature(atlas, atlas.objects.land)];
let shore = "";
for (const { geometry } of land) {
  const polygons = geometry.type === "Polygon" ? [geometry.coordinates] : geometry.coordinates;
  for (const rings of polygons) {
    if (area(rings[0]) < MIN_AREA || rings[0].every(([, latitude]) => latitude < SOUTH)) continue;
    for (const ring of rings) if (area(ring) >= MIN_AREA) shore += path(ring, true);
  }
}
const inner = mesh(atlas, atlas.objects.countries, (a, b) => a !== b).coordinates;
const borders = inner.map((line) => path(line, false)).join("");
writeFileSync(
  process.argv[2],
  `<svg xmlns="http://www.w3.org/2000/svg" viewBox="-180 -115 360 200"><title>World, Natural Earth 1:50m, public domain</title>` +
    `<g id="world" transform="scale(${1 / STEP})"><path class="land" fill-rule="evenodd" d="${shore}"/>` +
    `<path class="borders" fill="none" d="${borders}"/></g></svg>\n`,
);
