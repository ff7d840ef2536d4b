"""The ways to mend a day after something happened, weighed on a day where it has happened and nothing is kept.

Three are weighed: leaving all as it is, moving only what cannot stay, and asking the planner, for whom every change of
the plan that people know has its price. What is under way stays.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import TYPE_CHECKING

from dispatch.model.outcome import Budget
from dispatch.model.plan import Plan, Route, booking_of
from dispatch.model.problem import DayProblem
from dispatch.model.trouble import Mended, SetAside
from dispatch.model.weights import Weights
from dispatch.work.reconcile import reconcile
from dispatch.work.seen import SeenDay
from dispatch.work.troubles import Happened

if TYPE_CHECKING:
    from dispatch.explain.damage import Change, Damage
    from dispatch.explain.under_way import UnderWay
    from dispatch.model.timetable import Violation

STABILITY = 3
"""In the midst of a day a change costs so many times what it costs the evening before."""


class Way(StrEnum):
    """How a day may be mended."""

    AS_IT_IS = "as_it_is"
    SMALLEST = "smallest"
    PLANNED = "planned"


@dataclass(frozen=True, slots=True, kw_only=True)
class Option:
    """One way to mend the day: the plan as its page sends it back, what it breaks, changes and amounts to.

    `set_aside` are rules that what is under way breaks whatever is done; they are set aside with the plan. `late_s` is all lateness after windows and promises, `tell` the bookings whose clients are to be told.
    """

    way: Way
    mended: Mended
    breaches: tuple["Violation", ...] = ()
    set_aside: tuple["Violation", ...] = ()
    changes: tuple["Change", ...] = ()
    served: int = 0
    left_out: int = 0
    priority_lost: int = 0
    late_s: int = 0
    travel_s: int = 0
    points: int = 0
    tell: tuple[str, ...] = ()

    def rank(self, *, held_up: bool = False) -> tuple[int, ...]:
        """Give what ways are compared by, smaller is better: broken rules, what is lost, lateness felt, how small it is.

        On a day that runs late a fixed start missed by minutes is lateness like any other, and no reason to move others.
        """
        felt = self.late_s // 600
        aside = len(self.set_aside)
        return (
            len(self.breaches),
            self.priority_lost,
            self.left_out,
            0 if held_up else aside,
            felt,
            len(self.tell),
            len(self.changes),
            aside,
            self.points,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Weighing:
    """The damage and the ways to mend it, the one proposed first."""

    damage: "Damage"
    options: tuple[Option, ...]
    names: Mapping[str, str] = field(default_factory=dict)


def weighed(before: SeenDay, after: SeenDay, happened: Happened, budget: Budget) -> Weighing:
    """Weigh the ways to mend a day that was as `before` and is now as `after`."""
    from dispatch.explain.damage import damage
    from dispatch.explain.mending import mended
    from dispatch.explain.under_way import under_way
    from dispatch.solve import solve

    base = still_standing(after.problem, after.plan, happened)
    frozen = under_way(after.problem, base, before.now_s, stopped=dict(happened.stopped))
    priced = replace(
        frozen.problem, published=reconcile(after.problem, before.plan), weights=_dearer(after.problem.weights)
    )
    lost = before.plan.served() - base.served() - happened.gone
    options = [_option(Way.AS_IT_IS, before, after, happened, base, ())]
    smallest = mended(priced, frozen.plan, lost)
    if smallest is not None:
        day, plan = smallest
        starts = _starts(day, plan)
        options.append(_kept_to(Way.SMALLEST, before, after, happened, frozen, plan, starts))
    if after.problem.therapists and after.problem.bookings:
        plan = solve(priced, budget=budget, start=frozen.plan).plan
        options.append(_kept_to(Way.PLANNED, before, after, happened, frozen, plan, _starts(priced, plan)))
    once: dict[Mended, Option] = {}
    for option in options:
        if option.way is Way.AS_IT_IS or not option.breaches:
            once.setdefault(replace(option.mended, routes=tuple(sorted(option.mended.routes, key=_name))), option)
    return Weighing(
        damage=damage(before.problem, before.plan, after.problem, base, gone=happened.gone),
        options=tuple(sorted(once.values(), key=lambda one: one.rank(held_up=happened.held_up))),
        names={**before.names, **after.names},
    )


def still_standing(problem: DayProblem, plan: Plan, happened: Happened) -> Plan:
    """Give what is left of a plan: without the visits nobody makes any more, and bookings that lost a seat by that."""
    if not happened.lost_visits:
        return plan
    routes = tuple(
        replace(route, stops=tuple(stop for stop in route.stops if stop.id not in happened.lost_visits))
        for route in plan.routes
    )
    return reconcile(problem, replace(plan, routes=routes))


def _dearer(weights: Weights) -> Weights:
    """Give the prices with every change of what people know dearer."""
    usual = Weights()
    return replace(
        weights,
        changed_therapist_sen=STABILITY * max(weights.changed_therapist_sen, usual.changed_therapist_sen),
        moved_sen_per_min=STABILITY * max(weights.moved_sen_per_min, usual.moved_sen_per_min),
    )


def _starts(problem: DayProblem, plan: Plan) -> dict[str, int]:
    from dispatch.rules.retime import retime

    return {visit.visit_id: visit.start_s for route in retime(problem, plan).routes for visit in route.visits()}


def _kept_to(
    way: Way,
    before: SeenDay,
    after: SeenDay,
    happened: Happened,
    frozen: "UnderWay",
    plan: Plan,
    starts: Mapping[str, int],
) -> Option:
    """Give an option from a plan of the frozen day: starts that would be told too early without it are fixed."""
    from dispatch.explain.damage import TOLD_FROM_S

    whole = frozen.whole(plan)
    stored = _starts(after.problem, whole)
    begun = {stop.id for stops in frozen.begun.values() for stop in stops}
    early = {
        booking_of(visit)[0]: starts[visit]
        for visit, start_s in stored.items()
        if visit not in begun and visit in starts and starts[visit] - start_s >= TOLD_FROM_S
    }
    return _option(way, before, after, happened, whole, tuple(sorted(early.items())))


def _option(
    way: Way, before: SeenDay, after: SeenDay, happened: Happened, plan: Plan, fixed: tuple[tuple[str, int], ...]
) -> Option:
    """Give an option with what the referee says of it on the day as it will be stored."""
    from dispatch.explain.damage import changes
    from dispatch.explain.moves import locks_at, with_locks
    from dispatch.rules.cost import plan_cost
    from dispatch.rules.referee import check
    from dispatch.rules.retime import retime

    locks = tuple(lock for name, start_s in fixed for lock in locks_at(after.problem, name, start_s))
    day = with_locks(after.problem, locks)
    plan = reconcile(day, replace(plan, left_out=after.plan.left_out))
    times, cost = retime(day, plan), plan_cost(day, plan)
    found = changes(retime(before.problem, before.plan), times, gone=happened.gone)
    visits = [visit for route in times.routes for visit in route.visits()]
    breaches = tuple(check(day, plan, times))
    # On the frozen day such a plan broke nothing: what it breaks here is past help, as far as it may be set aside.
    is_past_help = way is not Way.AS_IT_IS and all(one.waivable for one in breaches)
    set_aside = breaches if is_past_help else ()
    return Option(
        way=way,
        mended=Mended(
            routes=_kept_routes(plan),
            locks=locks,
            set_aside=tuple(SetAside(rule=one.rule, subject_id=one.subject_id) for one in set_aside),
        ),
        breaches=() if is_past_help else breaches,
        set_aside=set_aside,
        changes=found,
        served=len(plan.served() - happened.gone),
        left_out=cost.left_out,
        priority_lost=cost.priority_lost,
        late_s=sum(max(visit.late_s, visit.promise_late_s) for visit in visits),
        travel_s=sum(route.travel_s for route in times.routes),
        points=cost.points,
        tell=tuple(dict.fromkeys(change.booking_id for change in found if change.tell)),
    )


def _kept_routes(plan: Plan) -> tuple[Route, ...]:
    """Give a plan's routes without the hour of somebody held up, which is no stop of any plan."""
    from dispatch.explain.held_up import HELD_UP

    routes = (replace(one, stops=tuple(stop for stop in one.stops if stop.id != HELD_UP)) for one in plan.routes)
    return tuple(one for one in routes if one.stops)


def _name(route: Route) -> str:
    return route.therapist_id
