// Keeps what somebody types in a form[data-draft] until it has arrived: in this browser, per person and address.
// The server says what arrived by a cookie (DraftMiddleware). Signing out, or somebody else signing in, clears it all.

const ALL = "samenspraak.draft.";
const OWN = `${ALL}${document.body.dataset.person}.`;
const LONGEST = 14 * 24 * 60 * 60 * 1000;
const TYPED = "textarea, input[type=text]";
let over = false;

const addressOf = (form) => new URL(form.getAttribute("action") ?? "", location.href).pathname;
const keyOf = (form) => OWN + addressOf(form);
const fieldsOf = (form) => [...form.elements].filter((field) => field.name && field.matches(TYPED));
const keys = () => Object.keys(localStorage).filter((key) => key.startsWith(ALL));
const newId = () => [...crypto.getRandomValues(new Uint8Array(8))].map((byte) => byte.toString(16).padStart(2, "0")).join("");

function read(key) {
  try {
    return JSON.parse(localStorage.getItem(key));
  } catch {
    return null;
  }
}

// --- Keeping: each field with what stood there first and what was typed over it ---

function keep(form) {
  const key = keyOf(form);
  const draft = read(key) ?? { id: newId(), fields: {} };
  for (const field of fieldsOf(form)) {
    const first = draft.fields[field.name]?.[0] ?? field.defaultValue;
    if (field.value === first) delete draft.fields[field.name];
    else draft.fields[field.name] = [first, field.value];
  }
  if (!Object.keys(draft.fields).length) return localStorage.removeItem(key);
  try {
    localStorage.setItem(key, JSON.stringify({ ...draft, at: Date.now() }));
  } catch {
    // No room: the page still works as it does without this.
  }
}

function clearOut() {
  const arrived = document.cookie.split("; ").filter((cookie) => cookie.startsWith("draft-")).map((cookie) => cookie.slice(6, 22));
  for (const key of keys()) {
    const draft = read(key);
    if (!draft || !key.startsWith(OWN) || Date.now() - draft.at > LONGEST || arrived.includes(draft.id)) localStorage.removeItem(key);
  }
  arrived.forEach((id) => (document.cookie = `draft-${id}=; Max-Age=0; Path=/; SameSite=Lax`));
}

// --- Giving back: where the page shows what stood there first; where it shows other words, both are there ---

function giveBack(form) {
  if (form.dataset.draft) return;
  form.dataset.draft = "seen";
  const draft = read(keyOf(form));
  if (!draft) return;
  const fields = new Map(fieldsOf(form).map((field) => [field.name, field]));
  let back = false;
  const beside = [];
  for (const [name, [first, typed]] of Object.entries(draft.fields)) {
    const field = fields.get(name);
    if (field?.defaultValue === typed) continue;
    if (field?.defaultValue === first) {
      field.value = typed;
      for (let fold = field.closest("details"); fold; fold = fold.parentElement.closest("details")) fold.open = true;
      back = true;
    } else if (typed.trim()) beside.push([field, typed]);
  }
  if (back || beside.length) tell(form, back, beside);
}

function tell(form, back, beside) {
  const line = document.getElementById("draft-told").content.firstElementChild.cloneNode(true);
  const [is, was] = line.querySelectorAll("[data-told]");
  is.hidden = !back;
  was.hidden = !beside.length;
  for (const [, typed] of beside) {
    const words = line.querySelector("[data-words]").cloneNode();
    words.textContent = typed;
    words.hidden = false;
    was.append(words);
  }
  const use = line.querySelector("[data-use]");
  use.hidden = !beside.some(([field]) => field);
  use.addEventListener("click", () => {
    for (const [field, typed] of beside) if (field) field.value = typed;
    was.hidden = use.hidden = true;
    is.hidden = false;
    beside.find(([field]) => field)[0].focus();
  });
  line.querySelector("[data-drop]").addEventListener("click", () => {
    localStorage.removeItem(keyOf(form));
    for (const field of fieldsOf(form)) field.value = field.defaultValue;
    line.remove();
    fieldsOf(form)[0]?.focus();
  });
  form.prepend(line);
}

const giveAllBack = () => document.querySelectorAll("form[data-draft]").forEach(giveBack);

function start() {
  clearOut();
  giveAllBack();
  document.addEventListener("samenspraak:renewed", giveAllBack);
  document.addEventListener("htmx:load", giveAllBack);
  document.addEventListener("input", (event) => {
    const form = event.target.form;
    if (!over && form?.matches("[data-draft]") && event.target.matches(TYPED)) keep(form);
  });
  document.addEventListener("reset", (event) => {
    if (event.target.matches("[data-draft]")) localStorage.removeItem(keyOf(event.target));
  });
  document.addEventListener("formdata", (event) => {
    const draft = event.target.matches("[data-draft]") && read(keyOf(event.target));
    if (draft) event.formData.set("kept-draft", draft.id);
  });
  document.addEventListener("submit", (event) => {
    if (!addressOf(event.target).endsWith("/logout/")) return;
    over = true;
    keys().forEach((key) => localStorage.removeItem(key));
  });
}

try {
  start();
} catch (error) {
  // A browser that keeps nothing for pages refuses at the first touch; the page works without.
  if (error.name !== "SecurityError") throw error;
}
