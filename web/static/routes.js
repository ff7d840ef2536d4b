// Whose routes the map shows: ticked in the list beside the map, or by clicking the letters in front of a row.
(function () {
  "use strict";

  const board = document.querySelector("[data-board]");
  const tools = board.querySelector("[data-map-tools]");
  const map = window.map_board;
  const view = window.laluanView;
  const menu = tools.querySelector(".map-filter");

  // One line for each row of the timeline; made here, because the page holds all of it already.
  function line(row, label) {
    const item = document.createElement("li");
    item.className = Array.from(row.classList).find(function (name) { return name.startsWith("tc-"); }) || "";
    const who = document.createElement("label");
    who.className = "map-filter-who";
    const box = document.createElement("input");
    box.type = "checkbox";
    box.value = row.dataset.therapist;
    const name = document.createElement("bdi");
    name.textContent = row.querySelector(".tl-therapist").textContent;
    who.append(box, row.querySelector(".chip").cloneNode(true), name);
    const only = document.createElement("button");
    only.type = "button";
    only.className = "button button-small button-quiet";
    only.dataset.showOnly = row.dataset.therapist;
    only.textContent = label;
    only.setAttribute("aria-label", label + " " + name.textContent);
    item.append(who, only);
    return item;
  }

  function list() {
    const place = tools.querySelector("[data-routes]");
    place.replaceChildren(...Array.from(board.querySelectorAll(".tl-row"), function (row) { return line(row, place.dataset.only); }));
  }

  function everybody() {
    return Array.from(board.querySelectorAll(".tl-row"), function (row) { return row.dataset.therapist; });
  }

  function shown() {
    return view.state.routes === null ? everybody() : view.state.routes.split(" ").filter(Boolean);
  }

  function show(names) {
    const all = everybody();
    const wanted = all.filter(function (name) { return names.includes(name); });
    view.change({ routes: wanted.length === all.length ? null : wanted.join(" ") });
  }

  function toggleOnly(name) {
    const now = shown();
    show(now.length === 1 && now[0] === name ? everybody() : [name]);
  }

  function apply() {
    const names = new Set(shown());
    for (const row of board.querySelectorAll(".tl-row")) {
      const on = names.has(row.dataset.therapist);
      const layer = window["geo_json_board_" + row.dataset.row];
      row.classList.toggle("unshown", !on);
      if (layer && map.hasLayer(layer) !== on) {
        map[on ? "addLayer" : "removeLayer"](layer);
      }
    }
    for (const box of tools.querySelectorAll("input[type=checkbox]")) {
      box.checked = names.has(box.value);
    }
    const all = everybody().length;
    tools.querySelector("[data-shown-count]").textContent = names.size === all ? String(all) : names.size + "/" + all;
    document.dispatchEvent(new CustomEvent("laluan:routes"));
  }

  tools.addEventListener("change", function (event) {
    if (event.target.matches("input[type=checkbox]")) {
      const ticked = Array.from(tools.querySelectorAll("input[type=checkbox]:checked"), function (box) { return box.value; });
      show(ticked);
    }
  });
  tools.addEventListener("click", function (event) {
    const button = event.target.closest("[data-show], [data-show-only]");
    if (button) {
      const all = button.dataset.show === "all" ? everybody() : [];
      show(button.dataset.showOnly ? [button.dataset.showOnly] : all);
    }
  });
  menu.addEventListener("keydown", function (event) {
    if (event.key === "Escape") {
      menu.open = false;
      menu.querySelector("summary").focus();
    }
  });
  document.addEventListener("click", function (event) {
    const chip = event.target.closest(".tl-name .chip");
    if (chip) {
      toggleOnly(chip.closest("[data-row]").dataset.therapist);
    }
    for (const open of board.querySelectorAll(".map-filter[open], .views[open]")) {
      if (!open.contains(event.target)) {
        open.open = false;
      }
    }
  });
  document.addEventListener("laluan:view", apply);
  new MutationObserver(function () {
    const held = document.activeElement;
    if (!menu.contains(held)) {
      list(); // not under the hands of whoever is choosing
    }
    apply();
  }).observe(document.getElementById("now"), { childList: true });
  list();
  apply();
})();
