// Search and filters of the board: what does not fit fades, and stays where it is. `/` goes to the search, Escape clears it.
// Telephone numbers are not in the page: three digits or more are looked up by the server.
(function () {
  "use strict";

  const find = document.querySelector("[data-find]");
  if (!find) {
    return;
  }
  const board = document.querySelector("[data-board]");
  const now = document.getElementById("now");
  const input = document.getElementById("find");
  const area = document.getElementById("find-area");
  const count = find.querySelector(".find-count");
  const clear = find.querySelector("[data-find-clear]");
  const view = window.laluanView;
  const texts = new WeakMap();
  let faded = false;
  let phones = { digits: "", bookings: new Set() };

  function plain(text) {
    return text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
  }

  function textOf(element, parts) {
    if (!texts.has(element)) {
      texts.set(element, plain(parts().join(" ")));
    }
    return texts.get(element);
  }

  function visitText(visit) {
    return textOf(visit, function () {
      const row = visit.closest("[data-row]").querySelector(".tl-therapist").textContent;
      const own = Array.from(visit.querySelectorAll(".visit-area, .visit-client, .unseen"));
      return [row, ...own.map(function (part) { return part.textContent; })];
    });
  }

  function digits() {
    const text = view.state.find;
    return /^[\d\s+()-]+$/.test(text) ? text.replace(/\D/g, "") : "";
  }

  function says(text, booking) {
    if (digits().length >= 3 && phones.digits === digits() && phones.bookings.has(booking)) {
      return true;
    }
    return plain(view.state.find).split(/\s+/).every(function (word) { return text.includes(word); });
  }

  function bookingOf(visit) {
    return visit.dataset.visit.slice(0, visit.dataset.visit.lastIndexOf("/"));
  }

  function visitFits(visit) {
    const only = view.state.only.split(" ");
    const part = visit.closest(".seg-visit");
    const risky = part.querySelector(".risk-chip");
    return (!only.includes("late") || part.classList.contains("seg-late")) &&
      (!only.includes("risk") || Boolean(risky)) &&
      (!only.includes("unlocked") || !part.classList.contains("seg-locked")) &&
      (!view.state.area || visit.querySelector(".visit-area").textContent === view.state.area) &&
      (!view.state.find || says(visitText(visit), bookingOf(visit)));
  }

  function leftFits(item) {
    const open = item.querySelector(".left-open");
    const booking = open.getAttribute("hx-get").split("/").pop();
    const place = open.querySelector(".left-when").textContent;
    return !view.state.only &&
      (!view.state.area || place.trim().endsWith("· " + view.state.area)) &&
      (!view.state.find || says(textOf(item, function () { return [open.textContent]; }), booking));
  }

  function isOn() {
    return Boolean(view.state.find || view.state.only || view.state.area);
  }

  function apply() {
    const on = isOn();
    if (!on && !faded) {
      return; // nothing was faded, nothing is to be: a busy day is not gone through for it
    }
    faded = on;
    const stops = new Map(Array.from(document.querySelectorAll("[data-stop]"), function (stop) { return [stop.dataset.stop, stop]; }));
    board.classList.toggle("finding", on);
    clear.hidden = !on;
    let found = 0;
    let all = 0;
    for (const visit of board.querySelectorAll(".visit")) {
      const fits = !on || visitFits(visit);
      all += 1;
      found += fits;
      visit.closest(".seg-visit").classList.toggle("dim", !fits);
      const stop = stops.get(visit.dataset.visit);
      if (stop) {
        stop.classList.toggle("dim", !fits);
      }
    }
    for (const item of board.querySelectorAll(".left-item:has(.left-open)")) {
      const fits = !on || leftFits(item);
      all += 1;
      found += fits;
      item.classList.toggle("dim", !fits);
    }
    count.textContent = on ? find.dataset.count.replace("FOUND", found).replace("ALL", all) : "";
  }

  async function lookUp() {
    const asked = digits();
    if (asked.length >= 3 && phones.digits !== asked) {
      const answer = await fetch(find.dataset.phonesUrl + "?digits=" + asked, { headers: { Accept: "application/json" } });
      if (answer.ok && asked === digits()) {
        phones = { digits: asked, bookings: new Set((await answer.json()).bookings) };
        apply();
      }
    }
  }

  // The controls show the state, wherever it came from.
  function show() {
    if (input.value.trim() !== view.state.find) {
      input.value = view.state.find;
    }
    const only = view.state.only.split(" ");
    for (const chip of find.querySelectorAll("[data-only]")) {
      chip.setAttribute("aria-pressed", String(only.includes(chip.dataset.only)));
    }
    area.value = view.state.area;
    apply();
    lookUp();
  }

  function areas() {
    const names = new Set(Array.from(board.querySelectorAll(".visit-area"), function (one) { return one.textContent; }));
    names.delete("");
    if (view.state.area) {
      names.add(view.state.area);
    }
    const options = Array.from(names).sort().map(function (name) { return new Option(name, name); });
    area.replaceChildren(area.options[0], ...options);
  }

  function firstHit() {
    return board.querySelector(".seg-visit:not(.dim) .visit, .left-item:not(.dim) .left-open");
  }

  input.addEventListener("input", function () {
    view.change({ find: input.value.trim() });
  });
  input.addEventListener("keydown", function (event) {
    if (event.key === "Escape") {
      event.preventDefault();
      input.value = "";
      view.change({ find: "" });
    } else if (event.key === "Enter" && view.state.find && firstHit()) {
      event.preventDefault();
      firstHit().scrollIntoView({ block: "center", inline: "center" });
      firstHit().focus({ preventScroll: true });
    }
  });
  find.addEventListener("click", function (event) {
    const chip = event.target.closest("[data-only]");
    if (chip) {
      const only = new Set(view.state.only.split(" ").filter(Boolean));
      only[only.has(chip.dataset.only) ? "delete" : "add"](chip.dataset.only);
      view.change({ only: Array.from(only).join(" ") });
    }
    if (event.target.closest("[data-find-clear]")) {
      view.change({ find: "", only: "", area: "" });
      input.focus();
    }
  });
  area.addEventListener("change", function () {
    view.change({ area: area.value });
  });
  document.addEventListener("keydown", function (event) {
    const typing = event.target.closest("input, textarea, select, [contenteditable]");
    if (event.key === "/" && !typing && !event.ctrlKey && !event.metaKey && !event.altKey) {
      event.preventDefault();
      input.focus();
      input.select();
    }
  });
  document.addEventListener("laluan:view", show);
  document.addEventListener("laluan:routes", apply);
  new MutationObserver(function () {
    areas();
    show();
  }).observe(now, { childList: true });
  areas();
  show();
})();
