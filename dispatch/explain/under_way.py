"""A day in its midst: what must be taken as done or under way, so that a repair plans only what can still be changed.

What nobody has reported is taken to have gone as planned. The frozen day is for planning with; what is kept is judged
on the day as it is stored, without these assumptions.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from dispatch.model.decisions import Waiver
from dispatch.model.facts import VisitFact
from dispatch.model.kinds import StopKind, VisitState
from dispatch.model.plan import Plan, Route, Stop
from dispatch.model.problem import DayProblem
from dispatch.model.timetable import BreakTime, VisitTime
from dispatch.rules.retime import retime


@dataclass(frozen=True, slots=True, kw_only=True)
class UnderWay:
    """A day frozen at a moment, and its plan: `begun` are the stops of each therapist that nobody can change any more.

    The frozen day does not know breaks that have begun since the last visit, nor does its plan hold them; a break before
    a visit that has begun counts as taken.
    """

    problem: DayProblem
    plan: Plan
    begun: Mapping[str, tuple[Stop, ...]] = field(default_factory=dict)

    def whole(self, plan: Plan) -> Plan:
        """Give a plan of the frozen day with what has begun in its places, breaks included."""
        routes = []
        for therapist in self.problem.therapists:
            begun = self.begun.get(therapist.id, ())
            rest = tuple(one for one in plan.route_of(therapist.id).stops if one not in begun)
            if any(one.kind is StopKind.VISIT for one in (*begun, *rest)):
                routes.append(Route(therapist_id=therapist.id, stops=(*begun, *rest)))
        return replace(plan, routes=tuple(routes))


def under_way(
    problem: DayProblem, plan: Plan, now_s: int | None, *, stopped: Mapping[str, int] | None = None
) -> UnderWay:
    """Freeze a day at a moment; None leaves it as it is.

    `stopped` are therapists who work no more from a time on: of theirs only what has started by then is under way.
    """
    if now_s is None:
        return UnderWay(problem=problem, plan=plan)
    reported = {fact.visit_id for fact in problem.facts}
    facts: list[VisitFact] = []
    begun: dict[str, tuple[Stop, ...]] = {}
    taken: dict[str, set[str]] = {}
    for route in retime(problem, plan).routes:
        until_s = min(now_s, (stopped or {}).get(route.therapist_id, now_s))
        is_stopped = route.therapist_id in (stopped or {})
        last = 0
        for at, stop in enumerate(route.stops, start=1):
            if isinstance(stop, BreakTime):
                has_begun = stop.start_s <= until_s
            elif stop.visit_id in reported:
                has_begun = True
            else:
                has_begun = (stop.start_s if is_stopped else min(stop.leave_by_s, stop.start_s)) <= until_s
            last = at if has_begun else last
        mine = route.stops[:last]
        facts.extend(_fact(one, now_s) for one in mine if isinstance(one, VisitTime) and one.visit_id not in reported)
        if resting := set(_since_the_last_visit(mine)):
            taken[route.therapist_id] = resting
        begun[route.therapist_id] = plan.route_of(route.therapist_id).stops[:last]
    therapists = tuple(
        replace(one, breaks=tuple(pause for pause in one.breaks if pause.id not in taken.get(one.id, ())))
        for one in problem.therapists
    )
    kept = tuple(
        replace(route, stops=tuple(stop for stop in route.stops if not _is_taken(stop, taken.get(route.therapist_id))))
        for route in plan.routes
    )
    # Without the break she has just had, she would seem to have worked without a rest.
    rested = {(one.rule, one.subject_id) for one in problem.waivers}
    waivers = (
        Waiver(rule="consecutive_limit", subject_id=name, by="", reason="")
        for name in taken
        if ("consecutive_limit", name) not in rested
    )
    frozen = replace(
        problem,
        therapists=therapists,
        facts=(*problem.facts, *facts),
        waivers=(*problem.waivers, *waivers),
        now_s=now_s,
    )
    return UnderWay(problem=frozen, plan=replace(plan, routes=kept), begun=begun)


def _since_the_last_visit(stops: Sequence[VisitTime | BreakTime]) -> Iterator[str]:
    """Give the breaks behind the last visit."""
    for stop in reversed(stops):
        if isinstance(stop, VisitTime):
            return
        yield stop.break_id


def _is_taken(stop: Stop, taken: set[str] | None) -> bool:
    return stop.kind is StopKind.BREAK and stop.id in (taken or ())


def _fact(visit: VisitTime, now_s: int) -> VisitFact:
    """Give what is known of a visit that has gone as planned up to now; she has left for it."""
    known = (
        (VisitState.DEPARTED, visit.depart_s),
        (VisitState.ARRIVED, visit.arrive_s),
        (VisitState.STARTED, visit.start_s),
        (VisitState.FINISHED, visit.end_s),
    )
    so_far = [(state, time_s) for state, time_s in known if time_s <= now_s] or [(VisitState.DEPARTED, now_s)]
    departed_s, arrived_s, started_s, finished_s = [time_s for _, time_s in so_far] + [None] * (4 - len(so_far))
    return VisitFact(
        visit_id=visit.visit_id,
        therapist_id=visit.therapist_id,
        state=so_far[-1][0],
        departed_s=departed_s,
        arrived_s=arrived_s,
        started_s=started_s,
        finished_s=finished_s,
    )
