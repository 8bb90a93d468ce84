// Answers a search in the page it was asked on, through htmx. Everything is posted; the server says
// by HX-Push-Url whether the answer has an address. Without this file forms and links do the same.

const KEPT_MS = 3 * 60 * 1000;
const WAIT_MS = 350;

// The address whose answer is shown. Somebody may go back or forward at any moment, even before this
// file or htmx has run: whenever the address is another, its own page is fetched.
const bare = (address) => address.split("#")[0];
const [arrival] = performance.getEntriesByType("navigation");
let shown = bare((window.history.state?.htmx && arrival?.name) || window.location.href);
function followAddress() {
  if (bare(window.location.href) !== shown) window.location.reload();
}
window.addEventListener("popstate", followAddress);
document.addEventListener("htmx:pushedIntoHistory", () => {
  shown = bare(window.location.href);
});
followAddress();

const found = () => document.getElementById("search");
const isSensitive = () => found()?.hasAttribute("data-sensitive");

function openDetails() {
  return [...found().querySelectorAll("details[open][id]")].map((details) => details.id);
}

// Posts what was asked; `elsewhere` does it the plain way when that fails.
function ask(address, values, { elsewhere, staysPut = false }) {
  const open = openDetails();
  found().setAttribute("aria-busy", "true");
  let hasFailed = false;
  const failed = () => {
    if (!hasFailed) elsewhere();
    hasFailed = true;
  };
  document.body.addEventListener("htmx:sendError", failed, { once: true });
  document.body.addEventListener("htmx:responseError", failed, { once: true });
  window.htmx.ajax("POST", address, { target: "#search", swap: "outerHTML", values }).then(() => {
    document.body.removeEventListener("htmx:sendError", failed);
    document.body.removeEventListener("htmx:responseError", failed);
    if (hasFailed) return;
    arrive(staysPut ? open : open.filter((id) => id !== "change"), staysPut);
  });
}

function arrive(open, staysPut) {
  for (const id of open) document.getElementById(id)?.setAttribute("open", "");
  const headline = found().querySelector("[data-headline]");
  const problem = found().querySelector("[role=alert]");
  document.querySelector("[data-said]").textContent = headline.textContent;
  if (problem) {
    problem.tabIndex = -1;
    problem.focus();
  } else if (!staysPut) {
    headline.focus({ preventScroll: true });
    found().scrollIntoView({ block: "start" });
  }
  document.dispatchEvent(new CustomEvent("search:arrived"));
}

// A list of values for each name, as htmx takes them.
function listed(entries) {
  const values = {};
  for (const [name, value] of entries) (values[name] ||= []).push(value);
  return values;
}

function askForm(form, staysPut) {
  const values = listed(new FormData(form));
  ask(form.action, values, { elsewhere: () => HTMLFormElement.prototype.submit.call(form), staysPut });
}

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!window.htmx || form.method !== "post" || !form.closest("#search")) return;
  event.preventDefault();
  askForm(form, false);
});

document.addEventListener("click", (event) => {
  const link = event.target.closest("#search a[data-step]");
  const isPlain = event.button === 0 && !event.metaKey && !event.ctrlKey && !event.shiftKey;
  if (!window.htmx || !link || !isPlain) return;
  event.preventDefault();
  const { pathname, searchParams } = new URL(link.href);
  const staysPut = link.classList.contains("pick");
  const elsewhere = () => window.location.assign(link.href);
  ask(pathname, listed(searchParams), { elsewhere, staysPut });
});

// Once there are results, a button pressed in the form changes them at once.
let waiting = 0;
document.addEventListener("change", (event) => {
  const form = event.target.closest(".search--found [data-ask]");
  if (!window.htmx || !form || !event.target.closest(".picks")) return;
  clearTimeout(waiting);
  waiting = setTimeout(() => askForm(form, true), WAIT_MS);
});

// The browser may keep this page in memory to come back to; what is sensitive only for a while,
// and not once somebody left quickly, from whatever page of this site.
let hiddenAt = 0;
window.addEventListener("pagehide", () => {
  hiddenAt = Date.now();
});
window.addEventListener("pageshow", (event) => {
  if (event.persisted && isSensitive() && Date.now() - hiddenAt > KEPT_MS) forget();
});
function forget() {
  if (!isSensitive()) return;
  found().replaceChildren();
  window.location.replace(window.location.pathname);
}
new BroadcastChannel("leave").addEventListener("message", forget);
