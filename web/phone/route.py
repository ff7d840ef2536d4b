"""A therapist's published day as one line on the map, its visits numbered as in the list."""

from dispatch.work.phones import PhoneDay, PhoneVisit
from web.maps import MapRoute, MapStop


def route_of(day: PhoneDay) -> MapRoute:
    """Give the day's route from her start place over every visit to the way home, where she has one."""
    visits = [stop for stop in day.stops if isinstance(stop, PhoneVisit)]
    line = [(visit.lat, visit.lon) for visit in visits]
    if day.start_lat is not None and day.start_lon is not None:
        line.insert(0, (day.start_lat, day.start_lon))
    if day.home_lat is not None and day.home_lon is not None:
        line.append((day.home_lat, day.home_lon))
    stops = tuple(
        MapStop(number=str(number), lat=visit.lat, lon=visit.lon, id=visit.visit_id, label=visit.area)
        for number, visit in enumerate(visits, start=1)
    )
    return MapRoute(key=0, colour=day.colour, label=day.name, line=tuple(line), stops=stops)
