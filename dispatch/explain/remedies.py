"""What would help: small changes with which a booking that is left out has a place, each of them tried.

A remedy is a change of the day (another window, anybody's gender, some overtime) together with the plan that serves the booking then;
all others keep their therapist and their order. Or it is two moves at once, which change the plan alone. Nothing is told
that the referee refuses.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from dispatch.explain.moves import locks_at, with_locks
from dispatch.explain.slots import offers
from dispatch.explain.swaps import swap
from dispatch.model.booking import TimeWindow
from dispatch.model.day import HORIZON_S
from dispatch.model.plan import Plan, visit_id
from dispatch.model.problem import DayBooking, DayProblem
from dispatch.model.said import Said, said
from dispatch.model.slot import Delay, Draft, Slot
from dispatch.rules.referee import check
from dispatch.rules.retime import retime

WIDER_S = (900, 1_800, 3_600, 5_400, 7_200)
"""By so much the wished windows are widened, at both ends, until a place is found."""

LONGER_S = (1_200, 2_400, 3_600)
"""By so much shifts are made longer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Remedy:
    """A change that helps: what it is, the day with it, and the plan that then serves the booking in this slot."""

    said: Said
    problem: DayProblem
    plan: Plan
    slot: Slot

    @property
    def kind(self) -> str:
        """What would change: `swap`, `time`, `gender`, `anybody` or `overtime`."""
        name = self.said.code.removeprefix("remedy.").removesuffix("_pair")
        return "time" if name in {"earlier", "later", "between"} else name


def remedies(problem: DayProblem, plan: Plan, booking_id: str, *, limit: int = 3) -> tuple[Remedy, ...]:
    """Give up to so many remedies for a booking that a plan leaves out, those that ask least first.

    Empty where nothing of what is tried helps; raises `KeyError` for a booking the problem does not have.
    """
    booking = problem.booking(booking_id)
    known = {(breach.rule, breach.subject_id) for breach in check(problem, plan)}
    found: list[Remedy] = []
    for attempt in (_swap, _other_time, _any_gender, _anybody, _overtime):
        remedy = attempt(problem, plan, booking)
        if remedy is None or booking_id not in remedy.plan.served():
            continue
        broken = check(remedy.problem, remedy.plan)
        if all((breach.rule, breach.subject_id) in known for breach in broken):
            found.append(remedy)
        if len(found) == limit:
            break
    return tuple(found)


