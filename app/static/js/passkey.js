// Makes or uses a passkey and sends the browser's answer with the form. Without this module there are codes.

const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (each) => each.charCodeAt(0));
const text = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
const opened = (list) => (list ?? []).map((each) => ({ ...each, id: bytes(each.id) }));
// A passkey belongs to a name, never to the number of a machine.
const possible = isSecureContext && "PublicKeyCredential" in window && !/^[\d.]+$|:/.test(location.hostname);

function asked(options) {
  return {
    ...options,
    challenge: bytes(options.challenge),
    ...(options.user && { user: { ...options.user, id: bytes(options.user.id) } }),
    allowCredentials: opened(options.allowCredentials),
    excludeCredentials: opened(options.excludeCredentials),
  };
}

function answered({ id, rawId, type, response }) {
  const names = ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"];
  const said = names.filter((name) => response[name]).map((name) => [name, text(response[name])]);
  return JSON.stringify({ id, rawId: text(rawId), type, response: Object.fromEntries(said), clientExtensionResults: {} });
}

for (const form of possible ? document.querySelectorAll("[data-passkey]") : []) {
  form.hidden = false;
  document.querySelectorAll("[data-no-passkey]").forEach((each) => each.remove());
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const failed = form.querySelector("[data-failed]");
    failed.hidden = true;
    try {
      const publicKey = asked(JSON.parse(form.dataset.passkey));
      form.elements.credential.value = answered(await navigator.credentials[form.dataset.ask]({ publicKey }));
      form.submit();
    } catch {
      // Refused, forgotten, or no longer wanted: the browser does not say which.
      failed.hidden = false;
    }
  });
}
