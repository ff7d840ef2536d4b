"""Reads from the last months' reports what they say of the ways in, the ways between, and how long treatments really took."""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date, timedelta
from functools import cached_property
from typing import TYPE_CHECKING

from dispatch.model.booking import Booking
from dispatch.model.branch import Branch
from dispatch.model.catalogue import Treatment
from dispatch.model.condition import ConditionKind, DayCondition
from dispatch.model.facts import VisitFact, fold
from dispatch.model.kinds import TravelMode
from dispatch.model.places import Address, Building, Point
from dispatch.model.plan import Plan
from dispatch.model.problem import DayProblem, Location
from dispatch.model.therapist import Therapist
from dispatch.work.doing import by_id, today
from dispatch.work.history import published_plan, visits_of
from dispatch.work.keeping import Remembered
from dispatch.work.services import Services

if TYPE_CHECKING:
    from dispatch.explain.observed import Drive, SeenDay, Slow, VisitPlace
    from dispatch.store import Reading

LOOK_BACK_DAYS = 90
"""What is older says little about the lifts and roads of today."""

_DAYS: "Remembered[SeenDay]" = Remembered(4 * LOOK_BACK_DAYS)


class Seen:
    """The days of a branch with what was reported of them, newest last."""

    def __init__(self, tx: "Reading", services: Services, branch: Branch) -> None:
        """Read the bookings, reports and places of the last three months, today among them."""
        last = today(services, branch)
        days = [last - timedelta(days=back) for back in range(LOOK_BACK_DAYS)]
        self.buildings = by_id(tx.list(Building, branch.id))
        self.treatments = by_id(tx.list(Treatment, branch.id))
        self.therapists = by_id(tx.list(Therapist, branch.id))
        self._tx, self._services, self._branch = tx, services, branch
        self._building_of = {one.id: one.building_id for one in tx.list(Address, branch.id)}
        self._bookings: dict[date, list[Booking]] = {}
        for booking in tx.list(Booking, branch.id, day=days):
            self._bookings.setdefault(booking.day, []).append(booking)
        self._conditions = tx.list(DayCondition, branch.id, day=days)

    @cached_property
    def facts(self) -> dict[date, tuple[VisitFact, ...]]:
        """Give what was reported of each day's visits, oldest day first; days without reports are left out."""
        found = {}
        for day, bookings in sorted(self._bookings.items()):
            visits = [visit for booking in bookings for visit in visits_of(booking)]
            if facts := fold(self._tx.events(self._branch.id, visits)):
                found[day] = facts
        return found

    @cached_property
    def days(self) -> "list[SeenDay]":
        """Give what each day's reports say, oldest first."""
        return [self._day(day, self._bookings[day], facts) for day, facts in self.facts.items()]

    def reported(self) -> "list[tuple[Booking, VisitFact]]":
        """Give every visit reported with its booking."""
        found = []
        for day, facts in self.facts.items():
            known = {visit: booking for booking in self._bookings[day] for visit in visits_of(booking)}
            found += [(known[fact.visit_id], fact) for fact in facts]
        return found

    def _day(self, day: date, bookings: list[Booking], facts: tuple[VisitFact, ...]) -> "SeenDay":
        """Give what a day's reports say; a day that has not changed since is not worked out again."""
        plan = published_plan(self._tx, self._branch.id, day)
        places = self._places(bookings)
        slow = self._slow(day)
        starts = {
            one.id: (one.travel_mode, one.start_place.point if one.start_place else None)
            for one in self.therapists.values()
        }
        points = {place.building_id: self.buildings[place.building_id].point for place in places.values()}
        key = repr((self._branch.id, day, facts, plan, sorted(places.items()), slow, sorted(starts.items()), points))
        return _DAYS.get(
            hashlib.sha256(key.encode()).digest(), lambda: self._worked_out(day, facts, plan, places, slow, points)
        )

    def _worked_out(
        self,
        day: date,
        facts: tuple[VisitFact, ...],
        plan: Plan | None,
        places: "Mapping[str, VisitPlace]",
        slow: "Slow",
        points: Mapping[str, Point],
    ) -> "SeenDay":
        from dispatch.explain.observed import seen_access, seen_legs

        seen = seen_access(facts, places, plan, slow)
        if plan is None:
            return seen
        every = dict(points)
        starts: dict[str, tuple[TravelMode, str | None]] = {}
        for one in self.therapists.values():
            key = f"start:{one.id}" if one.start_place else None
            starts[one.id] = one.travel_mode, key
            if key and one.start_place:
                every[key] = one.start_place.point
        modes = sorted({mode for mode, _ in starts.values()})
        drive, fixed_s = self._drive(day, every, modes)
        return replace(seen, legs=seen_legs(plan, facts, places, starts, slow, drive, fixed_s))

    def _drive(
        self, day: date, points: Mapping[str, Point], modes: list[TravelMode]
    ) -> "tuple[Drive, dict[TravelMode, int]]":
        """Give the driving seconds as the travel engine has them, without what was learned since."""
        from dispatch.rules.compiled import compile_problem
        from dispatch.rules.step import arrival

        names = sorted(points)
        matrices = tuple(self._services.travel([points[name] for name in names], day, mode) for mode in modes)
        locations = tuple(Location(id=name, lat=points[name].lat, lon=points[name].lon) for name in names)
        tables = compile_problem(DayProblem(id="legs", day=day, locations=locations, matrices=matrices)).tables
        index = {name: number for number, name in enumerate(names)}
        fixed_s = {matrix.mode: matrix.fixed_s for matrix in matrices}

        def drive(mode: TravelMode, origin: str, destination: str, depart_s: int) -> int:
            end_s = arrival(tables, modes.index(mode), index[origin], index[destination], depart_s)
            return int(end_s) - depart_s - fixed_s[mode]

        return drive, fixed_s

    def _places(self, bookings: Iterable[Booking]) -> "dict[str, VisitPlace]":
        from dispatch.explain.observed import VisitPlace

        found = {}
        for booking in bookings:
            building = self.buildings[self._building_of[booking.address_id]]
            used = [self.treatments[seat.treatment_id or booking.treatment_id] for seat in booking.seats]
            place = VisitPlace(
                booking=booking,
                building_id=building.id,
                area=building.area,
                set_up_s=max(treatment.set_up_s for treatment in used),
            )
            found.update(dict.fromkeys(visits_of(booking), place))
        return found

    def _slow(self, day: date) -> "Slow":
        from dispatch.explain.observed import Slow

        noted = [one for one in self._conditions if one.day == day]
        return Slow(
            areas=frozenset(one.area for one in noted if one.kind is ConditionKind.TRAFFIC),
            rain=tuple((one.from_s, one.to_s) for one in noted if one.kind is ConditionKind.RAIN),
        )
