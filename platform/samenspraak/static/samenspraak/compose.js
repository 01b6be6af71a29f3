// Composing feedback: a line of one's own notes becomes the start of a point at once, and under each point stand words
// to begin with, for the card it is about. Without this a line is a button that sends the form, and the words stand
// below the pairs. What is put into a field is told as if it were typed, so that whoever keeps drafts keeps it.

const SIDES = ["strong", "improvement"];
const form = document.querySelector("form[data-compose]");
const lines = () => [...document.querySelectorAll("button[data-side]")];
const wordsOf = (line) => line.querySelector("[data-words]").textContent.trim();
const pointOf = (pair, side) => form.elements[`p${pair}-${side}`];
const cardOf = (point) => form.elements[`${point.name}_aspect`];
const pointsOf = (side) => [1, 2, 3].map((pair) => pointOf(pair, side)).filter(Boolean);

function put(field, value) {
  field.value = value;
  field.dispatchEvent(new Event("input", { bubbles: true }));
  field.dispatchEvent(new Event("change", { bubbles: true }));
}

// === Choosing from the notes ===

const standsIn = (line) => pointsOf(line.dataset.side).find((point) => point.value.includes(wordsOf(line)));

// Each line says whether its words stand in a pair, and in which.
function mark() {
  for (const line of lines()) {
    const point = standsIn(line);
    line.querySelector("[data-free]").hidden = Boolean(point);
    line.querySelector("[data-stands]").hidden = !point;
    if (point) line.querySelector("[data-stands] b").textContent = point.name[1];
  }
}

// True where there was a place for it; where a pair more is needed, the form is sent to ask for one.
function take(line) {
  const point = pointsOf(line.dataset.side).find((one) => !one.value.trim());
  if (!point) return false;
  const hidden = point.closest("[hidden]");
  if (hidden) hidden.hidden = false;
  put(cardOf(point), line.dataset.aspect);
  put(point, wordsOf(line));
  return true;
}

function choose(event) {
  const line = event.target.closest("button[data-side]");
  if (!line) return;
  const point = standsIn(line);
  const full = document.querySelector("[data-full]");
  if (full) full.hidden = true;
  if (!point && !take(line) && form.elements.more) return;
  event.preventDefault();
  if (point) point.focus();
  else if (full) full.hidden = Boolean(standsIn(line));
}

// Words that came back from a draft find their card again.
function findCards() {
  for (const line of lines()) {
    const point = standsIn(line);
    if (point && !cardOf(point).value) put(cardOf(point), line.dataset.aspect);
  }
}

// === Words to begin with ===

const startsFor = (side, card) =>
  [...document.querySelectorAll(`[data-starts="${side}"][data-aspect="${card}"] li`)].map((start) => start.textContent.trim());

// A start comes before what stands there; it takes the place of another start.
function begin(point, start, others) {
  const other = others.find((one) => point.value.startsWith(opening(one)));
  const rest = other ? point.value.slice(opening(other).length) : point.value;
  put(point, opening(start) + rest.trimStart());
  point.focus();
  point.setSelectionRange(opening(start).length, opening(start).length);
}

const opening = (start) => start.replace(/…$/, "");

function offer(point, side, fold) {
  const starts = startsFor(side, cardOf(point).value);
  const row = fold.querySelector("li");
  const rows = starts.map((start) => {
    const fresh = row.cloneNode(true);
    const button = fresh.querySelector("button");
    button.textContent = start;
    button.addEventListener("click", () => begin(point, start, starts));
    return fresh;
  });
  fold.hidden = !starts.length;
  if (starts.length) fold.querySelector("ul").replaceChildren(...rows);
}

function help() {
  const template = document.getElementById("starts");
  if (!template) return;
  document.getElementById("wording").hidden = true;
  for (const side of SIDES) {
    for (const point of pointsOf(side)) {
      const fold = template.content.firstElementChild.cloneNode(true);
      point.closest(".card").append(fold);
      offer(point, side, fold);
      cardOf(point).addEventListener("change", () => offer(point, side, fold));
    }
  }
}

if (form) {
  help();
  findCards();
  mark();
  document.addEventListener("click", choose);
  form.addEventListener("input", mark);
  // A page that makes its lines itself says when they are there.
  document.addEventListener("samenspraak:lines", mark);
}
