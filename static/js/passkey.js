// Passkeys: asks the browser to make or to use one, and sends what it gives with the form around.
// Without this file the button stays hidden and people use the codes of an app.

const toBytes = (text) =>
  Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (sign) => sign.charCodeAt(0));

function toText(buffer) {
  const signs = Array.from(new Uint8Array(buffer), (byte) => String.fromCharCode(byte)).join("");
  return btoa(signs).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
}

const withBytes = (known) => (known || []).map((one) => ({ ...one, id: toBytes(one.id) }));

function asked(options) {
  const told = { ...options, challenge: toBytes(options.challenge) };
  if (options.user) told.user = { ...options.user, id: toBytes(options.user.id) };
  if (options.excludeCredentials) told.excludeCredentials = withBytes(options.excludeCredentials);
  if (options.allowCredentials) told.allowCredentials = withBytes(options.allowCredentials);
  return told;
}

// Only what the server reads: older browsers have no toJSON of their own.
function answered(credential) {
  const response = {};
  for (const name of ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"]) {
    if (credential.response[name]) response[name] = toText(credential.response[name]);
  }
  return {
    type: credential.type,
    id: credential.id,
    rawId: toText(credential.rawId),
    response,
    clientExtensionResults: credential.getClientExtensionResults(),
  };
}

function bind(form) {
  const button = form.querySelector("[data-passkey-start]");
  const failed = form.querySelector("[data-passkey-failed]");
  const field = form.querySelector("[name=credential]");
  const data = JSON.parse(document.getElementById("passkey-options").textContent);
  const { publicKey } = data.creation_options || data.request_options;
  button.hidden = false;
  button.addEventListener("click", async () => {
    failed.hidden = true;
    try {
      const options = { publicKey: asked(publicKey) };
      const credential = await navigator.credentials[form.dataset.passkey](options);
      field.value = JSON.stringify(answered(credential));
      form.submit();
    } catch {
      // The browser says why by itself; here it is enough that it did not come about.
      failed.hidden = false;
    }
  });
}

if (window.PublicKeyCredential) document.querySelectorAll("[data-passkey]").forEach(bind);
