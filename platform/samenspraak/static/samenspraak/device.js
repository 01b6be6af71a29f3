// What a visitor wrote, kept on the device and brought to school: one database per person, one row per visit.
// Nothing here is called saved before its transaction completed, nor at school before the school said so in its own
// words. Rows and fields are described in docs/offline.md.

const PERSON = document.body.dataset.person;
const STORE = "observations";
const UNSENT = "samenspraak-unsent-";
const DAY = 24 * 60 * 60 * 1000;
const LONGEST = 240;
const SOON = 6000;
const TOO_LONG = 20000;
const STAYS = 14 * DAY;
const STAYS_AT_MOST = 90 * DAY;
const NOW_AND_THEN = 10 * 60 * 1000;
const A_MOMENT = 2000;
const OUT = "samenspraak.signed-out";
const nameOf = (person) => `samenspraak-${person}`;
const channel = new BroadcastChannel(nameOf(PERSON));

let opened = null;
let heard = () => {};
let over = false;

// Signing out in one tab holds for the others too: they keep nothing more.
function stop() {
  over = true;
  heard(null);
}

addEventListener("storage", (event) => event.key === OUT && stop());

// === Fields ===

// Words by the names of their fields, as the forms have them: well-…, chances-…, mark-…, p1-strong, p1-strong_aspect …

const SIDES = ["strong_aspect", "strong", "improvement_aspect", "improvement"];
const PLACES = ["p1", "p2", "p3"];
const same = (one, other) => (one ?? "").trim() === (other ?? "").trim();
const filled = (fields) => Object.fromEntries(Object.entries(fields).filter(([, text]) => text));
const pairIn = (fields, place) => Object.fromEntries(SIDES.map((side) => [side, (fields[`${place}-${side}`] ?? "").trim()]));
const isWhole = (pair) => SIDES.every((side) => pair[side]);
const fieldsOfPair = (pair, place) => SIDES.map((side) => [`${place}-${side}`, pair[side]]);
// What JSON or the school's database cannot hold would hold back all the rest.
const clean = (text) => (text.toWellFormed?.() ?? text).replaceAll("\0", "").trim();

// The content as the school takes it. A pair of which a side or a card is missing stays behind, in `halves`.
export function contentOf(fields) {
  const content = { notes: {}, marks: {}, pairs: [], halves: [] };
  for (const [name, text] of Object.entries(fields)) {
    const [kind, key] = [name.slice(0, name.indexOf("-")), name.slice(name.indexOf("-") + 1)];
    if (kind === "mark" && text) content.marks[key] = text === "none" ? null : Number(text);
    const side = { well: "going_well", chances: "chances" }[kind];
    if (side && text.trim()) (content.notes[key] ??= { going_well: "", chances: "" })[side] = clean(text);
  }
  for (const place of PLACES) {
    const pair = pairIn(fields, place);
    for (const side of SIDES) pair[side] = clean(pair[side]);
    if (isWhole(pair)) content.pairs.push(pair);
    else if (SIDES.some((side) => pair[side])) content.halves.push(pair);
  }
  return content;
}

// And back. Lines end as they do in a form on a page.
export function fieldsOf({ notes, marks, pairs }) {
  const fields = [
    ...Object.entries(notes).flatMap(([key, note]) => [[`well-${key}`, note.going_well], [`chances-${key}`, note.chances]]),
    ...Object.entries(marks).map(([key, degree]) => [`mark-${key}`, String(degree ?? "none")]),
    ...pairs.flatMap((pair, index) => fieldsOfPair(pair, PLACES[index])),
  ];
  return filled(Object.fromEntries(fields.map(([name, text]) => [name, text.replaceAll("\r\n", "\n")])));
}

// Whole pairs first: the school counts only these, and its places are to be compared with ours.
function tidied(fields) {
  const pairs = PLACES.map((place) => pairIn(fields, place));
  const sorted = [...pairs.filter(isWhole), ...pairs.filter((pair) => !isWhole(pair))];
  return filled({ ...fields, ...Object.fromEntries(sorted.flatMap((pair, index) => fieldsOfPair(pair, PLACES[index]))) });
}

function withoutHalves(fields) {
  const halves = PLACES.filter((place) => !isWhole(pairIn(fields, place)));
  return Object.fromEntries(Object.entries(fields).filter(([name]) => !halves.includes(name.slice(0, 2))));
}

