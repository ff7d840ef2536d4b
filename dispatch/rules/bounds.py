"""How large each figure of a day's problem may be: within these, no sum the planner makes outgrows 64 bits.

The bounds lie far beyond any real day. What is below nought is told by `dispatch.rules.sound` where it has its own
sentence; such figures have no least here.
"""

from collections.abc import Iterable, Iterator
from dataclasses import fields

from dispatch.errors import BadInput, LaluanError
from dispatch.model.day import DAY_S, HORIZON_S, HOUR_S
from dispatch.model.problem import DayBooking, DayProblem, DayTherapist
from dispatch.rules.noun_checks import MOST_SEATS

WEEK_S = 7 * DAY_S
LONG_S = 10_000 * HOUR_S
"""More than a year: the work somebody carries, and how far a day may lie from the moment it is planned at."""

MOST_VALUE_SEN = 1_000_000_000
MOST_WEIGHT = 1_000_000
MOST_METRES = 100_000_000
MOST_RATE = 1_000_000
MOST_COUNT = 1_000_000

Figure = tuple[str, int | None, int | None, int]
"""Where a figure stands, the figure, the least it may be (None: no matter here), the most."""


def bound_errors(problem: DayProblem) -> Iterator[LaluanError]:
    """Find every figure of a problem that no real day could hold."""
    for path, number, least, most in _figures(problem):
        if number is not None and (number > most or (least is not None and number < least)):
            yield BadInput("problem.figure", path=path, number=_short(number), least=least or 0, most=most)


def _short(number: int) -> str:
    """Write a number so that a person can find it: a long one is known by its first digits."""
    digits = str(number)
    return digits if len(digits) <= 20 else f"{digits[:20]}…"


def _figures(problem: DayProblem) -> Iterator[Figure]:
    for booking in problem.bookings:
        yield from _of_booking(f"bookings[{booking.id}]", booking)
    for therapist in problem.therapists:
        yield from _of_therapist(f"therapists[{therapist.id}]", therapist)
    for matrix in problem.matrices:
        path = f"matrices[{matrix.mode}]"
        yield f"{path}.reference_s", max(matrix.reference_s, default=0), None, WEEK_S
        yield f"{path}.distance_m", max(matrix.distance_m, default=0), None, MOST_METRES
        yield f"{path}.fixed_s", matrix.fixed_s, None, WEEK_S
        yield f"{path}.profile.rate_per_mille", max(matrix.profile.rate_per_mille, default=1), None, MOST_RATE
    for link in problem.links:
        yield f"links[{link.first_id}].min_s", link.min_s, None, HORIZON_S
        yield f"links[{link.first_id}].max_s", link.max_s, None, HORIZON_S
    for fact in problem.facts:
        for name in ("departed_s", "arrived_s", "started_s", "finished_s"):
            yield f"facts[{fact.visit_id}].{name}", getattr(fact, name), -LONG_S, LONG_S
    for field in fields(problem.weights):
        yield f"weights.{field.name}", getattr(problem.weights, field.name), None, MOST_WEIGHT
    yield "fair_share_s", problem.fair_share_s, 0, LONG_S
    yield "now_s", problem.now_s, -LONG_S, LONG_S


def _of_booking(path: str, booking: DayBooking) -> Iterator[Figure]:
    yield f"{path}.duration_s", max(booking.duration_s, 1), 1, HORIZON_S
    for name in ("set_up_s", "pack_up_s", "late_tolerance_s", "promise_s"):
        yield f"{path}.{name}", getattr(booking, name), None, HORIZON_S
    yield from _each(f"{path}.access_s", booking.access_s, HORIZON_S)
    yield f"{path}.priority", booking.priority, None, 100
    yield f"{path}.value_sen", booking.value_sen, 0, MOST_VALUE_SEN
    yield f"{path}.seats", max(len(booking.seats), 1), 1, MOST_SEATS
    yield from _each(f"{path}.familiar", (one.visits for one in booking.familiar), MOST_COUNT)


def _of_therapist(path: str, therapist: DayTherapist) -> Iterator[Figure]:
    limits = therapist.limits
    for name in ("work_s", "travel_s", "consecutive_s", "rest_s"):
        yield f"{path}.limits.{name}", getattr(limits, name), None, LONG_S
    yield f"{path}.limits.visits", limits.visits, None, MOST_COUNT
    yield f"{path}.overtime_s", therapist.overtime_s, None, HORIZON_S
    yield f"{path}.rested_from_s", therapist.rested_from_s, None, LONG_S
    yield f"{path}.carried_s", therapist.carried_s, -LONG_S, LONG_S
    for pause in therapist.breaks:
        yield f"{path}.breaks[{pause.id}].duration_s", pause.duration_s, None, HORIZON_S
        yield f"{path}.breaks[{pause.id}].latest_s", pause.latest_s, None, HORIZON_S


def _each(path: str, numbers: Iterable[int], most: int) -> Iterator[Figure]:
    for index, number in enumerate(numbers):
        yield f"{path}[{index}]", number, None, most
