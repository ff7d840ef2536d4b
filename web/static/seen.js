// Says once that this device has shown the published day: when the page is really on the screen, not when it is fetched.
(function () {
  "use strict";

  const form = document.querySelector("[data-seen]");

  async function say() {
    if (document.hidden) {
      return;
    }
    document.removeEventListener("visibilitychange", say);
    try {
      const answer = await fetch(form.action, { method: "POST", body: new URLSearchParams(new FormData(form)), redirect: "manual" });
      form.hidden = answer.type === "opaqueredirect" || answer.ok;
    } catch {
      document.addEventListener("visibilitychange", say); // no signal: the button stays, and it is said again later
    }
  }

  if (form) {
    document.addEventListener("visibilitychange", say);
    say();
  }
})();