// Two texts that came from one: a field that only one side changed is no question; what both changed is in `clashes`.
function merge(base, mine, theirs) {
  const fields = {};
  const clashes = {};
  for (const name of Object.keys({ ...base, ...mine, ...theirs })) {
    const [was, own, other] = [base[name], mine[name], theirs[name]];
    fields[name] = (own ?? "") === (was ?? "") || (same(own, was) && !same(other, was)) ? other : own;
    if (!same(own, was) && !same(other, was) && !same(own, other)) clashes[name] = other ?? "";
  }
  return { fields: filled(fields), clashes };
}

const differing = (one, other) => Object.keys({ ...one, ...other }).filter((name) => !same(one[name], other[name]));

// The notes, marks and points that the school does not have; the card of a point belongs to the point.
const unsentIn = (row) => new Set(differing(row.fields, row.base).map((name) => name.replace(/_aspect$/, "")));

export const isHalf = (row, name) => /^p\d-/.test(name) && !isWhole(pairIn(row.fields, name.slice(0, 2)));
// Listening time alone counts too: it is nowhere else until it was sent.
export const isUnsent = (row) => row.told !== "gone" && (unsentIn(row).size > 0 || (row.since !== null && row.version === null));
export const onlyHalves = (row) => unsentIn(row).size > 0 && [...unsentIn(row)].every((name) => isHalf(row, name));

// === The database ===

function open() {
  opened ??= new Promise((resolve, reject) => {
    // First the key, so that whoever is to delete databases never misses one.
    if (!localStorage.getItem(UNSENT + PERSON)) localStorage.setItem(UNSENT + PERSON, JSON.stringify({ notes: 0, visits: [] }));
    const asked = indexedDB.open(nameOf(PERSON), 1);
    asked.onupgradeneeded = () => asked.result.createObjectStore(STORE, { keyPath: "id" }).createIndex("visit", "visit", { unique: true });
    asked.onerror = () => reject(asked.error);
    asked.onsuccess = () => {
      // Whoever signs out in another tab deletes it, and would wait for this one.
      asked.result.onversionchange = () => {
        asked.result.close();
        stop();
      };
      // The browser closed it (its data were cleared): opened again when needed.
      asked.result.onclose = () => (opened = null);
      resolve(asked.result);
    };
  });
  return opened;
}

// Does the work in one transaction and gives what it gave, once that is on the disk.
async function within(mode, work, tries = 2) {
  if (over || !isSecureContext) throw new DOMException("nothing is kept here", "NotAllowedError");
  try {
    const database = await open();
    return await new Promise((resolve, reject) => {
      const changes = database.transaction(STORE, mode, { durability: "strict" });
      let given;
      changes.oncomplete = () => resolve(given);
      changes.onabort = () => reject(changes.error ?? new DOMException("aborted", "AbortError"));
      work(changes.objectStore(STORE), (value) => (given = value));
    });
  } catch (error) {
    // A connection can be lost from under us; no room is no room.
    opened = null;
    if (over || tries < 2 || error.name === "QuotaExceededError") throw error;
    return within(mode, work, tries - 1);
  }
}

export const rows = () => within("readonly", (store, give) => (store.getAll().onsuccess = (event) => give(event.target.result)));
export const rowOf = (visit) =>
  within("readonly", (store, give) => (store.index("visit").get(visit).onsuccess = (event) => give(event.target.result ?? null)));

// Reads a visit's row, changes it and puts it back, so that no other tab comes between; nothing given, nothing changed.
async function update(visit, change) {
  const row = await within("readwrite", (store, give) => {
    store.index("visit").get(visit).onsuccess = (event) => {
      const was = event.target.result ?? null;
      const id = was?.id;
      const row = change(was);
      if (id && row && row.id !== id) store.delete(id);
      if (row) store.put(row);
      give(row ?? null);
    };
  });
  if (row) tellOthers(visit);
  return row;
}

// What cannot be counted is saved all the same.
async function tellOthers(visit) {
  await count().catch(() => {});
  channel.postMessage({ visit });
  document.dispatchEvent(new Event("samenspraak:unsent"));
}

// What the line on every page says. One tab at a time counts, so that the last to write is the last to have looked.
const count = () =>
  navigator.locks.request(`${nameOf(PERSON)}-count`, async () => {
    const found = await rows();
    const visits = found.filter(isUnsent).map((row) => {
      const { group, slug, visit } = row;
      return { group, slug, visit, notes: unsentIn(row).size, told: row.told };
    });
    const notes = visits.reduce((sum, visit) => sum + visit.notes, 0);
    if (!over) localStorage.setItem(UNSENT + PERSON, JSON.stringify({ notes, visits }));
  });

