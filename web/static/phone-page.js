// Her page between two loads: the countdown, OK to what changed, the remembered navigation, and news of another version.
(function () {
  "use strict";
  const NAVIGATION = "laluan-navigation";
  const NEWS_MS = 12000;
  const page = document.querySelector("[data-phone-page]");
  const outbox = window.laluanOutbox;
  const root = document.documentElement;
  let timer = 0;
  if (!window.laluanClock) { return; }

  // --- Waze or Google: the one she used last comes first ---
  function remembered() {
    try {
      return window.localStorage.getItem(NAVIGATION) || "";
    } catch {
      return ""; // a browser that keeps nothing shows both alike
    }
  }

  function showNavigation() {
    const choice = remembered();
    if (choice === "waze" || choice === "google") { root.dataset.navigation = choice; }
  }

  document.addEventListener("click", function (event) {
    const link = event.target.closest("[data-navigate]");
    if (!link) { return; }
    try {
      window.localStorage.setItem(NAVIGATION, link.dataset.navigate);
    } catch {
      return; // nothing is remembered, the link opens all the same
    }
    showNavigation();
  });
  showNavigation();

  // --- how long until she has to leave: by the phone's own clock, for the page may be hours old ---
  function count() {
    document.querySelectorAll("[data-leave-at]").forEach(function (line) {
      const left = Math.ceil((Number(line.dataset.leaveAt) - window.laluanClock.now()) / 60000);
      const words = left >= 0 ? line.dataset.in : line.dataset.over;
      const near = Math.abs(left) <= 180;
      line.querySelector("[data-left]").textContent = near ? words.replace("#", String(Math.abs(left))) : "";
      line.dataset.state = left < 0 ? "over" : left <= 10 ? "soon" : "";
    });
  }
  count();
  window.setInterval(count, 5000);

  if (!page || !outbox) { return; }

  // --- OK to what changed: kept on the phone first, sent like every tap ---
  async function hideConfirmed() {
    const taps = await outbox.all();
    const confirmed = new Set(taps.filter((tap) => tap.publication && tap.state !== "refused").map((tap) => tap.publication));
    page.querySelectorAll("[data-notice]").forEach(function (notice) { notice.hidden = confirmed.has(notice.dataset.notice); });
  }

  page.addEventListener("click", async function (event) {
    const button = event.target.closest("[data-ok]");
    if (!button || button.disabled) { return; }
    button.disabled = true;
    try {
      await outbox.add({ kind: "plan_ok", publication: button.dataset.ok });
      await hideConfirmed();
    } catch {
      button.disabled = false; // nothing was kept: she can tap again
    }
  });
  hideConfirmed().catch(() => undefined);

  // --- another version: the page loads again, but never under her thumb ---
  let pressed = false; // a thumb that holds SOS, or any button
  for (const [event, down] of [["pointerdown", true], ["pointerup", false], ["pointercancel", false]]) {
    document.addEventListener(event, function () { pressed = down; }, { capture: true, passive: true });
  }

  function busy() {
    const undo = document.querySelector("[data-undo]");
    const sheet = document.querySelector("[data-sheet]:not([hidden])");
    const open = document.querySelector("dialog[open], [popover]:popover-open, [data-sos-called]:not([hidden])");
    return Boolean(pressed || sheet || open || (undo && !undo.hidden));
  }

  async function look() {
    window.clearTimeout(timer);
    if (!document.hidden && navigator.onLine) {
      try {
        const answer = await fetch(page.dataset.news, { credentials: "same-origin" });
        const news = answer.ok ? await answer.json() : null;
        if (news) {
          window.laluanClock.set(news.now);
          count();
          document.dispatchEvent(new Event("laluan-clock"));
          root.dataset.clock = "set";
        }
        if ((answer.status === 403 || (news && news.mark !== page.dataset.mark)) && !busy()) {
          window.location.reload();
          return;
        }
      } catch {
        // no signal: the next look comes anyway
      }
    }
    timer = window.setTimeout(look, NEWS_MS);
  }

  document.addEventListener("visibilitychange", function () { if (!document.hidden) { look(); } });
  window.addEventListener("online", look);
  look();
})();
