// Saved views: what is searched and filtered, the width of an hour and the map's routes, under a name.
(function () {
  "use strict";

  const menu = document.querySelector(".views");
  if (!menu) {
    return;
  }
  const view = window.laluanView;
  const list = menu.querySelector("[data-views]");
  const form = menu.querySelector("[data-view-form]");

  function zoomed() {
    const pressed = document.querySelector('.zoom-button[aria-pressed="true"]');
    return pressed ? pressed.dataset.zoom : "fit";
  }

  function button(text, className, act) {
    const made = document.createElement("button");
    made.type = "button";
    made.className = className;
    made.textContent = text;
    made.addEventListener("click", act);
    return made;
  }

  function apply(saved) {
    view.change({ find: saved.find, only: saved.only, area: saved.area, routes: saved.routes });
    const zoom = document.querySelector('.zoom-button[data-zoom="' + CSS.escape(saved.zoom) + '"]');
    if (zoom) {
      zoom.click();
    }
    menu.open = false;
    menu.querySelector("summary").focus();
  }

  function draw() {
    const views = view.saved();
    menu.querySelector("[data-no-views]").hidden = views.length > 0;
    list.replaceChildren(...views.map(function (saved, index) {
      const item = document.createElement("li");
      const drop = button("×", "icon-button", function () {
        view.keep(view.saved().filter(function (_, at) { return at !== index; }));
        draw();
        form.elements.name.focus();
      });
      drop.setAttribute("aria-label", list.dataset.drop.replace("NAME", saved.name));
      item.append(button(saved.name, "menu-button", function () { apply(saved); }), drop);
      return item;
    }));
  }

  form.addEventListener("submit", function (event) {
    event.preventDefault();
    const name = form.elements.name.value.trim();
    if (name) {
      const others = view.saved().filter(function (saved) { return saved.name !== name; });
      view.keep([...others, { name: name, zoom: zoomed(), ...view.state }]);
      form.reset();
      draw();
    }
  });
  menu.addEventListener("keydown", function (event) {
    if (event.key === "Escape") {
      menu.open = false;
      menu.querySelector("summary").focus();
    }
  });
  draw();
})();
