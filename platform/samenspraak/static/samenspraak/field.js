// A visit on the visitor's own device: one step of it at a time, in words that device.js keeps. What stands on the page
// about where these words are is read from the row as it was written, never from what was meant to happen.

const data = JSON.parse(document.getElementById("field-data").textContent);
const device = await import(document.body.dataset.device);

const MINUTE = 60000;
const QUIET = 1500;
const AT_FIRST = 2000;
const AT_MOST = 60000;
const SLOW = 150;
const OPEN = ["accepted", "listening", "noting"];
const WRITING = ["notes", "pairs", "ready"];
const BULLET = /^[-–—*•·\s]+/;
const all = (what, inside = document) => [...inside.querySelectorAll(what)];
const one = (what, inside = document) => inside.querySelector(what);
const copyOf = (id) => document.getElementById(id).content.firstElementChild.cloneNode(true);

const forms = all("form[data-fields]");
const pairs = all("[data-pair]");
// By name a control, or a list of tiles: both have a value.
const fields = new Map(forms.flatMap((form) => all("textarea, select, [type=radio]", form).map(({ name }) => [name, form.elements[name]])));
let row = null;
let trouble = "";
let away = false;
let kept = false;

// === Words on the page and in the row ===

// What stands on the page, over what the row holds for fields that are not here.
const shown = () => ({ ...row.fields, ...Object.fromEntries([...fields].map(([name, field]) => [name, field.value])) });

// A row that is newer than the page: what somebody is typing stays.
function take(fresh) {
  for (const [name, field] of fields) {
    const [was, now] = [row?.fields[name] ?? "", fresh.fields[name] ?? ""];
    if (field.value === was && was !== now) set(field, now);
  }
  row = fresh;
}

function set(field, value) {
  field.value = value;
  // A list of tiles takes no value that none of them has.
  if (!value && isTiles(field)) field.forEach((tile) => (tile.checked = false));
}

// Every touch is written at once; what comes during a write goes with the next. Until it is written it is not saved.
let typed = 0;
let written = 0;
let busy = null;
let since = 0;

const isLate = () => written < typed && Date.now() - since > SLOW;

function write() {
  typed += 1;
  busy ??= writeAll().finally(() => {
    busy = null;
    show();
  });
}

async function writeAll() {
  since = Date.now();
  setTimeout(tell, SLOW + 1);
  try {
    while (written < typed) {
      const until = typed;
      take(await device.write(row, shown()));
      written = until;
    }
    trouble = "";
    if (!away) sendIn(QUIET);
  } catch (error) {
    trouble = error.name === "QuotaExceededError" ? "full" : "unsaved";
    setTimeout(write, AT_FIRST);
  }
}

// === To school ===

let next = 0;
let wait = AT_FIRST;

function sendIn(time) {
  clearTimeout(next);
  next = setTimeout(send, time);
}

async function send() {
  clearTimeout(next);
  const outcome = await device.send();
  away = outcome === "away";
  wait = outcome ? Math.min(wait * 2, AT_MOST) : AT_FIRST;
  // Not all devices of a school at the same moment, once its network is back.
  if (outcome) sendIn(wait * (0.5 + Math.random() / 2));
  await renew();
}

async function renew() {
  if (busy || device.isOver()) return;
  const fresh = await device.rowOf(data.visit);
  if (!fresh && row) return location.reload();
  if (fresh && !busy) take(fresh);
  show();
}

// === The steps ===

let wanted = location.hash.slice(1);

function stepNow() {
  if (!row || row.since === null) return "before";
  if (row.told === "gone") return "";
  if (row.until === null) return wanted === "stop" ? "stop" : "listen";
  return WRITING.includes(wanted) ? wanted : WRITING[0];
}

let step = "";

