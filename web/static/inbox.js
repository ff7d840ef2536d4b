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
})();
