// A map to drop a pin on. The pin is written behind the words of its field ("Casa Foo, 3.15771, 101.71234"), where the
// server reads it like a pasted one. Leaflet and the map are fetched when the map is opened for the first time.
(function () {
  "use strict";

  const PAIR = /[\s,;@]*-?\d{1,3}\.\d{3,}\s*[,; ]\s*-?\d{1,3}\.\d{3,}\s*$/;
  const LEAST_ZOOM = 13; // below it a pin says less than a street
  const DOOR_ZOOM = 15; // from here on it says the door
  const NAMES_ZOOM = 14;
  const MOST_NAMES = 60;
  let leaflet = null;

  function load(box) {
    if (leaflet === null) {
      box.dataset.styles.split(" ").forEach(function (href) {
        const link = document.createElement("link");
        link.rel = "stylesheet";
        link.href = href;
        document.head.append(link);
      });
      leaflet = new Promise(function (resolve, reject) {
        const script = document.createElement("script");
        script.src = box.dataset.leaflet;
        script.onload = resolve;
        script.onerror = reject;
        document.head.append(script);
      });
    }
    const data = fetch(box.dataset.map, { headers: { Accept: "application/json" } }).then(function (answer) {
      if (!answer.ok) {
        throw new Error(String(answer.status));
      }
      return answer.json();
    });
    return Promise.all([leaflet, data]).then(function (both) { return both[1]; });
  }

  // The server made every string safe for innerHTML; as text it is read back.
  function plain(html) {
    return new DOMParser().parseFromString(html, "text/html").documentElement.textContent;
  }

  function start(box, data) {
    const L = window.L;
    const element = box.querySelector("[data-pin-map]");
    const said = box.querySelector("[data-pin-said]");
    const clear = box.querySelector("[data-pin-clear]");
    const field = box.closest("form").elements[box.dataset.pin];
    const lat = box.closest("form").elements.lat;
    const lon = box.closest("form").elements.lon;
    const old = PAIR.exec(field.value);
    const first = old ? old[0].match(/-?\d{1,3}\.\d+/g).map(Number) : [Number(box.dataset.lat), Number(box.dataset.lon)];
    if (!old && lat && lat.value && lon.value) {
      first[0] = Number(lat.value);
      first[1] = Number(lon.value);
    }
    const map = L.map(element, {
      center: first, zoom: old ? 16 : Number(box.dataset.zoom), minZoom: 10, maxZoom: 18, attributionControl: false,
      zoomControl: false, keyboard: true,
    });
    L.control.zoom({ zoomInTitle: box.dataset.in, zoomOutTitle: box.dataset.out }).addTo(map);
    if (box.dataset.tiles) {
      L.tileLayer(box.dataset.tiles, { maxZoom: 19, referrerPolicy: "origin" }).addTo(map);
    } else {
      L.geoJSON(data.base, {
        style: function (feature) { return { className: "base-" + feature.properties.kind, interactive: false }; },
        pointToLayer: function (feature, point) {
          const icon = L.divIcon({
            className: "base-label base-label-" + Number(feature.properties.rank), html: feature.properties.name, iconSize: null,
          });
          return L.marker(point, { icon: icon, interactive: false, keyboard: false });
        },
      }).addTo(map);
    }
    const names = L.layerGroup().addTo(map);
    const icon = L.divIcon({ className: "pin-mark", html: "<span></span>", iconSize: [28, 36], iconAnchor: [14, 34] });
    let marker = null;

    // Names do not lie on each other: the first of the list stays.
    function isFree(one, taken) {
      const at = map.latLngToContainerPoint([one[2], one[3]]);
      const box = { left: at.x, right: at.x + 16 + 6.2 * plain(one[0]).length, top: at.y - 7, bottom: at.y + 7 };
      const free = taken.every(function (other) {
        return box.right < other.left || other.right < box.left || box.bottom < other.top || other.bottom < box.top;
      });
      if (free) {
        taken.push(box);
      }
      return free;
    }

    function showNames() {
      names.clearLayers();
      element.dataset.zoom = String(Math.floor(map.getZoom()));
      if (map.getZoom() < NAMES_ZOOM || box.dataset.tiles) {
        return;
      }
      const shown = map.getBounds();
      const taken = [];
      data.places.filter(function (one) { return shown.contains([one[2], one[3]]); })
        .filter(function (one) { return isFree(one, taken); }).slice(0, MOST_NAMES)
        .forEach(function (one) {
          const label = L.divIcon({ className: "pin-name", html: "<i></i>" + one[0], iconSize: null });
          L.marker([one[2], one[3]], { icon: label, interactive: false, keyboard: false }).addTo(names);
        });
    }

    function nearest(point) {
      let best = null;
      let least = 1500;
      data.places.forEach(function (one) {
        const away = map.distance(point, [one[2], one[3]]);
        if (away < least) {
          least = away;
          best = one;
        }
      });
      return best ? " · " + box.dataset.near + " " + plain(best[0]) : "";
    }

    function words() {
      return field.value.replace(PAIR, "").trim();
    }

    function show(point) {
      if (marker === null) {
        marker = L.marker(point, { icon: icon, keyboard: false, interactive: false }).addTo(map);
      }
      marker.setLatLng(point);
      clear.hidden = false;
    }

    function set(point) {
      const zoom = map.getZoom();
      if (zoom < LEAST_ZOOM) {
        said.textContent = box.dataset.far;
        return;
      }
      const digits = zoom >= DOOR_ZOOM ? 5 : 3;
      const pair = point.lat.toFixed(digits) + ", " + point.lng.toFixed(digits);
      field.value = (words() ? words() + ", " : "") + pair;
      field.dispatchEvent(new Event("input", { bubbles: true }));
      show(L.latLng(Number(point.lat.toFixed(digits)), Number(point.lng.toFixed(digits))));
      said.textContent = (digits === 5 ? box.dataset.set : box.dataset.rough) + " " + pair + nearest(point);
    }

    map.on("click", function (event) { set(event.latlng); });
    map.on("moveend zoomend", showNames);
    element.addEventListener("keydown", function (event) {
      if (event.key === "Enter" && event.target === element) {
        event.preventDefault(); // the form stays where it is
        set(map.getCenter());
      }
    });
    box.querySelector("[data-pin-set]").addEventListener("click", function () { set(map.getCenter()); });
    clear.addEventListener("click", function () {
      field.value = words();
      field.dispatchEvent(new Event("input", { bubbles: true }));
      marker.remove();
      marker = null;
      clear.hidden = true;
      said.textContent = box.dataset.none;
      element.focus();
    });
    box.addEventListener("toggle", function () { map.invalidateSize(); });
    showNames();
    if (old) {
      show(L.latLng(first));
    }
    box.dataset.ready = "yes";
  }

  // Listened for on the document, so that a form that came later has its map too.
  document.addEventListener("toggle", function (event) {
    const box = event.target;
    if (!(box instanceof Element) || !box.matches("[data-pin]") || !box.open || box.dataset.begun) {
      return;
    }
    box.dataset.begun = "yes";
    load(box).then(function (data) { start(box, data); }).catch(function () {
      delete box.dataset.begun;
      leaflet = window.L ? leaflet : null;
      box.querySelector("[data-pin-said]").textContent = box.dataset.failed;
    });
  }, true);
})();
