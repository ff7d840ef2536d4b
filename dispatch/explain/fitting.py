"""Tells what a caller is told of a slot: beside which visits it fits, when somebody would honestly arrive, how good it is."""

from dataclasses import replace

from dispatch.model.day import COUPLE_GRID_S
from dispatch.model.decisions import Lock
from dispatch.model.plan import Plan, booking_of, visit_id
from dispatch.model.problem import DayBooking, DayProblem
from dispatch.model.slot import Beside, Draft, FittedSlot, Grade, Slot
from dispatch.model.timetable import Timetable, VisitTime

GOOD_TRAVEL_S = 900
"""A start that adds no more travel than this, and makes nobody wait, is a good one."""
MOST_WAIT_MINUTES = 30
"""A start that makes others wait longer than this, all taken together, is a tight one."""
LEAST_WINDOW_S = 900
"""No shorter window is told: nobody arrives to the minute."""
SURE_PERCENT = 75
"""A start that is on time less often than this is a tight one."""


def fitted_slots(problem: DayProblem, plan: Plan, draft: Draft, *, limit: int = 3) -> list[FittedSlot]:
    """Give the best starts for a draft as `suggest` does, each with what a caller is told of it, good ones first."""
    from dispatch.explain.slots import offers

    found = [_fitted(problem, draft.booking, slot, after) for slot, after in offers(problem, plan, draft, limit=limit)]
    return sorted(found, key=lambda one: list(Grade).index(one.grade))


def with_draft(problem: DayProblem, booking: DayBooking, slot: Slot) -> DayProblem:
    """Give the day with a draft as it would be taken at a slot: its visits locked to the start and the therapists."""
    others = tuple(one for one in problem.bookings if one.id != booking.id)
    locks = tuple(lock for lock in problem.locks if booking_of(lock.visit_id)[0] != booking.id)
    fixed = tuple(
        Lock(visit_id=visit_id(booking.id, seat), therapist_id=therapist_id, start_s=slot.start_s)
        for seat, therapist_id in enumerate(slot.therapist_ids)
    )
    return replace(
        problem,
        bookings=tuple(sorted((*others, booking), key=lambda one: one.id)),
        locks=tuple(sorted((*locks, *fixed), key=lambda one: one.visit_id)),
    )


def grade_of(problem: DayProblem, slot: Slot, on_time_percent: int) -> Grade:
    """Grade a start: good adds little travel and disturbs nobody; tight makes others wait long, or somebody who was told
    a time, or is often late.
    """
    told = any(problem.booking(booking_of(one.visit_id)[0]).promise_s is not None for one in slot.delayed)
    long = sum(one.minutes for one in slot.delayed) > MOST_WAIT_MINUTES
    if told or long or on_time_percent < SURE_PERCENT:
        return Grade.TIGHT
    return Grade.FAIR if slot.delayed or slot.extra_travel_s > GOOD_TRAVEL_S else Grade.GOOD


def _fitted(problem: DayProblem, booking: DayBooking, slot: Slot, plan: Plan) -> FittedSlot:
    from dispatch.rules.chance import chances
    from dispatch.rules.retime import retime

    # As it will be once it is promised: whether somebody is on time is measured against that, with its grace.
    problem = with_draft(problem, replace(booking, promise_s=slot.start_s), slot)
    own = tuple(route for route in plan.routes if route.therapist_id in slot.therapist_ids)
    # The chances of those who would come need nobody else, unless a couple ties them to others.
    tied = {
        booking_of(v)[0] for route in own for v in route.visit_ids() if len(problem.booking(booking_of(v)[0]).seats) > 1
    }
    routes = plan.routes if tied - {booking.id} or problem.links else own
    part = replace(plan, routes=routes)
    times = retime(problem, part)
    visits = {visit_id(booking.id, seat) for seat in range(len(slot.therapist_ids))}
    told = [one for one in chances(problem, part) if one.visit_id in visits]
    late_s = max((one.late_s for one in told), default=slot.start_s)
    on_time = min((one.on_time_percent for one in told), default=100)
    window_s = max(LEAST_WINDOW_S, -(-(late_s - slot.start_s) // COUPLE_GRID_S) * COUPLE_GRID_S)
    return FittedSlot(
        slot=slot,
        beside=tuple(_beside(problem, times, one, visits) for one in slot.therapist_ids),
        early_s=slot.start_s,
        late_s=slot.start_s + window_s,
        on_time_percent=on_time,
        grade=grade_of(problem, slot, on_time),
    )


def _beside(problem: DayProblem, times: Timetable, therapist_id: str, visits: set[str]) -> Beside:
    """Give the visits before and after the draft's in a therapist's day."""
    hers = times.route_of(therapist_id).visits()
    at = next((number for number, one in enumerate(hers) if one.visit_id in visits), len(hers))
    before = hers[at - 1] if 0 < at <= len(hers) else None
    after = hers[at + 1] if at + 1 < len(hers) else None
    return Beside(
        therapist_id=therapist_id,
        after_s=before.start_s if before else None,
        after_area=_area(problem, before),
        before_s=after.start_s if after else None,
        before_area=_area(problem, after),
    )


def _area(problem: DayProblem, visit: VisitTime | None) -> str:
    if visit is None:
        return ""
    return problem.locations[problem.booking(booking_of(visit.visit_id)[0]).location].area