// Calls back with the visit that another tab changed, or with none once somebody signed out.
export function hear(callback) {
  heard = callback;
  channel.onmessage = (event) => callback(event.data.visit);
}
export const isOver = () => over;

// === What the page does ===

// What is to be told of the row; a choice between two texts comes first.
const told = (row, what) => (Object.keys(row.theirs).length ? "conflict" : what);

// The row with these words. What stands in `theirs` is still to be chosen; meanwhile nothing of it goes to school.
function noted(row, fields, theirs) {
  row.fields = filled(fields);
  row.theirs = Object.fromEntries(Object.entries(theirs).filter(([name, text]) => !same(fields[name], text)));
  row.told = told(row, row.told === "signed-out" ? "signed-out" : null);
  row.revision += 1;
  row.at = Date.now();
  return row;
}

function newRow(data) {
  const { visit, slug, group, api, degrees } = data;
  const empty = { fields: {}, base: {}, theirs: {}, version: null, revision: 0, sent: 0, sending: null };
  const clock = { since: null, until: null, ends: Date.parse(data.ends), listened: null };
  const words = { told: null, sentence: "", elsewhere: "" };
  const titles = Object.fromEntries(data.cards.flatMap((card) => [[card.key, card.name], ...card.behaviours.map((one) => [one.key, one.text])]));
  return { id: crypto.randomUUID(), visit, slug, group, api, titles, degrees, ...clock, ...empty, ...words, at: Date.now() };
}

// What the school has, taken into a row that may say otherwise.
function adopt(row, stored) {
  const theirs = fieldsOf(stored);
  // One's own words, of a try whose answer was lost, are nobody else's.
  const isOwn = row.sending && !differing(tidied(withoutHalves(row.sending.fields)), theirs).length;
  const { fields, clashes } = merge(isOwn ? theirs : tidied(row.base), tidied(row.fields), theirs);
  Object.assign(row, { id: stored.id, version: stored.version, listened: stored.listened, base: theirs, sending: null, elsewhere: "school" });
  row.since ??= Date.now();
  row.until ??= Date.now();
  noted(row, fields, { ...row.theirs, ...clashes });
  if (!unsentIn(row).size) row.sent = row.revision;
  return row;
}

// Brings the row up to what the page came with: a clock that runs at school, and what is kept there (`stored`), if that
// is news. None before listening. What is kept at school but cannot be had now is met when something is sent.
export async function begin(data) {
  const known = await rowOf(data.visit);
  if (known?.version && known.id !== data.observation) await look({ ...known, looked: 0 });
  const kept = data.observation && (await fromSchool(data));
  return update(data.visit, (was) => {
    const news = kept && kept.version > (was?.version ?? 0) && was?.told !== "gone";
    const begun = (data.observation || data.state === "listening") && !was?.since;
    if (!news && !begun) return null;
    const row = was ?? newRow(data);
    if (data.observation && !was) Object.assign(row, { id: data.observation, listened: data.listened, until: Date.now(), revision: 1 });
    row.since ??= Date.parse(data.since) || Date.now();
    return news ? adopt(row, kept) : row;
  });
}

async function fromSchool({ api, observation, version, visit }) {
  if ((await rowOf(visit))?.version >= version) return null;
  try {
    const answer = await fetch(`${api}${observation}/`, { cache: "no-store", signal: AbortSignal.timeout(SOON) });
    const kept = answer.ok && (await answer.json());
    return kept?.id === observation ? kept : null;
  } catch {
    return null;
  }
}

export function startListening(data) {
  const pressed = Date.now();
  return update(data.visit, (was) => {
    const row = was ?? newRow(data);
    row.since ??= pressed;
    return row;
  });
}

// Whole minutes from start to end, at most until the meeting's end: counted from moments, whatever the device did between.
export function minutesOf(row, until = Date.now()) {
  return Math.min(Math.max(Math.floor((Math.min(until, row.ends) - row.since) / 60000), 1), LONGEST);
}

export function stopListening(visit) {
  const pressed = Date.now();
  return update(visit, (row) => {
    if (!row || row.until !== null) return row;
    row.until = pressed;
    row.listened = minutesOf(row, row.until);
    return noted(row, row.fields, row.theirs);
  });
}

