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
const STEPS = ["notes", "pairs", "ready"];
const all = (what, inside = document) => [...inside.querySelectorAll(what)];
const one = (what, inside = document) => inside.querySelector(what);
const only = (parts, kind, which) => parts.forEach((part) => (part.hidden = part.dataset[kind] !== which));
const copyOf = (id) => document.getElementById(id).content.firstElementChild.cloneNode(true);

const forms = all("form[data-kept]");
// By name a control, or a list of tiles: both have a value.
const fields = new Map(forms.flatMap((form) => all("textarea, select, [type=radio]", form).map(({ name }) => [name, form.elements[name]])));
let row = null;
let trouble = "";
let away = false;
let asks = false;

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
let late = 0;

function write() {
  typed += 1;
  busy ??= writeAll().finally(() => {
    busy = null;
    show();
  });
}

async function writeAll() {
  clearTimeout(late);
  late = setTimeout(tell, SLOW);
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
  clearTimeout(late);
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
  away = (await device.send().catch(() => "away")) === "away";
  wait = away ? Math.min(wait * 2, AT_MOST) : AT_FIRST;
  // Not all devices of a school at the same moment, once its network is back.
  if (away) sendIn(wait * (0.5 + Math.random() / 2));
  await renew();
}

async function renew() {
  if (busy) return;
  const fresh = await device.rowOf(data.visit);
  if (!fresh && row) return location.reload();
  if (fresh && !busy) take(fresh);
  show();
}

// === The steps ===

function stepNow() {
  if (!row || row.since === null) return "before";
  if (row.until === null) return "listen";
  const wanted = location.hash.slice(1);
  return STEPS.includes(wanted) ? wanted : STEPS[0];
}

let step = "";

function show() {
  const now = row?.told === "gone" ? "" : stepNow();
  const sections = all("[data-step]");
  sections.forEach((section) => (section.hidden = section.dataset.step !== now));
  document.body.classList.toggle("evening", now === "listen");
  all("[data-around]").forEach((part) => (part.hidden = now === "listen" && !trouble));
  one("[data-steps]").hidden = !STEPS.includes(now);
  all("[data-steps] a").forEach((link) => (link.hash === `#${now}` ? link.setAttribute("aria-current", "step") : link.removeAttribute("aria-current")));
  ({ before: showBefore, listen: showClock, notes: showNotes, pairs: showPairs, ready: showReady })[now]?.();
  tell();
  tellBoth();
  if (step && now && step !== now) one(`[data-step=${now}] h1`).focus();
  step = now;
  document.dispatchEvent(new Event("samenspraak:awake"));
}

function showBefore() {
  const now = Date.now();
  const time = now < Date.parse(data.opens) ? "early" : now < Date.parse(data.ends) ? "open" : "over";
  only(all("[data-step=before] [data-when]"), "when", data.called_off ? "called-off" : data.moved ? "moved" : time);
}

// Counted from the moment it began, so that a screen that was off, or a page that was closed, misses nothing.
function showClock() {
  const passed = Date.now() - row.since;
  const minutes = Math.max(Math.floor(passed / MINUTE), 0);
  const early = passed < data.target * MINUTE;
  only(all("[data-step=listen] [data-while]"), "while", early ? (asks ? "ask" : "early") : "late");
  const until = new Date(row.since + data.target * MINUTE);
  one("[data-until]").textContent = until.toLocaleTimeString(document.documentElement.lang, { hour: "2-digit", minute: "2-digit" });
  const dial = one(".dial");
  const number = one(".minutes", dial);
  dial.setAttribute("aria-label", dial.getAttribute("aria-label").replace(number.textContent, minutes));
  number.textContent = minutes;
  all("path", dial).forEach((line, place) => line.setAttribute("class", place < minutes ? "past" : place === minutes ? "now" : "todo"));
}

function showNotes() {
  one("[data-minutes]").textContent = row.listened ?? data.listened;
}

// As many pairs as hold words, and those that were asked for.
let pairsShown = 1;

