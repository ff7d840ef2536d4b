"""Reads VROOM's documented JSON; what is unknown, wrong or not honoured here is refused by its name."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from dispatch.errors import BadInput
from dispatch.formats.vroom import HUNDREDTHS, Point, VroomBreak, VroomJob, VroomProblem, VroomSpan, VroomVehicle
from dispatch.formats.vroom_fields import flag_keys, number, number_list, object_list, point_of, span_of, spans_of, text
from dispatch.formats.vroom_steps import steps_of

PROFILE = "car"

ROOT_KEYS = frozenset({"jobs", "vehicles", "matrices"})
ROOT_REFUSED = frozenset({"shipments", "matrix", "options"})
JOB_KEYS = frozenset(
    {"id", "description", "location", "location_index", "setup", "service", "skills", "priority", "time_windows"}
)
JOB_REFUSED = frozenset({"amount", "delivery", "pickup", "setup_per_type", "service_per_type", "type"})
VEHICLE_KEYS = frozenset(
    {
        "id",
        "profile",
        "description",
        "start",
        "start_index",
        "end",
        "end_index",
        "skills",
        "time_window",
        "breaks",
        "speed_factor",
        "max_tasks",
        "max_travel_time",
        "steps",
    }
)
VEHICLE_REFUSED = frozenset({"capacity", "costs", "max_distance", "type"})
BREAK_KEYS = frozenset({"id", "time_windows", "service", "description"})
BREAK_REFUSED = frozenset({"max_load"})
MATRIX_KEYS = frozenset({"durations", "distances"})
MATRIX_REFUSED = frozenset({"costs"})

MOST_PRIORITY = 100
LEAST_SPEED, MOST_SPEED = 0.01, 5.0
"""VROOM takes no faster vehicle than five times the matrix; a slower one than a hundredth makes no sense."""


def read_vroom(document: object) -> VroomProblem:
    """Read a VROOM problem; `BadInput` naming the place in the document and what is wrong there.

    Without a matrix the problem's `points` are its places, and `with_matrix` has to follow.
    """
    if not isinstance(document, dict):
        raise BadInput("vroom.wrong_type", path="$", expected="an object")
    flag_keys(document, "$", ROOT_KEYS, ROOT_REFUSED)
    durations_s, distances_m, profile = _matrix(document)
    places = _Places(size=len(durations_s) if profile is not None else None)
    vehicles = object_list(document.get("vehicles"), "vehicles")
    if not vehicles:
        raise BadInput("vroom.none", path="vehicles")
    jobs = object_list(document.get("jobs"), "jobs")
    if not jobs:
        raise BadInput("vroom.none", path="jobs")
    read_jobs = tuple(_job(job, f"jobs[{n}]", places) for n, job in enumerate(jobs))
    profiles = {text(one, "profile", f"vehicles[{n}]") or PROFILE for n, one in enumerate(vehicles)}
    if len(profiles) > 1:
        raise BadInput("vroom.profiles", path="vehicles", profiles=", ".join(sorted(profiles))[:200])
    if profile is not None and profiles != {profile}:
        raise BadInput("vroom.profile_matrix", path="matrices", profile=min(profiles)[:80], found=profile[:80])
    read_vehicles = tuple(_vehicle(one, f"vehicles[{n}]", places) for n, one in enumerate(vehicles))
    _once("jobs", (job.id for job in read_jobs))
    _once("vehicles", (vehicle.id for vehicle in read_vehicles))
    numbers = {job.id: n for n, job in enumerate(read_jobs)}
    taken: dict[int, str] = {}
    with_steps = tuple(
        replace(vehicle, steps=steps_of(one.get("steps"), f"vehicles[{n}].steps", vehicle, numbers, taken))
        for n, (vehicle, one) in enumerate(zip(read_vehicles, vehicles, strict=True))
    )
    for n, vehicle in enumerate(with_steps):
        for step in vehicle.steps:
            if not step.is_break and not vehicle.may_take(read_jobs[step.number]):
                raise BadInput("vroom.step_skill", path=f"vehicles[{n}].steps", job=read_jobs[step.number].id)
    return VroomProblem(
        jobs=read_jobs,
        vehicles=with_steps,
        durations_s=durations_s,
        distances_m=distances_m,
        points=() if profile is not None else tuple(places.points),
    )


def with_matrix(
    problem: VroomProblem, durations_s: Sequence[Sequence[int]], distances_m: Sequence[Sequence[int]]
) -> VroomProblem:
    """Give the problem with the legs between its `points`, in their order."""
    return replace(
        problem, durations_s=tuple(map(tuple, durations_s)), distances_m=tuple(map(tuple, distances_m)), points=()
    )


@dataclass(slots=True)
class _Places:
    """The places of a problem: rows of its matrix (`size` of them), or coordinates, each once."""

    size: int | None
    points: dict[Point, int]

    def __init__(self, size: int | None) -> None:
        self.size = size
        self.points = {}

    def of(self, whole: Mapping[str, Any], point_key: str, path: str) -> tuple[int | None, int | None, Point | None]:
        """Give (place, index, point) of a location that is written as coordinates, an index, or both."""
        point = point_of(whole, point_key, path)
        index = number(whole, "location_index" if point_key == "location" else f"{point_key}_index", path)
        if self.size is None:
            if index is not None:
                raise BadInput("vroom.index_without_matrix", path=path)
            return (None if point is None else self.points.setdefault(point, len(self.points))), None, point
        if index is None and point is not None:
            raise BadInput("vroom.no_index", path=path, key=point_key)
        if index is not None and index >= self.size:
            raise BadInput("vroom.index", path=path, index=index, size=self.size)
        return index, index, point


def _job(whole: Mapping[str, Any], path: str, places: _Places) -> VroomJob:
    flag_keys(whole, path, JOB_KEYS, JOB_REFUSED)
    place, index, point = places.of(whole, "location", path)
    if place is None:
        raise BadInput("vroom.missing", path=path, key="location" if places.size is None else "location_index")
    priority = number(whole, "priority", path) or 0
    if priority > MOST_PRIORITY:
        raise BadInput("vroom.priority", path=path, priority=priority, most=MOST_PRIORITY)
    return VroomJob(
        id=_id(whole, path),
        place=place,
        point=point,
        index=index,
        set_up_s=number(whole, "setup", path) or 0,
        service_s=number(whole, "service", path) or 0,
        skills=frozenset(number_list(whole, "skills", path)),
        priority=priority,
        windows=spans_of(whole, "time_windows", path),
        description=text(whole, "description", path),
    )


def _vehicle(whole: Mapping[str, Any], path: str, places: _Places) -> VroomVehicle:
    flag_keys(whole, path, VEHICLE_KEYS, VEHICLE_REFUSED)
    start, start_index, start_point = places.of(whole, "start", path)
    end, end_index, end_point = places.of(whole, "end", path)
    if start is None and end is None:
        raise BadInput("vroom.no_start_or_end", path=path)
    window = span_of(whole["time_window"], f"{path}.time_window") if "time_window" in whole else None
    breaks = tuple(
        _break(one, f"{path}.breaks[{n}]") for n, one in enumerate(object_list(whole.get("breaks"), f"{path}.breaks"))
    )
    _once(f"{path}.breaks", (one.id for one in breaks))
    for n, one in enumerate(breaks):
        if window is not None and not _fits(one, window):
            raise BadInput("vroom.break_outside", path=f"{path}.breaks[{n}]")
    return VroomVehicle(
        id=_id(whole, path),
        start=start,
        end=end,
        start_point=start_point,
        end_point=end_point,
        start_index=start_index,
        end_index=end_index,
        skills=frozenset(number_list(whole, "skills", path)),
        window=window,
        breaks=breaks,
        max_tasks=number(whole, "max_tasks", path),
        max_travel_s=number(whole, "max_travel_time", path),
        factor=_factor(whole, path),
        description=text(whole, "description", path),
    )


def _fits(one: VroomBreak, window: VroomSpan) -> bool:
    """Tell whether a break has room in a vehicle's window."""
    spans = one.windows or (window,)
    return any(max(span.start_s, window.start_s) <= min(span.end_s, window.end_s - one.service_s) for span in spans)


