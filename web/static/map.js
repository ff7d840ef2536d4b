// How the features of a map look and behave; web/maps.py calls `each` for every one of them.
// Strings in features were made safe for innerHTML by the server, so `plain` reads them back as text.
(function () {
  "use strict";

  function plain(html) {
    return new DOMParser().parseFromString(html, "text/html").documentElement.textContent;
  }

  function baseLabel(properties, marker) {
    marker.setIcon(window.L.divIcon({
      className: "base-label base-label-" + Number(properties.rank),
      html: properties.name,
      iconSize: null,
    }));
    marker.options.interactive = false;
    marker.options.keyboard = false;
  }

  // Tells the page what is pointed at on the map: a stop, a route, or neither.
  function hover(what) {
    document.dispatchEvent(new CustomEvent("laluan:hover", { detail: what }));
  }

  function stop(properties, marker) {
    marker.setIcon(window.L.divIcon({
      className: "map-stop " + properties.colour,
      html: properties.number,
      iconSize: [24, 24],
    }));
    marker.options.riseOnHover = true;
    marker.bindTooltip(properties.label, { direction: "top", offset: [0, -12], className: "map-tip" });
    marker.on("add", function () {
      const element = marker.getElement();
      element.setAttribute("role", "button");
      element.setAttribute("aria-label", plain(properties.number + " · " + properties.label));
      element.dataset.stop = plain(properties.stop);
      element.dataset.route = String(Number(properties.row));
      element.addEventListener("focus", function () { hover({ stop: element.dataset.stop }); });
      element.addEventListener("blur", function () { hover({}); });
    });
    marker.on("mouseover", function () { hover({ stop: plain(properties.stop) }); });
    marker.on("mouseout", function () { hover({}); });
    marker.on("click keypress", function (event) {
      const pressed = event.originalEvent;
      if (event.type === "keypress" && pressed.key !== "Enter" && pressed.key !== " ") {
        return;
      }
      document.dispatchEvent(new CustomEvent("laluan:stop", { detail: plain(properties.stop) }));
    });
  }

  function each(feature, layer) {
    const properties = feature.properties;
    if (properties.kind === "label") {
      baseLabel(properties, layer);
    } else if (properties.kind === "stop") {
      stop(properties, layer);
    } else if (properties.kind === "route") {
      layer.options.className = "route-line " + properties.colour; // a layer that began empty knows no style
      layer.bindTooltip(properties.label, { sticky: true, className: "map-tip" });
      layer.on("add", function () { layer.getElement().dataset.route = String(Number(properties.row)); });
      layer.on("mouseover", function () { hover({ route: String(Number(properties.row)) }); });
      layer.on("mouseout", function () { hover({}); });
    }
  }

  // Small names appear when there is room for them.
  function followZoom(map) {
    function note() {
      map.getContainer().dataset.zoom = String(Math.floor(map.getZoom()));
    }
    map.on("zoomend", note);
    note();
    new ResizeObserver(function () {
      map.invalidateSize({ pan: false });
    }).observe(map.getContainer());
  }

  // Bring all layers into view, where one of them has a part outside it.
  function show(map, layers) {
    const bounds = window.L.featureGroup(layers).getBounds();
    if (bounds.isValid() && !map.getBounds().contains(bounds)) {
      map.fitBounds(bounds, { padding: [28, 28] });
    }
  }

  // Leaflet's own buttons speak the page's language.
  const box = document.querySelector("[data-zoom-in]");
  if (box) {
    window.L.Control.Zoom.mergeOptions({ zoomInTitle: box.dataset.zoomIn, zoomOutTitle: box.dataset.zoomOut });
  }

  window.laluanMap = { each: each, followZoom: followZoom, show: show };
})();
