"""VROOM's problem as nouns: what its documented JSON says, in user seconds, before anything is decided.

Times inside VROOM are hundredths of a second, because a speed factor scales every leg; `leg_hundredths` does it the
same way. The format is VROOM's own, version 1.14 and later.
"""

from dataclasses import dataclass

HUNDREDTHS = 100
"""VROOM counts in hundredths of a second, and tells seconds rounded down."""

Point = tuple[float, float]
"""Longitude and latitude, in the order VROOM writes them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class VroomSpan:
    """A time window in seconds, both ends included."""

    start_s: int
    end_s: int


@dataclass(frozen=True, slots=True, kw_only=True)
class VroomJob:
    """A job: its windows bind the moment after waiting, before set-up; no windows mean any time."""

    id: int
    place: int
    point: Point | None = None
    index: int | None = None
    set_up_s: int = 0
    service_s: int = 0
    skills: frozenset[int] = frozenset()
    priority: int = 0
    windows: tuple[VroomSpan, ...] = ()
    description: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class VroomBreak:
    """A break of a vehicle: it may interrupt a drive; no windows mean any time."""

    id: int
    service_s: int = 0
    windows: tuple[VroomSpan, ...] = ()
    description: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class VroomStep:
    """A job (by its number in the problem) or a break (by its number in the vehicle) of a route."""

    is_break: bool
    number: int


@dataclass(frozen=True, slots=True, kw_only=True)
class VroomVehicle:
    """A vehicle; places are rows of the matrix, None where the route begins or ends wherever its jobs do.

    `factor` is the whole per cent that a leg takes of the matrix: 100 divided by the speed factor, rounded.
    """

    id: int
    start: int | None = None
    end: int | None = None
    start_point: Point | None = None
    end_point: Point | None = None
    start_index: int | None = None
    end_index: int | None = None
    skills: frozenset[int] = frozenset()
    window: VroomSpan | None = None
    breaks: tuple[VroomBreak, ...] = ()
    max_tasks: int | None = None
    max_travel_s: int | None = None
    factor: int = HUNDREDTHS
    steps: tuple[VroomStep, ...] = ()
    description: str | None = None

    def may_take(self, job: VroomJob) -> bool:
        """Tell whether the vehicle has every skill a job asks for."""
        return job.skills <= self.skills


@dataclass(frozen=True, slots=True, kw_only=True)
class VroomProblem:
    """A whole problem: seconds (and metres, where there are any) from place to place, row by row.

    `points` are the places that still need a matrix: empty where the document brought one.
    """

    jobs: tuple[VroomJob, ...]
    vehicles: tuple[VroomVehicle, ...]
    durations_s: tuple[tuple[int, ...], ...] = ()
    distances_m: tuple[tuple[int, ...], ...] = ()
    points: tuple[Point, ...] = ()

    def leg_hundredths(self, vehicle: VroomVehicle, origin: int, destination: int) -> int:
        """Give the hundredths of a second a vehicle takes from one place to another."""
        return vehicle.factor * self.durations_s[origin][destination]


def is_vroom(document: object) -> bool:
    """Tell whether a JSON document is meant as a VROOM problem: it has vehicles, or jobs, as no problem of ours has."""
    return isinstance(document, dict) and ("vehicles" in document or "jobs" in document or "shipments" in document)
