// Keeps the screen on while a part of the page that asks for it ([data-awake]) is in sight. A browser that does not
// know how, or will not (a low battery), lets the screen go off: the clock keeps going all the same.

let lock = null;
let busy = false;

const wanted = () => !document.hidden && [...document.querySelectorAll("[data-awake]")].some((part) => part.getClientRects().length);

async function take() {
  const taken = await navigator.wakeLock.request("screen");
  // A browser takes it back by itself, such as when another page comes before this one.
  taken.addEventListener("release", () => (lock = lock === taken ? null : lock));
  lock = taken;
}

async function give() {
  await lock.release();
  lock = null;
}

async function settle() {
  if (busy || !navigator.wakeLock) return;
  busy = true;
  try {
    while (wanted() !== Boolean(lock)) await (lock ? give() : take());
  } catch {
    // Refused: asked again when the page comes back in sight.
  }
  busy = false;
}

settle();
document.addEventListener("visibilitychange", settle);
// A page that shows or hides such a part says so.
document.addEventListener("samenspraak:awake", settle);
