// Writes assets/map/outline.json: the country outlines around Thailand, for the map behind the pins
// when an office has imported no map of its own.
//
// Usage (the two packages go to a temporary folder, never into this tree):
//   npm install --no-save --prefix "$DIR" world-atlas@2.0.2 topojson-client@3.1.0
//   node xtask/outline.mjs "$DIR" [assets/map/outline.json]
//
// Source: world-atlas 2.0.2, countries-10m (ISC), made from Natural Earth 1:10m (public domain).

import { createHash } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { resolve } from "node:path";

const [folder, out = new URL("../assets/map/outline.json", import.meta.url)] = process.argv.slice(2);
if (!folder) {
  process.stderr.write("usage: node xtask/outline.mjs FOLDER_WITH_NODE_MODULES [OUT.json]\n");
  process.exit(2);
}

const BOX = { west: 92, south: 4, east: 110, north: 22 };
const SHA256 = "3bc6f1d367a9bcec479841bae0e76092f512838411d0cef124e92eec4db45f79";
const MAX_BYTES = 400_000;

const packages = createRequire(resolve(folder, "package.json"));
const { feature } = packages("topojson-client");
const atlas = readFileSync(packages.resolve("world-atlas/countries-10m.json"));
const digest = createHash("sha256").update(atlas).digest("hex");
if (digest !== SHA256) throw new Error(`countries-10m.json: sha256 is ${digest}, expected ${SHA256}`);

/** Keeps the part of a ring on one side of a line (Sutherland and Hodgman, 1974). `axis` 0 is x. */
function clipSide(ring, axis, limit, keepAbove) {
  const inside = (p) => (keepAbove ? p[axis] >= limit : p[axis] <= limit);
  const kept = [];
  for (let i = 0; i < ring.length; i++) {
    const from = ring[(i + ring.length - 1) % ring.length];
    const to = ring[i];
    if (inside(from) !== inside(to)) {
      const t = (limit - from[axis]) / (to[axis] - from[axis]);
      const crossing = [from[0] + t * (to[0] - from[0]), from[1] + t * (to[1] - from[1])];
      crossing[axis] = limit;
      kept.push(crossing);
    }
    if (inside(to)) kept.push(to);
  }
  return kept;
}

/** The ring cut to BOX, rounded to 3 decimals (about 100 m), closed again; null when too little is left. */
function clipRing(ring) {
  let open = ring.slice(0, -1);
  open = clipSide(open, 0, BOX.west, true);
  open = clipSide(open, 0, BOX.east, false);
  open = clipSide(open, 1, BOX.south, true);
  open = clipSide(open, 1, BOX.north, false);
  const rounded = [];
  for (const [x, y] of open) {
    const point = [Math.round(x * 1000) / 1000, Math.round(y * 1000) / 1000];
    const last = rounded.at(-1);
    if (!last || last[0] !== point[0] || last[1] !== point[1]) rounded.push(point);
  }
  const [first, last] = [rounded[0], rounded.at(-1)];
  if (rounded.length > 1 && first[0] === last[0] && first[1] === last[1]) rounded.pop();
  if (rounded.length < 3) return null;
  rounded.push(rounded[0]);
  return rounded;
}

function clipPolygon([outer, ...holes]) {
  const kept = clipRing(outer);
  return kept && [kept, ...holes.map(clipRing).filter(Boolean)];
}

const world = JSON.parse(atlas);
const features = [];
for (const country of feature(world, world.objects.countries).features) {
  const { type, coordinates } = country.geometry;
  const polygons = (type === "Polygon" ? [coordinates] : coordinates).map(clipPolygon).filter(Boolean);
  if (polygons.length === 0) continue;
  const thailand = country.id === "764"; // ISO 3166-1 numeric
  const properties = { name: country.properties.name, ...(thailand && { thailand }) };
  features.push({ type: "Feature", properties, geometry: { type: "MultiPolygon", coordinates: polygons } });
}
features.sort((a, b) => (a.properties.name < b.properties.name ? -1 : 1));
if (features.filter((f) => f.properties.thailand).length !== 1) throw new Error("Thailand is missing");

const bbox = [BOX.west, BOX.south, BOX.east, BOX.north];
// One country a line: a change of the source is readable as a diff.
const lines = features.map((f) => JSON.stringify(f)).join(",\n");
const text = `{"type":"FeatureCollection","bbox":${JSON.stringify(bbox)},"features":[\n${lines}\n]}\n`;
if (text.length > MAX_BYTES) throw new Error(`${text.length} bytes, allowed ${MAX_BYTES}`);
writeFileSync(out, text);
process.stdout.write(`${features.length} countries, ${text.length} bytes\n`);
