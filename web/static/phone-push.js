// Lets the phone be woken by a new version where the browser can; the call itself carries nothing.
(function () {
  "use strict";
  const box = document.querySelector("[data-push]");
  if (!box || !("PushManager" in window) || !("Notification" in window) || !navigator.serviceWorker) { return; }

  function key() {
    const plain = window.atob(box.dataset.key.replace(/-/g, "+").replace(/_/g, "/"));
    return Uint8Array.from(plain, (letter) => letter.charCodeAt(0));
  }

  async function tell(subscription) {
    const answer = await fetch(box.dataset.url, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      credentials: "same-origin",
      body: JSON.stringify({ endpoints: [subscription.endpoint] }),
    });
    return answer.ok;
  }

  async function begin() {
    const worker = await navigator.serviceWorker.ready;
    worker.active.postMessage({ keep: "words", title: box.dataset.title, body: box.dataset.body, page: window.location.pathname });
    const known = await worker.pushManager.getSubscription();
    // What the server forgot meanwhile is told again: each load says it once, and twice is harmless.
    const on = known && Notification.permission === "granted" && (await tell(known));
    box.hidden = Boolean(on) || Notification.permission === "denied";
    return worker;
  }

  box.querySelector("[data-push-on]").addEventListener("click", async function () {
    try {
      const worker = await navigator.serviceWorker.ready;
      const made = await worker.pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: key() });
      box.hidden = await tell(made);
    } catch {
      box.querySelector("[data-push-failed]").hidden = false;
    }
  });
  begin().catch(() => undefined); // no signal: asked again with the next load
})();
