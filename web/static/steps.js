// Ctrl+Z takes the newest own step back, Ctrl+Shift+Z or Ctrl+Y makes it again; in a field they are the field's own.
(function () {
  "use strict";

  document.addEventListener("keydown", function (event) {
    if (!(event.ctrlKey || event.metaKey) || event.altKey || event.target.closest("input, textarea, select, [contenteditable]")) {
      return;
    }
    const key = event.key.toLowerCase();
    const name = key === "y" || (key === "z" && event.shiftKey) ? "redo" : key === "z" ? "undo" : "";
    const button = name && document.querySelector('[data-step="' + name + '"] button:not(:disabled)');
    if (button) {
      event.preventDefault();
      button.form.requestSubmit();
    }
  });
})();
