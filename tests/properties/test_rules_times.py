"""What must hold for the times of any plan: earlier is never worse, couples meet, facts win, twice is once."""

from __future__ import annotations

import numpy as np
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dispatch.model.codec import dumps, loads
from dispatch.model.day import COUPLE_GRID_S
from dispatch.model.plan import Plan
from dispatch.model.problem import DayProblem
from dispatch.model.timetable import BreakTime, Timetable
from dispatch.rules import step as machine_code
from dispatch.rules.compiled import compile_problem
from dispatch.rules.cost import plan_cost
from dispatch.rules.referee import check
from dispatch.rules.retime import retime
from dispatch.rules.route import evaluate_route
from tests.strategies import LOCATIONS, day_problems, plans, with_facts

SLOW_DRAWS = settings(suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
CLOCK = st.integers(0, 30 * 3_600)


@SLOW_DRAWS
@given(problem=day_problems(most_bookings=1, published=False), early=CLOCK, later=st.integers(0, 20_000), leg=st.data())
def test_leaving_later_never_arrives_earlier(problem: DayProblem, early: int, later: int, leg: st.DataObject) -> None:
    """Leaving later never arrives, is ready, starts or is free earlier, to the second, at any speeds and gates."""
    tables = compile_problem(problem).tables
    origin = leg.draw(st.integers(0, LOCATIONS - 1))
    first = machine_code.arrival(tables, 0, origin, 2, early)
    assert early <= first <= machine_code.arrival(tables, 0, origin, 2, early + later)
    assert machine_code.ready_after(tables, 0, early) <= machine_code.ready_after(tables, 0, early + later)
    soon = machine_code.step(tables, 0, origin, early, 0, -1)
    late = machine_code.step(tables, 0, origin, early + later, 0, -1)
    if soon[6] == 1 and late[6] == 1 and machine_code.permitted(tables, 0, late[3]) == late[3]:
        assert all(a <= b for a, b in zip(soon, late, strict=True))


@SLOW_DRAWS
@given(problem=day_problems(most_bookings=2, published=False), free=CLOCK, pin=st.sampled_from([-1, 45_000]))
def test_compiled_code_is_its_plain_twin(problem: DayProblem, free: int, pin: int) -> None:
    """Every compiled function answers as the Python it was written in."""
    tables = compile_problem(problem).tables
    out, twin = np.zeros((1, 8), np.int64), np.zeros((1, 8), np.int64)
    calls: list[tuple[str, tuple[object, ...]]] = [
        ("priced_travel", (tables, 0, 0, 2)),
        ("arrival", (tables, 0, 1, 3, free)),
        ("ready_after", (tables, 0, free)),
        ("permitted", (tables, 0, free)),
        ("lateness", (tables, 0, free)),
        ("late_departure", (tables, 0, 0, 0, free, free + 9_000)),
        ("past_step", (tables, 0, 0, free, 0)),
        ("step", (tables, 0, 0, free, 0, pin)),
        ("rested_since", (tables, 0, 36_000, free, 30_000)),
        ("visit_points", (tables, 0, 0, 0, free)),
        ("time_route", (tables, 0, np.zeros(1, np.int64), np.full(8, pin, np.int64), out)),
    ]
    if len(tables.breaks) > 0:
        calls.append(("break_step", (tables, 0, free, 0)))
    for name, arguments in calls:
        compiled = getattr(machine_code, name)
        assert compiled(*arguments) == compiled.py_func(*(twin if one is out else one for one in arguments))
    assert (out == twin).all()


def starts_by_booking(times: Timetable) -> dict[str, list[int]]:
    """The starts of each booking's visits."""
    starts: dict[str, list[int]] = {}
    for route in times.routes:
        for visit in route.visits():
            starts.setdefault(visit.booking_id, []).append(visit.start_s)
    return starts


@SLOW_DRAWS
@given(data=st.data())
def test_couples_start_together_on_the_grid(data: st.DataObject) -> None:
    """Where nobody waits in a circle, all seats of a booking start at once, on the grid unless a time is locked."""
    problem = data.draw(day_problems())
    plan = data.draw(plans(problem))
    times = retime(problem, plan)
    if times.cycle or any(one.rule == "horizon" for one in check(problem, plan, times)):
        return
    locked = {lock.visit_id.split("/")[0] for lock in problem.locks if lock.start_s is not None}
    linked = {name for link in problem.links for name in (link.first_id, link.second_id)}
    for booking, starts in starts_by_booking(times).items():
        if len(starts) > 1:
            assert len(set(starts)) == 1
            assert starts[0] % COUPLE_GRID_S == 0 or booking in locked or (locked and booking in linked)


@SLOW_DRAWS
@given(data=st.data())
def test_couple_starts_as_early_as_both_routes_allow(data: st.DataObject) -> None:
    """A couple that keeps all rules starts at the first time on the grid that suits both routes, no later."""
    problem = data.draw(day_problems(most_bookings=3, most_breaks=0, links=False, locks=False))
    compiled = compile_problem(problem)
    couples = [booking for booking in problem.bookings if len(booking.seats) == 2]
    plan = data.draw(plans(problem))
    if not couples or check(problem, plan):
        return
    times = retime(problem, plan)
    routes = {route.therapist_id: [compiled.visit_index[name] for name in route.visit_ids()] for route in plan.routes}
    starts = starts_by_booking(times)
    served = [booking for booking in couples if booking.id in starts]
    if len(served) != 1:
        return
    b = compiled.bookings[served[0].id]
    for start_s in range(0, starts[served[0].id][0] + 1, COUPLE_GRID_S):
        pins = compiled.pins.copy()
        pins[list(compiled.booking_visits[b])] = start_s
        values = [evaluate_route(compiled, compiled.therapist_index[t], visits, pins) for t, visits in routes.items()]
        assert all(value.feasible for value in values) == (start_s == starts[served[0].id][0])


@SLOW_DRAWS
@given(data=st.data())
def test_facts_win(data: st.DataObject) -> None:
    """What is known to have happened is what the timetable says, whatever the plan and the rules would have it."""
    problem = data.draw(day_problems())
    plan = data.draw(plans(problem))
    problem = data.draw(with_facts(problem, plan))
    times = retime(problem, plan)
    assert problem.now_s is not None
    for fact in problem.facts:
        visit = times.visit(fact.visit_id)
        for known, told in (
            (fact.departed_s, visit.depart_s),
            (fact.arrived_s, visit.arrive_s),
            (fact.started_s, visit.start_s),
            (fact.finished_s, visit.free_s),
        ):
            assert known is None or known == told
        if fact.started_s is not None and fact.finished_s is None:
            assert visit.end_s >= problem.now_s
    begun = {fact.visit_id for fact in problem.facts}
    for route in times.routes:
        for visit in route.visits():
            assert visit.visit_id in begun or visit.depart_s >= problem.now_s
    assert "fact_moved" not in {one.rule for one in check(problem, plan)}


@SLOW_DRAWS
@given(data=st.data())
def test_past_alone_is_never_judged(data: st.DataObject) -> None:
    """A plan in which everything has begun breaks no rule of times, limits or people."""
    problem = data.draw(day_problems(most_seats=1, links=False))
    plan = data.draw(plans(problem))
    problem = data.draw(with_facts(problem, plan))
    heads = {
        t: len(head)
        for t, head in zip(compile_problem(problem).therapists, compile_problem(problem).heads, strict=True)
    }
    routes = []
    for route in plan.routes:
        begun = set(route.visit_ids()[: heads[route.therapist_id]])
        routes.append(
            type(route)(therapist_id=route.therapist_id, stops=tuple(s for s in route.stops if s.id in begun))
        )
    assert check(problem, Plan(routes=tuple(routes))) == []


@SLOW_DRAWS
@given(data=st.data())
def test_asking_twice_answers_the_same(data: st.DataObject) -> None:
    """Times, breaches and cost depend on nothing but problem and plan: an equal problem read back from JSON agrees."""
    problem = data.draw(day_problems())
    plan = data.draw(plans(problem))
    if data.draw(st.booleans()):
        problem = data.draw(with_facts(problem, plan))
    again = loads(DayProblem, dumps(problem))
    assert again == problem
    assert again is not problem
    times = retime(problem, plan)
    assert times == retime(again, plan)
    assert check(problem, plan) == check(again, plan, times)
    assert plan_cost(problem, plan, times) == plan_cost(again, plan)
    shuffled = Plan(routes=tuple(reversed(plan.routes)))
    assert {route.therapist_id: route for route in retime(problem, shuffled).routes} == {
        route.therapist_id: route for route in times.routes
    }


@SLOW_DRAWS
@given(data=st.data())
def test_stops_follow_each_other(data: st.DataObject) -> None:
    """On any plan each stop begins after the one before ended, at the place where that one was, and adds up."""
    problem = data.draw(day_problems())
    plan = data.draw(plans(problem))
    times = retime(problem, plan)
    for route in times.routes:
        therapist = problem.therapist(route.therapist_id)
        at, free_s = therapist.start_location, 0
        for stop in route.stops:
            if isinstance(stop, BreakTime):
                assert stop.location == at
                assert stop.start_s >= free_s
                free_s = stop.end_s
                continue
            assert stop.from_location == at
            assert free_s <= stop.depart_s <= stop.arrive_s <= stop.ready_s <= stop.start_s < stop.end_s <= stop.free_s
            assert stop.depart_s <= stop.leave_by_s <= stop.start_s
            assert stop.wait_s == stop.start_s - stop.ready_s
            at, free_s = stop.location, stop.free_s
        if route.visits():
            assert route.home_depart_s == free_s
            assert route.home_s == free_s + route.home_travel_s
            assert route.leave_s == route.visits()[0].depart_s
