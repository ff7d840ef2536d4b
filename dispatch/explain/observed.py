"""What one day's reports say of the ways in and the ways between; what was tapped too late or all at once says nothing."""

import itertools
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from dispatch.explain.learning import MOST_ACCESS_S, AccessSeen, LegSeen
from dispatch.model.booking import Booking
from dispatch.model.day import HOUR_S
from dispatch.model.facts import VisitFact
from dispatch.model.kinds import LinkKind, TravelMode, VisitState
from dispatch.model.plan import Plan

BATCH_S = 60
"""Two taps nearer than this were made in one go: nobody leads a way in, or drives one, in a minute."""
WAITED_S = 120
"""A start no later than this after the time it was told for may have waited for that time."""
LEAST_DRIVE_S = 240
"""Legs shorter than this say more about parking than about driving."""
SHORTEST, LONGEST = 0.25, 4.0
"""A leg that took less or more than this share of what was planned was no drive from there to here."""
CLOCK_HOURS = 24


@dataclass(frozen=True, slots=True, kw_only=True)
class VisitPlace:
    """What a visit's times are judged with: its booking, the building and area it is in, and how long setting up takes."""

    booking: Booking
    building_id: str
    area: str
    set_up_s: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Slow:
    """What a dispatcher noted of the day: areas with traffic, and hours of rain (from, to)."""

    areas: frozenset[str] = frozenset()
    rain: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class SeenDay:
    """What a day's reports say; `unusable` counts visits whose taps were made in one go, or forgotten."""

    access: tuple[AccessSeen, ...] = ()
    legs: tuple[LegSeen, ...] = ()
    unusable: int = 0


Drive = Callable[[TravelMode, str, str, int], int]
"""Gives the driving seconds of a leg begun at a time of the day, as the travel engine has it: mode, two places, when."""


def seen_access(facts: Iterable[VisitFact], places: Mapping[str, VisitPlace], plan: Plan | None, slow: Slow) -> SeenDay:
    """Give how long the ways in took, of every visit whose taps can be believed.

    From the arrival to the treatment's start, less setting up. Not counted: a second visit in the same building (she is
    inside), a visit that had to wait for a colleague, and a day on which traffic was noted in the area.
    """
    known = {fact.visit_id: fact for fact in facts}
    inside = _inside(plan, places) if plan else frozenset[str]()
    found: list[AccessSeen] = []
    unusable = 0
    for visit_id in sorted(known):
        fact, place = known[visit_id], places.get(visit_id)
        if place is None or fact.state is VisitState.NO_SHOW or fact.started_s is None or place.area in slow.areas:
            continue
        if visit_id in inside or _waits_for_others(fact, place.booking, known):
            continue
        if fact.arrived_s is None or not _believable(fact, place):
            unusable += 1
            continue
        opens_s = _opens_s(place.booking, fact.started_s)
        waited = fact.started_s <= opens_s + WAITED_S and fact.arrived_s + place.set_up_s < opens_s
        found.append(
            AccessSeen(
                building_id=place.building_id,
                hour=_hour(fact.arrived_s),
                access_s=max(0, fact.started_s - fact.arrived_s - place.set_up_s),
                at_most=waited,
            )
        )
    return SeenDay(access=tuple(found), unusable=unusable)


