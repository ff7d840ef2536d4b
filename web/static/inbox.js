// Shows the newest message of a chat, and keeps to it while new ones come, unless somebody reads further up.
"use strict";
(() => {
  const list = document.querySelector(".bubbles");
  if (!list) return;
  let follows = true;
  const down = () => { if (follows) list.scrollTop = list.scrollHeight; };
  list.addEventListener("scroll", () => { follows = list.scrollHeight - list.scrollTop - list.clientHeight < 40; });
  new MutationObserver(down).observe(list, { childList: true });
  down();

  // The draft's questions to the client become the message, to be looked over before it is sent.
  const draft = document.getElementById("draft");
  const use = document.getElementById("use-reply");
  const message = document.getElementById("text");
  if (!draft || !use || !message) return;
  const reply = () => draft.querySelector("textarea#message-reply");
  new MutationObserver(() => { use.hidden = !reply(); }).observe(draft, { childList: true, subtree: true });
  use.addEventListener("click", () => {
    message.value = reply().value;
    message.focus();
  });
})();
