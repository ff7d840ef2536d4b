"""How sure a plan's times are: `retime` on many days that stray from the plan, the same days every time.

Legs and overruns of each day are drawn by Latin hypercube (McKay, Beckman and Conover 1979): every visit meets each
quantile of its leg's factor and of its overrun exactly once, in an order of its own drawn from a fixed seed. So a few
hundred days say what thousands of plain draws would, and two plans are compared on the same days. Couples wait for the
later one on each day by itself, by the same rising bounds as in `settle`.
"""

from dataclasses import dataclass, replace
from math import exp, log
from statistics import NormalDist

import numpy as np

from dispatch.model.chance import Spread, VisitChance
from dispatch.model.plan import Plan
from dispatch.model.problem import DayProblem
from dispatch.rules.compiled import Compiled, compile_problem
from dispatch.rules.scenario import walk_scenarios
from dispatch.rules.settle import SettledRoute, Ties, group_start, settle, ties_of
from dispatch.rules.step import (
    ALL_SHIFTS,
    ANY_SHIFT,
    DEPART_AT,
    DURATION,
    FIRST_SHIFT,
    FIRST_WINDOW,
    HORIZON,
    LOCKED,
    NEVER,
    PAST,
    PROMISE,
    SHIFTS,
    START_AT,
    WINDOWS,
    Ints,
)

DEFAULT = Spread()
"""What the board and the phone ask for."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Simulated:
    """A plan on many days: a row a visit in the plan's order, a column a day of `starts_s`.

    `deadlines_s` are the latest starts that are on time.
    """

    visit_ids: tuple[str, ...]
    therapist_ids: tuple[str, ...]
    deadlines_s: Ints
    starts_s: Ints


def chances(
    problem: DayProblem, plan: Plan, *, spread: Spread = DEFAULT, now_s: int | None = None
) -> tuple[VisitChance, ...]:
    """Give each visit's chance of being on time and an honest window for its start, in the plan's order.

    The same call gives the same answer. `now_s` stands in for the problem's own; what has happened is certain.
    """
    drawn = simulate(problem, plan, spread=spread, now_s=now_s)
    days = drawn.starts_s.shape[1]
    in_order = np.sort(drawn.starts_s, axis=1)
    late_s = np.maximum(0, drawn.starts_s - drawn.deadlines_s[:, None])
    return tuple(
        VisitChance(
            visit_id=visit,
            therapist_id=therapist,
            deadline_s=int(drawn.deadlines_s[n]),
            on_time_percent=100 * int((late_s[n] == 0).sum()) // days,
            early_s=int(in_order[n, (days - 1) // 10]),
            late_s=int(in_order[n, -1 - (days - 1) // 10]),
            expected_late_s=-(-int(late_s[n].sum()) // days),
        )
        for n, (visit, therapist) in enumerate(zip(drawn.visit_ids, drawn.therapist_ids, strict=True))
    )


def simulate(problem: DayProblem, plan: Plan, *, spread: Spread = DEFAULT, now_s: int | None = None) -> Simulated:
    """Give every visit's start on every day that `spread` draws."""
    if now_s is not None and now_s != problem.now_s:
        problem = replace(problem, now_s=now_s)
    compiled = compile_problem(problem)
    routes = list(settle(compiled, plan).routes)
    starts = _settle_days(compiled, routes, *_draw(len(compiled.visits), spread))
    rows = [(r, i) for r, route in enumerate(routes) for i, stop in enumerate(route.stops) if stop >= 0]
    visits = [int(routes[r].stops[i]) for r, i in rows]
    deadlines = [
        _deadline(compiled, v, int(routes[r].times[i, START_AT])) for v, (r, i) in zip(visits, rows, strict=True)
    ]
    days = max(1, spread.scenarios)
    return Simulated(
        visit_ids=tuple(compiled.visits[v] for v in visits),
        therapist_ids=tuple(compiled.therapists[routes[r].t] for r, _ in rows),
        deadlines_s=np.array(deadlines, np.int64),
        starts_s=np.array([starts[r][i] for r, i in rows], np.int64).reshape(len(rows), days),
    )


