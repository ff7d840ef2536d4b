// The one big button: which step comes next is worked out from what the page was told and what waits in the outbox.
(function () {
  "use strict";
  const box = document.querySelector("[data-steps]");
  if (!box) { return; }
  const ORDER = ["acknowledged", "departed", "arrived", "started", "finished"];
  const UNDO_S = 10;
  const outbox = window.laluanOutbox;
  const find = (name) => box.querySelector(name);
  const visits = Array.from(box.querySelectorAll("[data-visit]"), read);
  const labels = new Map(Array.from(box.querySelectorAll("[data-label]"), (one) => [one.dataset.label, one.textContent]));
  let chosen = null; // the visit she went to with the arrows
  let undoing = null; // {tap, until}
  let busy = ""; // what was tapped a moment ago

  function read(item) {
    return {
      id: item.dataset.visit,
      name: item.dataset.name,
      over: item.dataset.over === "yes",
      ends: Number(item.dataset.endsAt),
      told: Array.from(item.querySelectorAll("[data-id]"), (one) => ({ id: one.dataset.id, kind: one.dataset.kind, payload: one.dataset.payload, at: one.dataset.at })),
    };
  }

  // The same folding as on the server: each tap once, those taken back for nothing, the furthest step stands.
  function stepOf(visit, taps) {
    const every = new Map(visit.told.map((one) => [one.id, one]));
    const back = new Set();
    for (const tap of taps) {
      if (tap.visit === visit.id && tap.state !== "refused") {
        every.set(tap.id, tap);
        if (tap.retracts) { back.add(tap.retracts); }
      }
    }
    const counted = Array.from(every.values()).filter((one) => !back.has(one.id));
    return Math.max(-1, ...counted.map((one) => ORDER.indexOf(one.kind)));
  }

  function current(taps) {
    const open = visits.map((visit) => ({ visit: visit, step: stepOf(visit, taps) })).filter((one) => one.step < ORDER.length - 1 && !(one.visit.over && one.step < 0));
    return open.find((one) => one.step > 0) || open.find((one) => one.visit.ends > window.laluanClock.now()) || null;
  }

  async function show(sync) {
    const taps = await outbox.all();
    showSync(sync, taps);
    showNotices(taps);
    if (!visits.length) { return; }
    const going = current(taps);
    const shown = chosen === null ? going : { visit: visits[chosen], step: stepOf(visits[chosen], taps) };
    find("[data-now]").hidden = false;
    const which = find("[data-which]");
    const main = find("[data-main]");
    const more = find("[data-more]");
    const done = !shown || shown.step >= ORDER.length - 1;
    which.textContent = shown ? shown.visit.name : labels.get("all_done");
    which.dataset.shown = shown ? shown.visit.id : "";
    main.hidden = done && !shown;
    main.disabled = done || busy !== "";
    main.textContent = shown ? labels.get(ORDER[Math.min(shown.step + 1, ORDER.length - 1)]) + (done ? " ✓" : "") : "";
    main.dataset.kind = done ? "" : ORDER[shown.step + 1];
    more.hidden = done;
    for (const sheet of box.querySelectorAll("[data-sheet]")) { if (done) { sheet.hidden = true; } }
    const at = shown ? visits.indexOf(shown.visit) : visits.length;
    find('[data-go="-1"]').disabled = at <= 0;
    find('[data-go="1"]').disabled = at >= visits.length - 1;
    markList(taps);
    showAfter(taps);
    showCard(going);
  }

  // The card on top is the visit she is at or goes to next, on a page opened hours later without a signal too.
  function showCard(going) {
    const next = document.querySelector("[data-next]");
    if (!next) { return; }
    next.hidden = !going;
    document.querySelector("[data-day-done]").hidden = Boolean(going);
    if (!going) { return; }
    next.querySelectorAll("[data-card]").forEach((card) => { card.hidden = card.dataset.card !== going.visit.id; });
    next.querySelector("h2").textContent = labels.get(going.step > 0 ? "under_way" : "next_visit");
  }

  // The list of the whole day follows the taps too, so that it is right before the server has heard of them.
  function markList(taps) {
    document.querySelectorAll("[data-stop]").forEach(function (item) {
      const visit = visits.find((one) => one.id === item.dataset.stop);
      if (visit) { item.classList.toggle("phone-done", visit.over || stepOf(visit, taps) === ORDER.length - 1); }
    });
  }

  // After the visit that was finished last: her notes, and whether the client comes again.
  function showAfter(taps) {
    const done = visits.filter((visit) => visit.over || stepOf(visit, taps) === ORDER.length - 1);
    const last = done.length ? done[done.length - 1].id : "";
    document.querySelectorAll("[data-after]").forEach((link) => { link.hidden = link.dataset.after !== last; });
  }

  function showSync(sync, taps) {
    const waiting = taps.filter((tap) => tap.state === "waiting").length;
    let state = sync || (waiting ? "waiting" : "kept");
    if (state === "waiting" && !waiting) { state = "kept"; }
    if (state === "kept" && !navigator.onLine) { state = "offline"; }
    const line = find("[data-sync]");
    const words = find(`[data-sync-labels] [data-state="${state}"]`).textContent;
    const text = waiting ? `${words} (${waiting})` : words;
    line.dataset.sync = state;
    line.dataset.waiting = waiting;
    const said = find("[data-sync-words]");
    if (said.textContent !== text) { said.textContent = text; }
  }

  function showNotices(taps) {
    const list = find("[data-notices]");
    const notices = taps.filter((tap) => tap.state === "refused" || tap.moved).slice(-3);
    const texts = notices.map((tap) => (tap.state === "refused" ? `${labels.get("refused") || ""}: ${tap.sentence}` : labels.get("moved") || ""));
    const lines = Array.from(new Set(texts.filter(Boolean)));
    list.replaceChildren(...lines.map(function (text) {
      const item = document.createElement("li");
      item.textContent = text;
      return item;
    }));
  }

  function showUndo() {
    const row = find("[data-undo]");
    const left = undoing ? Math.ceil((undoing.until - Date.now()) / 1000) : 0;
    if (left <= 0) {
      undoing = null;
      row.hidden = true;
      return;
    }
    row.hidden = false;
    find("[data-undo-left]").textContent = left;
    window.setTimeout(showUndo, 250);
  }

  async function tap(kind, payload) {
    const visit = find("[data-which]").dataset.shown;
    if (busy === kind || !visit || !kind) { return; }
    busy = kind; // a tap that trembles is one tap, and not one more on what stands there next
    try {
      if (kind === "finished" && window.laluanSafety && !(await window.laluanSafety.finish(visit))) { return; }
      const place = window.laluanPlace ? await window.laluanPlace.here() : null;
      const kept = await outbox.add({ visit: visit, kind: kind, payload: payload || "", place: place });
      undoing = { tap: kept, until: Date.now() + UNDO_S * 1000 };
      const time = new Date(kept.at).toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit" });
      find("[data-undo-words]").textContent = `${time} ${labels.get(kind)}`;
      chosen = null;
      showUndo();
      await show();
    } catch {
      showSync("broken", []);
    } finally {
      window.setTimeout(function () { busy = ""; show(); }, 400);
    }
  }

  async function undo() {
    if (!undoing) { return; }
    const back = undoing.tap;
    undoing = null;
    showUndo();
    await outbox.add({ visit: back.visit, kind: "retracted", retracts: back.id });
    await show();
  }

  function open(name) {
    for (const sheet of box.querySelectorAll("[data-sheet]")) {
      sheet.hidden = sheet.dataset.sheet !== name || !sheet.hidden;
      find(`[data-open="${sheet.dataset.sheet}"]`).setAttribute("aria-expanded", String(!sheet.hidden));
    }
  }

  box.addEventListener("click", function (event) {
    const button = event.target.closest("button");
    if (!button) { return; }
    if (button.dataset.open) { open(button.dataset.open); return; }
    if (button.dataset.go) {
      const at = visits.findIndex((one) => one.id === find("[data-which]").dataset.shown);
      chosen = Math.max(0, Math.min(visits.length - 1, (at < 0 ? visits.length : at) + Number(button.dataset.go)));
      show();
      return;
    }
    if (button.matches("[data-undo-button]")) { undo(); return; }
    if (button.dataset.kind) {
      tap(button.dataset.kind, button.dataset.payload);
      if (button.closest("[data-sheet]")) { open(""); }
    }
  });

  function keep() {
    if (!navigator.serviceWorker) { return; }
    navigator.serviceWorker.addEventListener("message", function (event) {
      if (event.data && event.data.kept) { document.documentElement.dataset.offline = "ready"; }
    });
    navigator.serviceWorker.register(box.dataset.worker).then(() => navigator.serviceWorker.ready).then(function (there) {
      const parts = document.querySelectorAll("link[rel=stylesheet], link[rel=icon], link[rel=manifest], script[src]");
      const files = Array.from(parts, (one) => one.href || one.src);
      const pages = Array.from(document.querySelectorAll("[data-keep] a"), (one) => one.href);
      there.active.postMessage({ keep: "page", page: window.location.href.split("#")[0], files: files, pages: pages });
    }).catch(() => undefined); // no worker: the page works while there is a signal
  }

  window.addEventListener("online", () => show());
  document.addEventListener("laluan-clock", () => show());
  window.addEventListener("offline", () => show());
  outbox.start({ url: box.dataset.url, who: box.dataset.who, changed: (state) => show(state).catch(() => showSync("broken", [])) });
  show().catch(() => showSync("broken", []));
  keep();
})();