def _break(whole: Mapping[str, Any], path: str) -> VroomBreak:
    flag_keys(whole, path, BREAK_KEYS, BREAK_REFUSED)
    return VroomBreak(
        id=_id(whole, path),
        service_s=number(whole, "service", path) or 0,
        windows=spans_of(whole, "time_windows", path),
        description=text(whole, "description", path),
    )


def _factor(whole: Mapping[str, Any], path: str) -> int:
    """Give the whole per cent of the matrix a leg takes, rounded as VROOM rounds: 100 / speed factor, half up."""
    factor = whole.get("speed_factor", 1)
    if isinstance(factor, bool) or not isinstance(factor, int | float) or not LEAST_SPEED <= factor <= MOST_SPEED:
        raise BadInput("vroom.speed_factor", path=path, least=str(LEAST_SPEED), most=str(MOST_SPEED))
    return int(HUNDREDTHS / factor + 0.5)


def _id(whole: Mapping[str, Any], path: str) -> int:
    found = number(whole, "id", path)
    if found is None:
        raise BadInput("vroom.missing", path=path, key="id")
    return found


def _once(path: str, ids: Iterable[int]) -> None:
    seen: set[int] = set()
    for one in ids:
        if one in seen:
            raise BadInput("vroom.twice", path=path, id=one)
        seen.add(one)


