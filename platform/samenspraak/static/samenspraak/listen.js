// The listening clock steps once a minute, counted from what the server said; without it the page tells the same.
// It asks the server nothing, so it goes on where there is no network.

const MINUTE = 60000;
const dial = document.querySelector(".dial[data-seconds]");
const came = Date.now();
const began = came - Number(dial?.dataset.seconds) * 1000;
const ends = came + Number(dial?.dataset.left) * 1000;

function show() {
  const minutes = Math.floor((Date.now() - began) / MINUTE);
  const number = dial.querySelector(".minutes");
  const before = number.textContent;
  const early = Date.now() < ends;
  document.querySelectorAll("[data-early]").forEach((part) => (part.hidden = !early));
  document.querySelectorAll("[data-done]").forEach((part) => (part.hidden = early));
  if (minutes === Number(before)) return;
  number.textContent = minutes;
  dial.setAttribute("aria-label", dial.getAttribute("aria-label").replace(before, minutes));
  dial.querySelectorAll("path").forEach((line, place) => {
    line.setAttribute("class", place < minutes ? "past" : place === minutes ? "now" : "todo");
  });
}

function step() {
  show();
  const now = Date.now();
  const next = Math.min(MINUTE - ((now - began) % MINUTE), ends > now ? ends - now : MINUTE);
  setTimeout(step, next + 50);
}

if (dial) {
  step();
  // A screen that was off may have slept through its minutes.
  document.addEventListener("visibilitychange", () => document.hidden || show());
}
