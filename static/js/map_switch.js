// "Map": shows or hides the map beside the list, or instead of it on a phone. That it is open
// stands behind the # of the address, which no server sees; the map itself is loaded when opened.

const HASH = "#map";
let isWanted = window.location.hash === HASH;
let takeAway = null;

async function show() {
  const section = document.getElementById("map");
  if (!section) return;
  section.hidden = false;
  document.getElementById("search").classList.add("search--map");
  const { openMap } = await import("./map.js");
  takeAway = await openMap(section);
}

function hide() {
  takeAway?.();
  takeAway = null;
  const section = document.getElementById("map");
  if (section) section.hidden = true;
  document.getElementById("search").classList.remove("search--map");
}

function bind() {
  const button = document.querySelector("[data-map-switch]");
  if (!button) return;
  button.hidden = false;
  button.setAttribute("aria-pressed", String(isWanted));
  button.addEventListener("click", () => {
    isWanted = !isWanted;
    button.setAttribute("aria-pressed", String(isWanted));
    const { pathname, search } = window.location;
    window.history.replaceState(window.history.state, "", `${pathname}${search}${isWanted ? HASH : ""}`);
    if (isWanted) show();
    else hide();
  });
  if (isWanted) show();
}

bind();
document.addEventListener("search:arrived", bind);