function show() {
  const now = stepNow();
  const isQuiet = ["listen", "stop"].includes(now);
  all("[data-step]").forEach((section) => (section.hidden = section.dataset.step !== now));
  all("[data-around]").forEach((part) => (part.hidden = isQuiet && !trouble));
  document.body.classList.toggle("evening", isQuiet);
  one("[data-steps]").hidden = !WRITING.includes(now);
  all("[data-steps] a").forEach((link) => link.hash === `#${now}` ? link.setAttribute("aria-current", "step") : link.removeAttribute("aria-current"));
  ({ before: showBefore, listen: showClock, stop: showClock, pairs: showPairs, ready: showReady })[now]?.();
  all("[data-minutes]").forEach((number) => (number.textContent = row?.until === null ? device.minutesOf(row) : row?.listened));
  tell();
  tellBoth();
  if (step && now && step !== now) one(`[data-step=${now}] h1`).focus();
  step = now;
  document.dispatchEvent(new Event("samenspraak:awake"));
}

function showBefore() {
  const now = Date.now();
  const [isEarly, isLate] = [now < Date.parse(data.opens), now >= Date.parse(data.ends) || data.called_off];
  one("[data-moved]").hidden = !data.moved;
  one("[data-too-late]").hidden = data.moved || !isLate;
  one("[data-too-early]").hidden = data.moved || isLate || !isEarly;
  one("[data-start]").hidden = data.moved || isLate || isEarly;
}

// As the page writes times, on the clock of the school: G or H for the hours, i for the minutes, a backslash before a letter that is one.
function clockTime(time) {
  const [H, i] = time.toLocaleTimeString("en-GB", { timeZone: data.zone, hour: "2-digit", minute: "2-digit" }).split(":");
  const written = { G: String(Number(H)), H, i };
  return one("[data-until]").dataset.clock.replace(/\\(.)|[GHi]/g, (sign, letter) => letter ?? written[sign]);
}

// Counted from the moment it began, so that a screen that was off, or a page that was closed, misses nothing.
function showClock() {
  const passed = Date.now() - row.since;
  const minutes = Math.max(Math.floor(passed / MINUTE), 0);
  // After the meeting there is nothing left to listen to.
  const until = Math.min(row.since + data.target * MINUTE, row.ends);
  const isEarly = Date.now() < until;
  all("[data-early]").forEach((part) => (part.hidden = !isEarly));
  all("[data-late]").forEach((part) => (part.hidden = isEarly));
  one("[data-until]").textContent = clockTime(new Date(until));
  const dial = one(".dial");
  const number = one(".minutes", dial);
  if (number.textContent === String(minutes)) return;
  dial.setAttribute("aria-label", dial.getAttribute("aria-label").replace(number.textContent, minutes));
  number.textContent = minutes;
  all("path", dial).forEach((line, place) => line.setAttribute("class", place < minutes ? "past" : place === minutes ? "now" : "todo"));
}

// As many pairs as hold words, and those that were asked for.
let pairsShown = 1;

function showPairs() {
  pairs.forEach((pair, place) => {
    if (all("textarea, select", pair).some((control) => control.value)) pairsShown = Math.max(pairsShown, place + 1);
  });
  pairs.forEach((pair, place) => (pair.hidden = place >= pairsShown));
  one("[data-more]").hidden = pairsShown >= pairs.length;
  pairs.forEach((pair) => all("textarea", pair).forEach(hint));
  showLines();
}

const named = data.names.map((name) => [name, new RegExp(`(^|\\P{L})${name.replace(/[\\^$.*+?()[\]{}|/]/g, "\\$&")}(?!\\p{L})`, "u")]);

// A hint for the names at this table only; the school's own names are asked about before sharing, by the school.
function hint(field) {
  const found = named.find(([, words]) => words.test(field.value))?.[0];
  const there = one("[data-hint]", field.closest(".field"));
  if (there?.dataset.hint === found) return;
  there?.remove();
  if (!found) return;
  const told = copyOf("name-hint");
  told.dataset.hint = one("[data-name]", told).textContent = found;
  field.closest(".field").append(told);
}

// One's own notes line by line, each a button that compose.js takes for the start of a point.
function showLines() {
  for (const list of all("[data-lines-of]")) {
    const [side, card] = list.dataset.linesOf.split(/-(.*)/);
    const text = row.fields[list.dataset.linesOf] ?? "";
    if (list.dataset.text === text) continue;
    list.dataset.text = text;
    const lines = text.split("\n").map((line) => line.replace(BULLET, "").trim()).filter(Boolean);
    list.replaceChildren(...lines.map((words) => lineOf(words, side === "well" ? "strong" : "improvement", card)));
    list.parentElement.hidden = !lines.length;
  }
  const cards = all("[data-lines]");
  cards.forEach((card) => (card.hidden = !all("li", card).length));
  const isEmpty = cards.every((card) => card.hidden);
  one("[data-no-lines]").hidden = !isEmpty;
  one("[data-some-lines]").hidden = isEmpty;
  document.dispatchEvent(new Event("samenspraak:lines"));
}

