"""Slots on random small days, against trying every therapist, position and five minutes."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dispatch.explain.slots import offers
from dispatch.model.booking import Seat, TimeWindow
from dispatch.model.decisions import Lock
from dispatch.model.kinds import LinkKind
from dispatch.model.outcome import Budget
from dispatch.model.plan import booking_of
from dispatch.model.problem import DayBooking, DayLink, DayProblem
from dispatch.model.slot import Draft
from dispatch.model.therapist import Shift
from dispatch.rules.cost import plan_cost
from dispatch.rules.referee import check
from dispatch.rules.retime import retime
from dispatch.solve import solve
from tests.explain.every_slot import best_offers
from tests.strategies import HOUR, bookings, day_problem, day_problems, matrices, plans, therapists, with_facts

SLOW = (HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much)


@st.composite
def drafts(draw: st.DrawFn, problem: DayProblem) -> DayBooking:
    """A new wish, or one the day has already, that could start within half an hour.

    Not one that is published: locking it at another start would make the rules take that for what was told to people.
    """
    if draw(st.integers(0, 3)) == 0:
        begun = {booking_of(fact.visit_id)[0] for fact in problem.facts}
        told = problem.published.served() if problem.published else frozenset()
        known = [one for one in problem.bookings if one.id not in begun | told]
        if known:
            one = draw(st.sampled_from(known))
            start_s = one.windows[0].start_s
            return replace(one, windows=(TimeWindow(start_s=start_s, end_s=start_s + 1_500),))
    team = len(problem.therapists)
    one = draw(bookings("new", most_seats=min(2, team), therapists=team))
    start_s = draw(st.integers(8 * 12, 20 * 12)) * 300 + draw(st.sampled_from([0, 0, 120]))
    return replace(one, windows=(TimeWindow(start_s=start_s, end_s=start_s + draw(st.sampled_from([600, 1_500]))),))


@st.composite
def tied_days(draw: st.DrawFn) -> DayProblem:
    """A day on which couples or linked bookings tie the routes of two or three therapists who are mostly free."""
    team = [draw(therapists(f"t{n + 1}", most_breaks=1)) for n in range(draw(st.sampled_from([2, 2, 3])))]
    team = [replace(one, shifts=(Shift(start_s=8 * HOUR, end_s=22 * HOUR),), rested_from_s=0) for one in team]
    count = draw(st.integers(2, 4))
    wishes = [draw(bookings(f"b{n + 1}", most_seats=1, therapists=len(team), easy=True)) for n in range(count)]
    pairs = draw(st.sampled_from([0, 1, 1, 2]))
    wishes = [replace(one, seats=(Seat(), Seat())) if n < pairs else one for n, one in enumerate(wishes)]
    problem = day_problem(wishes, team, matrices=(draw(matrices()),), fair_share_s=draw(st.sampled_from([0, 4 * HOUR])))
    kind = draw(st.sampled_from([None, *LinkKind]))
    if kind is not None or pairs == 0:
        link = DayLink(
            kind=kind or LinkKind.GAP,
            first_id=wishes[-2].id,
            second_id=draw(st.sampled_from([wishes[-1].id, "new"])),
            min_s=600,
            max_s=draw(st.sampled_from([900, 7_200])),
        )
        problem = replace(problem, links=(link,))
    if draw(st.booleans()):
        problem = replace(problem, published=solve(_booked(problem), budget=Budget(rounds=1), seed=1).plan)
    return problem


def _booked(problem: DayProblem) -> DayProblem:
    """The day without the links to what is not booked yet."""
    return replace(problem, links=tuple(one for one in problem.links if one.second_id != "new"))


@settings(max_examples=25, suppress_health_check=SLOW)
@given(data=st.data())
def test_the_answer_is_that_of_trying_everything_where_routes_hang_together(data: st.DataObject) -> None:
    """Couples and linked bookings wait for each other, and the answer is still that of trying everything."""
    problem = data.draw(tied_days())
    plan = solve(_booked(problem), budget=Budget(rounds=1)).plan
    if data.draw(st.integers(0, 3)) == 0:
        problem = data.draw(with_facts(problem, plan))
    team = len(problem.therapists)
    wish = data.draw(bookings("new", most_seats=2, therapists=team, easy=data.draw(st.booleans())))
    start_s = data.draw(st.integers(8 * 12, 18 * 12)) * 300
    wish = replace(wish, windows=(TimeWindow(start_s=start_s, end_s=start_s + 900),))
    problem = replace(problem, bookings=(*problem.bookings, wish))
    found = [slot for slot, _ in offers(problem, plan, Draft(booking=wish), limit=4)]
    expected = best_offers(problem, plan, wish, 4)
    assert [(one.added_points, one.start_s, one.therapist_ids) for one in found] == expected


@settings(max_examples=25, suppress_health_check=SLOW)
@given(data=st.data())
def test_the_answer_is_that_of_trying_everything(data: st.DataObject) -> None:
    """Starts, therapists and added points are those of trying every therapist, position, break and five minutes."""
    problem = data.draw(day_problems(most_bookings=4, most_breaks=1))
    plan = (
        data.draw(plans(problem)) if data.draw(st.integers(0, 3)) == 0 else solve(problem, budget=Budget(rounds=1)).plan
    )
    if data.draw(st.booleans()):
        problem = data.draw(with_facts(problem, plan))
    draft = data.draw(drafts(problem))
    found = [slot for slot, _ in offers(problem, plan, Draft(booking=draft), limit=4)]
    expected = best_offers(problem, plan, draft, 4)
    assert [(one.added_points, one.start_s, one.therapist_ids) for one in found] == expected


@settings(max_examples=15, suppress_health_check=SLOW)
@given(data=st.data())
def test_each_offer_tells_the_truth_about_its_plan(data: st.DataObject) -> None:
    """The plan of an offer keeps the rules with the start locked; price, travel and delays are those of that plan."""
    problem = data.draw(day_problems(most_bookings=4))
    plan = solve(problem, budget=Budget(rounds=1)).plan
    new = replace(
        data.draw(bookings("new", most_seats=min(2, len(problem.therapists)), easy=True)), never_therapists=()
    )
    before_times, before = retime(problem, plan), plan_cost(problem, plan)
    for slot, tried in offers(problem, plan, Draft(booking=new)):
        names = [f"new/{seat}" for seat in range(len(new.seats))]
        locks = tuple(Lock(visit_id=name, start_s=slot.start_s) for name in names)
        day = replace(problem, bookings=(*problem.bookings, new), locks=(*problem.locks, *locks))
        times = retime(day, tried)
        assert check(day, tried, times) == []
        assert plan_cost(day, tried, times).points - before.points == slot.added_points
        assert tuple(times.visit(name).therapist_id for name in names) == slot.therapist_ids
        assert {times.visit(name).start_s for name in names} == {slot.start_s}
        extra_s = sum(one.reference_s for one in times.routes) - sum(one.reference_s for one in before_times.routes)
        assert extra_s == slot.extra_travel_s
        later = {
            one.visit_id: -(-(times.visit(one.visit_id).start_s - one.start_s) // 60)
            for route in before_times.routes
            for one in route.visits()
            if times.visit(one.visit_id).start_s > one.start_s
        }
        assert {one.visit_id: one.minutes for one in slot.delayed} == later
