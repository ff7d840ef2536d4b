"""Why a plan leaves a booking out: the one sentence that tells a dispatcher most.

The therapists are sieved by the assignment rules, then by whether they could come on an otherwise empty day; the step
at which nobody (or too few) is left names the reason. Who could come but is busy is only told when all else is well.
"""

from collections.abc import Callable, Sequence

from dispatch.model.booking import Seat
from dispatch.model.decisions import Lock
from dispatch.model.plan import Plan
from dispatch.model.problem import DayBooking
from dispatch.model.said import Said, said
from dispatch.rules.assignment import ASSIGNMENT_RULES, AssignmentRule
from dispatch.rules.route import evaluate_route
from dispatch.solve.certificate import could_serve, seats_filled
from dispatch.solve.day import Day


def reason_of(day: Day, plan: Plan, number: int) -> Said:
    """Give why a booking is left out of a plan."""
    booking = day.problem.bookings[number]
    latest_s = max(window.end_s for window in booking.windows) + booking.late_tolerance_s
    if day.problem.now_s is not None and latest_s < day.problem.now_s:
        return said("plan.window_over", booking_id=booking.id, latest_s=latest_s)
    if not day.problem.therapists:
        return said("plan.no_team", booking_id=booking.id)
    for seat in range(len(booking.seats)):
        reason = _nobody_may(day, booking, seat)
        if reason is not None:
            return reason
    visits = day.entries[number].visits
    reason = _nobody_can(day, booking, visits)
    if reason is not None:
        return reason
    return _all_busy(day, plan, number)


def may_not(day: Day, t: int, number: int, seat: int) -> tuple[AssignmentRule, Said] | None:
    """Give the first assignment rule that keeps a therapist from a seat, with what it says; None where none does."""
    therapist, booking = day.problem.therapists[t], day.problem.bookings[number]
    visit = day.compiled.visits[day.entries[number].visits[seat]]
    for rule in ASSIGNMENT_RULES:
        reason = rule.reason(therapist, booking, seat, day.compiled.locks.get(visit))
        subject = therapist.id if rule.of_therapist else visit
        if reason is not None and not (rule.waivable and (rule.code, subject) in day.compiled.waived):
            return rule, reason
    return None


def fits_alone(day: Day, t: int, visit: int) -> bool:
    """Tell whether a therapist could serve a visit if nothing but what has begun were in her day."""
    return evaluate_route(day.compiled, t, (*day.heads[t], visit)).feasible


def _nobody_may(day: Day, booking: DayBooking, seat: int) -> Said | None:
    """Give why no therapist of the day may take a seat, by the rule that rules the last ones out."""
    number = day.compiled.bookings[booking.id]
    left = list(range(len(day.problem.therapists)))
    stops = {t: found[0] for t in left if (found := may_not(day, t, number, seat)) is not None}
    for rule in ASSIGNMENT_RULES:
        out = {t for t in left if stops.get(t) is rule}
        if out and len(out) == len(left):
            lock = day.compiled.locks.get(day.compiled.visits[day.entries[number].visits[seat]])
            return _TOLD[rule.code](day, booking, booking.seats[seat], lock, left)
        left = [t for t in left if t not in out]
    return None


def _nobody_can(day: Day, booking: DayBooking, visits: Sequence[int]) -> Said | None:
    """Give why nobody, or too few for all seats, could come even on an empty day."""
    for visit in visits:
        if any(fits_alone(day, t, visit) for t in day.able[visit]):
            continue
        lock = day.compiled.locks.get(day.compiled.visits[visit])
        if lock is not None and lock.start_s is not None:
            return said("plan.lock_time_cannot", booking_id=booking.id, start_s=lock.start_s)
        on_duty = [t for t in day.able[visit] if could_serve(day, t, visit)]
        if not on_duty:
            first, last = booking.windows[0].start_s, booking.windows[-1].end_s
            return said("plan.no_shift_then", booking_id=booking.id, from_s=first, to_s=last)
        if len(on_duty) == 1:
            name = day.compiled.therapists[on_duty[0]]
            return said("plan.one_cannot_reach", booking_id=booking.id, therapist_id=name)
        return said("plan.none_can_reach", booking_id=booking.id, count=len(on_duty))
    if len(visits) == 1:
        return None
    choices = [[t for t in day.able[visit] if fits_alone(day, t, visit)] for visit in visits]
    filled = seats_filled(choices)
    if filled < len(visits):
        return said("plan.too_few_at_once", booking_id=booking.id, seats=len(visits), count=filled)
    return None


