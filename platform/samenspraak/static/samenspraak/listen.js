// The listening clock steps once a minute, counted from what the server said; without it the page tells the same.

const MINUTE = 60000;
const dial = document.querySelector(".dial[data-seconds]");
const began = Date.now() - Number(dial?.dataset.seconds) * 1000;
const target = Number(dial?.dataset.target);

function show() {
  const minutes = Math.floor((Date.now() - began) / MINUTE);
  const number = dial.querySelector(".minutes");
  const before = Number(number.textContent);
  if (minutes === before) return;
  if (before < target && minutes >= target) location.reload();
  number.textContent = minutes;
  dial.setAttribute("aria-label", dial.getAttribute("aria-label").replace(before, minutes));
  dial.querySelectorAll("path").forEach((line, place) => {
    line.setAttribute("class", place < minutes ? "past" : place === minutes ? "now" : "todo");
  });
}

function step() {
  show();
  setTimeout(step, MINUTE - ((Date.now() - began) % MINUTE) + 50);
}

if (dial) {
  step();
  // A screen that was off may have slept through its minutes.
  document.addEventListener("visibilitychange", () => document.hidden || show());
}
