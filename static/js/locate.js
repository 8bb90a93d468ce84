// "Near me": takes the device's location, rounded to two decimals (about a kilometre) before it
// goes anywhere, and searches there. Only when pressed. Without this file people type a place.

function rounded(coords) {
  return `${coords.latitude.toFixed(2)},${coords.longitude.toFixed(2)}`;
}

function bind(root) {
  const field = root.querySelector("input");
  if (!field || !navigator.geolocation || root.querySelector("button")) return;
  const button = document.createElement("button");
  button.type = "button";
  button.className = "locate";
  button.textContent = root.dataset.locateWords;
  const status = document.createElement("p");
  status.className = "soft";
  status.setAttribute("role", "status");
  button.addEventListener("click", () => {
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => {
        field.value = rounded(coords);
        status.textContent = "";
        field.form.requestSubmit();
      },
      () => {
        status.textContent = root.dataset.locateFailed;
        field.focus();
      },
      { enableHighAccuracy: false, timeout: 10000, maximumAge: 300000 },
    );
  });
  const line = document.createElement("div");
  line.className = "locate-line";
  field.replaceWith(line);
  line.append(field, button);
  root.append(status);
}

function bindAll() {
  document.querySelectorAll("[data-locate]").forEach(bind);
}

bindAll();
document.addEventListener("search:arrived", bindAll);
