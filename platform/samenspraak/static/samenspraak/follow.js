// Keeps a page in step with the group: asks every two seconds whether its mark changed, then renews the live parts.
// What somebody is typing is never touched, and a lost connection leaves everything as it stands.

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
