// The list of what is wrong: choosing an entry goes to the visit, the booking or the therapist's row it is about.
(function () {
  "use strict";

  const board = document.querySelector("[data-board]");
  if (!board) {
    return;
  }

  function menu() {
    return document.getElementById("conflicts");
  }

  function leftOut(booking) {
    return booking && board.querySelector('.left-open[hx-get$="/booking/' + CSS.escape(booking) + '"]');
  }

  function target(entry) {
    const visit = entry.dataset.jumpVisit;
    const therapist = entry.dataset.jumpTherapist;
    return (visit && board.querySelector('[data-visit="' + CSS.escape(visit) + '"]')) ||
      leftOut(entry.dataset.jumpBooking) ||
      (therapist && board.querySelector('[data-therapist="' + CSS.escape(therapist) + '"] .visit')) ||
      document.getElementById("left-out");
  }

  board.addEventListener("click", function (event) {
    const entry = event.target.closest(".conflict");
    if (entry) {
      const found = target(entry);
      menu().open = false;
      found.scrollIntoView({ block: "center", inline: "center" });
      found.focus({ preventScroll: true });
      if (found.matches("button")) {
        found.click();
      }
    } else if (menu() && menu().open && !event.target.closest("#conflicts")) {
      menu().open = false;
    }
  });
  board.addEventListener("keydown", function (event) {
    if (event.key === "Escape" && menu() && menu().open) {
      menu().open = false;
      menu().querySelector("summary").focus();
    }
  });
})();
