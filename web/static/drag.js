// Dragging a visit, or a booking that is left out, over the timeline: a ghost says what would come of dropping it there.
// The words and the colour are the server's, by the same rules as everything else. The form on the card does the same.
(function () {
  "use strict";

  const board = document.querySelector("[data-board]");
  if (!board || !board.dataset.moveUrl) {
    return;
  }
  const MOVED_PX = 6;
  const STEP_S = 300;
  const SAID_MS = 6000;
  let drag = null;
  let dropped = false;

  function timeline() {
    return board.querySelector("[data-timeline]");
  }

  function clock(seconds) {
    const text = String(Math.floor(seconds / 3600) % 24).padStart(2, "0") + ":" + String(Math.floor(seconds / 60) % 60).padStart(2, "0");
    return seconds >= 108000 ? text + "+1" : text;
  }

  // Who serves each seat now, so that dragging one of a couple leaves the other where she is.
  function seats(booking, seat, therapist) {
    const found = board.querySelectorAll('.visit[data-visit^="' + CSS.escape(booking + "/") + '"]');
    const places = Array.from({ length: Math.max(1, found.length) }, function () { return therapist; });
    for (const other of found) {
      const at = Number(other.dataset.visit.slice(booking.length + 1));
      if (at !== seat) {
        places[at] = other.closest("[data-row]").dataset.therapist;
      }
    }
    return places;
  }

  function lengthOf(source) {
    const care = source.querySelector(".part-care");
    return care ? Number(care.style.getPropertyValue("--n")) : Number(source.dataset.minutes) * 60;
  }

  function from(source) {
    if (source.dataset.visit) {
      const cut = source.dataset.visit.lastIndexOf("/");
      return { booking: source.dataset.visit.slice(0, cut), seat: Number(source.dataset.visit.slice(cut + 1)) };
    }
    return { booking: source.dataset.booking, seat: 0 };
  }

  function begin() {
    const ghost = document.createElement("div");
    ghost.className = "ghost";
    ghost.setAttribute("aria-hidden", "true");
    const says = document.createElement("div");
    says.className = "ghost-says";
    says.setAttribute("role", "status");
    document.body.append(says);
    drag.ghost = ghost;
    drag.says = says;
    drag.source.classList.add("dragged");
    document.body.classList.add("dragging");
  }

  function end() {
    if (drag && drag.ghost) {
      drag.ghost.remove();
      drag.says.remove();
      drag.source.classList.remove("dragged");
      document.body.classList.remove("dragging");
    }
    drag = null;
  }

  // --- where the pointer is: whose row, and what time ---

  function place(event) {
    const under = document.elementFromPoint(event.clientX, event.clientY);
    const row = under && under.closest("[data-row]");
    if (!row || !board.contains(row)) {
      return null;
    }
    const track = row.querySelector(".tl-track");
    const box = track.getBoundingClientRect();
    const start = Number(timeline().dataset.start);
    const hour = parseFloat(getComputedStyle(timeline()).getPropertyValue("--hour"));
    const offset = ((event.clientX - box.left - drag.grabbed) / hour) * 3600;
    const at = Math.round((start + offset) / STEP_S) * STEP_S;
    return { row: row, track: track, at: at, offset: at - start };
  }

  function hover(event) {
    const where = place(event);
    drag.says.style.left = Math.min(event.clientX + 14, window.innerWidth - 320) + "px";
    drag.says.style.top = Math.min(event.clientY + 18, window.innerHeight - 160) + "px";
    if (!where) {
      drag.ghost.remove();
      drag.says.textContent = "";
      drag.key = "";
      drag.light = "";
      return;
    }
    where.track.append(drag.ghost);
    drag.ghost.style.setProperty("--a", String(where.offset));
    drag.ghost.style.setProperty("--n", String(drag.length));
    const key = where.row.dataset.therapist + " " + where.at;
    if (key !== drag.key) {
      drag.key = key;
      drag.where = where;
      drag.light = "";
      drag.ghost.dataset.light = "";
      ask();
    }
  }

  function asked(where) {
    const values = new URLSearchParams();
    seats(drag.booking, drag.seat, where.row.dataset.therapist).forEach(function (name, seat) {
      values.append("therapist-" + seat, name);
    });
    values.append("start", clock(where.at));
    return values;
  }

  // One question at a time: while it is on its way the pointer goes on, and what is asked next is where it is then.
  async function ask() {
    const mine = drag;
    if (mine.asking) {
      return;
    }
    mine.asking = true;
    while (drag === mine && mine.key && mine.light === "") {
      const key = mine.key;
      const verdict = await weighed(mine);
      if (drag === mine && mine.key === key) {
        show(mine, verdict);
      }
    }
    mine.asking = false;
    if (drag === mine && mine.released) {
      drop();
    }
  }

  // The server's words on dropping it there; a page without a verdict says why there is none.
  async function weighed(mine) {
    const url = board.dataset.moveUrl.replace("BOOKING", encodeURIComponent(mine.booking)) + "?" + asked(mine.where);
    try {
      const answer = await fetch(url);
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const verdict = answer.ok && page.querySelector("[data-light]");
      return { light: verdict ? verdict.dataset.light : "never", words: verdict || page.querySelector("main p, p") };
    } catch {
      return { light: "never", words: null }; // the line is down: nothing can be dropped, and the next hover asks again
    }
  }

  function show(mine, verdict) {
    mine.light = verdict.light;
    mine.ghost.dataset.light = verdict.light;
    mine.says.replaceChildren(verdict.words || "");
  }

  // --- dropping ---

  function field(name, value) {
    const input = document.createElement("input");
    input.type = "hidden";
    input.name = name;
    input.value = value;
    return input;
  }

  function send() {
    const form = document.createElement("form");
    form.method = "post";
    form.action = board.dataset.moveUrl.replace("BOOKING", encodeURIComponent(drag.booking));
    for (const [name, value] of asked(drag.where)) {
      form.append(field(name, value));
    }
    form.append(field("head_id", timeline().dataset.head), field("csrf_token", document.querySelector("input[name=csrf_token]").value));
    document.body.append(form);
    form.submit();
  }

  // A rule stands against it that may be set aside: the card's form takes the reason.
  function askForReason() {
    const values = asked(drag.where);
    const opened = new MutationObserver(function () {
      const details = document.querySelector("#details .move");
      if (details) {
        opened.disconnect();
        details.open = true;
        for (const [name, value] of values) {
          details.querySelector('[name="' + name + '"]').value = value;
        }
        details.querySelector("#move-fields").dispatchEvent(new Event("change", { bubbles: true }));
        details.querySelector("[name=reason]").focus();
      }
    });
    opened.observe(document.getElementById("details"), { childList: true, subtree: true });
    drag.source.click();
  }

  function tell(element) {
    const said = element.cloneNode(true);
    document.body.append(said);
    window.setTimeout(function () { said.remove(); }, SAID_MS);
  }

  function drop() {
    if (!drag.key) {
      end();
    } else if (drag.light === "") {
      drag.released = true; // the verdict is still on its way
    } else {
      if (drag.light === "never") {
        tell(drag.says);
      } else if (drag.light === "asks") {
        askForReason();
      } else {
        send();
      }
      end();
    }
  }

  board.addEventListener("pointerdown", function (event) {
    const source = event.target.closest(".visit, .left-open[data-booking]");
    if (!source || event.button !== 0 || event.pointerType === "touch") {
      return;
    }
    const care = source.querySelector(".part-care");
    const left = care ? care.getBoundingClientRect().left : event.clientX;
    end();
    drag = {
      ...from(source),
      source: source,
      x: event.clientX,
      y: event.clientY,
      grabbed: event.clientX - left,
      length: lengthOf(source),
      key: "",
      light: "",
    };
  });
  document.addEventListener("pointermove", function (event) {
    if (!drag || drag.released) {
      return;
    }
    if (!drag.ghost) {
      if (Math.hypot(event.clientX - drag.x, event.clientY - drag.y) < MOVED_PX) {
        return;
      }
      begin();
    }
    event.preventDefault();
    hover(event);
  });
  document.addEventListener("pointerup", function () {
    if (drag && drag.ghost) {
      dropped = true;
      window.setTimeout(function () { dropped = false; }, 0);
      drop();
    } else {
      drag = null;
    }
  });
  document.addEventListener("keydown", function (event) {
    if (event.key === "Escape") {
      end();
    }
  });
  // Letting go over a visit is no click on it.
  document.addEventListener("click", function (event) {
    if (dropped && event.isTrusted) {
      dropped = false;
      event.preventDefault();
      event.stopPropagation();
    }
  }, true);
  board.addEventListener("dragstart", function (event) {
    event.preventDefault();
  });
})();
