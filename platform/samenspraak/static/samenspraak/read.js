// Which cards a visitor has read (C5): ticks for the reader alone. They stay on this device and go nowhere.

const KEY = `samenspraak-read-${document.body.dataset.person}`;

function readKeys() {
  try {
    return new Set(JSON.parse(localStorage.getItem(KEY)));
  } catch {
    return new Set();
  }
}

function keep(key, isRead) {
  const keys = readKeys();
  if (isRead) keys.add(key);
  else keys.delete(key);
  try {
    localStorage.setItem(KEY, JSON.stringify([...keys]));
  } catch {
    // A full or closed store loses a tick, nothing else.
  }
}

for (const card of document.querySelectorAll("details[data-read]")) {
  const tick = card.querySelector("[data-read-tick]");
  const mark = card.querySelector("[data-read-mark]");
  const box = tick.querySelector("input");
  tick.hidden = false;
  box.checked = readKeys().has(card.dataset.read);
  mark.hidden = !box.checked;
  box.addEventListener("change", () => {
    mark.hidden = !box.checked;
    keep(card.dataset.read, box.checked);
  });
}
