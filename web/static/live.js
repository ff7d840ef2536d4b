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
  const HERE_MS = 10000;
  const TOAST_MS = 9000;
  const MARK_MS = 6000;
  const LINES = 4;
  const now = document.getElementById("now");
  const details = document.getElementById("details");
  const bar = live.querySelector("[data-live-bar]");
  const barWords = live.querySelector("[data-live-words]");
  const toasts = live.querySelector("[data-toasts]");
  const watchNote = board.querySelector("[data-watch-note]");

  let etag = "";
  let newest = 0;
  let seen = shownNumber();
  let colleagues = [];
  let waiting = null; // news that a form or a drag keeps from being shown
  let loading = false;
  let failures = 0;
  let ended = false;
  let timer = 0;
  let card = { url: "", key: "" };
  let said = { key: null, at: 0 };

  function shownNumber() {
    const mark = board.querySelector("[data-change-number]");
    return mark ? Number(mark.dataset.changeNumber) : 0;
  }

  function headShown() {
    const timeline = board.querySelector("[data-timeline]");
    return timeline ? timeline.dataset.head : "";
  }

  function word(name, value) {
    return live.dataset[name].replace(/NAME|COUNT/, function () { return value; });
  }

  // --- what must not be thrown away ---

  function isChanged(control) {
    if (control.type === "hidden" || control.disabled) {
      return false;
    }
    if (control.type === "checkbox" || control.type === "radio") {
      return control.checked !== control.defaultChecked;
    }
    if (control.tagName === "SELECT") {
      const options = Array.from(control.options);
      const first = Math.max(0, options.findIndex(function (option) { return option.defaultSelected; }));
      return control.selectedIndex !== first;
    }
    return control.value !== control.defaultValue;
  }

  function filledIn(root) {
    return Array.from(root.querySelectorAll("input, select, textarea")).filter(function (control) {
      return isChanged(control) && !control.closest("[data-passing]");
    });
  }

  function busy() {
    return document.body.classList.contains("dragging");
  }

  function isDirty() {
    return filledIn(now).length + filledIn(details).length > 0 || now.querySelector("dialog[open]") !== null;
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
    sayHere();
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
      colleagues = told.colleagues;
      showColleagues();
    }
    if (failures >= 3) {
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
    } else if (waiting && !isDirty()) {
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
    } else if (isDirty()) {
      waiting = news;
      show(lines(news));
    } else {
      await load(news);
    }
  }

  // --- showing the newer board where the reader is ---

  function keyOf(element) {
    if (!element || element === document.body) {
      return "";
    }
    if (element.id) {
      return "#" + CSS.escape(element.id);
    }
    for (const name of ["data-visit", "data-booking", "hx-get"]) {
      if (element.hasAttribute(name)) {
        return "[" + name + '="' + CSS.escape(element.getAttribute(name)) + '"]';
      }
    }
    const form = element.closest("form[action]");
    const field = element.name ? '[name="' + CSS.escape(element.name) + '"]' : element.tagName.toLowerCase();
    return form ? 'form[action="' + CSS.escape(form.getAttribute("action")) + '"] ' + field : "";
  }

  function find(root, key) {
    try {
      return key ? root.querySelector(key) : null;
    } catch {
      return null;
    }
  }

  function place() {
    const timeline = board.querySelector("[data-timeline]");
    const seconds = document.getElementById("seconds");
    return {
      x: window.scrollX,
      y: window.scrollY,
      left: timeline.scrollLeft,
      top: timeline.scrollTop,
      card: details.scrollTop,
      focus: board.contains(document.activeElement) ? keyOf(document.activeElement) : "",
      open: Array.from(board.querySelectorAll("details[open]")).map(function (one) { return keyOf(one) || "." + one.className; }),
      chosen: keyOf(board.querySelector(".visit.chosen")),
      typed: filledIn(details).map(function (control) { return { name: control.name, value: control.value, checked: control.checked }; }),
      seconds: seconds ? seconds.value : "",
    };
  }

  function goBack(to) {
    const timeline = board.querySelector("[data-timeline]");
    for (const key of to.open) {
      const part = find(board, key);
      if (part) {
        part.open = true;
      }
    }
    const chosen = find(now, to.chosen);
    if (chosen) {
      chosen.classList.add("chosen");
    }
    const seconds = document.getElementById("seconds");
    if (seconds && to.seconds) {
      seconds.value = to.seconds;
    }
    timeline.scrollLeft = to.left;
    timeline.scrollTop = to.top;
    details.scrollTop = to.card;
    const focused = find(board, to.focus);
    if (focused && document.activeElement !== focused) {
      if (focused.classList.contains("visit")) {
        focused.tabIndex = 0;
      }
      focused.focus({ preventScroll: true });
    }
    window.scrollTo(to.x, to.y);
  }

  function typeAgain(to) {
    let last = null;
    for (const one of to.typed) {
      const control = details.querySelector('[name="' + CSS.escape(one.name) + '"]:not([type=hidden])');
      if (control) {
        control.value = one.value;
        control.checked = one.checked;
        last = control;
      }
    }
    if (last) {
      last.dispatchEvent(new Event("change", { bubbles: true }));
    }
  }

  async function load(news) {
    loading = true;
    const to = place();
    try {
      await window.htmx.ajax("GET", live.dataset.nowUrl, { source: "#now", target: "#now", swap: "innerHTML" });
      if (card.url && details.querySelector(".detail")) {
        await window.htmx.ajax("GET", card.url, { source: "#details", target: "#details", swap: "innerHTML" });
        typeAgain(to);
      }
      seen = Math.max(seen, shownNumber());
      waiting = null;
      bar.hidden = true;
      goBack(to);
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
      const visit = find(now, '[data-visit="' + CSS.escape(name) + '"]');
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

  // --- who else is here, and what they look at ---

  function showColleagues() {
    live.querySelector("[data-colleagues]").replaceChildren(...colleagues.map(function (one) {
      const item = document.createElement("li");
      const chip = document.createElement("span");
      const name = document.createElement("bdi");
      item.className = "colleague";
      item.title = word("wordHere", one.name);
      item.toggleAttribute("data-looks", Boolean(one.card));
      chip.className = "colleague-chip";
      chip.setAttribute("aria-hidden", "true");
      chip.textContent = one.initials;
      name.textContent = one.name;
      item.append(chip, name);
      return item;
    }));
    showWatched();
  }

  function showWatched() {
    for (const old of board.querySelectorAll(".watch-chip, .watch-words")) {
      old.remove();
    }
    for (const old of board.querySelectorAll(".watched")) {
      old.classList.remove("watched");
    }
    for (const one of colleagues) {
      const name = one.card && CSS.escape(one.card);
      const element = name && now.querySelector('[data-visit="' + name + '"], .left-open[data-booking="' + name + '"]');
      if (element) {
        const chip = document.createElement("span");
        const words = document.createElement("span");
        chip.className = "watch-chip";
        chip.setAttribute("aria-hidden", "true");
        chip.textContent = one.initials;
        words.className = "unseen watch-words";
        words.textContent = word("wordOpen", one.name);
        element.classList.add("watched");
        element.append(chip, words);
      }
    }
    const here = colleagues.filter(function (one) { return one.card && one.card === card.key && details.querySelector(".detail"); });
    const text = here.map(function (one) { return word("wordOpen", one.name); }).join(" · ");
    if (watchNote.textContent !== text) {
      watchNote.textContent = text;
    }
    watchNote.hidden = text === "";
  }

  function token() {
    const field = document.querySelector("input[name=csrf_token]");
    return field ? field.value : "";
  }

  // At most every ten seconds, unless another card was opened.
  function sayHere() {
    const key = details.querySelector(".detail") ? card.key : "";
    if (key === said.key && Date.now() - said.at < HERE_MS) {
      return;
    }
    said = { key: key, at: Date.now() };
    const body = new URLSearchParams({ card: key, csrf_token: token() });
    fetch(live.dataset.presenceUrl, { method: "POST", body: body }).catch(function () { said.at = 0; });
  }

  function sayGone() {
    said = { key: null, at: 0 };
    navigator.sendBeacon(live.dataset.presenceUrl, new URLSearchParams({ gone: "1", csrf_token: token() }));
  }

  // --- following what happens on the page ---

  // Which card is open is known from what was asked for it, whoever asked: a click, a key, another script.
  document.addEventListener("htmx:before:request", function (event) {
    const asked = event.detail.ctx;
    if (asked.target === details && asked.request.method === "GET") {
      const found = asked.request.action.match(/\/(?:visit\/(.+\/\d+)|booking\/([^/?]+))(?:\?|$)/);
      card = { url: asked.request.action, key: found ? decodeURIComponent(found[1] || found[2]) : "" };
    }
  });

  document.addEventListener("htmx:after:swap", function () {
    seen = Math.max(seen, shownNumber());
    showWatched();
    if (!document.hidden) {
      sayHere();
    }
  });

  document.addEventListener("visibilitychange", function () {
    if (document.hidden) {
      sayGone();
    } else {
      ask();
    }
  });
  window.addEventListener("pagehide", sayGone);

  ask();
})();
