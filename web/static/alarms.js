// Open alarms on top of every page of the desk: asked for again and again, drawn anew only when something changed.
(function () {
  "use strict";
  const ASK_MS = 4000;
  document.addEventListener("DOMContentLoaded", function () {
    const box = document.querySelector("[data-alarms]");
    if (!box) { return; }
    let etag = "";

    async function ask() {
      try {
        const answer = await fetch(box.dataset.alarms, { headers: etag ? { "If-None-Match": etag } : {}, credentials: "same-origin", redirect: "error" });
        if (answer.ok) {
          etag = answer.headers.get("ETag") || "";
          box.innerHTML = await answer.text();
        }
      } catch {
        // No connection or signed out: the page itself says so; the next round asks again.
      }
      window.setTimeout(ask, ASK_MS);
    }

    ask();
  });
})();
