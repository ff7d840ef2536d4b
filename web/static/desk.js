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
  let groups = address ? Array.from(address.querySelectorAll("optgroup")) : [];
  function followClient() {
    if (!client || !address) {
      return;
    }
    show("[data-new-client]", !client.value);
    const before = address.value;
    const own = groups.filter(function (group) { return group.dataset.client === client.value; });
    address.replaceChildren(address.options[0], ...own);
    address.value = before;
    if (!address.value || address.selectedIndex < 0) {
      // Her usual address, or her only one, unless a new place is being written.
      const places = own.length === 1 && !form.querySelector("#place").value ? Array.from(own[0].children) : [];
      const usual = places.find(function (option) { return "usual" in option.dataset; });
      address.value = usual ? usual.value : places.length === 1 ? places[0].value : "";
    }
    followAddress();
  }
  function followAddress() {
    if (address) {
      show("[data-new-address]", !address.value);
    }
  }

  // The clients that fit what is typed, found by the server: there may be thousands.
  const finder = form.querySelector("[data-finds]");
  let search = 0;
  async function findClients() {
    const turn = ++search;
    const query = new URLSearchParams({ client_search: finder.value, client_id: client.value });
    const answer = await fetch(`${finder.dataset.finds}?${query}`, { headers: { Accept: "text/html" } });
    if (!answer.ok || turn !== search) {
      return;
    }
    const found = new DOMParser().parseFromString(await answer.text(), "text/html");
    const chosen = client.value;
    client.replaceChildren(...found.getElementById("client_id").children);
    client.value = chosen;
    groups = Array.from(found.querySelectorAll("[data-addresses] optgroup"));
    form.querySelector("[data-found]").textContent = found.querySelector("[data-found]").textContent;
    if (finder.value.trim() && client.options.length === 2 && !client.value) {
      client.selectedIndex = 1;
    }
    followClient();
  }
  if (finder) {
    let wait = 0;
    form.querySelector("[data-find-button]").hidden = true;
    finder.addEventListener("input", function () {
      window.clearTimeout(wait);
      wait = window.setTimeout(findClients, 200);
    });
    finder.addEventListener("keydown", function (event) {
      if (event.key === "Enter") {
        event.preventDefault();
        window.clearTimeout(wait);
        findClients();
      }
    });
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
