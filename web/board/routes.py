"""A day's routes as the map draws them, from the timeline's rows."""

from dispatch.model.timetable import BreakTime, RouteTimes
from dispatch.words import clock
from dispatch.work.days import DayBoard
from web.board.timeline import Row, VisitBar
from web.maps import MapRoute, MapStop


def map_routes(board: DayBoard, all_rows: tuple[Row, ...]) -> tuple[MapRoute, ...]:
    """Give a line and numbered stops for every row; a therapist without visits has neither."""
    return tuple(
        MapRoute(
            key=row.key, colour=row.colour, label=row.name, line=line_of(board, row.times), stops=_stops(board, row)
        )
        for row in all_rows
    )


def line_of(board: DayBoard, times: RouteTimes) -> tuple[tuple[float, float], ...]:
    """Give the points she goes through: from her start place by her visits to her end place."""
    visits = times.visits()
    if not visits:
        return ()
    locations = [visits[0].from_location, *(visit.location for visit in visits)]
    end = board.problem.therapist(times.therapist_id).end_location
    if end is not None and times.home_travel_s > 0:
        locations.append(end)
    return tuple((board.problem.locations[i].lat, board.problem.locations[i].lon) for i in locations)


def _stops(board: DayBoard, row: Row) -> tuple[MapStop, ...]:
    bars = {item.visit_id: item for item in row.items if isinstance(item, VisitBar)}
    found = []
    for stop in row.times.stops:
        if isinstance(stop, BreakTime):
            continue
        bar, place = bars[stop.visit_id], board.problem.locations[stop.location]
        label = f"{clock(bar.care.start_s)} · {bar.client} · {bar.area} · {row.name}"
        found.append(MapStop(number=str(bar.number), lat=place.lat, lon=place.lon, id=stop.visit_id, label=label))
    return tuple(found)
