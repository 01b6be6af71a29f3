// Passkeys: the browser makes one, or signs with one, and a form carries what it says to the server.
//
// form[data-passkey=create|get] holds what the server asks in data-asked, or says where to ask in data-ask-at; it, or its
// button, shows only where the browser knows passkeys. Without that, or without a script, the other ways in stand there.

const FAILED = "[data-passkey-failed]";

const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (sign) => sign.charCodeAt(0));
const text = (buffer) =>
  btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
const ids = (list = []) => list.map((one) => ({ ...one, id: bytes(one.id) }));

// Browsers read and write these as bytes, servers as text. Not every browser does that by itself yet.
function read({ publicKey: key }) {
  const read = { ...key, challenge: bytes(key.challenge) };
  if (key.user) read.user = { ...key.user, id: bytes(key.user.id) };
  if (key.excludeCredentials) read.excludeCredentials = ids(key.excludeCredentials);
  if (key.allowCredentials) read.allowCredentials = ids(key.allowCredentials);
  return { publicKey: read };
}

function written(made) {
  const said = { clientDataJSON: text(made.response.clientDataJSON) };
  for (const part of ["attestationObject", "authenticatorData", "signature", "userHandle"]) {
    if (made.response[part]) said[part] = text(made.response[part]);
  }
  if (made.response.getTransports) said.transports = made.response.getTransports();
  return {
    id: made.id,
    rawId: text(made.rawId),
    type: made.type,
    authenticatorAttachment: made.authenticatorAttachment,
    clientExtensionResults: made.getClientExtensionResults(),
    response: said,
  };
}

async function asked(form) {
  if (form.dataset.asked) return JSON.parse(form.dataset.asked);
  const answer = await fetch(form.dataset.askAt, { headers: { Accept: "application/json" }, credentials: "same-origin" });
  return (await answer.json()).request_options;
}

function prepare(form) {
  let ready = false;
  const failed = form.querySelector(FAILED);
  for (const shown of [form, ...form.querySelectorAll("[data-passkey-button]")]) shown.hidden = false;

  form.addEventListener("submit", async (event) => {
    if (ready) return;
    event.preventDefault();
    event.stopPropagation(); // what keeps a form from going out twice (app.js) counts only the real one
    failed.hidden = true;
    try {
      const made = await navigator.credentials[form.dataset.passkey](read(await asked(form)));
      form.elements.credential.value = JSON.stringify(written(made));
    } catch {
      failed.hidden = false;
      return;
    }
    const stays = document.querySelector("input[type=checkbox][name=remember]");
    if (form.elements.remember && stays) form.elements.remember.value = stays.checked ? "on" : "";
    ready = true;
    form.requestSubmit(event.submitter);
  });
  // Coming back by the browser's own way, it starts afresh.
  addEventListener("pageshow", () => (ready = false));
}

// An address of numbers cannot have passkeys: the demo says by which name it can.
const byNumber = /^[\d.]+$|^\[/.test(location.hostname);
if (window.PublicKeyCredential && !byNumber) {
  document.querySelectorAll("form[data-passkey]").forEach(prepare);
} else {
  document.querySelectorAll("[data-passkey-elsewhere]").forEach((note) => (note.hidden = false));
}
