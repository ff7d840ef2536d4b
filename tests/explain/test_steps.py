"""Steps taken back: on random plans, with and without other steps since."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from dispatch.explain.steps import touched, without_step
from dispatch.model.kinds import StopKind
from dispatch.model.plan import Plan, Route, Stop
from dispatch.model.problem import DayProblem
from tests.strategies import day_problems, plan_of, plans


def stops(plan: Plan) -> dict[str, object]:
    """Give a plan's routes by therapist, those without a visit left aside."""
    return {route.therapist_id: route.stops for route in plan.routes if route.visit_ids()}


@given(st.data())
def test_taking_back_the_newest_step_gives_the_plan_before(data: st.DataObject) -> None:
    """Whatever a step changed, without it the routes are exactly those from before, breaks included."""
    problem: DayProblem = data.draw(day_problems())
    before, after = data.draw(plans(problem)), data.draw(plans(problem))
    assert stops(without_step(after, before=before, after=after)) == stops(before)


@given(st.data())
def test_what_a_later_step_changed_stays(data: st.DataObject) -> None:
    """A visit moved since stays where it was moved to, and no visit is lost or doubled by taking the step back."""
    problem: DayProblem = data.draw(day_problems())
    before, after = data.draw(plans(problem)), data.draw(plans(problem))
    mine = touched(before, after)
    others = sorted(visit for route in after.routes for visit in route.visit_ids() if visit not in mine)
    if not others:
        return
    visit = data.draw(st.sampled_from(others))
    name = data.draw(st.sampled_from([one.id for one in problem.therapists]))
    head = moved_to(after, visit, name)
    back = without_step(head, before=before, after=after)
    where = {visit: route.therapist_id for route in back.routes for visit in route.visit_ids()}
    assert len(where) == sum(len(route.visit_ids()) for route in back.routes)
    assert where[visit] == name
    was = {visit: route.therapist_id for route in before.routes for visit in route.visit_ids()}
    assert where == {**was, visit: name}


def moved_to(plan: Plan, visit: str, name: str) -> Plan:
    """Give a plan with a visit at the end of somebody's route."""
    routes = {one.therapist_id: tuple(stop for stop in one.stops if stop.id != visit) for one in plan.routes}
    routes[name] = (*routes.get(name, ()), Stop(kind=StopKind.VISIT, id=visit))
    return Plan(routes=tuple(Route(therapist_id=one, stops=mine) for one, mine in routes.items()))


def test_an_order_that_changed_touches_those_that_changed_places() -> None:
    """In a route that only changed its order, the visits that swapped places are touched and the others are not."""
    before, after = plan_of(t1=["b1", "b2", "b3"]), plan_of(t1=["b2", "b1", "b3"])
    assert touched(before, after) == {"b1/0", "b2/0"}
    assert touched(before, before) == frozenset()
