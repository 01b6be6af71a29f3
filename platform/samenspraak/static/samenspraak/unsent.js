// Notes of a visit that are on this device and not at school yet: the line on every page, a copy in a file, the
// question before signing out, and the one about somebody else's notes. app.js fetches this where a key
// "samenspraak-unsent-<person>" stands; device.js writes that before it makes the person's database (docs/offline.md).

const KEY = /^samenspraak-unsent-(\d+)$/;
const LONGEST = 90 * 24 * 60 * 60 * 1000;
const A_WHILE = 60000;
const DOABLE = "a, button, summary";
const template = document.getElementById("unsent-told");
const here = document.body.dataset.person;

// On the clock of listening and on the screen for the whole group nothing is said.
const isQuiet = document.querySelector("main.listen, main.board") !== null;
const device = () => import(document.body.dataset.device);
const people = () => Object.keys(localStorage).map((key) => KEY.exec(key)?.[1]).filter(Boolean);

// === What is on the device ===

// Resolves with every observation of the person; with none where there is no database. Looking makes none.
function read(person) {
  return new Promise((resolve, reject) => {
    const opening = indexedDB.open(`samenspraak-${person}`);
    opening.onupgradeneeded = () => opening.transaction.abort();
    opening.onerror = () => (opening.error.name === "AbortError" ? resolve([]) : reject(opening.error));
    opening.onsuccess = () => {
      const database = opening.result;
      const asking = database.transaction("observations").objectStore("observations").getAll();
      asking.onsuccess = () => resolve(asking.result);
      asking.onerror = () => reject(asking.error);
      database.close();
    };
  });
}

// How much it is, as device.js wrote it down; and where somebody is signed in the observations, if they can be read.
async function unsentOf(person) {
  const { notes, visits } = JSON.parse(localStorage.getItem(`samenspraak-unsent-${person}`)) ?? { notes: 0, visits: [] };
  const found = here ? await read(person).catch(() => null) : null;
  const rows = found?.length ? found.filter((await device()).isUnsent) : [];
  return { person, notes, visits: visits.filter((visit) => visit.told !== "gone"), rows, isRead: found !== null };
}

const isWaiting = ({ notes, visits, rows }) => notes > 0 || visits.length > 0 || rows.length > 0;

// === A copy in a file ===

const word = (name) => template.content.querySelector(`[data-word="${name}"]`).textContent;

function linesOf({ group, since, at, listened, titles = {}, degrees = [], notes, marks, pairs, halves }) {
  const name = (key) => titles[key] ?? key;
  const on = new Date(since ?? at).toLocaleDateString(document.documentElement.lang, { dateStyle: "long" });
  const lines = [word("visit").replace("%s", group), on];
  if (listened) lines.push(`${word("listened")}: ${listened}`);
  for (const [key, note] of Object.entries(notes)) {
    lines.push("", name(key));
    for (const part of ["going_well", "chances"]) if (note[part]) lines.push(`${word(part)}: ${note[part]}`);
  }
  if (Object.keys(marks).length) lines.push("");
  for (const [key, degree] of Object.entries(marks)) lines.push(`${name(key)}: ${degree ? (degrees[degree - 1] ?? degree) : word("none")}`);
  for (const pair of [...pairs, ...halves]) {
    lines.push("");
    for (const side of ["strong", "improvement"]) if (pair[side]) lines.push(`${word(side)} (${name(pair[`${side}_aspect`])}): ${pair[side]}`);
  }
  return lines;
}

async function save(rows, kind) {
  const { contentOf } = await device();
  const visits = rows.map((row) => ({ ...row, ...contentOf(row.fields) }));
  const text = kind === "txt"
    ? [word("title"), ...visits.flatMap((one) => ["", "", ...linesOf(one)]), ""].join("\n")
    : JSON.stringify(visits.map(({ id, visit, slug, group, since, until, listened, notes, marks, pairs, halves }) => ({ id, visit, slug, group, since, until, listened, notes, marks, pairs, halves })), null, 2);
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([text], { type: kind === "txt" ? "text/plain" : "application/json" }));
  link.download = `samenspraak-${word("file")}-${new Date().toISOString().slice(0, 10)}.${kind}`;
  link.click();
  setTimeout(URL.revokeObjectURL, A_WHILE, link.href);
}

// === What the page says ===

// One of the parts of the template, with the number said, a link per visit, and its buttons at work.
function part(which, { notes, rows, visits }) {
  const shown = template.content.querySelector(`[data-${which}]`).cloneNode(true);
  const said = Math.min(notes, 2);
  for (const words of shown.querySelectorAll("[data-number]")) {
    if (Number(words.dataset.number) === said) words.textContent = words.textContent.replace("%s", notes);
    else words.remove();
  }
  const link = shown.querySelector("[data-visit]");
  for (const visit of visits) link?.before(linkTo(link, visit));
  link?.remove();
  shown.querySelector(`[data-visit][href="${location.pathname}"]`)?.remove();
  if (!visits.some((visit) => ["conflict", "refused"].includes(visit.told))) shown.querySelector("[data-asks]")?.remove();
  for (const button of shown.querySelectorAll("[data-save]")) {
    button.hidden = !rows.length;
    button.addEventListener("click", () => save(rows, button.dataset.save));
  }
  return shown;
}