// Writes what a page shows. `seen` is the row as that page read it: what another tab wrote since is never overwritten
// unseen, and `settled` holds the other texts about which somebody just chose.
export async function write(seen, shown, settled = {}) {
  const row = await update(seen.visit, (was) => {
    const row = was ?? structuredClone(seen);
    if (row.told === "gone") return row;
    const { fields, clashes } = merge(seen.fields, shown, row.fields);
    if (Object.keys(clashes).length) row.elsewhere = "tab";
    const open = Object.entries(row.theirs).filter(([name, text]) => settled[name] !== text);
    return noted(row, fields, { ...Object.fromEntries(open), ...clashes });
  });
  if (!asked) askToStay();
  return row;
}

// Browsers clear what they were not asked to keep. Once is enough, and they may say no.
let asked = false;
function askToStay() {
  asked = true;
  navigator.storage?.persist?.().catch(() => {});
}

// Lets go of a visit: its row and its page.
export async function drop(visit) {
  await within("readwrite", (store) => {
    store.index("visit").getKey(visit).onsuccess = (event) => event.target.result && store.delete(event.target.result);
  });
  await dropPage(visit);
  await tellOthers(visit);
}

const dropPage = (visit) => caches.delete(`${nameOf(PERSON)}-${visit}`);

// Lets go of everything of a person, in every tab: their database, the pages kept for their visits, and last the key
// by which it would be found again. Says whether it worked; the page for no network holds nothing of anybody.
export async function clearOf(person) {
  if (person === PERSON) {
    over = true;
    (await opened?.catch(() => null))?.close();
  }
  for (const name of await caches.keys()) if (name.startsWith(`${nameOf(person)}-`)) await caches.delete(name);
  const done = await new Promise((resolve) => {
    const asked = indexedDB.deleteDatabase(nameOf(person));
    asked.onsuccess = () => resolve(true);
    asked.onerror = () => resolve(false);
    asked.onblocked = () => setTimeout(resolve, A_MOMENT, false);
  });
  const own = Object.keys(localStorage).filter((key) => key.startsWith("samenspraak-") && key.endsWith(`-${person}`));
  if (done) own.forEach((key) => localStorage.removeItem(key));
  return done;
}

// === To school ===

// What was refused goes once more from each page that is opened: the visit can be as it should again.
const refusedHere = new Set();
const isHeld = (row) => ["conflict", "gone"].includes(row.told) || (row.told === "refused" && refusedHere.has(row.visit));
const isDue = (row) => row.until !== null && !isHeld(row) && (row.sending || row.revision > row.sent);

const TRY_AGAIN = [408, 425, 429];
// The meeting has not begun, or not lasted so long, by the clock of the school: that passes.
const IN_TIME = ["too_early", "listened"];
const token = () => /(?:^|; )(?:__Host-)?csrf=([^;]*)/.exec(document.cookie)?.[1] ?? "";

// The school's own answer, or none. What a relay or a hotel says in its place, or a login page, is not the school.
async function put(row) {
  const { notes, marks, pairs } = contentOf(row.sending.fields);
  const body = JSON.stringify({ visit: row.visit, listened: row.listened, notes, marks, pairs });
  const signal = AbortSignal.timeout(TOO_LONG);
  try {
    // The page brings the cookie with which may be written.
    if (!token()) await fetch(`/s/${row.slug}/visits/${row.visit}/field/`, { cache: "no-store", signal });
    const headers = { "Content-Type": "application/json", "X-CSRFToken": token(), "Accept-Language": document.documentElement.lang };
    if (row.version !== null) headers["If-Match"] = `"${row.version}"`;
    const given = await fetch(`${row.api}${row.id}/`, { method: "PUT", headers, body, signal });
    const said = await given.json();
    const { status } = given;
    if (status === 200 || status === 201) return said.id === row.id ? { status: 200, said } : null;
    return said.status === status && status < 500 && !TRY_AGAIN.includes(status) ? { status, said } : null;
  } catch {
    return null;
  }
}

// Somebody else may have signed in meanwhile, in another tab: then it is not this person whom the school refuses.
async function isStillMe() {
  const me = await fetch("/api/v1/me/", { cache: "no-store" }).then((answer) => answer.json()).catch(() => null);
  return String(me?.id) === PERSON;
}