function showPairs() {
  const pairs = all("form[data-kept=pairs] .pairs > li");
  pairs.forEach((pair, place) => {
    if (all("textarea, select", pair).some((control) => control.value)) pairsShown = Math.max(pairsShown, place + 1);
  });
  pairs.forEach((pair, place) => (pair.hidden = place >= pairsShown));
  one("[data-more]").hidden = pairsShown >= pairs.length;
  all("textarea", forms.find((form) => form.dataset.kept === "pairs")).forEach(hint);
}

// A hint for the names at this table only; the school's own names are asked about before sharing, by the school.
function hint(field) {
  const found = data.names.find((name) => new RegExp(`(?<!\\p{L})${RegExp.escape?.(name) ?? name.replace(/[^\p{L}\p{N}]/gu, "\\$&")}(?!\\p{L})`, "u").test(field.value));
  const place = field.closest(".field");
  const there = one("[data-name]", place);
  if (there?.dataset.name === found) return;
  there?.remove();
  if (!found) return;
  const told = copyOf("name-told");
  told.dataset.name = found;
  told.textContent = told.textContent.replace("%s", found);
  place.append(told);
}

function showReady() {
  const { pairs, halves } = device.contentOf(row.fields);
  const isThere = !device.isUnsent(row) && !row.told && row.sent === row.revision;
  const which = halves.length ? "half" : !pairs.length ? "nothing" : isThere && !away && navigator.onLine ? "can" : "waits";
  only(all("[data-step=ready] [data-when]"), "when", which);
  const name = (key) => data.cards.find((card) => card.key === key)?.name ?? "";
  one("[data-given]").replaceChildren(...pairs.map((pair) => {
    const given = copyOf("given-pair");
    for (const side of ["strong", "improvement"]) {
      one(`[data-${side}]`, given).textContent = pair[side];
      one(`[data-${side}-card]`, given).textContent = name(pair[`${side}_aspect`]);
    }
    return given;
  }));
}

// === What the page says ===

function whatHolds() {
  if (trouble === "full" || trouble === "unkept") return trouble;
  if (trouble || (busy && written < typed)) return "saving";
  if (!row) return "";
  if (row.told) return row.told;
  if (row.until === null) return "";
  if (device.onlyHalves(row) && row.sent === row.revision) return "half";
  if (!device.isUnsent(row) && row.sent === row.revision) return "school";
  return away || !navigator.onLine ? "device" : "sending";
}

function tell() {
  only(all("[data-told]"), "told", whatHolds());
  one("[data-sentence]").textContent = row?.sentence ?? "";
}

const isTiles = (field) => field instanceof RadioNodeList;

function labelOf(field) {
  const control = isTiles(field) ? field[0] : field;
  const label = isTiles(field) ? one("legend", control.closest("fieldset")) : control.labels[0];
  return [one("h2", control.closest(".note-sheet, .pairs > li")), label].map((part) => part.textContent.trim()).join(": ");
}

// What a person reads for the value of a field.
function wordsFor(field, text) {
  const choice = field?.matches?.("select") && [...field.options].find((option) => option.value === text);
  const tile = isTiles(field) && [...field].find((control) => control.value === text);
  return (choice && choice.text) || (tile && tile.labels[0].textContent.trim()) || text || "–";
}

// Both texts, of all fields on which they differ; one answer, and nothing is overwritten before it.
function tellBoth() {
  const place = one("[data-both-texts]");
  const names = Object.keys(row?.theirs ?? {});
  const about = JSON.stringify(names.map((name) => [name, row.fields[name], row.theirs[name]]));
  if ((place.dataset.about ?? "[]") === about) return;
  place.dataset.about = about;
  place.replaceChildren();
  if (!names.length) return;
  const question = copyOf("both-texts");
  only(all("[data-where-else]", question), "whereElse", row.elsewhere);
  for (const name of names) {
    const difference = copyOf("difference");
    const field = fields.get(name);
    one("[data-label]", difference).textContent = field ? labelOf(field) : (row.titles[name.slice(name.indexOf("-") + 1)] ?? name);
    one("[data-mine]", difference).textContent = wordsFor(field, row.fields[name]);
    one("[data-theirs]", difference).textContent = wordsFor(field, row.theirs[name]);
    one("[data-differences]", question).append(difference);
  }
  place.append(question);
}

