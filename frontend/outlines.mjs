// Makes the outlines of the map lighter: fewer points, coarser steps, only the names it needs.
// Usage: node outlines.mjs FOLDER. The sizes follow from how far the map can be zoomed in.

import { readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { filter, presimplify, quantile, simplify } from "topojson-simplify";

const { meshArcs, quantize } = createRequire(import.meta.url)("topojson-client");
const folder = process.argv[2];

function read(name) {
  return JSON.parse(readFileSync(new URL(`./node_modules/${name}`, import.meta.url)));
}

// Keeps the share of points that tell most (Visvalingam), on a grid of so many steps.
function lighter(topology, share, steps) {
  const { transform, ...rest } = simplifiedBy(topology, share);
  return quantize(rest, steps);
}

function simplifiedBy(topology, share) {
  const ready = presimplify(topology);
  return simplify(ready, quantile(ready, 1 - share));
}

// Drops what the map never says; a name stays where it is drawn.
function bare(topology, objects) {
  for (const [name, keeps] of Object.entries(objects)) {
    for (const geometry of topology.objects[name].geometries) {
      const told = geometry.properties && geometry.properties.name;
      delete geometry.properties;
      delete geometry.id;
      if (keeps && told) geometry.properties = { name: told };
    }
  }
  for (const name of Object.keys(topology.objects)) {
    if (!(name in objects)) delete topology.objects[name];
  }
  return topology;
}

function write(name, topology) {
  writeFileSync(join(folder, name), JSON.stringify(topology));
}

// Only the lines between two counties of one state: all others are drawn with the states.
function between(topology) {
  const inside = (a, b) => a !== b && String(a.id).slice(0, 2) === String(b.id).slice(0, 2);
  const lines = meshArcs(topology, topology.objects.counties, inside);
  return filter({ ...topology, objects: { counties: lines } });
}

write("states.json", lighter(bare(read("us-atlas/states-10m.json"), { states: true }), 0.55, 3e4));
write("counties.json", lighter(between(read("us-atlas/counties-10m.json")), 0.3, 3e4));
write("countries.json", lighter(bare(read("world-atlas/countries-110m.json"), { countries: true }), 0.8, 1e4));
