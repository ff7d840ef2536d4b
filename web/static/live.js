// What colleagues do while the board is open: asked for every second, shown without losing the reader's place.
// A form being filled in and a drag under way are never thrown away; the board waits until they are done, or says so.
(function () {
  "use strict";

  const live = document.querySelector("[data-live]");
  const board = document.querySelector("[data-board]");
  if (!live || !board) {
    return;
  }
  const EVERY_MS = 1000;
  const SLOWEST_MS = 15000;
  const TOAST_MS = 12000;
  const MARK_MS = 9000;
  const LINES = 4;
  const now = document.getElementById("now");
  const bar = live.querySelector("[data-live-bar]");
  const barWords = live.querySelector("[data-live-words]");
  const place = window.laluanPlace;
  const toasts = live.querySelector("[data-toasts]");

  let etag = "";
  let newest = 0;
  let seen = shownNumber();
  let waiting = null; // news that a form or a drag keeps from being shown
  let loading = false;
  let failures = 0;
  let ended = false;
  let timer = 0;

  function shownNumber() {
    const mark = board.querySelector("[data-change-number]");
    return mark ? Number(mark.dataset.changeNumber) : 0;
  }

  function busy() {
    return document.body.classList.contains("dragging");
  }

  function headShown() {
    const timeline = board.querySelector("[data-timeline]");
    return timeline ? timeline.dataset.head : "";
  }

  function word(name, value) {
    return live.dataset[name].replace(/NAME|COUNT/, function () { return value; });
  }

  // --- asking ---

  async function ask() {
    window.clearTimeout(timer);
    if (document.hidden || ended) {
      return;
    }
    try {
      await pulse();
      failures = 0;
    } catch {
      failures += 1;
      if (failures === 3) {
        show([live.dataset.wordAway]);
      }
    }
    timer = window.setTimeout(ask, Math.min(SLOWEST_MS, EVERY_MS * 2 ** Math.min(failures, 4)));
  }

  async function pulse() {
    window.laluanPresent.sayHere();
    const answer = await fetch(live.dataset.pulseUrl, { headers: etag ? { "If-None-Match": etag } : {} });
    if (answer.status === 401 || answer.status === 403 || answer.redirected) {
      ended = true;
      show([live.dataset.wordSignedOut]);
      return;
    }
    if (answer.status !== 304) {
      if (!answer.ok) {
        throw new Error("no pulse");
      }
      const told = await answer.json();
      etag = answer.headers.get("ETag") || "";
      newest = told.number;
      window.laluanPresent.show(told.colleagues);
    }
    if (failures >= 3 && waiting) {
      show(lines(waiting));
    } else if (failures >= 3) {
      bar.hidden = true;
    }
    await followUp();
  }

  async function followUp() {
    if (loading || busy()) {
      return;
    }
    if (newest > Math.max(seen, waiting ? waiting.number : 0)) {
      await read();
    } else if (waiting && !place.isDirty()) {
      await load(waiting);
    }
  }

  async function read() {
    const from = seen;
    const query = new URLSearchParams({ since: String(from), head: headShown() });
    const answer = await fetch(live.dataset.newsUrl + "?" + query);
    if (!answer.ok) {
      throw new Error("no news");
    }
    const news = await answer.json();
    if (seen !== from || busy()) {
      return; // the board was drawn anew meanwhile, or a drag began
    }
    if (!news.concerns) {
      seen = news.number;
    } else if (place.isDirty()) {
      waiting = news;
      show(lines(news));
    } else {
      await load(news);
    }
  }

  // --- showing the newer board where the reader is ---

  async function load(news) {
    loading = true;
    const to = place.take();
    const card = place.card();
    try {
      await window.htmx.ajax("GET", live.dataset.nowUrl, { source: "#now", target: "#now", swap: "innerHTML" });
      if (card.url) {
        await window.htmx.ajax("GET", card.url, { source: "#details", target: "#details", swap: "innerHTML" });
        place.typeAgain(to);
      }
      seen = Math.max(seen, shownNumber());
      waiting = null;
      bar.hidden = true;
      place.goBack(to);
      mark(news.visits);
      if (!news.mine) {
        toast(lines(news));
      }
    } finally {
      loading = false;
    }
  }

  // --- saying what changed ---

  function lines(news) {
    const all = news.done.concat(news.changes);
    const rest = all.length - LINES;
    return rest > 0 ? all.slice(0, LINES).concat([word("wordMore", String(rest))]) : all;
  }

  function write(box, texts) {
    box.replaceChildren(...texts.map(function (text) {
      const line = document.createElement("p");
      line.textContent = text;
      return line;
    }));
  }

  function show(texts) {
    write(barWords, texts);
    bar.querySelector("[data-live-show]").hidden = waiting === null;
    bar.hidden = false;
  }

  function toast(texts) {
    const made = live.querySelector("template[data-toast]").content.firstElementChild.cloneNode(true);
    write(made.querySelector(".live-words"), texts);
    toasts.replaceChildren(made);
    let left = window.setTimeout(remove, TOAST_MS);
    function remove() {
      window.clearTimeout(left);
      made.remove();
    }
    made.querySelector("[data-toast-close]").addEventListener("click", remove);
    made.addEventListener("pointerenter", function () { window.clearTimeout(left); });
    made.addEventListener("pointerleave", function () { left = window.setTimeout(remove, TOAST_MS / 3); });
  }

  function mark(visits) {
    for (const name of visits) {
      const visit = place.find(now, '[data-visit="' + CSS.escape(name) + '"]');
      if (visit) {
        visit.classList.add("moved");
        window.setTimeout(function () { visit.classList.remove("moved"); }, MARK_MS);
      }
    }
  }

  bar.querySelector("[data-live-show]").addEventListener("click", function () {
    if (waiting && !loading) {
      load(waiting);
    }
  });

  // --- following what happens on the page ---

  document.addEventListener("htmx:after:swap", function () {
    seen = Math.max(seen, shownNumber());
  });

  document.addEventListener("visibilitychange", function () {
    if (!document.hidden) {
      ask();
    }
  });

  ask();
})();
