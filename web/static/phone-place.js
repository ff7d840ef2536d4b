// Where she is goes along with a tap if she turned that on; never at any other moment, and no tap waits long for it.
(function () {
  "use strict";
  const KEY = "laluan-place";
  const LONGEST_MS = 2500;
  const box = document.querySelector("[data-place]");
  const can = "geolocation" in navigator;

  function isOn() {
    try { return can && window.localStorage.getItem(KEY) === "on"; } catch { return false; }
  }

  function ask(wait_ms) {
    return new Promise(function (done, failed) {
      navigator.geolocation.getCurrentPosition(done, failed, { enableHighAccuracy: false, maximumAge: 30000, timeout: wait_ms });
    });
  }

  // What the phone says within a moment, or nothing: a lift has no satellites, and the tap counts all the same.
  async function here() {
    if (!isOn()) { return null; }
    const late = new Promise((done) => window.setTimeout(done, LONGEST_MS, null));
    const found = await Promise.race([ask(LONGEST_MS).catch(() => null), late]);
    return found && { lat: found.coords.latitude, lon: found.coords.longitude, accuracy_m: Math.round(found.coords.accuracy) };
  }

  window.laluanPlace = { here: here };
  if (!box || !can) { return; }
  const button = box.querySelector("[data-place-switch]");

  function show(refused) {
    button.setAttribute("aria-checked", String(isOn()));
    box.querySelector("[data-place-refused]").hidden = !refused;
  }

  button.addEventListener("click", async function () {
    let refused = false;
    if (isOn()) {
      window.localStorage.removeItem(KEY);
    } else {
      try {
        await ask(20000); // the browser asks her
        window.localStorage.setItem(KEY, "on");
      } catch {
        refused = true;
      }
    }
    show(refused);
  });
  box.hidden = false;
  show(false);
})();