function lineOf(words, side, aspect) {
  const line = copyOf("note-line");
  Object.assign(one("button", line).dataset, { side, aspect });
  one("[data-words]", line).textContent = words;
  return line;
}

function showReady() {
  const whole = device.contentOf(row.fields);
  const can = whatHolds() === "sent" && !away && navigator.onLine;
  one("[data-no-pair]").hidden = whole.pairs.length > 0 && !whole.halves.length;
  one("[data-share]").hidden = !one("[data-no-pair]").hidden || !can;
  one("[data-not-yet]").hidden = !one("[data-no-pair]").hidden || can;
  const name = (key) => data.cards.find((card) => card.key === key)?.name ?? "";
  one("[data-given]").replaceChildren(...whole.pairs.map((pair) => {
    const given = copyOf("given");
    for (const side of ["strong", "improvement"]) {
      one(`[data-${side}]`, given).innerText = pair[side];
      one(`[data-${side}_aspect]`, given).textContent = name(pair[`${side}_aspect`]);
    }
    return given;
  }));
}

// === What the page says ===

function whatHolds() {
  if (["full", "unstored"].includes(trouble)) return trouble;
  if (trouble || isLate()) return "saving";
  if (!row) return kept ? "ready" : "";
  if (row.told) return row.told;
  if (row.until === null) return "";
  if (device.onlyHalves(row) && row.sent === row.revision) return "half";
  if (!device.isUnsent(row) && row.sent === row.revision) return "sent";
  return away || !navigator.onLine ? "waiting" : "device";
}

function tell() {
  const holds = whatHolds();
  one("[data-line]").hidden = !holds;
  all("[data-says]").forEach((line) => (line.hidden = line.dataset.says !== holds));
  one("[data-sentence]").textContent = row?.sentence ?? "";
}

// Both texts at each field on which they differ: nothing is overwritten, and nothing sent, before a choice.
function tellBoth() {
  const open = row?.theirs ?? {};
  for (const there of all("[data-theirs-of]")) if (!(there.dataset.theirsOf in open)) there.remove();
  for (const [name, other] of Object.entries(open)) {
    const field = fields.get(name);
    const place = field && (isTiles(field) ? field[0] : field).closest(".field");
    if (!place || one("[data-theirs-of]", place)?.dataset.words === other) continue;
    one("[data-theirs-of]", place)?.remove();
    place.append(bothOf(name, field, other));
    for (let fold = place.closest("details"); fold; fold = fold.parentElement.closest("details")) fold.open = true;
  }
}

function bothOf(name, field, other) {
  const both = copyOf("theirs");
  Object.assign(both.dataset, { theirsOf: name, words: other });
  all("[data-elsewhere]", both).forEach((line) => (line.hidden = line.dataset.elsewhere !== row.elsewhere));
  one("[data-words]", both).innerText = wordsFor(field, other) || "–";
  one("[data-both]", both).hidden = !field.matches?.("textarea") || !other;
  return both;
}

const isTiles = (field) => field instanceof RadioNodeList;

// What a person reads for the value of a field.
function wordsFor(field, value) {
  if (isTiles(field)) return [...field].find((tile) => tile.value === value)?.labels[0].textContent.trim();
  return field.matches("select") ? [...field.options].find((option) => option.value === value)?.text : value;
}

// The first choice that is open, in whatever step it stands.
function find() {
  const both = one("[data-theirs-of]");
  if (!both) return;
  wanted = both.closest("[data-step]").dataset.step;
  show();
  both.closest(".field").scrollIntoView({ block: "center" });
  one("button", both).focus({ preventScroll: true });
}

