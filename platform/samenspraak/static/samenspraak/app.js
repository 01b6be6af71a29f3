// What pages do beyond links and forms; each works without it. One file, since a first visit counts its requests
// (docs/decisions/0022); five parts, each in a block of its own.

// === Courtesies ===

// A form goes out once. Coming back, or waiting a while (a download leaves the page standing), opens it again.
{
  const PATIENCE = 8000;

  function reopen(form) {
    delete form.dataset.sent;
    form.querySelectorAll("[aria-busy]").forEach((button) => button.removeAttribute("aria-busy"));
  }

  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.dataset.sent) {
      event.preventDefault();
      return;
    }
    form.dataset.sent = "yes";
    event.submitter?.setAttribute("aria-busy", "true");
    setTimeout(reopen, PATIENCE, form);
  });

  addEventListener("pageshow", () => document.querySelectorAll("form[data-sent]").forEach(reopen));

  // A link in the error summary lands in the field itself, also where the field is a group of tiles.
  document.addEventListener("click", (event) => {
    const link = event.target.closest?.(".summary a[href^='#']");
    const place = link && document.getElementById(link.hash.slice(1));
    const control = place?.matches("fieldset") ? place.querySelector("input") : place;
    if (control) {
      event.preventDefault();
      control.focus();
      control.scrollIntoView({ block: "center" });
    }
  });

  // Without support for autofocus outside controls, the summary still takes the focus.
  document.querySelector(".summary[autofocus]")?.focus();

  // A visit goes on without a network where the browser can keep it: its links lead to the page for that.
  if (navigator.serviceWorker && window.indexedDB) {
    document.querySelectorAll("a[data-field]").forEach((link) => (link.href = link.dataset.field));
  }

  // Printing is the browser's; the button only shows where a script can press it.
  document.querySelectorAll("[data-print]").forEach((button) => {
    button.hidden = false;
    button.addEventListener("click", () => print());
  });

  // So does copying; where the browser will not, the address stands selected, to be copied by hand.
  document.querySelectorAll("[data-copy]").forEach((button) => {
    const field = document.getElementById(button.dataset.copy);
    const [ask, done] = button.children;
    button.hidden = false;
    button.addEventListener("click", async () => {
      field.select();
      await navigator.clipboard?.writeText(field.value).then(() => {
        ask.hidden = true;
        done.hidden = false;
      }, () => field.focus());
    });
  });
}

// === Drafts ===