def _all_busy(day: Day, plan: Plan, number: int) -> Said:
    """Give that those who could come have other things to do, and how many they are."""
    entry = day.entries[number]
    booking = day.problem.bookings[number]
    served = plan.served()
    partners = [day.entries[tie.other].id for tie in entry.ties if day.entries[tie.other].id in served]
    if partners:
        return said("plan.linked_busy", booking_id=booking.id, other_id=partners[0])
    able = sorted({t for visit in entry.visits for t in day.able[visit] if fits_alone(day, t, visit)})
    if len(entry.visits) > 1:
        return said("plan.couple_busy", booking_id=booking.id, seats=len(entry.visits), count=len(able))
    if len(able) == 1:
        return said("plan.one_busy", booking_id=booking.id, therapist_id=day.compiled.therapists[able[0]])
    return said("plan.all_busy", booking_id=booking.id, count=len(able))


# What is told where an assignment rule rules the last therapists out; `left` are those the rules before had left.
_Told = Callable[[Day, DayBooking, Seat, Lock | None, list[int]], Said]


def _untrained(day: Day, booking: DayBooking, seat: Seat, _lock: Lock | None, _left: list[int]) -> Said:
    """Nobody is trained: name the technique that nobody has, if there is one."""
    for technique in seat.techniques:
        if all(technique not in therapist.techniques for therapist in day.problem.therapists):
            return said("plan.nobody_trained", booking_id=booking.id, technique=technique)
    return said("plan.nobody_trained_in_all", booking_id=booking.id, count=len(seat.techniques))


def _refused(_day: Day, booking: DayBooking, _seat: Seat, _lock: Lock | None, left: list[int]) -> Said:
    """All who are trained have refused or been refused."""
    return said("plan.all_refused", booking_id=booking.id, count=len(left))


def _not_asked(_day: Day, booking: DayBooking, _seat: Seat, _lock: Lock | None, _left: list[int]) -> Said:
    """Only certain therapists are wanted, and none of them may come."""
    if len(booking.only_therapists) == 1:
        return said("plan.asked_may_not", booking_id=booking.id, therapist_id=booking.only_therapists[0])
    return said("plan.none_asked_may", booking_id=booking.id, count=len(booking.only_therapists))


def _gender(_day: Day, booking: DayBooking, seat: Seat, _lock: Lock | None, _left: list[int]) -> Said:
    """Nobody of the wanted gender is left."""
    wanted = seat.only_gender.value if seat.only_gender is not None else ""
    return said("plan.nobody_of_gender", booking_id=booking.id, gender=wanted)


def _locked(_day: Day, booking: DayBooking, _seat: Seat, lock: Lock | None, _left: list[int]) -> Said:
    """The one whom a dispatcher has fixed is not among those who may."""
    name = (lock.therapist_id if lock is not None else None) or ""
    return said("plan.lock_therapist_cannot", booking_id=booking.id, therapist_id=name)


def _off_duty(day: Day, booking: DayBooking, _seat: Seat, _lock: Lock | None, left: list[int]) -> Said:
    """All who may come have no shift."""
    if len(left) == 1:
        return said("plan.one_off_duty", booking_id=booking.id, therapist_id=day.compiled.therapists[left[0]])
    return said("plan.all_off_duty", booking_id=booking.id, count=len(left))


_TOLD: dict[str, _Told] = {
    "skill_missing": _untrained,
    "refused": _refused,
    "not_asked": _not_asked,
    "gender": _gender,
    "lock_therapist": _locked,
    "off_duty": _off_duty,
}