async function choose(button) {
  const both = button.closest("[data-theirs-of]");
  const { theirsOf: name, words: other } = both.dataset;
  const field = fields.get(name);
  await busy;
  const value = button.matches("[data-mine]") ? field.value : button.matches("[data-theirs]") ? other : [field.value, other].filter(Boolean).join("\n");
  take(await device.write(row, { ...shown(), [name]: value }, { [name]: other }));
  sendIn(0);
  (isTiles(field) ? field[0] : field).focus();
}

// === Kept for where there is no network ===

// This page and all that it stands on, from one answer, so that they always fit together; then the worker can show it.
async function keepPage() {
  await navigator.serviceWorker.register("/worker.js");
  const answer = await fetch(data.field, { cache: "no-store" });
  if (!answer.ok || answer.redirected) throw new Error(answer.statusText);
  const page = new DOMParser().parseFromString(await answer.clone().text(), "text/html");
  const files = [
    ...all("link[href]:not([rel=manifest])", page).map((link) => link.getAttribute("href")),
    ...all("script[src]", page).map((script) => script.getAttribute("src")),
    ...all("[data-script]", page).map((part) => part.dataset.script),
    page.body.dataset.device,
  ];
  const cache = await caches.open(`samenspraak-${data.person}-${data.visit}`);
  await cache.addAll(files);
  await cache.put(data.field, answer);
  // Somebody signed out in another tab while this was fetched.
  if (device.isOver()) await caches.delete(`samenspraak-${data.person}-${data.visit}`);
  const names = [data.field, ...files].map((name) => new URL(name, location.href).href);
  for (const old of await cache.keys()) if (!names.includes(old.url)) await cache.delete(old);
  await navigator.serviceWorker.ready;
}

async function keep() {
  kept = await keepPage().then(() => true, () => caches.match(data.field).then(Boolean, () => false));
  tell();
}

// === At work ===

const pressed = {
  "[data-start]": async () => take(await device.startListening(data)),
  "[data-stop]": async () => {
    take(await device.stopListening(data.visit));
    sendIn(0);
  },
  "[data-go]": (button) => (location.hash = button.dataset.go),
  "[data-more]": () => (pairsShown += 1),
  "[data-find]": find,
  "[data-mine], [data-theirs], [data-both]": choose,
  "[data-noticed]": async () => {
    await device.drop(data.visit);
    location.assign(data.home);
  },
};

document.addEventListener("click", async (event) => {
  for (const [what, act] of Object.entries(pressed)) {
    const button = event.target.closest?.(what);
    if (!button) continue;
    event.preventDefault();
    await Promise.resolve(act(button)).catch(fail);
    show();
  }
});

function fail(error) {
  trouble = error.name === "QuotaExceededError" ? "full" : "unstored";
}

function watch() {
  document.addEventListener("input", (event) => {
    if (!row || !fields.has(event.target.name)) return;
    write();
    if (event.target.closest("[data-pair]")) showPairs();
  });
  forms.forEach((form) => form.addEventListener("submit", (event) => event.preventDefault()));
  addEventListener("beforeunload", (event) => written < typed && event.preventDefault());
  addEventListener("hashchange", () => {
    const place = location.hash.slice(1);
    if (one(`[data-step="${CSS.escape(place)}"]`)) wanted = place;
    show();
  });
  addEventListener("online", send);
  // A page that comes back whole may hold words that were let go of meanwhile.
  addEventListener("pageshow", (event) => event.persisted && location.reload());
  addEventListener("offline", show);
  document.addEventListener("visibilitychange", () => document.hidden || (show(), send()));
  setInterval(() => row?.until || show(), 1000);
  // Who signed out leaves no words on any screen.
  device.hear((visit) => (visit === null ? location.replace(data.home) : visit === data.visit && renew()));
}

async function start() {
  watch();
  const found = await device.rowOf(data.visit);
  if (found) take(found);
  if (row) show();
  await device.begin(data).catch(fail);
  await renew();
  // Half a pair has no use any more once the rest was shared.
  const isDone = !OPEN.includes(data.state) && (!row || (!row.told && (!device.isUnsent(row) || device.onlyHalves(row))));
  if (isDone) {
    if (row) await device.drop(data.visit);
    return location.replace(data.home);
  }
  await keep();
  await send();
}

start().catch(fail).finally(tell);
