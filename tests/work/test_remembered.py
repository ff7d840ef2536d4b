"""What was worked out of a day is used again only where the day is still exactly that."""

from dataclasses import replace

from dispatch.explain.moves import weigh
from dispatch.model.move import Move
from dispatch.model.places import Building
from dispatch.model.therapist import Roster, Therapist
from dispatch.rules.cost import plan_cost
from dispatch.rules.referee import check
from dispatch.rules.retime import retime
from dispatch.work.days import day_board
from dispatch.work.moving import weigh_move
from dispatch.work.remembered import judged, same_problem
from tests.work.company import DAY, H, Office
from tests.work.plans import FULL, keep, problem_of

MOVE = Move(places=(("b1/0", "t-bee"),), start_s=15 * H)


def test_an_equal_day_takes_over_what_was_worked_out(busy: Office) -> None:
    """A day built again from an unchanged store is the very problem seen before, and so are its times."""
    keep(busy)
    first, second = (day_board(busy.services, busy.dispatcher, DAY) for _ in range(2))
    assert second.problem is first.problem
    assert second.timetable is first.timetable


def test_whatever_changed_the_day_nothing_old_is_told(busy: Office) -> None:
    """A building whose way in got longer, by whatever door the change came and without any audit row, makes new times at once."""
    keep(busy)
    before = day_board(busy.services, busy.dispatcher, DAY)
    seen = weigh_move(busy.services, busy.dispatcher, DAY, MOVE)
    with busy.services.store.writing() as tx:
        building = tx.get(Building, "b-bangsar")
        tx.update(replace(building, access_s=(building.access_s[0] + 1_200,)))
    after = day_board(busy.services, busy.dispatcher, DAY)
    assert after.timetable.visit("b1/0").arrive_s == before.timetable.visit("b1/0").arrive_s - 1_200
    again = weigh_move(busy.services, busy.dispatcher, DAY, MOVE)
    assert again.verdict == weigh(problem_of(busy), after.plan, MOVE)
    assert again.verdict != seen.verdict


def test_a_therapist_who_goes_off_duty_is_gone_from_the_next_verdict(busy: Office) -> None:
    """A hover after a shift was taken away judges the day without it."""
    keep(busy)
    assert "b3" in weigh_move(busy.services, busy.dispatcher, DAY, MOVE).verdict.plan.served()
    with busy.services.store.writing() as tx:
        chandra = tx.get(Therapist, "t-chandra")
        tx.update(replace(chandra, roster=Roster()))
    plan = weigh_move(busy.services, busy.dispatcher, DAY, MOVE).verdict.plan
    assert "t-chandra" not in {route.therapist_id for route in plan.routes}
    assert "b3" not in plan.served()


def test_what_is_remembered_is_what_the_rules_say(busy: Office) -> None:
    """Times, cost and breaches of a remembered plan are those that the rules give."""
    problem = same_problem(problem_of(busy))
    for _ in range(2):
        known = judged(problem, FULL)
        assert known.timetable == retime(problem, FULL)
        assert known.cost == plan_cost(problem, FULL)
        assert list(known.violations) == check(problem, FULL)


def test_two_plans_of_one_day_are_told_apart(busy: Office) -> None:
    """Of one and the same day, each plan has its own times."""
    problem = problem_of(busy)
    fewer = replace(FULL, routes=FULL.routes[:1])
    assert judged(problem, FULL).timetable != judged(problem, fewer).timetable
    assert judged(problem, fewer).figures.visits == 2
