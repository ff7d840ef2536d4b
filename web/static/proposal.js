// The proposal's page: small names on its map appear when there is room for them.
(function () {
  "use strict";

  window.laluanMap.followZoom(window.map_proposal);
})();