function linkTo(link, { slug, visit, group }) {
  const own = link.cloneNode(true);
  own.textContent = own.textContent.replace("%s", group);
  own.href = `/s/${slug}/visits/${visit}/field/`;
  return own;
}

function place(shown) {
  const own = document.querySelector("[data-unsent]");
  if (own) own.append(shown);
  else document.querySelector("main").prepend(shown);
}

// Where nobody is signed in, only how much there is: whose and about whom is not for everybody.
async function tellOwn() {
  const all = await Promise.all(people().filter((person) => !here || person === here).map(unsentOf));
  const waiting = all.filter(isWaiting);
  const notes = waiting.reduce((sum, own) => sum + own.notes, 0);
  const former = document.querySelector("[data-unsent-line]");
  const stood = former ? [...former.querySelectorAll(DOABLE)].indexOf(document.activeElement) : -1;
  former?.remove();
  if (!waiting.length || isQuiet) return;
  const line = part("unsent-line", here ? waiting[0] : { notes, rows: [], visits: [] });
  const isCut = document.querySelector("[data-kept]") !== null;
  line.querySelectorAll(here || isCut ? "[data-nobody]" : "[data-somebody]").forEach((element) => element.remove());
  if (!here) line.querySelectorAll("[data-somebody]").forEach((element) => element.remove());
  if (line.querySelector("details [hidden]")) line.querySelector("details").remove();
  place(line);
  // It is written anew with every try to send: what somebody unfolded, or stood on, stays so.
  if (former?.querySelector("details[open]")) line.querySelector("details")?.setAttribute("open", "");
  line.querySelectorAll(DOABLE)[stood]?.focus({ preventScroll: true });
}

async function dropPages(person) {
  const own = (await caches.keys()).filter((name) => name.startsWith(`samenspraak-${person}-`));
  await Promise.all(own.map((name) => caches.delete(name)));
}

// What of somebody else's is at school goes at once; what is not, when that is answered, or when it would be deleted at
// school too. Their pages go first: nobody opens these in their place.
async function tellOthers() {
  for (const person of people().filter((other) => other !== here)) {
    await dropPages(person);
    const own = await unsentOf(person);
    const isOver = own.isRead && !own.rows.some((row) => Date.now() - row.at < LONGEST);
    if (isOver) await (await device()).clearOf(person);
    else if (isWaiting(own) && !isQuiet) ask(own);
  }
}

function ask(own) {
  const question = part("others", own);
  question.querySelector("[data-drop]").addEventListener("click", async () => {
    await (await device()).clearOf(own.person);
    question.remove();
  });
  place(question);
}

// === Signing out ===

// Asks first where something would be lost.
export async function signOut(form) {
  const own = await unsentOf(here);
  if (!isWaiting(own)) return leave(form);
  document.querySelector("main [data-leaving]")?.remove();
  const warning = part("leaving", own);
  warning.querySelector("[data-leave]").addEventListener("click", () => leave(form));
  warning.querySelector("[data-stay]").addEventListener("click", () => {
    warning.remove();
    form.querySelector("button").focus();
  });
  form.before(warning);
  warning.focus();
  warning.scrollIntoView({ block: "center" });
}

// First at the server; nothing is deleted for somebody who is still signed in. A refusal is the server's to explain.
async function leave(form) {
  const answer = await fetch(form.action, { method: "POST", body: new FormData(form) }).catch(() => null);
  document.querySelector("main [data-stuck]")?.remove();
  if (answer && !answer.ok) return form.submit();
  if (!answer) {
    const stuck = template.content.querySelector("[data-stuck]").cloneNode(true);
    form.before(stuck);
    return stuck.scrollIntoView({ block: "center" });
  }
  document.dispatchEvent(new Event("samenspraak:left"));
  await (await device()).clearOf(here);
  location.assign(answer.url);
}

// === At work ===

// What can go to school goes, whatever page is open; and what had its time on the device, goes from there.
async function send() {
  if (people().includes(here)) await (await device()).send();
  await tellOwn();
}

async function start() {
  addEventListener("storage", (event) => KEY.test(event.key) && tellOwn());
  await tellOwn();
  if (!here) return;
  new BroadcastChannel(`samenspraak-${here}`).addEventListener("message", tellOwn);
  addEventListener("online", send);
  await tellOthers();
  await send();
}

start();
