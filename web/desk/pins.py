"""The map on which a pin is dropped: the schematic and the names to find one's way by."""

from flask import Response, json

from dispatch.work.permissions import Permission
from dispatch.work.places import landmarks
from web.access import needs
from web.current import current_actor, current_services
from web.desk import bp
from web.maps import basemap, text


@bp.get("/pin-map.json")
@needs(Permission.CLIENTS)
def pin_map() -> Response:
    """Give the schematic as GeoJSON and the places by name, kind and point; fetched when somebody opens the map."""
    places = [
        [text(one.name), one.kind, round(one.point.lat, 5), round(one.point.lon, 5)]
        for one in landmarks(current_services(), current_actor())
    ]
    body = json.dumps({"base": basemap(), "places": places}, ensure_ascii=False, separators=(",", ":"))
    answer = Response(body, mimetype="application/json")
    answer.headers["Cache-Control"] = "private, max-age=600"
    return answer
