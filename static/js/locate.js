// "Use my location": fills the place field with the device's location, rounded to two
// decimals (about a kilometre) before it goes anywhere. Without this file people type a place.

function rounded(coords) {
  return `${coords.latitude.toFixed(2)},${coords.longitude.toFixed(2)}`;
}

function bind(root) {
  const field = root.querySelector("input");
  if (!field || !navigator.geolocation) return;
  const button = document.createElement("button");
  button.type = "button";
  button.className = "link-button";
  button.textContent = root.dataset.locateWords;
  const status = document.createElement("p");
  status.className = "soft";
  status.setAttribute("role", "status");
  button.addEventListener("click", () => {
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => {
        field.value = rounded(coords);
        status.textContent = "";
      },
      () => {
        status.textContent = root.dataset.locateFailed;
        field.focus();
      },
      { enableHighAccuracy: false, timeout: 10000, maximumAge: 300000 },
    );
  });
  root.append(button, status);
}

document.querySelectorAll("[data-locate]").forEach(bind);
