// The map beside the list, loaded when it is opened: Leaflet over outlines of our own. What is on it
// is posted for, so that no address tells what was asked or where somebody looks.

const UNITED_STATES = [[24.5, -125], [49.5, -66.5]];
const COUNTIES_FROM = 7;
const HOME = "United States of America";

const loaded = new Map();
function once(address, load) {
  if (!loaded.has(address)) loaded.set(address, load(address));
  return loaded.get(address);
}

function loadScript(address) {
  return new Promise((resolve, reject) => {
    const script = Object.assign(document.createElement("script"), { src: address });
    script.addEventListener("load", resolve);
    script.addEventListener("error", reject);
    document.head.append(script);
  });
}

function loadStyle(address) {
  return new Promise((resolve, reject) => {
    const link = Object.assign(document.createElement("link"), { rel: "stylesheet", href: address });
    link.addEventListener("load", resolve);
    link.addEventListener("error", reject);
    document.head.prepend(link);
  });
}

const loadJson = (address) => fetch(address).then((answer) => answer.json());

function element(tag, className, text) {
  return Object.assign(document.createElement(tag), { className, textContent: text });
}

// Draws into `root`; answers with a function that takes the map away again.
export async function openMap(root) {
  const { dataset } = root;
  const said = root.querySelector("[data-map-said]");
  try {
    await Promise.all([
      once(dataset.leafletSheet, loadStyle),
      once(dataset.leaflet, loadScript),
      once(dataset.topojson, loadScript),
    ]);
  } catch {
    said.textContent = dataset.failed;
    return () => {};
  }
  const map = makeMap(root);
  await drawOutlines(map, dataset);
  const meetings = window.L.layerGroup().addTo(map);
  const names = window.L.layerGroup().addTo(map);
  let turn = 0;
  const refresh = async () => {
    turn += 1;
    const mine = turn;
    const found = await askFor(map, root.querySelector("form")).catch(() => null);
    if (mine !== turn) return;
    if (!found) {
      said.textContent = dataset.failed;
      return;
    }
    const hadFocus = root.querySelector(".leaflet-marker-pane")?.contains(document.activeElement);
    draw(map, meetings, names, found);
    said.textContent = `${found.words}.`;
    if (hadFocus) (root.querySelector(".map__mark") || map.getContainer()).focus();
  };
  map.on("moveend", refresh);
  await refresh();
  return () => map.remove();
}

function makeMap(root) {
  const { L } = window;
  const { dataset } = root;
  const still = window.matchMedia("(prefers-reduced-motion: reduce)").matches;
  const map = L.map(root.querySelector("[data-canvas]"), {
    zoomControl: false,
    minZoom: 3,
    maxZoom: dataset.tiles ? 18 : 15,
    zoomAnimation: !still,
    fadeAnimation: false,
    inertia: !still,
    worldCopyJump: true,
  });
  L.control.zoom({ zoomInTitle: dataset.closer, zoomOutTitle: dataset.farther }).addTo(map);
  map.attributionControl.setPrefix(false).addAttribution(dataset.credit);
  const [west, south, east, north] = dataset.box.split(",").map(Number);
  map.fitBounds(dataset.box ? [[south, west], [north, east]] : UNITED_STATES);
  if (dataset.tiles) {
    const credit = element("span", "", dataset.tilesCredit).innerHTML;
    L.tileLayer(dataset.tiles, { attribution: credit, maxZoom: 18, referrerPolicy: "no-referrer" }).addTo(map);
  }
  return map;
}

async function drawOutlines(map, dataset) {
  const { L, topojson } = window;
  const [countries, states] = await Promise.all([
    once(dataset.countries, loadJson),
    once(dataset.states, loadJson),
  ]);
  const shape = (geojson, className) =>
    L.geoJSON(geojson, { interactive: false, style: { className, weight: 1 } }).addTo(map);
  // The states have the Great Lakes, which the country's own outline leaves out.
  const others = topojson.feature(countries, countries.objects.countries);
  others.features = others.features.filter(({ properties }) => properties?.name !== HOME);
  shape(others, "map__country");
  shape(topojson.feature(states, states.objects.states), "map__state");
  let lines = null;
  const showCounties = async () => {
    if (map.getZoom() < COUNTIES_FROM) {
      lines?.remove();
      return;
    }
    const counties = await once(dataset.counties, loadJson);
    lines ||= shape(topojson.feature(counties, counties.objects.counties), "map__county");
    lines.addTo(map);
  };
  map.on("zoomend", showCounties);
  showCounties();
}

async function askFor(map, form) {
  const body = new FormData(form);
  const box = map.getBounds();
  const edges = [box.getWest(), Math.max(box.getSouth(), -85), box.getEast(), Math.min(box.getNorth(), 85)];
  body.set("bbox", edges.map((edge) => edge.toFixed(4)).join(","));
  body.set("zoom", String(Math.round(map.getZoom())));
  const answer = await fetch(form.action, { method: "POST", body, credentials: "omit" });
  if (!answer.ok) throw new Error(String(answer.status));
  return answer.json();
}

function draw(map, meetings, names, found) {
  meetings.clearLayers();
  names.clearLayers();
  for (const name of found.names) put(names, name, element("span", "map__name", name.name), false);
  for (const cluster of found.clusters) {
    const mark = element("button", "map__mark map__mark--many", String(cluster.count));
    mark.setAttribute("aria-label", cluster.words);
    const closer = Math.min(map.getZoom() + 2, map.getMaxZoom());
    mark.addEventListener("click", () => map.setView([cluster.lat, cluster.lng], closer));
    put(meetings, cluster, mark, true);
  }
  for (const place of found.places) {
    const count = place.meetings.length;
    const mark = element("button", "map__mark", count > 1 ? String(count) : "");
    mark.setAttribute("aria-label", place.words);
    mark.addEventListener("click", () => tell(map, place, mark));
    put(meetings, place, mark, true);
  }
}

function put(layer, spot, content, interactive) {
  const { L } = window;
  if (content.tagName === "BUTTON") {
    content.type = "button";
    // The map would take it for a click beside the mark, and close what the mark has opened.
    content.addEventListener("click", (event) => event.stopPropagation());
  } else {
    content.setAttribute("aria-hidden", "true");
  }
  const icon = L.divIcon({ html: content, className: "map__spot", iconSize: null });
  const zIndexOffset = interactive ? 1000 : -1000;
  const marker = L.marker([spot.lat, spot.lng], { icon, interactive, keyboard: false, zIndexOffset });
  layer.addLayer(marker);
}

function tell(map, place, mark) {
  const box = element("div", "map__told", "");
  if (place.where) box.append(element("p", "map__where", place.where));
  const list = element("ul", "", "");
  for (const meeting of place.meetings) {
    const line = element("li", "", "");
    const link = Object.assign(element("a", "", meeting.name), { href: meeting.address });
    line.append(link, element("span", "", meeting.when));
    list.append(line);
  }
  box.append(list);
  const popup = window.L.popup({ autoPan: false, maxWidth: 260 }).setLatLng([place.lat, place.lng]);
  popup.setContent(box).openOn(map);
  const close = popup.getElement().querySelector(".leaflet-popup-close-button");
  close.setAttribute("aria-label", map.getContainer().closest("[data-close]").dataset.close);
  box.querySelector("a").focus();
  popup.on("remove", () => mark.isConnected && mark.focus());
  box.addEventListener("keydown", (event) => event.key === "Escape" && map.closePopup(popup));
}
