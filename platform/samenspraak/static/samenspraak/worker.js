// Answers for the network where it stays away: with a visit's page "in the field" that this device keeps, else with a
// page that says so. It keeps nothing itself but that page with its files (the server names them in SHELL, above, so
// that a new release is a new worker); a field page is kept by its own script.

const PATIENCE = 4000;
const OF_A_VISIT = /^\/s\/[^/]+\/visits\/\d+\//;
const HERE = self.location.origin;

const kept = (what) => caches.match(what, { ignoreSearch: true, ignoreVary: true });

let isSilent = false;

// A network that only half works makes nobody wait long: once for the page, no more for its files. A relay's own error
// is no answer of the school, nor is it one to a page of yesterday that its files have other names today.
async function answer(request) {
  const spare = await kept(request);
  if (!spare) return fetch(request).catch(() => instead(request));
  const isPage = request.mode === "navigate";
  const silence = new Promise((resolve) => setTimeout(resolve, isSilent && !isPage ? 0 : PATIENCE, null));
  const asked = fetch(request).then((fresh) => {
    isSilent = false;
    return fresh.ok || (isPage && fresh.status < 500) ? fresh : spare;
  }, () => spare);
  const first = await Promise.race([asked, silence]);
  isSilent ||= !first;
  return first ?? spare;
}

async function instead(request) {
  if (request.mode !== "navigate") return Response.error();
  const visit = OF_A_VISIT.exec(new URL(request.url).pathname);
  const field = visit && `${visit[0]}field/`;
  if (field && (await kept(field))) return Response.redirect(field);
  return (await kept("/offline/")) ?? Response.error();
}

// All of it or nothing; then it may take over at once, since it remembers nothing.
async function fill() {
  const files = SHELL.map((file) => new URL(file, HERE).href);
  const shell = await caches.open("samenspraak-shell");
  await shell.addAll(files.map((file) => new Request(file, { cache: "reload" })));
  for (const old of await shell.keys()) if (!files.includes(old.url)) await shell.delete(old);
  await skipWaiting();
}

addEventListener("install", (event) => event.waitUntil(fill()));
addEventListener("activate", (event) => event.waitUntil(clients.claim()));

addEventListener("fetch", (event) => {
  const { method, mode, url } = event.request;
  const { origin, pathname } = new URL(url);
  const ours = origin === HERE && (mode === "navigate" || pathname.startsWith("/static/"));
  if (ours && method === "GET") event.respondWith(answer(event.request));
});
