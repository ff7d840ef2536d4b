// A visit and its stop, a row and its route belong together: pointing at one, or going to it with the keyboard, lifts the other.
(function () {
  "use strict";

  const board = document.querySelector("[data-board]");
  const map = board.querySelector(".folium-map");
  let lifted = [];

  function inMap(attribute, value) {
    return Array.from(map.querySelectorAll("[" + attribute + '="' + CSS.escape(value) + '"]'));
  }

  function rowOf(key) {
    return board.querySelector('.tl-row[data-row="' + CSS.escape(key) + '"]');
  }

  function lift(elements) {
    for (const element of lifted) {
      element.classList.remove("lifted", "linked");
    }
    lifted = elements.filter(Boolean);
    for (const element of lifted) {
      element.classList.add("lifted");
    }
    map.classList.toggle("linking", lifted.some(function (one) { return map.contains(one); }));
  }

  function liftRow(key) {
    lift([rowOf(key), ...inMap("data-route", key)]);
  }

  function liftVisit(visit) {
    const row = visit.closest("[data-row]");
    const route = inMap("data-route", row.dataset.row).filter(function (one) { return one.matches("path"); });
    const stop = inMap("data-stop", visit.dataset.visit);
    lift([row, visit, ...route, ...stop]);
    visit.classList.add("linked");
  }

  // What is read out is shown as a title as well, made when it is asked for: four hundred of them would double the page.
  function explain(part) {
    if (!part.title) {
      const visit = part.querySelector(".visit");
      const place = visit ? Array.from(visit.querySelectorAll(".visit-client, .visit-area"), function (one) { return one.textContent; }) : [];
      part.title = [part.querySelector(".unseen").textContent, ...place].join(" · ");
    }
  }

  function pointed(target) {
    const part = target.closest(".seg");
    if (part && part.querySelector(".unseen")) {
      explain(part);
    }
    const visit = target.closest(".visit");
    const name = target.closest(".tl-name");
    if (visit) {
      liftVisit(visit);
    } else if (name) {
      liftRow(name.closest("[data-row]").dataset.row);
    } else {
      lift([]);
    }
  }

  const timelines = document.getElementById("now");
  timelines.addEventListener("pointerover", function (event) { pointed(event.target); });
  timelines.addEventListener("pointerleave", function () { lift([]); });
  timelines.addEventListener("focusin", function (event) { pointed(event.target); });
  timelines.addEventListener("focusout", function () { lift([]); });

  // From the map: `laluan:hover` names a stop or a route, or neither when the pointer has left.
  document.addEventListener("laluan:hover", function (event) {
    const stop = event.detail.stop;
    const visit = stop && board.querySelector('[data-visit="' + CSS.escape(stop) + '"]');
    if (visit) {
      liftVisit(visit);
      reveal(visit);
    } else if (event.detail.route) {
      liftRow(event.detail.route);
    } else {
      lift([]);
    }
  });

  // Bring the row into the timeline's own frame, without moving the page.
  function reveal(visit) {
    const box = board.querySelector("[data-timeline]");
    const frame = box.getBoundingClientRect();
    const place = visit.getBoundingClientRect();
    const head = box.querySelector(".tl-head").offsetHeight;
    const name = box.querySelector(".tl-corner").offsetWidth;
    if (place.top < frame.top + head) {
      box.scrollTop -= frame.top + head - place.top + 8;
    } else if (place.bottom > frame.bottom) {
      box.scrollTop += place.bottom - frame.bottom + 8;
    }
    if (place.left < frame.left + name) {
      box.scrollLeft -= frame.left + name - place.left + 8;
    } else if (place.right > frame.right) {
      box.scrollLeft += place.right - frame.right + 8;
    }
  }
})();