def _swap(problem: DayProblem, plan: Plan, booking: DayBooking) -> Remedy | None:
    """Try two moves at once: somebody's visit goes to somebody else, and the booking takes its room."""
    found = swap(problem, plan, booking)
    if found is None:
        return None
    before, after = retime(problem, plan), retime(problem, found.plan)
    was = {visit.visit_id: visit.start_s for route in before.routes for visit in route.visits()}
    now = {visit.visit_id: visit.start_s for route in after.routes for visit in route.visits()}
    slot = Slot(
        start_s=now[visit_id(booking.id, 0)],
        therapist_ids=(found.therapist_id,),
        extra_travel_s=sum(one.travel_s for one in after.routes) - sum(one.travel_s for one in before.routes),
        added_points=found.added_points,
        delayed=tuple(
            Delay(visit_id=visit, minutes=-(-(start_s - was[visit]) // 60))
            for visit, start_s in sorted(now.items(), key=lambda one: one[1])
            if visit in was and start_s > was[visit]
        ),
    )
    told = said(
        "remedy.swap",
        booking_id=booking.id,
        start_s=slot.start_s,
        therapist_id=found.therapist_id,
        visit_id=found.visit_id,
        other_id=found.other_id,
        other_start_s=now[found.visit_id],
    )
    return Remedy(said=told, problem=problem, plan=found.plan, slot=slot)


def _other_time(problem: DayProblem, plan: Plan, booking: DayBooking) -> Remedy | None:
    """Try to start somewhat before or after the windows; locks on its start leave no other time."""
    for wider_s in WIDER_S:
        windows = tuple(_widened(booking, wider_s))
        found = _offer(problem, plan, replace(booking, windows=windows))
        if found is None:
            continue
        day, slot, new = found
        early_s = min(window.start_s for window in booking.windows) - slot.start_s
        after_s = slot.start_s - max(window.end_s for window in booking.windows)
        minutes = -(-max(early_s, after_s) // 60)
        code = "remedy.earlier" if early_s > 0 else "remedy.later" if after_s > 0 else "remedy.between"
        return _remedy(code, day, new, slot, booking, minutes=max(0, minutes))
    return None


def _widened(booking: DayBooking, wider_s: int) -> Iterator[TimeWindow]:
    """Give a booking's windows, wider at both ends, those that meet as one."""
    last: TimeWindow | None = None
    for window in booking.windows:
        wide = TimeWindow(start_s=max(0, window.start_s - wider_s), end_s=min(HORIZON_S, window.end_s + wider_s))
        if last is None:
            last = wide
        elif wide.start_s <= last.end_s:
            last = TimeWindow(start_s=last.start_s, end_s=max(last.end_s, wide.end_s))
        else:
            yield last
            last = wide
    if last is not None:
        yield last


def _any_gender(problem: DayProblem, plan: Plan, booking: DayBooking) -> Remedy | None:
    """Try therapists of any gender, where one was wished for."""
    seats = tuple(replace(seat, only_gender=None) for seat in booking.seats)
    if seats == booking.seats:
        return None
    found = _offer(problem, plan, replace(booking, seats=seats))
    return None if found is None else _remedy("remedy.gender", *_as_args(found), booking)


def _anybody(problem: DayProblem, plan: Plan, booking: DayBooking) -> Remedy | None:
    """Try everybody, where only some therapists were asked for."""
    if not booking.only_therapists:
        return None
    found = _offer(problem, plan, replace(booking, only_therapists=()))
    return None if found is None else _remedy("remedy.anybody", *_as_args(found), booking)


def _overtime(problem: DayProblem, plan: Plan, booking: DayBooking) -> Remedy | None:
    """Try longer shifts: of everybody first, then of those alone who would come."""
    for longer_s in LONGER_S:
        found = _offer(_with_overtime(problem, longer_s, lambda _: True), plan, booking)
        if found is None:
            continue
        comers = frozenset(found[1].therapist_ids)
        found = _offer(_with_overtime(problem, longer_s, comers.__contains__), plan, booking)
        if found is not None:
            return _remedy("remedy.overtime", *_as_args(found), booking, minutes=longer_s // 60)
    return None


def _with_overtime(problem: DayProblem, longer_s: int, of: Callable[[str], bool]) -> DayProblem:
    """Give the day with some therapists' last hour put off."""
    team = tuple(
        replace(one, overtime_s=min(HORIZON_S, one.overtime_s + longer_s)) if of(one.id) else one
        for one in problem.therapists
    )
    return replace(problem, therapists=team)


def _offer(problem: DayProblem, plan: Plan, booking: DayBooking) -> tuple[DayProblem, Slot, Plan] | None:
    """Give the day with a booking as it is now wished, at the best slot for it, that slot, and the plan it leads to."""
    bookings = tuple(booking if one.id == booking.id else one for one in problem.bookings)
    day = replace(problem, bookings=bookings)
    for slot, new in offers(day, plan, Draft(booking=booking), limit=1):
        return with_locks(day, locks_at(day, booking.id, slot.start_s)), slot, new
    return None


def _as_args(found: tuple[DayProblem, Slot, Plan]) -> tuple[DayProblem, Plan, Slot]:
    day, slot, new = found
    return day, new, slot


def _remedy(code: str, problem: DayProblem, plan: Plan, slot: Slot, booking: DayBooking, **values: int) -> Remedy:
    """Give a remedy with its sentence: who would come, or how many."""
    if len(booking.seats) > 1:
        told = said(f"{code}_pair", booking_id=booking.id, start_s=slot.start_s, seats=len(booking.seats), **values)
    else:
        told = said(code, booking_id=booking.id, start_s=slot.start_s, therapist_id=slot.therapist_ids[0], **values)
    return Remedy(said=told, problem=problem, plan=plan, slot=slot)
