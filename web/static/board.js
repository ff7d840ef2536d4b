// The day board: fits and scrolls the timeline, links it with the map, and draws the routes anew after planning.
// Without it the page still shows everything; buttons are forms, and visits can be tabbed through.
(function () {
  "use strict";

  const board = document.querySelector("[data-board]");
  const map = window.map_board;
  const ZOOM_KEY = "laluan-hour";
  const LEAST_HOUR_PX = 40;
  document.documentElement.classList.add("js");

  function timeline() {
    return board.querySelector("[data-timeline]");
  }

  // --- the width of an hour ---

  function stored() {
    try {
      return window.localStorage.getItem(ZOOM_KEY) || "fit";
    } catch {
      return "fit";
    }
  }

  // The hours between the first shift or item and the last, so that `fit` does not waste room on an empty night.
  function busyHours(box) {
    const start = Number(box.dataset.start);
    let first = Infinity;
    let last = 0;
    for (const part of box.querySelectorAll(".tl-shift, .seg")) {
      const from = Number(part.style.getPropertyValue("--a"));
      first = Math.min(first, from);
      last = Math.max(last, from + Number(part.style.getPropertyValue("--n")));
    }
    if (last === 0) {
      return { first: 0, hours: (Number(box.dataset.end) - start) / 3600 };
    }
    first = Math.floor(first / 3600) * 3600;
    return { first: first, hours: (last - first + 600) / 3600 };
  }

  function zoom(choice, keepScroll) {
    const box = timeline();
    const name = box.querySelector(".tl-corner").offsetWidth;
    const busy = busyHours(box);
    const fit = Math.max(LEAST_HOUR_PX, (box.clientWidth - name) / busy.hours);
    const hour = choice === "fit" ? fit : Number(choice);
    box.style.setProperty("--hour", hour + "px");
    box.classList.toggle("narrow", hour < 44);
    for (const button of board.querySelectorAll("[data-zoom].zoom-button")) {
      button.setAttribute("aria-pressed", String(button.dataset.zoom === choice));
    }
    if (!keepScroll) {
      box.scrollLeft = (busy.first / 3600) * hour;
    }
  }

  // --- the line of this moment moves on by itself ---

  let loadedAt = Date.now();

  function moveNow() {
    const box = timeline();
    const line = box.querySelector("[data-now-line]");
    if (line) {
      const passed = Math.floor((Date.now() - loadedAt) / 1000);
      line.style.setProperty("--a", String(Number(box.dataset.now) - Number(box.dataset.start) + passed));
    }
  }

  function layer(key) {
    return window["geo_json_board_" + key];
  }

  // --- choosing a visit, with the mouse, the keyboard or on the map ---

  function choose(visit) {
    for (const chosen of board.querySelectorAll(".visit.chosen")) {
      chosen.classList.remove("chosen");
    }
    visit.classList.add("chosen");
  }

  function visitsOf(row) {
    return row ? Array.from(row.querySelectorAll(".visit")) : [];
  }

  // One visit of each row is in the tab order; the arrow keys go on from there.
  function prepareKeys() {
    for (const row of board.querySelectorAll("[data-row]")) {
      visitsOf(row).forEach(function (visit, index) {
        visit.tabIndex = index === 0 ? 0 : -1;
      });
    }
  }

  function middle(visit) {
    const box = visit.getBoundingClientRect();
    return box.left + box.width / 2;
  }

  function beside(visit, key) {
    const row = visit.closest("[data-row]");
    const own = visitsOf(row);
    const at = own.indexOf(visit);
    if (key === "ArrowLeft" || key === "ArrowRight") {
      return own[at + (key === "ArrowLeft" ? -1 : 1)];
    }
    if (key === "Home" || key === "End") {
      return own[key === "Home" ? 0 : own.length - 1];
    }
    let other = row;
    do {
      other = key === "ArrowUp" ? other.previousElementSibling : other.nextElementSibling;
    } while (other && visitsOf(other).length === 0);
    return visitsOf(other).sort(function (one, two) {
      return Math.abs(middle(one) - middle(visit)) - Math.abs(middle(two) - middle(visit));
    })[0];
  }

  board.addEventListener("keydown", function (event) {
    const visit = event.target.closest(".visit");
    if (!visit || !["ArrowLeft", "ArrowRight", "ArrowUp", "ArrowDown", "Home", "End"].includes(event.key)) {
      return;
    }
    event.preventDefault();
    const next = beside(visit, event.key);
    if (next) {
      visitsOf(next.closest("[data-row]")).forEach(function (other) {
        other.tabIndex = other === next ? 0 : -1;
      });
      next.focus();
    }
  });

  board.addEventListener("click", function (event) {
    const visit = event.target.closest(".visit");
    if (visit) {
      choose(visit);
    }
    const button = event.target.closest(".zoom-button");
    if (button) {
      zoom(button.dataset.zoom, false);
      try {
        window.localStorage.setItem(ZOOM_KEY, button.dataset.zoom);
      } catch {
        return; // the width holds for this page only
      }
    }
  });

  document.addEventListener("laluan:stop", function (event) {
    const visit = board.querySelector('[data-visit="' + CSS.escape(event.detail) + '"]');
    if (visit) {
      visit.scrollIntoView({ block: "nearest", inline: "center" });
      visit.click();
    }
  });

  // --- the board after planning: new timeline from the server, new routes as GeoJSON ---

  function therapists() {
    return Array.from(board.querySelectorAll("[data-row]")).length;
  }

  async function drawRoutes() {
    const answer = await fetch(board.dataset.mapUrl, { headers: { Accept: "application/json" } });
    if (!answer.ok) {
      window.location.reload();
      return;
    }
    const routes = (await answer.json()).routes;
    const known = routes.map(function (route) { return route.therapist; }).join(" ");
    if (known !== board.dataset.therapists || therapists() !== routes.length) {
      window.location.reload(); // somebody's shift began or ended meanwhile: the rows are others now
      return;
    }
    for (const route of routes) {
      layer(route.key).clearLayers();
      layer(route.key).addData(route.features);
    }
    window.laluanMap.show(map, routes.map(function (route) { return layer(route.key); }));
    document.dispatchEvent(new CustomEvent("laluan:view")); // the new stops and routes are faded and shown as the old ones were
  }

  let scrolled = 0;
  document.addEventListener("htmx:before:swap", function () {
    scrolled = timeline().scrollLeft;
  });
  const details = document.getElementById("details");
  let card = null;
  document.addEventListener("htmx:after:swap", function () {
    // On a narrow screen the card opens far below the timeline.
    const opened = details.querySelector(".detail");
    if (opened && opened !== card) {
      details.scrollIntoView({ block: "nearest" });
    }
    card = opened;
    if (!timeline().dataset.ready) {
      prepare(true);
      timeline().scrollLeft = scrolled;
      drawRoutes();
    }
  });

  const picker = board.querySelector("[data-submit-on-change]");
  picker.addEventListener("change", function () {
    if (picker.value) {
      picker.form.requestSubmit();
    }
  });

  // A timeline that has just come from the server.
  function prepare(keepScroll) {
    timeline().dataset.ready = "yes";
    loadedAt = Date.now();
    zoom(stored(), keepScroll);
    prepareKeys();
    moveNow();
  }

  window.laluanMap.followZoom(map);
  prepare(false);
  window.setInterval(moveNow, 30000);
  window.addEventListener("resize", function () {
    zoom(stored(), stored() !== "fit");
  });
})();
