// Where there is no network: the visits of which this device keeps the page, with the way there.

const list = document.querySelector("ul[data-kept]");
const line = document.getElementById("kept").content.firstElementChild;

// What a kept page says of itself.
async function told(name) {
  const kept = await caches.open(name);
  const page = (await kept.keys()).find((request) => request.url.endsWith("/field/"));
  if (!page) return null;
  const text = await (await kept.match(page)).text();
  const data = new DOMParser().parseFromString(text, "text/html").getElementById("field-data");
  return { address: new URL(page.url).pathname, ...JSON.parse(data.textContent) };
}

const names = (await caches.keys()).filter((name) => /^samenspraak-\d+-\d+$/.test(name));
const visits = (await Promise.all(names.map(told))).filter(Boolean);
visits.sort((one, other) => Date.parse(other.starts) - Date.parse(one.starts));

for (const { address, group, starts } of visits) {
  const row = line.cloneNode(true);
  const link = row.querySelector("a");
  link.href = address;
  link.textContent = [group, new Date(starts).toLocaleDateString(document.documentElement.lang, { dateStyle: "long" })].join(", ");
  list.append(row);
}
list.hidden = !visits.length;
document.querySelector("[data-none]").hidden = visits.length > 0;
