// Who else has the day open, and whose card she reads; and saying that one is here oneself.
(function () {
  "use strict";

  const HERE_MS = 10000;
  const live = document.querySelector("[data-live]");
  const board = document.querySelector("[data-board]");
  const now = document.getElementById("now");
  const watchNote = board.querySelector("[data-watch-note]");
  const place = window.laluanPlace;
  let colleagues = [];
  let said = { key: null, at: 0 };

  function word(name, value) {
    return live.dataset[name].replace("NAME", function () { return value; });
  }

  function show(found) {
    colleagues = found;
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
    const here = colleagues.filter(function (one) { return one.card && one.card === place.card().key; });
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
    const key = place.card().key;
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

  document.addEventListener("htmx:after:swap", function () {
    showWatched();
    if (!document.hidden) {
      sayHere();
    }
  });
  document.addEventListener("visibilitychange", function () {
    if (document.hidden) {
      sayGone();
    }
  });
  window.addEventListener("pagehide", sayGone);

  window.laluanPresent = { sayHere: sayHere, show: show };
})();
