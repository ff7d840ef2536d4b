"""When the rest of the day will really happen: what was reported, the clock, and `retime` for every later stop."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from dispatch.model.decisions import Lock
from dispatch.model.facts import VisitFact
from dispatch.model.kinds import VisitState
from dispatch.model.plan import Plan
from dispatch.model.problem import DayProblem
from dispatch.model.timetable import RouteTimes, VisitTime
from dispatch.model.told import VisitTold
from dispatch.rules.retime import retime

SILENT_S = 900
"""So long after its planned start, a visit nobody has reported anything of is marked as unheard of."""


@dataclass(frozen=True, slots=True, kw_only=True)
class VisitForecast:
    """One visit as it was planned and as it happened, or will; times in seconds of the service day.

    `late_s` is how much later than planned its treatment starts (less than nought: earlier), `promise_late_s` how much
    later than the client was promised. `reported` says how far it has come by the reports, None where nothing was
    reported; `assumed` that it is taken as having gone as planned, `silent` that it should have begun and nobody said so.
    """

    visit_id: str
    booking_id: str
    therapist_id: str
    planned_start_s: int
    planned_end_s: int
    start_s: int
    end_s: int
    promise_late_s: int = 0
    reported: VisitState | None = None
    assumed: bool = False
    silent: bool = False

    @property
    def late_s(self) -> int:
        """How much later than planned the treatment starts; less than nought where it is earlier."""
        return self.start_s - self.planned_start_s

    @property
    def begun(self) -> bool:
        """Whether its treatment has begun, so that its start is no forecast any more."""
        return self.assumed or self.reported in {VisitState.STARTED, VisitState.FINISHED, VisitState.NO_SHOW}


def forecast(
    problem: DayProblem, plan: Plan, *, now_s: int, told: Iterable[VisitTold] = ()
) -> tuple[VisitForecast, ...]:
    """Give every visit of the plan as planned and as it will be, in the plan's order.

    What was reported stands, and what has not begun by now cannot begin before now. A visit of which nothing was reported
    is taken as having gone as planned once a later one was begun, or its planned end is over with no visit before it
    still open; a therapist who has reported nothing all day is taken to be where the plan has her. Being late as told
    counts from the planned start, until the treatment begins.
    """
    told = tuple(told)
    planned = retime(replace(problem, facts=(), now_s=None), plan)
    facts = {fact.visit_id: fact for fact in problem.facts}
    assumed = {fact.visit_id: fact for fact in taken_for_granted(problem, planned.routes, now_s, told)}
    whole = replace(
        problem,
        facts=(*problem.facts, *assumed.values()),
        locks=late_locks(problem, plan, planned_of(planned.routes), told),
    )
    expected = planned_of(retime(whole, plan, now_s=now_s).routes)
    return tuple(
        _compared(
            problem, visit, expected[visit.visit_id], facts.get(visit.visit_id), assumed.get(visit.visit_id), now_s
        )
        for route in planned.routes
        for visit in route.visits()
        if visit.visit_id in expected
    )


def taken_for_granted(
    problem: DayProblem, planned: Iterable[RouteTimes], now_s: int, told: Iterable[VisitTold]
) -> Iterator[VisitFact]:
    """Give what is taken for granted of visits nobody reported anything of, from the routes as they were planned.

    Who reports nothing all day does not begin a couple's treatment alone: she waits for the one who does report.
    """
    planned = tuple(planned)
    facts = {fact.visit_id: fact for fact in problem.facts}
    heard = {fact.therapist_id for fact in problem.facts} | {one.therapist_id for one in told}
    known = [
        fact
        for route in planned
        if route.therapist_id in heard
        for fact in _assumed(route, facts, now_s, quiet=False, waits=frozenset())
    ]
    yield from known
    begun = {
        one.visit_id for one in (*known, *problem.facts) if one.started_s is not None or one.finished_s is not None
    }
    waits = frozenset(
        visit.booking_id
        for route in planned
        if route.therapist_id in heard
        for visit in route.visits()
        if visit.visit_id not in begun
    )
    for route in planned:
        if route.therapist_id not in heard:
            yield from _assumed(route, facts, now_s, quiet=True, waits=waits)


def planned_of(routes: Iterable[RouteTimes]) -> dict[str, VisitTime]:
    """Give the visits of routes by their id."""
    return {visit.visit_id: visit for route in routes for visit in route.visits()}


def _compared(
    problem: DayProblem,
    planned: VisitTime,
    expected: VisitTime,
    fact: VisitFact | None,
    assumed: VisitFact | None,
    now_s: int,
) -> VisitForecast:
    promise_s = problem.booking(planned.booking_id).promise_s
    gone_as_planned = assumed is not None and assumed.started_s is not None
    return VisitForecast(
        visit_id=planned.visit_id,
        booking_id=planned.booking_id,
        therapist_id=planned.therapist_id,
        planned_start_s=planned.start_s,
        planned_end_s=planned.end_s,
        start_s=expected.start_s,
        end_s=expected.end_s,
        promise_late_s=0 if promise_s is None else max(0, expected.start_s - promise_s),
        reported=fact.state if fact else None,
        assumed=gone_as_planned,
        silent=fact is None and now_s >= planned.start_s + SILENT_S,
    )


def _assumed(
    route: RouteTimes, facts: Mapping[str, VisitFact], now_s: int, *, quiet: bool, waits: Collection[str]
) -> Iterator[VisitFact]:
    """Give what is taken for granted of the visits nobody reported anything of."""
    visits = route.visits()
    last = max((at for at, visit in enumerate(visits) if visit.visit_id in facts), default=-1)
    is_open = False
    for at, visit in enumerate(visits):
        fact = facts.get(visit.visit_id)
        if fact is not None:
            is_open = is_open or fact.state not in {VisitState.FINISHED, VisitState.NO_SHOW}
        elif visit.booking_id in waits and at >= last:
            if visit.depart_s <= now_s:
                arrived = visit.arrive_s <= now_s
                yield _as_planned(visit, now_s, VisitState.ARRIVED if arrived else VisitState.DEPARTED)
            return
        elif at < last or (visit.end_s <= now_s and not is_open):
            yield _as_planned(visit, now_s, VisitState.FINISHED, finished_s=visit.free_s if at > last else now_s)
        elif quiet and visit.depart_s <= now_s and not is_open:
            state = VisitState.STARTED if visit.start_s <= now_s else VisitState.DEPARTED
            yield _as_planned(visit, now_s, state)
            return


def _as_planned(visit: VisitTime, now_s: int, state: VisitState, *, finished_s: int = 0) -> VisitFact:
    """Give a visit's planned times as facts, as far as a state goes; who has finished is free, so packing up is over too."""
    over = state is VisitState.FINISHED
    begun = over or state is VisitState.STARTED
    return VisitFact(
        visit_id=visit.visit_id,
        therapist_id=visit.therapist_id,
        state=state,
        departed_s=min(visit.depart_s, now_s),
        arrived_s=min(visit.arrive_s, now_s) if begun or visit.arrive_s <= now_s else None,
        started_s=min(visit.start_s, now_s) if begun else None,
        finished_s=min(visit.free_s, finished_s) if over else None,
    )


def late_locks(
    problem: DayProblem, plan: Plan, planned: Mapping[str, VisitTime], told: Iterable[VisitTold]
) -> tuple[Lock, ...]:
    """Give the day's locks with the starts that therapists have told they will be late for."""
    locks = {lock.visit_id: lock for lock in problem.locks}
    serving = {visit: route.therapist_id for route in plan.routes for visit in route.visit_ids()}
    for one in told:
        if one.late_s is None or serving.get(one.visit_id) != one.therapist_id or one.visit_id not in planned:
            continue
        lock = locks.get(one.visit_id) or Lock(visit_id=one.visit_id)
        start_s = planned[one.visit_id].start_s + one.late_s
        locks[one.visit_id] = replace(lock, start_s=max(start_s, lock.start_s or 0))
    return tuple(locks[visit] for visit in sorted(locks))