// Keeps what somebody types in a form[data-draft] until it has arrived: in this browser, per person and address.
// The server says what arrived by a cookie (DraftMiddleware). Signing out, or somebody else signing in, clears it all.
{
  const ALL = "samenspraak.draft.";
  const OUT = "samenspraak.signed-out";
  const OWN = `${ALL}${document.body.dataset.person}.`;
  const LONGEST = 14 * 24 * 60 * 60 * 1000;
  const TYPED = "textarea, input[type=text]";
  let over = false;

  const addressOf = (form) => new URL(form.getAttribute("action") ?? "", location.href).pathname;
  const keyOf = (form) => OWN + addressOf(form);
  const fieldsOf = (form) => [...form.elements].filter((field) => field.name && field.matches(TYPED));
  const keys = () => Object.keys(localStorage).filter((key) => key.startsWith(ALL));
  const newId = () => [...crypto.getRandomValues(new Uint8Array(8))].map((byte) => byte.toString(16).padStart(2, "0")).join("");

  function read(key) {
    try {
      return JSON.parse(localStorage.getItem(key));
    } catch {
      return null;
    }
  }

  // Each field is kept with what stood there first and what was typed over it.
  function keep(form) {
    const key = keyOf(form);
    const draft = read(key) ?? { id: newId(), fields: {} };
    for (const field of fieldsOf(form)) {
      const first = draft.fields[field.name]?.[0] ?? field.defaultValue;
      if (field.value === first) delete draft.fields[field.name];
      else draft.fields[field.name] = [first, field.value];
    }
    if (!Object.keys(draft.fields).length) return localStorage.removeItem(key);
    try {
      localStorage.setItem(key, JSON.stringify({ ...draft, at: Date.now() }));
    } catch {
      // No room: the page still works as it does without this.
    }
  }

  function clearOut() {
    const arrived = document.cookie.split("; ").filter((cookie) => cookie.startsWith("draft-")).map((cookie) => cookie.slice(6, 22));
    for (const key of keys()) {
      const draft = read(key);
      if (!draft || !key.startsWith(OWN) || Date.now() - draft.at > LONGEST || arrived.includes(draft.id)) localStorage.removeItem(key);
    }
    arrived.forEach((id) => (document.cookie = `draft-${id}=; Max-Age=0; Path=/; SameSite=Lax`));
  }

  // Words come back where the page shows what stood there first; where it shows other words, both are there.
  function giveBack(form) {
    if (form.dataset.draft) return;
    form.dataset.draft = "seen";
    const draft = read(keyOf(form));
    if (!draft) return;
    const fields = new Map(fieldsOf(form).map((field) => [field.name, field]));
    let back = false;
    const beside = [];
    for (const [name, [first, typed]] of Object.entries(draft.fields)) {
      const field = fields.get(name);
      if (field?.defaultValue === typed) continue;
      if (field?.defaultValue === first) {
        field.value = typed;
        for (let fold = field.closest("details"); fold; fold = fold.parentElement.closest("details")) fold.open = true;
        back = true;
      } else if (typed.trim()) beside.push([field, typed]);
    }
    if (back || beside.length) tell(form, back, beside);
  }

  function tell(form, back, beside) {
    const line = document.getElementById("draft-told").content.firstElementChild.cloneNode(true);
    const [is, was] = line.querySelectorAll("[data-told]");
    is.hidden = !back;
    was.hidden = !beside.length;
    for (const [, typed] of beside) {
      const words = line.querySelector("[data-words]").cloneNode();
      words.textContent = typed;
      words.hidden = false;
      was.append(words);
    }
    const use = line.querySelector("[data-use]");
    use.hidden = !beside.some(([field]) => field);
    use.addEventListener("click", () => {
      for (const [field, typed] of beside) if (field) field.value = typed;
      was.hidden = use.hidden = true;
      is.hidden = false;
      beside.find(([field]) => field)[0].focus();
    });
    line.querySelector("[data-drop]").addEventListener("click", () => {
      localStorage.removeItem(keyOf(form));
      for (const field of fieldsOf(form)) field.value = field.defaultValue;
      line.remove();
      fieldsOf(form)[0]?.focus();
    });
    form.prepend(line);
  }

  function leave() {
    over = true;
    keys().forEach((key) => localStorage.removeItem(key));
    localStorage.setItem(OUT, Date.now());
  }

  const giveAllBack = () => document.querySelectorAll("form[data-draft]").forEach(giveBack);

  function start() {
    clearOut();
    giveAllBack();
    document.addEventListener("samenspraak:renewed", giveAllBack);
    document.addEventListener("input", (event) => {
      const form = event.target.form;
      if (!over && form?.matches("[data-draft]") && event.target.matches(TYPED)) keep(form);
    });
    document.addEventListener("reset", (event) => {
      if (event.target.matches("[data-draft]")) localStorage.removeItem(keyOf(event.target));
    });
    document.addEventListener("formdata", (event) => {
      const draft = event.target.matches("[data-draft]") && read(keyOf(event.target));
      if (draft) event.formData.set("kept-draft", draft.id);
    });
    document.addEventListener("submit", (event) => {
      if (addressOf(event.target).endsWith("/logout/")) leave();
    });
    document.addEventListener("samenspraak:left", leave);
    // Signing out in one tab holds for the others too: they keep nothing more.
    addEventListener("storage", (event) => (over ||= event.key === OUT));
    // Nor does a way back lead to what a page showed before that.
    const out = localStorage.getItem(OUT);
    addEventListener("pageshow", (event) => event.persisted && localStorage.getItem(OUT) !== out && location.reload());
  }

  try {
    if (document.body.dataset.person) start();
  } catch (error) {
    // A browser that keeps nothing for pages refuses at the first touch; the page works without.
    if (error.name !== "SecurityError") throw error;
  }
}

// === Notes that have not left this device ===

// Only who visits groups has any: the rest of it is fetched where a key of a database stands (docs/offline.md).
{
  const told = document.getElementById("unsent-told");
  const come = () => import(told.dataset.script);

  function some() {
    try {
      return Boolean(told) && Object.keys(localStorage).some((key) => key.startsWith("samenspraak-unsent-"));
    } catch {
      return false;
    }
  }

  if (some()) come();
  document.addEventListener("samenspraak:unsent", come, { once: true });
  const asked = (event) => {
    if (!event.target.getAttribute("action")?.endsWith("/logout/") || !some()) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    come().then((notes) => notes.signOut(event.target), () => event.target.submit());
  };
  document.addEventListener("submit", asked, { capture: true });
}

