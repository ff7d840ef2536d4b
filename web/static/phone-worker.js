// Keeps the phone's pages readable without a signal: the day as it was last seen, and the files it is made of.
// Only GET requests are answered from what is kept; taps wait in the page's own outbox (phone-outbox.js).
"use strict";

const PAGES = "laluan-pages-1";
const FILES = "laluan-files-1";
const WORDS = "laluan-words-1";
const PATIENCE_MS = 6000; // a lift's signal that neither answers nor fails
const PAGE_LIFE_MS = 36 * 3600 * 1000; // yesterday's day is nobody's business any more

self.addEventListener("install", function (event) {
  event.waitUntil(self.skipWaiting());
});

self.addEventListener("activate", function (event) {
  event.waitUntil((async function () {
    const names = await caches.keys();
    await Promise.all(names.filter((name) => name.startsWith("laluan-") && name !== PAGES && name !== FILES && name !== WORDS).map((name) => caches.delete(name)));
    await self.clients.claim();
  })());
});

self.addEventListener("message", function (event) {
  if (event.data && event.data.keep === "words") {
    const told = new Response(JSON.stringify({ title: event.data.title, body: event.data.body, page: event.data.page }));
    event.waitUntil(caches.open(WORDS).then((words) => words.put("/p/words", told)));
  }
});

// A page that was loaded before this worker was there tells what it is made of.
self.addEventListener("message", function (event) {
  if (event.data && event.data.keep === "page") {
    event.waitUntil(keepAll(event.data.page, event.data.files || []).then(() => keepBeside(event.data.page, event.data.pages || [])));
  }
});

// A call without content: what to say was left here by the page, in her language.
self.addEventListener("push", function (event) {
  event.waitUntil((async function () {
    const kept = await (await caches.open(WORDS)).match("/p/words");
    const words = kept ? await kept.json() : { title: "Laluan", body: "", page: "/p/" };
    await self.registration.showNotification(words.title, { body: words.body, tag: "plan", renotify: true, data: { page: words.page } });
  })());
});

self.addEventListener("notificationclick", function (event) {
  event.notification.close();
  event.waitUntil((async function () {
    const page = event.notification.data && event.notification.data.page;
    const open = await self.clients.matchAll({ type: "window" });
    const there = open.find((client) => new URL(client.url).pathname.startsWith("/p/"));
    if (there) { return there.focus(); }
    return page ? self.clients.openWindow(page) : undefined;
  })());
});

async function keepAll(page, files) {
  const kept = await caches.open(FILES);
  await Promise.all(files.map(async function (file) {
    if (sameOrigin(file) && !(await kept.match(file))) {
      const answer = await fetch(file);
      if (answer.ok) { await kept.put(file, answer); }
    }
  }));
  const paths = new Set(files.map((file) => new URL(file).pathname));
  for (const old of await kept.keys()) {
    // A file whose content changed has another address; the old one is kept no longer.
    if (paths.has(new URL(old.url).pathname) && !files.includes(old.url)) { await kept.delete(old); }
  }
  const pages = await caches.open(PAGES);
  if (sameOrigin(page) && !(await pages.match(page))) {
    await keepPage(page, await fetch(page, { credentials: "same-origin" }));
  }
  for (const client of await self.clients.matchAll()) { client.postMessage({ kept: page }); }
}

// Tomorrow and the week are read in the lift too, whether or not she has looked at them with a signal.
async function keepBeside(page, others) {
  for (const other of others) {
    if (sameOrigin(other) && other !== page) {
      try {
        await keepPage(other, await fetch(other, { credentials: "same-origin" }));
      } catch {
        return; // no signal any more: what was kept before stays
      }
    }
  }
}

async function keepPage(address, answer) {
  const pages = await caches.open(PAGES);
  if (answer.ok && !answer.redirected) {
    await pages.put(address, answer);
  } else if (answer.status === 403 || answer.status === 404) {
    await forget(pages, address); // the link was revoked: nothing of any day stays on the phone
  }
  for (const request of await pages.keys()) {
    const old = await pages.match(request);
    if (old && !fresh(old)) { await pages.delete(request); }
  }
}

// A link's pages are /p/<token> and what lies below it.
async function forget(pages, address) {
  const link = new URL(address).pathname.split("/").slice(0, 3).join("/");
  for (const request of await pages.keys()) {
    const path = new URL(request.url).pathname;
    if (path === link || path.startsWith(`${link}/`)) { await pages.delete(request); }
  }
}

function fresh(answer) {
  const told = Date.parse(answer.headers.get("date") || "");
  return Number.isNaN(told) || Date.now() - told < PAGE_LIFE_MS;
}

function sameOrigin(address) {
  return new URL(address, self.location.href).origin === self.location.origin;
}

self.addEventListener("fetch", function (event) {
  const request = event.request;
  const address = new URL(request.url);
  if (request.method !== "GET" || address.origin !== self.location.origin) {
    return;
  }
  if (request.mode === "navigate" && address.pathname.startsWith("/p/")) {
    event.respondWith(page(event));
  } else if (address.pathname.startsWith("/static/") || address.pathname.endsWith(".webmanifest")) {
    event.respondWith(file(request));
  }
});

async function page(event) {
  const address = event.request.url.split("#")[0];
  const kept = await (await caches.open(PAGES)).match(address);
  const asked = fetch(event.request).then(function (answer) {
    event.waitUntil(keepPage(address, answer.clone()));
    return answer;
  });
  if (!kept || !fresh(kept)) {
    return asked;
  }
  asked.catch(() => undefined);
  const late = new Promise((resolve) => setTimeout(() => resolve(kept), PATIENCE_MS));
  return Promise.race([asked.then((answer) => (answer.status >= 500 ? kept : answer), () => kept), late]);
}

async function file(request) {
  const kept = await (await caches.open(FILES)).match(request);
  return kept || fetch(request);
}
