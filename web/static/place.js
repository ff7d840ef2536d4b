// Where the reader is on the board: what she typed, opened, chose and scrolled to; kept when a newer board is drawn.
(function () {
  "use strict";

  const board = document.querySelector("[data-board]");
  const now = document.getElementById("now");
  const details = document.getElementById("details");
  let card = { url: "", key: "" };

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

  function isDirty() {
    return filledIn(now).length + filledIn(details).length > 0 || now.querySelector("dialog[open]") !== null;
  }

  // --- where she is ---

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

  function take() {
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

  // Which card is open is known from what was asked for it, whoever asked: a click, a key, another script.
  document.addEventListener("htmx:before:request", function (event) {
    const asked = event.detail.ctx;
    if (asked.target === details && asked.request.method === "GET") {
      const found = asked.request.action.match(/\/(?:visit\/(.+\/\d+)|booking\/([^/?]+))(?:\?|$)/);
      card = { url: asked.request.action, key: found ? decodeURIComponent(found[1] || found[2]) : "" };
    }
  });

  window.laluanPlace = {
    card: function () { return details.querySelector(".detail") ? card : { url: "", key: "" }; },
    find: find,
    goBack: goBack,
    isDirty: isDirty,
    take: take,
    typeAgain: typeAgain,
  };
})();
