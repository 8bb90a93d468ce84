// "Leave quickly": replaces this page, by its button or by Shift three times.
// Without this file the button is a plain link to the same neutral page.

const WINDOW_MS = 1500;

function leaveTo(address) {
  document.documentElement.hidden = true;
  // Pages of this site that are still in memory forget what is sensitive.
  new BroadcastChannel("leave").postMessage("");
  window.location.replace(address);
}

function bindButton(link) {
  link.addEventListener("click", (event) => {
    event.preventDefault();
    leaveTo(link.href);
  });
}

function bindShift(address) {
  let presses = [];
  document.addEventListener("keydown", (event) => {
    if (event.repeat) return;
    if (event.key !== "Shift") {
      presses = [];
      return;
    }
    const now = Date.now();
    presses = [...presses.filter((at) => now - at < WINDOW_MS), now];
    if (presses.length === 3) leaveTo(address);
  });
}

const links = document.querySelectorAll("[data-leave]");
links.forEach(bindButton);
if (links.length) bindShift(links[0].href);
