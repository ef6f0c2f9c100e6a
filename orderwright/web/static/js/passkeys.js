// Passkeys: a form marked data-passkey asks the server what to do, asks the browser, and sends on.
const bytes = (text) =>
  Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (sign) => sign.charCodeAt(0));
const text = (buffer) =>
  btoa(String.fromCharCode(...new Uint8Array(buffer)))
    .replace(/\+/g, "-")
    .replace(/\//g, "_")
    .replace(/=+$/, "");
const known = (list) => (list ?? []).map((one) => ({ ...one, id: bytes(one.id) }));

async function asked(form) {
  const answer = await fetch(form.dataset.begin, { method: "POST", body: new FormData(form) });
  if (!answer.ok) throw new Error("The server did not answer. Reload the page and try again.");
  return (await answer.json()).publicKey;
}

async function made(options) {
  const credential = await navigator.credentials.create({
    publicKey: {
      ...options,
      challenge: bytes(options.challenge),
      user: { ...options.user, id: bytes(options.user.id) },
      excludeCredentials: known(options.excludeCredentials),
    },
  });
  return {
    clientDataJSON: text(credential.response.clientDataJSON),
    attestationObject: text(credential.response.attestationObject),
    credential,
  };
}

async function signed(options) {
  const publicKey = { ...options, challenge: bytes(options.challenge) };
  if (options.allowCredentials) publicKey.allowCredentials = known(options.allowCredentials);
  const credential = await navigator.credentials.get({ publicKey });
  const { response } = credential;
  return {
    clientDataJSON: text(response.clientDataJSON),
    authenticatorData: text(response.authenticatorData),
    signature: text(response.signature),
    userHandle: response.userHandle ? text(response.userHandle) : null,
    credential,
  };
}

async function run(form) {
  const options = await asked(form);
  const { credential, ...response } =
    form.dataset.passkey === "create" ? await made(options) : await signed(options);
  const id = text(credential.rawId);
  form.elements.response.value = JSON.stringify({
    id,
    rawId: id,
    type: credential.type,
    response,
    clientExtensionResults: {},
  });
  form.submit();
}

function say(form, error) {
  const place = form.querySelector("[data-passkey-error]");
  place.textContent =
    error.name === "NotAllowedError"
      ? "No passkey was used. Try again, or use another way."
      : error.name === "InvalidStateError"
        ? "This device has a passkey for you already."
        : error.message;
  place.hidden = false;
}

for (const form of document.querySelectorAll("form[data-passkey]")) {
  if (!window.PublicKeyCredential) continue;
  form.hidden = false;
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    run(form).catch((error) => say(form, error));
  });
}
