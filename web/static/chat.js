// The page of a chat works without this file; it only spares clicks: a paste is read at once, and texts are copied.
(function () {
  "use strict";

  // While the chat is still being copied, the server loads what it needs; the first paste then waits no longer than others.
  const empty = document.querySelector("[data-chat-paste] textarea");
  if (empty && !empty.value.trim()) {
    fetch(empty.form.dataset.ready).catch(function () {}); // without it the first paste takes a little longer
  }

  document.addEventListener("paste", function (event) {
    const box = event.target;
    const form = box instanceof HTMLTextAreaElement ? box.closest("[data-chat-paste]") : null;
    if (form && !box.value.trim()) {
      setTimeout(function () { form.requestSubmit(); }, 0); // once the pasted text stands in the box
    }
  });

  function showCopying(root) {
    if (!navigator.clipboard) {
      return;
    }
    for (const button of root.querySelectorAll("[data-chat-copy]")) {
      button.hidden = false;
    }
  }
  showCopying(document);

  document.addEventListener("click", async function (event) {
    const button = event.target instanceof Element ? event.target.closest("[data-chat-copy]") : null;
    if (button) {
      await navigator.clipboard.writeText(document.getElementById(button.dataset.chatCopy).value);
      button.querySelector("span").textContent = button.dataset.copied;
    }
  });

  // What was held or confirmed takes the place of its draft: the keyboard goes along.
  for (const name of ["htmx:after:swap", "htmx:afterSwap"]) {
    document.addEventListener(name, function () {
      showCopying(document);
      const taken = document.querySelector("[data-chat-taken]:not([data-seen])");
      if (taken) {
        taken.dataset.seen = "";
        taken.focus({ preventScroll: false });
      }
    });
  }
})();