def _draw(visits: int, spread: Spread) -> tuple[Ints, Ints]:
    """Give the factor (thousandths) of the leg to each visit (rows) and its overrun in seconds, day by day (columns)."""
    days = max(1, spread.scenarios)
    normal = NormalDist()
    middles = [normal.inv_cdf((day + 0.5) / days) for day in range(days)]
    sigma, mean = spread.travel_sigma_per_mille / 1_000, spread.travel_mean_per_mille / 1_000
    location = log(mean) - sigma * sigma / 2 if mean > 0 else 0.0
    factors = np.array([round(1_000 * exp(location + sigma * z)) if mean > 0 else 0 for z in middles], np.int64)
    overruns = np.array([max(0, round(spread.overrun_mean_s + spread.overrun_sd_s * z)) for z in middles], np.int64)
    # One row of orders after another, so that a visit added at the end leaves the days of the others as they were.
    orders = np.random.default_rng(spread.seed).random((visits, 2, days)).argsort(axis=2, kind="stable")
    return factors[orders[:, 0]], overruns[orders[:, 1]]


def _opens(compiled: Compiled, route: SettledRoute) -> Ints:
    """Give by stop before when she does not leave for it: the opening of its shift, and the planned start of the day."""
    tables = compiled.tables
    she = tables.therapists[route.t]
    spans = tables.spans[she[FIRST_SHIFT] : she[FIRST_SHIFT] + she[SHIFTS], 0].tolist()
    opens = np.full(len(route.stops), -1, np.int64)
    first = True
    for i, stop in enumerate(route.stops.tolist()):
        if stop < 0:
            continue
        visit = tables.visits[stop]
        if visit[PAST] == 0:
            depart = int(route.times[i, DEPART_AT])
            if first:
                opens[i] = depart
            elif visit[ANY_SHIFT] == 0 and she[ALL_SHIFTS] == 0:
                opens[i] = max((opening for opening in spans if opening <= depart), default=-1)
        first = False
    return opens


def _settle_days(compiled: Compiled, routes: list[SettledRoute], factors: Ints, overruns: Ints) -> list[Ints]:
    """Give by route the starts of its stops (rows) on every day (columns), all ties kept on each."""
    ties = ties_of(compiled, [(route.t, route.stops) for route in routes])
    starts, agreed = _walk_days(compiled, routes, ties, factors, overruns)
    if ties.gaps and not agreed.all():
        # As in `settle`: a gap no road allows is timed without its most, on the days it happens.
        loose = ties._replace(gaps=[(first, second, least_s, NEVER) for first, second, least_s, _ in ties.gaps])
        others, _ = _walk_days(compiled, routes, loose, factors, overruns)
        starts = [np.where(agreed, kept, other) for kept, other in zip(starts, others, strict=True)]
    return starts


