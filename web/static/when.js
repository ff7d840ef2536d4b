// The time slider: where everybody is at a moment, along her legs by the timetable. What lies behind her is drawn thin.
(function () {
  "use strict";

  const board = document.querySelector("[data-board]");
  const slider = document.getElementById("map-time");
  const says = board.querySelector("[data-time-says]");
  const off = board.querySelector("[data-time-off]");
  const map = window.map_board;
  const wholeDay = says.textContent;
  const drawn = window.L.layerGroup().addTo(map);
  let at = null;

  function clock(seconds) {
    return String(Math.floor(seconds / 3600) % 24).padStart(2, "0") + ":" + String(Math.floor(seconds / 60) % 60).padStart(2, "0");
  }

  function line(row) {
    let points = [];
    const layer = window["geo_json_board_" + row.dataset.row];
    if (layer && map.hasLayer(layer)) {
      layer.eachLayer(function (part) {
        if (part.feature.properties.kind === "route") {
          points = part.getLatLngs();
        }
      });
    }
    return points;
  }

  // What she does from when to when, in order, with the point of the line she leaves (`from`) and the one she is at after it.
  function steps(row) {
    const start = Number(board.querySelector("[data-timeline]").dataset.start);
    let point = 0;
    return Array.from(row.querySelectorAll(".seg"), function (part) {
      const begin = start + Number(part.style.getPropertyValue("--a"));
      const end = begin + Number(part.style.getPropertyValue("--n"));
      const kind = ["drive", "visit", "break"].find(function (name) { return part.classList.contains("seg-" + name); });
      const from = point;
      const arrives = kind === "visit" || part.classList.contains("seg-home");
      const to = kind === "drive" ? from + 1 : from;
      if (arrives) {
        point += 1;
      }
      return { part: part, kind: kind, begin: begin, end: end, from: kind === "visit" ? from + 1 : from, to: kind === "visit" ? from + 1 : to };
    });
  }

  function between(one, other, share) {
    return window.L.latLng(one.lat + (other.lat - one.lat) * share, one.lng + (other.lng - one.lng) * share);
  }

  // Where she is: the point, how many points of her line lie behind her, what she does, and the words for it.
  function whereabouts(row, points) {
    const found = steps(row);
    const last = found[found.length - 1];
    const now = found.find(function (step) { return step.begin <= at && at < step.end; });
    const before = found.filter(function (step) { return step.end <= at; }).pop();
    if (at < found[0].begin || at >= last.end) {
      const ended = at >= last.end;
      return { point: points[ended ? points.length - 1 : 0], passed: ended ? points.length : 1, doing: "off", words: "" };
    }
    if (now && now.kind === "drive") {
      const share = (at - now.begin) / (now.end - now.begin);
      return { point: between(points[now.from], points[now.to], share), passed: now.from + 1, doing: "drive", words: words(now) };
    }
    const there = now || before;
    return { point: points[there.to], passed: there.to + 1, doing: now ? now.kind : "wait", words: now ? words(now) : "" };
  }

  function words(step) {
    const parts = step.part.querySelectorAll(".visit-client, .visit-area, .unseen");
    return Array.from(parts, function (one) { return one.textContent; }).join(" · ");
  }

  function colourOf(row) {
    return Array.from(row.classList).find(function (name) { return name.startsWith("tc-"); });
  }

  function draw(row) {
    const points = line(row);
    if (points.length < 2 || !row.querySelector(".seg")) {
      return "";
    }
    const where = whereabouts(row, points);
    const ahead = [where.point, ...points.slice(where.passed)];
    if (ahead.length > 1) {
      window.L.polyline(ahead, { className: "route-ahead " + colourOf(row), interactive: false }).addTo(drawn);
    }
    const face = document.createElement("span");
    face.textContent = row.querySelector(".chip").textContent;
    const icon = window.L.divIcon({ className: "map-who map-who-" + where.doing + " " + colourOf(row), html: face, iconSize: [30, 30] });
    const tip = document.createElement("span");
    tip.textContent = [row.querySelector(".tl-therapist").textContent, where.words].filter(Boolean).join(" · ");
    window.L.marker(where.point, { icon: icon, keyboard: false, zIndexOffset: 2000, alt: tip.textContent }).bindTooltip(tip, { className: "map-tip" }).addTo(drawn);
    return where.doing;
  }

  function show() {
    drawn.clearLayers();
    map.getContainer().classList.toggle("timed", at !== null);
    off.hidden = at === null;
    if (at === null) {
      says.textContent = wholeDay;
      slider.removeAttribute("aria-valuetext");
      return;
    }
    const doing = Array.from(board.querySelectorAll(".tl-row"), draw);
    const counted = function (what) { return String(doing.filter(function (one) { return one === what; }).length); };
    says.textContent = clock(at) + " · " + says.dataset.template.replace("DRIVING", counted("drive")).replace("TREATING", counted("visit"));
    slider.setAttribute("aria-valuetext", says.textContent);
  }

  slider.addEventListener("input", function () {
    at = Number(slider.value);
    show();
  });
  off.addEventListener("click", function () {
    at = null;
    show();
    slider.focus();
  });
  document.addEventListener("laluan:routes", show);
  show();
})();
