// The desk's forms work without this file; it only spares looking and typing.
(function () {
  "use strict";

  // --- copying and printing ------------------------------------------------------------------------------------------

  for (const button of document.querySelectorAll("[data-copy]")) {
    const field = document.getElementById(button.dataset.copy);
    if (!field || !navigator.clipboard) {
      continue;
    }
    button.hidden = false;
    button.addEventListener("click", async function () {
      await navigator.clipboard.writeText(field.value);
      button.querySelector("span").textContent = button.dataset.copied;
    });
  }

  for (const button of document.querySelectorAll("[data-print]")) {
    button.hidden = false;
    button.addEventListener("click", function () {
      window.print();
    });
  }

  const trouble = document.querySelector(".problems, .overtaken");
  if (trouble) {
    trouble.focus({ preventScroll: true });
    trouble.scrollIntoView({ block: "start" });
  }

  // --- a list filtered by what is typed above it ---------------------------------------------------------------------

  function folded(text) {
    return text.toLocaleLowerCase().replace(/[\s-]+/g, "");
  }

  for (const search of document.querySelectorAll("[data-filters]")) {
    const list = document.getElementById(search.dataset.filters);
    const all = Array.from(list.options).map(function (option) {
      return { option, text: folded(`${option.text} ${option.dataset.search || ""}`) };
    });
    search.hidden = false;
    search.addEventListener("input", function () {
      const wanted = folded(search.value).replace(/^0/, "");
      const fitting = all.filter(function (one) {
        return !one.option.value || one.option.selected || one.text.includes(wanted);
      });
      list.replaceChildren(...fitting.map(function (one) { return one.option; }));
      if (wanted && fitting.length === 2 && !list.value) {
        list.value = fitting[1].option.value;
        list.dispatchEvent(new Event("change", { bubbles: true }));
      }
    });
  }

  // --- the booking form ----------------------------------------------------------------------------------------------

  const form = document.querySelector("[data-booking-form]");
  if (!form) {
    return;
  }
  const client = form.querySelector("#client_id");
  const address = form.querySelector("[data-addresses]");
  const treatment = form.querySelector("#treatment_id");
  const minutes = form.querySelector("#minutes");
  const seats = form.querySelector("#seats");
  const price = form.querySelector("[data-price]");

  function show(selector, seen) {
    const part = form.querySelector(selector);
    if (part) {
      part.hidden = !seen;
    }
  }

  // Only the chosen client's addresses; a new client has none yet.
  const groups = address ? Array.from(address.querySelectorAll("optgroup")) : [];
  function followClient() {
    if (!client || !address) {
      return;
    }
    show("[data-new-client]", !client.value);
    const before = address.value;
    const own = groups.filter(function (group) { return group.dataset.client === client.value; });
    address.replaceChildren(address.options[0], ...own);
    address.value = before;
    if (address.selectedIndex < 0) {
      const only = own.length === 1 && own[0].children.length === 1 && !form.querySelector("#place").value;
      address.selectedIndex = only ? 1 : 0;
    } else if (!before && own.length === 1 && own[0].children.length === 1 && !form.querySelector("#place").value) {
      address.selectedIndex = 1;
    }
    followAddress();
  }
  function followAddress() {
    if (address) {
      show("[data-new-address]", !address.value);
    }
  }

  // Only the minutes the treatment is offered in.
  const offered = new Map();
  const part = form.querySelector("[data-treatments]");
  for (const entry of (part ? part.dataset.treatments : "").split(";")) {
    const cut = entry.lastIndexOf(":");
    offered.set(entry.slice(0, cut), new Set(entry.slice(cut + 1).split(",")));
  }
  const lengths = Array.from(minutes.options);
  function followTreatment() {
    const known = offered.get(treatment.value);
    const before = minutes.value;
    const fitting = lengths.filter(function (option) {
      return !option.value || !known || known.has(option.value);
    });
    minutes.replaceChildren(...fitting);
    minutes.value = fitting.some(function (option) { return option.value === before; }) ? before : "";
    if (!minutes.value && fitting.length === 2) {
      minutes.value = fitting[1].value;
    }
  }

  function followSeats() {
    for (const row of form.querySelectorAll("[data-seat]")) {
      row.hidden = Number(row.dataset.seat) > Number(seats.value);
    }
  }

  let asked = 0;
  async function followPrice() {
    const mine = ++asked;
    const values = new URLSearchParams();
    for (const [name, value] of new FormData(form)) {
      if (/^(day|treatment_id|minutes|from_|to_|seats|seat_)/.test(name)) {
        values.append(name, value);
      }
    }
    try {
      const answer = await fetch(`${price.dataset.price}?${values}`);
      if (mine === asked && answer.ok) {
        price.textContent = await answer.text();
      }
    } catch {
      price.textContent = ""; // no line: the price is shown again once the form is saved
    }
  }

  form.addEventListener("change", function (event) {
    if (event.target === client) {
      followClient();
    } else if (event.target === address) {
      followAddress();
    } else if (event.target === treatment) {
      followTreatment();
    } else if (event.target === seats) {
      followSeats();
    }
    if (/^(day|treatment_id|minutes|from_|to_|seats|seat_)/.test(event.target.name)) {
      followPrice();
    }
  });
  followClient();
  followAddress();
  followTreatment();
  followSeats();
})();
