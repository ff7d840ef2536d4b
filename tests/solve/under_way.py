"""A day some hours later, with everything done as planned."""

from __future__ import annotations

from dataclasses import replace

from dispatch.model.facts import VisitFact
from dispatch.model.kinds import VisitState
from dispatch.model.plan import Plan
from dispatch.model.problem import DayProblem
from dispatch.model.timetable import VisitTime
from dispatch.rules.retime import retime


def as_planned(problem: DayProblem, plan: Plan, now_s: int) -> DayProblem:
    """The day at a time, its plan published and everything until then done to the second."""
    published = replace(problem, published=plan)
    times = retime(published, plan)
    facts = [_fact(visit, now_s) for route in times.routes for visit in route.visits() if visit.depart_s <= now_s]
    return replace(published, facts=tuple(facts), now_s=now_s)


def _fact(visit: VisitTime, now_s: int) -> VisitFact:
    """What is known of a visit she has left for."""
    known = [
        (VisitState.DEPARTED, visit.depart_s),
        (VisitState.ARRIVED, visit.arrive_s),
        (VisitState.STARTED, visit.start_s),
        (VisitState.FINISHED, visit.end_s),
    ]
    so_far = [(state, time_s) for state, time_s in known if time_s <= now_s]
    times = [time_s for _, time_s in so_far] + [None] * (4 - len(so_far))
    return VisitFact(
        visit_id=visit.visit_id,
        therapist_id=visit.therapist_id,
        state=so_far[-1][0],
        departed_s=times[0],
        arrived_s=times[1],
        started_s=times[2],
        finished_s=times[3],
    )
