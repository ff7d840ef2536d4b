// What the dispatcher looks at: words searched, filters, whose routes the map shows. It stands in the address, so that it can be
// sent to a colleague, and outlives a reload after a move; named views are kept in this browser, for each account apart.
(function () {
  "use strict";

  const find = document.querySelector("[data-find]");
  const FIELDS = ["find", "only", "area", "routes"];
  const KEPT = "laluan-view " + window.location.pathname;
  const VIEWS = "laluan-views " + (find ? find.dataset.account : "");

  function read(storage, key) {
    try {
      return JSON.parse(storage.getItem(key) || "null");
    } catch {
      return null; // no storage here, or not ours
    }
  }

  function keep(storage, key, value) {
    try {
      storage.setItem(key, JSON.stringify(value));
    } catch {
      return; // it holds for this page only
    }
  }

  function begun() {
    const asked = new URLSearchParams(window.location.search);
    if (FIELDS.some(function (name) { return asked.has(name); })) {
      return Object.fromEntries(FIELDS.map(function (name) { return [name, asked.get(name)]; }));
    }
    return read(window.sessionStorage, KEPT) || {};
  }

  // `routes` is null for everybody's, else therapists' ids with blanks between them; the others are plain texts.
  const first = begun();
  const state = { find: first.find || "", only: first.only || "", area: first.area || "", routes: first.routes ?? null };

  function write() {
    const asked = new URLSearchParams(window.location.search);
    for (const name of FIELDS) {
      if (state[name] === null || (state[name] === "" && name !== "routes")) {
        asked.delete(name);
      } else {
        asked.set(name, state[name]);
      }
    }
    const text = asked.toString();
    window.history.replaceState(null, "", window.location.pathname + (text && "?" + text) + window.location.hash);
    keep(window.sessionStorage, KEPT, state);
  }

  function change(part) {
    Object.assign(state, part);
    write();
    document.dispatchEvent(new CustomEvent("laluan:view"));
  }

  window.laluanView = {
    state: state,
    change: change,
    saved: function () { return read(window.localStorage, VIEWS) || []; },
    keep: function (views) { keep(window.localStorage, VIEWS, views); },
  };
})();