def seen_legs(
    plan: Plan,
    facts: Iterable[VisitFact],
    places: Mapping[str, VisitPlace],
    starts: Mapping[str, tuple[TravelMode, str | None]],
    slow: Slow,
    drive: Drive,
    fixed_s: Mapping[TravelMode, int],
) -> tuple[LegSeen, ...]:
    """Give how long the driving took between stops that followed each other, against what it was thought to take.

    `starts` gives each therapist's mode and start place. A leg counts where both its ends are sure: the visit before it in
    her published route was reported by herself, and over when she left. In rain or noted traffic it says nothing of usual days.
    """
    known = {fact.visit_id: fact for fact in facts}
    legs: list[LegSeen] = []
    for route in plan.routes:
        mode, at = starts.get(route.therapist_id, (TravelMode.CAR, None))
        free_s: int | None = 0
        for visit_id in route.visit_ids():
            fact, place = known.get(visit_id), places.get(visit_id)
            mine = fact if fact is not None and fact.therapist_id == route.therapist_id else None
            if place is None:
                continue
            if mine and at is not None and free_s is not None and place.area not in slow.areas:
                leg = _leg(mine, mode, free_s, slow, drive, (at, place.building_id), fixed_s[mode])
                legs += [leg] if leg else []
            at = place.building_id
            free_s = mine.finished_s if mine else None
    return tuple(legs)


def _leg(
    fact: VisitFact, mode: TravelMode, free_s: int, slow: Slow, drive: Drive, way: tuple[str, str], fixed_s: int
) -> LegSeen | None:
    """Give one leg, or nothing where its taps cannot be believed."""
    if fact.departed_s is None or fact.arrived_s is None or fact.departed_s < free_s or way[0] == way[1]:
        return None
    if any(from_s < fact.arrived_s and fact.departed_s < to_s for from_s, to_s in slow.rain):
        return None
    planned_s = drive(mode, *way, fact.departed_s)
    real_s = fact.arrived_s - fact.departed_s - fixed_s
    if planned_s < LEAST_DRIVE_S or real_s < BATCH_S or not SHORTEST <= real_s / planned_s <= LONGEST:
        return None
    middle_s = (fact.departed_s + fact.arrived_s) // 2
    return LegSeen(mode=mode, hour=_hour(middle_s), real_s=real_s, planned_s=planned_s)


def _inside(plan: Plan, places: Mapping[str, VisitPlace]) -> frozenset[str]:
    """Give the visits that follow one in the same building."""
    found = set[str]()
    for route in plan.routes:
        visits = [visit for visit in route.visit_ids() if visit in places]
        for before, after in itertools.pairwise(visits):
            if places[before].building_id == places[after].building_id:
                found.add(after)
    return frozenset(found)


def _waits_for_others(fact: VisitFact, booking: Booking, known: Mapping[str, VisitFact]) -> bool:
    """Tell whether a start may have hung on somebody else: only the last to arrive of a couple did not wait."""
    if any(link.kind is LinkKind.SAME_START for link in booking.links):
        return True
    if len(booking.seats) == 1:
        return False
    others = [known.get(f"{booking.id}/{seat}") for seat in range(len(booking.seats))]
    arrivals = [other.arrived_s if other else None for other in others]
    return None in arrivals or fact.arrived_s != max(one for one in arrivals if one is not None)


def _believable(fact: VisitFact, place: VisitPlace) -> bool:
    """Tell whether arrival and start were tapped when they happened, and not in one go, or hours later."""
    if fact.arrived_s is None or fact.started_s is None:
        return False
    way_s = fact.started_s - fact.arrived_s
    if not max(BATCH_S, place.set_up_s // 2) <= way_s <= MOST_ACCESS_S + place.set_up_s:
        return False
    treated_s = None if fact.finished_s is None else fact.finished_s - fact.started_s
    return treated_s is None or treated_s * 4 >= place.booking.minutes * 60


def _opens_s(booking: Booking, started_s: int) -> int:
    """Give the time before which a treatment does not start: the one told, or its window's."""
    if booking.promise is not None:
        return booking.promise.start_s
    opened = [window.start_s for window in booking.windows if window.start_s <= started_s + WAITED_S]
    return max(opened, default=0)


def _hour(time_s: int) -> int:
    return time_s // HOUR_S % CLOCK_HOURS


def treated_s(fact: VisitFact) -> int | None:
    """Give how long a treatment really took; None where its start or its end was not reported."""
    if fact.state is not VisitState.FINISHED or fact.started_s is None or fact.finished_s is None:
        return None
    return fact.finished_s - fact.started_s
