// Help, the PIN at a finish, and "are you well?": a queue of its own, kept on the phone and sent before any tap.
// Whatever PIN is typed, the phone does, shows and sends the same; only the server knows which it was.
(function () {
  "use strict";
  const button = document.querySelector("[data-sos]");
  if (!button) { return; }
  const NAME = "laluan-safety";
  const HOLD_MS = 2000;
  const FIRST_WAIT_MS = 2000;
  const LONGEST_WAIT_MS = 15000;
  const ASK_MS = 15000;
  const find = (name) => document.querySelector(name);
  const inMemory = new Map(); // what a browser that keeps nothing still sends while the page is open
  let opened = null;
  let wait_ms = FIRST_WAIT_MS;
  let timer = 0;
  let holding = 0;
  let asked = null; // the reminder that is shown

  // --- the queue ---

  function database() {
    opened = opened || new Promise(function (resolve, reject) {
      const request = window.indexedDB.open(NAME, 1);
      request.onupgradeneeded = () => request.result.createObjectStore("signals", { keyPath: "id" });
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => reject(request.error);
    });
    return opened;
  }

  async function change(work) {
    const base = await database();
    return new Promise(function (resolve, reject) {
      const step = base.transaction("signals", "readwrite", { durability: "strict" });
      const result = work(step.objectStore("signals"));
      step.oncomplete = () => resolve(result && result.result);
      step.onerror = step.onabort = () => reject(step.error);
    });
  }

  async function waiting() {
    const kept = await change((all) => all.getAll()).catch(() => []);
    const every = new Map([...kept, ...inMemory.values()].map((one) => [one.id, one]));
    const rank = (one) => (one.kind === "sos" ? 0 : 1);
    return Array.from(every.values()).filter((one) => one.url === button.dataset.url).sort((a, b) => rank(a) - rank(b) || a.at.localeCompare(b.at));
  }

  async function add(kind, visit, pin) {
    const bytes = window.crypto.getRandomValues(new Uint8Array(16));
    const id = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
    const signal = { id: id, url: button.dataset.url, kind: kind, visit: visit || "", pin: pin || "", at: new Date().toISOString() };
    inMemory.set(id, signal);
    await change((all) => all.put(signal)).then(() => inMemory.delete(id), () => undefined);
    wait_ms = FIRST_WAIT_MS;
    send();
    return id;
  }

  async function send() {
    window.clearTimeout(timer);
    const list = (await waiting()).slice(0, 20);
    if (!list.length) { return; }
    try {
      const told = list.map((one) => ({ id: one.id, kind: one.kind, visit: one.visit, pin: one.pin, at: one.at }));
      const answer = await fetch(button.dataset.url, {
        method: "POST",
        headers: { "Content-Type": "application/json" },
        credentials: "same-origin",
        body: JSON.stringify({ sent_at: new Date().toISOString(), signals: told }),
      });
      if (answer.ok) {
        const done = (await answer.json()).signals;
        done.forEach((id) => inMemory.delete(id));
        await change((all) => done.forEach((id) => all.delete(id))).catch(() => undefined);
        if (list.some((one) => one.kind === "sos")) { showSos("sent"); }
        wait_ms = FIRST_WAIT_MS;
        return send();
      }
      if (answer.status === 403) { showSos("broken", true); }
    } catch {
      // No signal: it is tried again below.
    }
    if (list.some((one) => one.kind === "sos")) { showSos("waiting", true); }
    timer = window.setTimeout(send, wait_ms);
    wait_ms = Math.min(LONGEST_WAIT_MS, wait_ms * 2);
  }

  // --- SOS ---

  function showSos(state, quiet) {
    const box = find("[data-sos-called]");
    if (quiet && box.hidden && state !== "waiting") { return; }
    box.hidden = false;
    box.querySelectorAll("[data-sos-state]").forEach((line) => { line.hidden = line.dataset.sosState !== state; });
    box.dataset.shown = state;
  }

  function press(event) {
    if (event.type === "keydown" && (event.repeat || (event.key !== "Enter" && event.key !== " "))) { return; }
    event.preventDefault();
    window.clearTimeout(holding);
    button.classList.add("is-held");
    holding = window.setTimeout(function () {
      holding = 0;
      button.classList.remove("is-held");
      find("[data-sos-hint]").hidden = true;
      if (window.navigator.vibrate) { window.navigator.vibrate(120); }
      showSos("waiting");
      add("sos", "", "");
    }, HOLD_MS);
  }

  function release() {
    button.classList.remove("is-held");
    if (holding) {
      window.clearTimeout(holding);
      holding = 0;
      const hint = find("[data-sos-hint]");
      hint.hidden = false;
      window.setTimeout(() => { hint.hidden = true; }, 4000);
    }
  }

  button.addEventListener("pointerdown", press);
  button.addEventListener("keydown", press);
  for (const name of ["pointerup", "pointerleave", "pointercancel", "keyup", "blur"]) { button.addEventListener(name, release); }
  button.addEventListener("contextmenu", (event) => event.preventDefault());
  find("[data-sos-hide]").addEventListener("click", () => { find("[data-sos-called]").hidden = true; });

  // --- the PIN ---

  function askPin() {
    const dialog = find("[data-pin-dialog]");
    const typed = find("[data-pin]");
    typed.value = "";
    return new Promise(function (resolve) {
      function close() {
        const pin = dialog.returnValue === "ok" ? typed.value : "";
        typed.value = "";
        resolve(pin);
      }
      dialog.returnValue = "";
      dialog.addEventListener("close", close, { once: true });
      find("[data-pin-back]").onclick = () => dialog.close("");
      dialog.showModal();
      typed.focus();
    });
  }

  // Asked by phone-steps.js before a finish is kept; false where she went back.
  async function finish(visit) {
    if (button.dataset.asksPin !== "yes") { return true; }
    const pin = await askPin();
    if (!pin) { return false; }
    await add("checked", visit, pin);
    return true;
  }

  // --- are you well? ---

  async function ask() {
    try {
      const answer = await fetch(button.dataset.reminders, { credentials: "same-origin" });
      if (answer.ok) { showReminder((await answer.json()).reminders[0] || null); }
    } catch {
      // No signal: what is shown stays.
    }
    window.setTimeout(ask, ASK_MS);
  }

  function showReminder(reminder) {
    asked = reminder;
    find("[data-remind]").hidden = !reminder;
    const words = find("[data-remind-words]");
    const text = reminder ? reminder.sentence : "";
    if (words.textContent !== text) { words.textContent = text; }
  }

  find("[data-well]").addEventListener("click", async function () {
    const one = asked;
    if (!one) { return; }
    const pin = one.asks_pin ? await askPin() : "";
    if (one.asks_pin && !pin) { return; }
    showReminder(null);
    await add("all_well", one.visit, pin);
  });

  window.addEventListener("online", function () { wait_ms = FIRST_WAIT_MS; send(); });
  window.laluanSafety = { finish: finish };
  send();
  ask();
})();