// What the answer makes of the row; words written since it was sent are still to go.
function settle(row, { status, said }) {
  if (status === 200) {
    const { fields, revision } = row.sending;
    const base = withoutHalves(fields);
    return Object.assign(row, { base, version: said.version, sent: revision, sending: null, looked: Date.now(), told: told(row, null) });
  }
  if (status === 410) {
    return Object.assign(row, { told: "gone", fields: {}, base: {}, theirs: {}, sending: null, sentence: said.detail });
  }
  if (status === 401) return Object.assign(row, { told: told(row, "signed-out") });
  if (said.stored) return adopt(row, said.stored);
  const sentences = new Set([said.detail, ...(said.errors ?? []).map((error) => error.detail)]);
  return Object.assign(row, { told: told(row, "refused"), sentence: [...sentences].join(" "), sending: null });
}

// Brings one row to school; says "away" where there was no answer, "later" where it has to be tried again. A try without an answer is repeated to the
// letter before anything newer goes, since the school may have taken it: the same again changes nothing there.
async function sendRow(visit) {
  for (let rounds = 0; rounds < 5; rounds += 1) {
    const row = await update(visit, (row) => {
      if (!row || !isDue(row)) return null;
      row.sending ??= { revision: row.revision, fields: row.fields };
      return row;
    });
    if (!row) return "";
    const answer = await put(row);
    if (!answer) return "away";
    if (IN_TIME.includes(answer.said.code)) return "later";
    if ([403, 404].includes(answer.status) && !(await isStillMe())) answer.status = 401;
    const now = await update(visit, (row) => row?.sending && settle(row, answer));
    if (now?.told === "gone") await dropPage(visit);
    if (now?.told === "signed-out") return "later";
    if (now?.told === "refused") refusedHere.add(visit);
  }
  return "later";
}

// Where nothing is left to send, no answer would ever say that the group stopped the visit, or that it is shared: so that
// is asked now and then. What school let go of goes here too, and once it is shared it has no use here; half a pair goes
// along.
async function look(row) {
  const waits = isUnsent(row) && !onlyHalves(row);
  if (row.version === null || row.told === "gone" || waits || Date.now() - (row.looked ?? 0) < NOW_AND_THEN) return;
  const asked = { cache: "no-store", signal: AbortSignal.timeout(SOON) };
  const answer = await fetch(`/api/v1/schools/${row.slug}/visits/${row.visit}/`, asked).catch(() => null);
  const visit = answer?.ok ? await answer.json().catch(() => null) : null;
  const isGone = visit?.is_mine ? visit.observation !== row.id : answer?.status === 404 && (await isStillMe());
  if (!isGone && !visit?.is_mine) return;
  const now = await update(row.visit, (now) => {
    if (now?.id !== row.id || now.revision !== row.revision) return null;
    return isGone ? settle(now, { status: 410, said: { detail: "" } }) : Object.assign(now, { looked: Date.now() });
  });
  if (now?.told === "gone") await dropPage(row.visit);
  else if (now && ["shared", "closed"].includes(visit.state)) await drop(row.visit);
}

// The page of a visit for which nobody came has no row to go with.
async function dropOldPages(visits) {
  const own = `${nameOf(PERSON)}-`;
  for (const name of await caches.keys()) {
    if (!name.startsWith(own) || visits.includes(Number(name.slice(own.length)))) continue;
    const kept = await caches.open(name);
    const page = (await kept.keys()).find((request) => request.url.endsWith("/field/"));
    const text = page && (await (await kept.match(page)).text());
    const data = text && new DOMParser().parseFromString(text, "text/html").getElementById("field-data");
    if (data && Date.now() - Date.parse(JSON.parse(data.textContent).ends) > STAYS) await caches.delete(name);
  }
}

const hadItsTime = (row) => Date.now() - row.at > (isUnsent(row) ? STAYS_AT_MOST : STAYS) && (!isUnsent(row) || onlyHalves(row));

// Brings everything to school, and lets go of what has been there for long: "" when all is done, else as for a row.
async function sendAll() {
  const outcomes = [];
  // Whoever closed a page in the middle left an old number.
  await count();
  for (const row of await rows()) {
    if (hadItsTime(row)) await drop(row.visit);
    else outcomes.push(await sendRow(row.visit));
  }
  const left = await rows();
  if (!outcomes.includes("away")) for (const row of left) await look(row);
  await dropOldPages(left.map((row) => row.visit));
  return ["away", "later"].find((outcome) => outcomes.includes(outcome)) ?? "";
}

// One tab at a time; one that fell asleep over it keeps nobody waiting for ever.
export const send = async () =>
  over ? "" : navigator.locks.request(`${nameOf(PERSON)}-send`, { signal: AbortSignal.timeout(2 * TOO_LONG) }, sendAll).catch(() => "away");
