// "Print": opens the browser's print window. Without this file the button stays hidden,
// and the browser's own command does the same.

document.querySelectorAll("[data-print]").forEach((button) => {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
});