// === In step with the group ===

// Keeps a page in step with the group: asks every two seconds whether its mark changed, then renews the live parts.
// What somebody is typing is never touched, and a lost connection leaves everything as it stands.
{
  const page = document.querySelector("[data-follow]");
  const AT_REST = 2000;
  const AT_MOST = 10000;
  let wait = AT_REST;
  let mark = page?.dataset.followMark;
  let etag = "";
  let next = 0;

  const typing = () =>
    [...document.querySelectorAll("form")].some((form) =>
      [...form.elements].some((field) => "defaultValue" in field && field.type !== "hidden" && field.value !== field.defaultValue),
    );

  function tell(which, shown) {
    document.querySelectorAll(`[${which}]`).forEach((element) => (element.hidden = !shown));
  }

  function keepFocus(change) {
    const held = document.activeElement?.id;
    change();
    if (held && document.activeElement?.id !== held) document.getElementById(held)?.focus({ preventScroll: true });
  }

  // Each live part gives way to its counterpart, unless somebody is at work in it.
  function renew(fresh) {
    const words = typing();
    for (const part of document.querySelectorAll("[data-live]")) {
      const other = fresh.querySelector(`[data-live="${part.dataset.live}"]`);
      if (words && part.querySelector("form")) continue;
      if (other && other.innerHTML !== part.innerHTML) keepFocus(() => part.replaceWith(document.importNode(other, true)));
      if (!other) part.hidden = true;
    }
    const said = fresh.querySelector("[data-live-said]")?.textContent.trim();
    const voice = document.querySelector("[data-follow-said]");
    if (voice && said && voice.textContent.trim() !== said) voice.textContent = said;
    document.dispatchEvent(new CustomEvent("samenspraak:renewed"));
  }

  function move(address) {
    if (!typing()) return location.assign(address);
    document.querySelectorAll("[data-follow-moved] a").forEach((link) => (link.href = address));
    tell("data-follow-moved", true);
  }

  // Who was signed out goes to the page again, which leads to sign in; unless something stands in a form.
  function leave() {
    const address = location.pathname + location.search;
    const ticked = [...document.querySelectorAll("form input:checked")].some((field) => !field.defaultChecked);
    if (!typing() && !ticked) return location.assign(address);
    document.querySelectorAll("[data-follow-out] a").forEach((link) => (link.href = address));
    tell("data-follow-out", true);
  }

  async function look() {
    const answer = await fetch(location.href, { headers: { Accept: "text/html" }, cache: "no-store" });
    if (!answer.ok) throw new Error(answer.statusText);
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
    const place = fresh.querySelector("[data-follow]");
    if (answer.redirected || !place || place.dataset.followPage !== page.dataset.followPage) return move(answer.url);
    mark = place.dataset.followMark;
    renew(fresh);
  }

  async function ask() {
    const answer = await fetch(page.dataset.follow, { headers: etag ? { "If-None-Match": etag } : {}, cache: "no-store" });
    if (answer.redirected) return leave();
    tell("data-follow-out", false);
    if (answer.status !== 304) {
      if (!answer.ok) throw new Error(answer.statusText);
      const news = await answer.json();
      if (news.mark !== mark) await look();
      mark = news.mark;
      etag = answer.headers.get("ETag") ?? "";
    }
  }

  async function follow() {
    clearTimeout(next);
    try {
      if (!document.hidden) await ask();
      wait = AT_REST;
      tell("data-follow-away", false);
    } catch {
      wait = Math.min(wait * 1.5, AT_MOST);
      tell("data-follow-away", true);
    }
    clearTimeout(next);
    next = setTimeout(follow, wait);
  }

  if (page) {
    next = setTimeout(follow, wait);
    addEventListener("online", () => (wait = AT_REST));
    // Who changed something from this page sees it at once.
    document.addEventListener("samenspraak:ask", follow);
  }
}

// === The big screen and its remote ===

// The big screen and its remote: steering without a reload, keys beside the buttons, a clock that counts, full screen.
// Without it every button sends its form, and the page comes back as it should be.
{
  const wall = document.querySelector(".board[data-follow]");
  const KEYS_OFF = "samenspraak-keys-off";
  const came = new WeakMap();

  const off = () => localStorage.getItem(KEYS_OFF) !== null;

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

  // The clock is counted from what the server said, since the clocks of screens differ

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

  // Keys and full screen are the wall's alone.
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
  if (document.querySelector("[data-follow]")) {
    dress();
    tick();
    setInterval(tick, 1000);
  }
}
