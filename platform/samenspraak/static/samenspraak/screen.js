// The big screen and its remote: steering without a reload, keys beside the buttons, a clock that counts, full screen.
// Without it every button sends its form, and the page comes back as it should be.

const wall = document.querySelector(".board[data-follow]");
const KEYS_OFF = "samenspraak-keys-off";
const came = new WeakMap();

const off = () => localStorage.getItem(KEYS_OFF) !== null;

// --- steering

async function steer(form, button) {
  const words = new FormData(form);
  if (button?.name) words.set(button.name, button.value);
  try {
    const answer = await fetch(form.action, { method: "POST", body: words, redirect: "manual" });
    if (answer.type !== "opaqueredirect" && !answer.ok) throw new Error(answer.statusText);
    document.dispatchEvent(new CustomEvent("samenspraak:ask"));
  } catch {
    document.querySelectorAll("[data-follow-away]").forEach((element) => (element.hidden = false));
  }
  delete form.dataset.sent;
  button?.removeAttribute("aria-busy");
}

document.addEventListener("submit", (event) => {
  const form = event.target.closest("[data-steer]");
  if (!form || event.defaultPrevented) return;
  event.preventDefault();
  steer(form, event.submitter);
});

// --- the clock: counted from what the server said, since the clocks of screens differ

const spoken = (seconds) => `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;

function tick() {
  for (const clock of document.querySelectorAll("[data-clock]")) {
    if (!came.has(clock)) came.set(clock, performance.now());
    const left = Math.max(0, Math.round(Number(clock.dataset.clock) - (performance.now() - came.get(clock)) / 1000));
    const number = clock.querySelector("[data-clock-left]");
    number.textContent = spoken(left);
    number.hidden = left === 0;
    clock.querySelector("[data-clock-until]").hidden = left === 0;
    clock.querySelector("[data-clock-over]").hidden = left > 0;
  }
}

// --- keys and full screen, on the wall only

function dress() {
  if (!wall) return;
  const keys = document.querySelector("[data-keys]");
  const full = document.querySelector("[data-full]");
  if (keys) keys.hidden = false;
  if (full) full.hidden = !document.fullscreenEnabled;
  document.querySelectorAll(".remote kbd, [data-keys-on]").forEach((part) => (part.hidden = off()));
  document.querySelectorAll("[data-keys-off]").forEach((part) => (part.hidden = !off()));
}

function toggleKeys() {
  if (off()) localStorage.removeItem(KEYS_OFF);
  else localStorage.setItem(KEYS_OFF, "yes");
  dress();
}

const toggleFull = () => (document.fullscreenElement ? document.exitFullscreen() : document.documentElement.requestFullscreen());

document.addEventListener("click", (event) => {
  if (event.target.closest("[data-keys]")) toggleKeys();
  if (event.target.closest("[data-full]")) toggleFull();
});

document.addEventListener("keydown", (event) => {
  if (!wall || off() || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  const name = event.key === " " ? "Space" : event.key.length === 1 ? event.key.toUpperCase() : event.key;
  const own = event.target.closest("a, button, input, summary");
  if (own && (name === "Space" || name === "Enter")) return;
  const button = [...document.querySelectorAll("[data-key]")].find((one) => one.dataset.key.split(" ").includes(name));
  if (!button || button.hidden) return;
  event.preventDefault();
  button.click();
});

document.addEventListener("samenspraak:renewed", () => {
  dress();
  tick();
});
dress();
tick();
setInterval(tick, 1000);
