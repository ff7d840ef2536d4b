// The outbox of taps: kept in the phone's own database before anything is shown, sent in order until the server has
// said of each what became of it. A tap has its id from here, so sending it twice keeps it once.
(function () {
  "use strict";
  const NAME = "laluan-phone";
  const CHUNK = 20;
  const LIFE_MS = 36 * 3600 * 1000;
  const FIRST_WAIT_MS = 3000;
  const LONGEST_WAIT_MS = 30000;
  let opened = null;
  let wait_ms = FIRST_WAIT_MS;
  let timer = 0;
  let settings = null; // {url, who, changed}

  function database() {
    opened = opened || new Promise(function (resolve, reject) {
      const asked = window.indexedDB.open(NAME, 1);
      asked.onupgradeneeded = function () {
        asked.result.createObjectStore("taps", { keyPath: "number", autoIncrement: true });
      };
      asked.onsuccess = () => resolve(asked.result);
      asked.onerror = () => reject(asked.error);
    });
    return opened;
  }

  async function change(work) {
    const base = await database();
    return new Promise(function (resolve, reject) {
      const step = base.transaction("taps", "readwrite", { durability: "strict" });
      const result = work(step.objectStore("taps"));
      step.oncomplete = () => resolve(result && result.result);
      step.onerror = step.onabort = () => reject(step.error);
    });
  }

  async function all() {
    const base = await database();
    return new Promise(function (resolve, reject) {
      const asked = base.transaction("taps").objectStore("taps").getAll();
      asked.onsuccess = () => resolve(asked.result.filter((tap) => tap.who === settings.who));
      asked.onerror = () => reject(asked.error);
    });
  }

  // crypto.randomUUID is there on secure pages only; random bytes are there always.
  function newId() {
    const bytes = window.crypto.getRandomValues(new Uint8Array(16));
    return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  }

  async function add(tap) {
    const kept = Object.assign({ id: newId(), who: settings.who, at: new Date().toISOString(), state: "waiting" }, tap);
    kept.number = await change((taps) => taps.add(kept));
    settings.changed();
    flush();
    return kept;
  }

  // One page at a time sends, in the order of the taps; where the browser has no locks, ids still keep each tap once.
  function flush() {
    window.clearTimeout(timer);
    const send = window.navigator.locks
      ? window.navigator.locks.request("laluan-outbox", sendAll)
      : sendAll();
    return send.catch(() => later("waiting"));
  }

  function later(state) {
    settings.changed(state);
    window.clearTimeout(timer);
    timer = window.setTimeout(flush, wait_ms);
    wait_ms = Math.min(LONGEST_WAIT_MS, wait_ms * 2);
  }

  async function sendAll() {
    let chunk = CHUNK;
    for (;;) {
      const waiting = (await all()).filter((tap) => tap.state === "waiting").slice(0, chunk);
      if (!waiting.length) {
        await forget();
        settings.changed();
        return;
      }
      settings.changed("sending");
      const answer = await ask(waiting);
      if (answer.status === 403) {
        return later("shut");
      }
      if (answer.status === 400 && waiting.length === 1) {
        const told = await answer.json();
        await settle(waiting, [{ id: waiting[0].id, kept: false, sentence: told.error.sentences.join(" ") }]);
      } else if (answer.status === 400 || answer.status === 413) {
        chunk = 1; // one of them cannot be read: find out which
      } else if (answer.ok) {
        const answers = (await answer.json()).taps;
        if (!answers.some((one) => one.id === waiting[0].id)) {
          return later("waiting");
        }
        await settle(waiting, answers);
        wait_ms = FIRST_WAIT_MS;
      } else {
        return later("waiting");
      }
    }
  }

  function ask(taps) {
    const told = taps.map((tap) => ({ id: tap.id, visit: tap.visit || "", kind: tap.kind, at: tap.at, payload: tap.payload || "", publication: tap.publication || "", retracts: tap.retracts || null, place: tap.place || null }));
    return fetch(settings.url, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      credentials: "same-origin",
      body: JSON.stringify({ sent_at: new Date().toISOString(), taps: told }),
    });
  }

  async function settle(taps, answers) {
    const by_id = new Map(answers.map((answer) => [answer.id, answer]));
    await change(function (kept) {
      for (const tap of taps) {
        const answer = by_id.get(tap.id);
        if (answer) {
          kept.put(Object.assign({}, tap, { state: answer.kept ? "kept" : "refused", moved: Boolean(answer.moved), sentence: answer.sentence || "" }));
        }
      }
    });
    settings.changed();
  }

  // What was sent stays for a day, because a page opened without a signal does not know of it yet.
  async function forget() {
    const old = (await all()).filter((tap) => tap.state !== "waiting" && Date.now() - Date.parse(tap.at) > LIFE_MS);
    if (old.length) {
      await change((kept) => old.forEach((tap) => kept.delete(tap.number)));
    }
  }

  function start(given) {
    settings = given;
    window.addEventListener("online", function () { wait_ms = FIRST_WAIT_MS; flush(); });
    document.addEventListener("visibilitychange", function () { if (!document.hidden) { flush(); } });
    return flush();
  }

  // What time it is by the server's clock, as far as this phone was told: a clock set wrong shifts no visit.
  const CLOCK = "laluan-clock";
  const RIGHT_MS = 30000;
  let off_ms = 0;
  try {
    off_ms = Number(window.localStorage.getItem(CLOCK)) || 0;
  } catch {
    off_ms = 0; // a browser that keeps nothing asks again each time
  }

  function setClock(server_ms) {
    const off = server_ms - Date.now();
    off_ms = Math.abs(off) < RIGHT_MS ? 0 : off;
    try {
      window.localStorage.setItem(CLOCK, String(off_ms));
    } catch {
      return; // it holds for this page
    }
  }

  window.laluanClock = { now: () => Date.now() + off_ms, set: setClock };
  window.laluanOutbox = { start: start, add: add, all: all };
})();