def _matrix(document: Mapping[str, Any]) -> tuple[tuple[tuple[int, ...], ...], tuple[tuple[int, ...], ...], str | None]:
    """Give (durations, distances, profile) of the one matrix, or nothing where there is none."""
    matrices = document.get("matrices")
    if matrices is None:
        return (), (), None
    if not isinstance(matrices, dict) or not matrices:
        raise BadInput("vroom.wrong_type", path="matrices", expected="an object with one profile")
    if len(matrices) > 1:
        raise BadInput("vroom.profiles", path="matrices", profiles=", ".join(sorted(matrices))[:200])
    profile, whole = next(iter(matrices.items()))
    path = f"matrices.{profile[:80]}"
    if not isinstance(whole, dict):
        raise BadInput("vroom.wrong_type", path=path, expected="an object")
    flag_keys(whole, path, MATRIX_KEYS, MATRIX_REFUSED)
    if "durations" not in whole:
        raise BadInput("vroom.missing", path=path, key="durations")
    durations_s = _rows(whole["durations"], f"{path}.durations")
    distances_m = _rows(whole["distances"], f"{path}.distances") if "distances" in whole else ()
    if distances_m and len(distances_m) != len(durations_s):
        raise BadInput("vroom.not_square", path=f"{path}.distances", size=len(durations_s))
    return durations_s, distances_m, profile


def _rows(rows: object, path: str) -> tuple[tuple[int, ...], ...]:
    """Read a square matrix of whole numbers that are not below nought."""
    if not isinstance(rows, list) or not rows:
        raise BadInput("vroom.wrong_type", path=path, expected="an array of rows")
    for n, row in enumerate(rows):
        if not isinstance(row, list) or len(row) != len(rows):
            raise BadInput("vroom.not_square", path=f"{path}[{n}]", size=len(rows))
        if any(type(figure) is not int or not 0 <= figure < 2**32 for figure in row):
            raise BadInput("vroom.number", path=f"{path}[{n}]", key="each figure", most=2**32 - 1)
    return tuple(tuple(row) for row in rows)
