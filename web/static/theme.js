// Light or dark: the system's choice until somebody chooses with the button; then hers, on this device.
(function () {
  "use strict";
  const KEY = "laluan-theme";
  const root = document.documentElement;
  const dark = window.matchMedia("(prefers-color-scheme: dark)");

  function stored() {
    try {
      return window.localStorage.getItem(KEY);
    } catch {
      return null; // a browser that keeps nothing follows the system
    }
  }

  function apply(theme) {
    if (theme === "light" || theme === "dark") {
      root.dataset.theme = theme;
    } else {
      delete root.dataset.theme;
    }
  }

  apply(stored());

  document.addEventListener("click", function (event) {
    const button = event.target.closest("[data-theme-toggle]");
    if (!button) {
      return;
    }
    const now = root.dataset.theme || (dark.matches ? "dark" : "light");
    const then = now === "dark" ? "light" : "dark";
    apply(then);
    try {
      window.localStorage.setItem(KEY, then);
    } catch {
      return; // the choice holds for this page only
    }
  });
})();
