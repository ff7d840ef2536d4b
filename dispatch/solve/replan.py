"""Whether the published plan simply stands: replanning a day on which nothing has gone wrong must not move anybody.

People have been told the published plan. Once the day is under way, a plan that is a little cheaper is no reason to
tell them another one; only news is. What counts as news is told in `docs/reference/planner.md`, Replan.
"""

from collections.abc import Callable

from dispatch.model.plan import Plan
from dispatch.rules.step import PUBLISHED
from dispatch.solve.day import Day
from dispatch.solve.finish import Finisher
from dispatch.solve.judge import Answer, Judge
from dispatch.solve.routes import RouteBook


def standing(day: Day, book: RouteBook, judge: Judge, start: Plan | None, *, look: Callable[[], None]) -> Answer | None:
    """Give the published plan with its times and cost where the day is under way and brings no news; else None.

    No news is: `start` is the published plan; it names exactly the day's bookings; the referee accepts it; no visit
    starts later than published; and nothing it leaves out fits into it.
    """
    published = day.problem.published
    if start is None or published is None or not day.problem.facts:
        return None
    if start.routes != published.routes or not _names_the_day(day, start) or not _names_the_day(day, published):
        return None
    answer = judge.answer(start)
    if answer is None or _makes_wait(day, answer):
        return None
    if Finisher(day, book, judge).fill(answer, look=look).plan.served() != start.served():
        return None
    return answer


def _makes_wait(day: Day, answer: Answer) -> bool:
    """Tell whether some visit that has not begun would start later than published."""
    published = day.compiled.tables.visits[:, PUBLISHED]
    return any(
        visit.visit_id not in day.compiled.facts and visit.start_s > published[day.compiled.visit_index[visit.visit_id]]
        for route in answer.timetable.routes
        for visit in route.visits()
    )


def _names_the_day(day: Day, plan: Plan) -> bool:
    """Tell whether a plan serves or leaves out every booking of the day, and nothing else; unplanned ones are news."""
    visits = [name for route in plan.routes for name in route.visit_ids()]
    left_out = [one.booking_id for one in plan.left_out]
    whole = [name for entry in day.entries if entry.id not in set(left_out) for name in _visits(day, entry.visits)]
    known = set(left_out) <= {entry.id for entry in day.entries}
    return (
        known
        and sorted(visits) == sorted(whole)
        and not any(one.reason.code == "plan.not_planned_yet" for one in plan.left_out)
    )


def _visits(day: Day, visits: tuple[int, ...]) -> list[str]:
    return [day.compiled.visits[visit] for visit in visits]