async function choose(which) {
  await busy;
  const theirs = row.theirs;
  const chosen = shown();
  for (const [name, other] of Object.entries(theirs)) {
    const isText = fields.get(name)?.matches?.("textarea");
    const both = isText ? [chosen[name], other].filter(Boolean).join("\n") : chosen[name] || other;
    chosen[name] = { mine: chosen[name], theirs: other, both }[which];
  }
  take(await device.write(row, chosen, theirs));
  sendIn(0);
  show();
}

// === Kept for where there is no network ===

// This page and all that it stands on, from one answer, so that they always fit together; then the worker can show it.
async function keepPage() {
  await navigator.serviceWorker.register("/worker.js");
  const answer = await fetch(location.pathname, { cache: "no-store" });
  if (!answer.ok || answer.redirected) throw new Error(answer.statusText);
  const page = new DOMParser().parseFromString(await answer.clone().text(), "text/html");
  const files = [
    ...all("link[href]:not([rel=manifest])", page).map((link) => link.getAttribute("href")),
    ...all("script[src]", page).map((script) => script.getAttribute("src")),
    ...all("[data-script]", page).map((part) => part.dataset.script),
    page.body.dataset.device,
  ];
  const kept = await caches.open(`samenspraak-${data.person}-${data.visit}`);
  await kept.addAll(files);
  await kept.put(location.pathname, answer);
  const names = [location.pathname, ...files].map((name) => new URL(name, location.href).href);
  for (const old of await kept.keys()) if (!names.includes(old.url)) await kept.delete(old);
  await navigator.serviceWorker.ready;
}

async function keep() {
  const done = await keepPage().then(() => true, () => caches.match(location.pathname).then(Boolean, () => false));
  only(all("p[data-kept]"), "kept", done ? "yes" : "no");
}

// === At work ===

const pressed = {
  "[data-start]": async () => take(await device.startListening(data)),
  "[data-go-on]": () => (asks = false),
  "[data-stop]": async (button) => {
    const early = Date.now() - row.since < data.target * MINUTE;
    if (early && button.dataset.stop !== "sure") return (asks = true);
    take(await device.stopListening(data.visit));
    sendIn(0);
  },
  "[data-go]": (button) => (location.hash = button.dataset.go),
  "[data-more]": () => (pairsShown += 1),
  "[data-choose]": (button) => choose(button.dataset.choose),
  "[data-read]": async () => {
    await device.drop(data.visit);
    location.assign(data.pages.visit);
  },
};

document.addEventListener("click", async (event) => {
  for (const [what, act] of Object.entries(pressed)) {
    const button = event.target.closest?.(what);
    if (!button) continue;
    event.preventDefault();
    try {
      await act(button);
    } catch (error) {
      trouble = error.name === "QuotaExceededError" ? "full" : "unkept";
    }
    show();
  }
});

function watch() {
  document.addEventListener("input", (event) => {
    if (!fields.has(event.target.name)) return;
    write();
    if (event.target.form.dataset.kept === "pairs") showPairs();
  });
  forms.forEach((form) => form.addEventListener("submit", (event) => event.preventDefault()));
  addEventListener("beforeunload", (event) => written < typed && event.preventDefault());
  addEventListener("hashchange", show);
  addEventListener("online", send);
  addEventListener("offline", show);
  document.addEventListener("visibilitychange", () => document.hidden || (show(), send()));
  setInterval(() => row?.until || show(), 1000);
  // Who signed out leaves no words on any screen.
  device.hear((visit) => (visit === null ? location.replace(data.pages.visit) : visit === data.visit && renew()));
}

async function start() {
  row = await device.rowOf(data.visit);
  if (row) {
    const kept = row;
    row = null;
    take(kept);
    show();
  }
  const begun = await device.begin(data);
  if (begun) take(begun);
  const isDone = !OPEN.includes(data.state) && (!row || (!device.isUnsent(row) && !row.told));
  if (isDone) {
    if (row) await device.drop(data.visit);
    return location.replace(data.pages.visit);
  }
  watch();
  show();
  await keep();
  await send();
}

start().catch((error) => {
  trouble = "unkept";
  tell();
  throw error;
});
