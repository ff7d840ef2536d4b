"""The margin a plan for real days keeps: no start is planned in the last minutes of a window, which real days run into.

It is asked of what is newly planned only. What has begun, was published, is locked or held, or stands in the plan to
begin with keeps its whole window, so that no margin ever takes a booking out of a plan. Nor is it asked where a window
is shorter, or where there are several: there the margin would change times, not only choices.
"""

from collections.abc import Callable
from dataclasses import replace

from dispatch.model.day import COUPLE_GRID_S
from dispatch.model.outcome import Progress, Result
from dispatch.model.plan import LeftOut, Plan, booking_of
from dispatch.model.problem import DayBooking, DayProblem
from dispatch.model.said import said
from dispatch.rules.compiled import compile_problem
from dispatch.rules.route import best_insertions


def with_margin(problem: DayProblem, start: Plan | None) -> DayProblem:
    """Give the problem whose new visits start `weights.least_margin_s` before their window's end, or as early as it goes.

    A plan its referee accepts has the same times and costs in the problem itself, whose referee accepts it too; so the
    answer may be shown and kept as the problem's own. The same object comes back where nothing is asked for.
    """
    margin_s = problem.weights.least_margin_s
    if margin_s <= 0:
        return problem
    kept = _kept(problem, start)
    bookings = tuple(
        booking
        if booking.id in kept or booking.is_hold or len(booking.windows) != 1
        else replace(booking, late_tolerance_s=-_room_s(booking, margin_s))
        for booking in problem.bookings
    )
    return replace(problem, bookings=bookings)


def told_with_margin(problem: DayProblem, narrowed: DayProblem, result: Result) -> Result:
    """Give the answer to the narrowed problem as one to the problem: what its certificate is about, and true reasons.

    A booking that would fit alone, but for the margin, is told so.
    """
    left_out = tuple(_told(problem, narrowed, result.plan, one) for one in result.plan.left_out)
    return replace(
        result,
        plan=replace(result.plan, left_out=left_out),
        certificate=replace(result.certificate, margin_s=problem.weights.least_margin_s),
    )


def heard_with_margin(
    problem: DayProblem, on_progress: Callable[[Progress], bool | None]
) -> Callable[[Progress], bool | None]:
    """Give a listener to the narrowed problem's solve, for one who hears of the problem."""

    def hear(progress: Progress) -> bool | None:
        certificate = replace(progress.certificate, margin_s=problem.weights.least_margin_s)
        return on_progress(replace(progress, certificate=certificate))

    return hear


def _told(problem: DayProblem, narrowed: DayProblem, plan: Plan, one: LeftOut) -> LeftOut:
    """Give a booking left out with the margin as its reason, where it would fit into some route without."""
    if narrowed.booking(one.booking_id) is problem.booking(one.booking_id):
        return one
    compiled = compile_problem(problem)
    visits = compiled.booking_visits[compiled.bookings[one.booking_id]]
    if len(visits) > 1:
        return one
    for t, name in enumerate(compiled.therapists):
        route = [compiled.visit_index[visit] for visit in plan.route_of(name).visit_ids()]
        if best_insertions(compiled, t, route, visits[0]):
            minutes = problem.weights.least_margin_s // 60
            return LeftOut(
                booking_id=one.booking_id,
                reason=said("plan.within_margin", booking_id=one.booking_id, minutes=minutes),
            )
    return one


def _kept(problem: DayProblem, start: Plan | None) -> set[str]:
    """Give the bookings that keep their whole window."""
    kept = {booking_of(fact.visit_id)[0] for fact in problem.facts}
    kept |= {booking_of(lock.visit_id)[0] for lock in problem.locks}
    kept |= {booking_of(waiver.subject_id)[0] for waiver in problem.waivers if waiver.rule == "window_missed"}
    for plan in (problem.published, start):
        if plan is not None:
            kept |= plan.served()
    return kept


def _room_s(booking: DayBooking, margin_s: int) -> int:
    """Give how much of the margin a booking's window has room for; a couple's keeps a step of its grid."""
    window = booking.windows[0]
    grid_s = COUPLE_GRID_S if len(booking.seats) > 1 else 0
    return max(0, min(margin_s, window.end_s - window.start_s - grid_s))