def _walk_days(
    compiled: Compiled, routes: list[SettledRoute], ties: Ties, factors: Ints, overruns: Ints
) -> tuple[list[Ints], "np.ndarray[tuple[int], np.dtype[np.bool_]]"]:
    """Walk the routes and raise the tied starts, each day by itself, until nothing moves; tell the days it ended on."""
    days = factors.shape[1]
    opens = [_opens(compiled, route) for route in routes]
    starts = [np.zeros((len(route.stops), days), np.int64) for route in routes]
    ends = [np.zeros((len(route.stops), days), np.int64) for route in routes]
    bounds = {group: np.full(days, group_start(compiled, visits, 0)) for group, visits in ties.groups.items()}
    pins = np.full((len(compiled.visits), days), -1, np.int64)
    windows = int(compiled.tables.visits[:, WINDOWS].max(initial=0))
    rounds = 16 + 4 * (len(ties.routes_of) + len(ties.gaps)) * (1 + windows)
    dirty, moving, lost = set(range(len(routes))), np.zeros(days, np.bool_), np.zeros(days, np.bool_)
    while dirty and rounds > 0:
        rounds -= 1
        for group, visits in ties.groups.items():
            pins[list(visits)] = bounds[group]
        for r in sorted(dirty):
            route = routes[r]
            walk_scenarios(compiled.tables, route.t, route.stops, opens[r], pins, factors, overruns, starts[r], ends[r])
        asked = _asked(compiled, ties, routes, starts, ends)
        raised = {group: _group_starts(compiled, visits, asked[group]) for group, visits in ties.groups.items()}
        for group, start in raised.items():
            lost |= (start > HORIZON) & (start > bounds[group])
        dirty, moving = set(), lost.copy()
        for group, start in raised.items():
            up = (start > bounds[group]) & ~lost
            if up.any():
                bounds[group] = np.where(up, start, bounds[group])
                moving |= up
                dirty |= {r for visit in ties.groups[group] for r in ties.routes_of[visit]}
    return starts, ~moving


def _group_starts(compiled: Compiled, visits: tuple[int, ...], asked: Ints) -> Ints:
    """Give `group_start` of each day."""
    times, which = np.unique(asked, return_inverse=True)
    return np.array([group_start(compiled, visits, int(time_s)) for time_s in times], np.int64)[which]


def _asked(
    compiled: Compiled, ties: Ties, routes: list[SettledRoute], starts: list[Ints], ends: list[Ints]
) -> dict[int, Ints]:
    """Give by group what its visits as walked, and the gaps, ask its start to be at least, day by day."""
    start_of: dict[int, Ints] = {}
    end_of: dict[int, Ints] = {}
    tied = {visit for visits in ties.groups.values() for visit in visits}
    tied |= {visit for gap in ties.gaps for b in gap[:2] for visit in compiled.booking_visits[b]}
    for route, start, end in zip(routes, starts, ends, strict=True):
        for i, stop in enumerate(route.stops.tolist()):
            if stop in tied:
                start_of[stop] = np.maximum(start_of.get(stop, start[i]), start[i])
                end_of[stop] = np.maximum(end_of.get(stop, end[i]), end[i])
    asked = {group: np.maximum.reduce([start_of[visit] for visit in visits]) for group, visits in ties.groups.items()}
    for first, second, least_s, most_s in ties.gaps:
        firsts = [visit for visit in compiled.booking_visits[first] if visit in start_of]
        seconds = [visit for visit in compiled.booking_visits[second] if visit in start_of]
        if compiled.together[second] in asked:
            group = compiled.together[second]
            for visit in firsts:
                asked[group] = np.maximum(asked[group], end_of[visit] + least_s)
        if compiled.together[first] in asked:
            group = compiled.together[first]
            length_s = int(compiled.tables.visits[firsts[0], DURATION])
            for visit in seconds:
                asked[group] = np.maximum(asked[group], start_of[visit] - most_s - length_s)
    return asked


def _deadline(compiled: Compiled, v: int, start_s: int) -> int:
    """Give the latest start of a visit that is on time: by its promise, else the window it is planned in.

    A start outside all windows is measured by the time a dispatcher fixed, else by the last window that ended before.
    """
    tables, grace_s = compiled.tables, compiled.problem.weights.promise_grace_s
    visit = tables.visits[v]
    if visit[PROMISE] >= 0:
        return int(visit[PROMISE]) + grace_s
    windows = tables.spans[visit[FIRST_WINDOW] : visit[FIRST_WINDOW] + visit[WINDOWS]].tolist()
    holding = [end_s for begin_s, end_s in windows if begin_s <= start_s <= end_s]
    if holding:
        return int(max(holding))
    if visit[LOCKED] >= 0:
        return int(visit[LOCKED]) + grace_s
    return int(max((end_s for _, end_s in windows if end_s < start_s), default=min(end_s for _, end_s in windows)))
