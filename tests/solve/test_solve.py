"""What `solve` promises: budgets, seeds, starts, facts, locks, and days with nothing to do."""

from __future__ import annotations

from dataclasses import replace

import pytest

from dispatch import words
from dispatch.errors import BadInput
from dispatch.model.codec import dumps
from dispatch.model.decisions import Lock
from dispatch.model.facts import VisitFact
from dispatch.model.kinds import Gender, LinkKind, StopReason, VisitState
from dispatch.model.outcome import Budget, Progress
from dispatch.model.plan import Plan, Route
from dispatch.model.problem import DayBooking, DayLink, DayProblem
from dispatch.rules.cost import plan_cost
from dispatch.rules.referee import check
from dispatch.rules.retime import retime
from dispatch.solve import solve
from tests.strategies import day_booking, day_problem, day_therapist, pause, plan_of


def busy_day(bookings: int = 14, therapists: int = 3) -> DayProblem:
    """A day with more bookings than its therapists can serve, some of them for two."""
    wishes = [
        day_booking(
            f"b{n}",
            location=1 + n % 4,
            hours=(9 + n % 8, 10 + n % 8),
            seats=2 if n % 5 == 0 else 1,
            priority=(0, 0, 10)[n % 3],
            preferred_therapists=(f"t{n % therapists}",),
        )
        for n in range(bookings)
    ]
    team = [day_therapist(f"t{n}", start=n % 3, home=n % 3, breaks=(pause(),)) for n in range(therapists)]
    return day_problem(wishes, team)


def test_a_plan_keeps_all_rules_and_its_cost_is_the_referees() -> None:
    """The answer's plan breaks no rule, costs what the rules say, and serves or leaves out each booking."""
    problem = busy_day()
    result = solve(problem, budget=Budget(rounds=30))
    assert check(problem, result.plan) == []
    assert result.cost == plan_cost(problem, result.plan)
    left_out = {one.booking_id for one in result.plan.left_out}
    assert left_out.isdisjoint(result.plan.served())
    assert left_out | result.plan.served() == {booking.id for booking in problem.bookings}
    assert left_out


def test_the_same_seed_and_rounds_give_the_same_plan() -> None:
    """With a counted budget the same call gives the same result byte for byte, and another seed is told apart."""
    problem = busy_day()
    first, second = (solve(problem, budget=Budget(rounds=25), seed=7) for _ in range(2))
    assert dumps(first) == dumps(second)
    assert solve(problem, budget=Budget(rounds=25), seed=8).seed == 8


def test_rounds_are_counted_exactly() -> None:
    """A budget of rounds ends a solve after so many rounds and says so."""
    result = solve(busy_day(), budget=Budget(rounds=5))
    assert result.rounds == 5
    assert result.stopped is StopReason.BUDGET


def test_no_rounds_still_give_a_whole_first_plan() -> None:
    """A budget of nought rounds gives the first plan, which leaves nothing out that still fits."""
    problem = day_problem([day_booking("b1"), day_booking("b2", hours=(13, 14))], [day_therapist()])
    result = solve(problem, budget=Budget(rounds=0))
    assert result.plan.left_out == ()


def test_more_rounds_are_never_worse() -> None:
    """Starting from an earlier answer, a solve gives one that is at least as good by cost key."""
    problem = busy_day()
    first = solve(problem, budget=Budget(rounds=3), seed=1)
    for seed in range(3):
        again = solve(problem, budget=Budget(rounds=10), start=first.plan, seed=seed)
        assert again.cost.key() <= first.cost.key()


def test_a_start_with_strangers_is_reconciled() -> None:
    """Visits and therapists the day does not have are dropped from the start, the rest of it is used."""
    problem = day_problem([day_booking("b1"), day_booking("b2", hours=(13, 14))], [day_therapist()])
    start = plan_of(t1=["b1", "gone/0"], stranger=["b2"])
    result = solve(problem, budget=Budget(rounds=0), start=start)
    assert result.plan.route_of("t1").visit_ids() == ("b1/0", "b2/0")


def test_a_budget_without_end_is_refused() -> None:
    """A budget that names neither rounds nor seconds is bad input with a sentence."""
    with pytest.raises(BadInput) as caught:
        solve(busy_day(), budget=Budget())
    assert words.sentence(caught.value.code)


def test_progress_is_told_and_stops_the_solve() -> None:
    """Progress never falls, and answering True ends the solve with a plan that keeps the rules."""
    problem = busy_day()
    heard: list[Progress] = []

    def listen(progress: Progress) -> bool:
        heard.append(progress)
        return progress.rounds >= 20

    result = solve(problem, budget=Budget(rounds=10_000), on_progress=listen)
    assert result.stopped is StopReason.ASKED
    assert result.rounds < 100
    assert check(problem, result.plan) == []
    assert [one.percent for one in heard] == sorted(one.percent for one in heard)
    assert all(words.sentence(one.phase) for one in heard)
    assert heard[-1].served + heard[-1].left_out == len(problem.bookings)


def test_what_is_proven_is_told_on_the_way() -> None:
    """While a solve runs its progress says what is proven by now: true of the end's plan, and never less than before."""
    wishes = [day_booking(f"b{n}", hours=(10, 10.25)) for n in range(8)]
    problem = day_problem(wishes, [day_therapist("t1"), day_therapist("t2")])
    heard: list[Progress] = []
    result = solve(problem, budget=Budget(rounds=150), on_progress=heard.append)
    told = [one.certificate.served_at_most for one in heard if one.certificate.served_at_most is not None]
    assert told == sorted(told, reverse=True)
    assert told[-1] == result.certificate.served_at_most
    assert max(one.served for one in heard) == told[-1] == 2
    assert not any(one.certificate.proven_best for one in heard)


def test_asked_to_stop_at_once_still_leaves_nothing_out_that_fits() -> None:
    """A solve stopped before its first plan is made whole all the same."""
    problem = day_problem([day_booking("b1"), day_booking("b2", hours=(13, 14))], [day_therapist()])
    result = solve(problem, budget=Budget(rounds=100), on_progress=lambda _: True)
    assert result.stopped is StopReason.ASKED
    assert result.plan.left_out == ()


def test_seconds_alone_end_a_solve() -> None:
    """A budget of seconds ends the solve, and its plan keeps the rules."""
    problem = busy_day()
    result = solve(problem, budget=Budget(seconds=0.3))
    assert result.stopped is StopReason.BUDGET
    assert check(problem, result.plan) == []


def test_no_bookings_are_nothing_to_do() -> None:
    """A day without bookings gives an empty plan and says that there is nothing to do."""
    result = solve(day_problem([], [day_therapist()]), budget=Budget(rounds=10))
    assert result.stopped is StopReason.NOTHING_TO_DO
    assert result.plan == Plan()
    assert result.certificate.served_at_most == 0


def test_no_therapists_leave_all_out_with_a_reason() -> None:
    """A day without therapists leaves each booking out and says why."""
    result = solve(day_problem([day_booking("b1"), day_booking("b2")], []), budget=Budget(rounds=10))
    assert result.stopped is StopReason.NOTHING_TO_DO
    assert [(one.booking_id, one.reason.code) for one in result.plan.left_out] == [
        ("b1", "plan.no_team"),
        ("b2", "plan.no_team"),
    ]


def test_nothing_at_all_is_nothing_to_do() -> None:
    """A day without bookings, therapists or places is answered, not refused."""
    problem = day_problem([], [], size=0, matrices=())
    assert solve(problem, budget=Budget(rounds=1)).stopped is StopReason.NOTHING_TO_DO


def test_a_hopeless_day_is_proven() -> None:
    """Where no booking can be served by anybody, the empty plan is proven best without using the budget."""
    problem = day_problem([day_booking(hours=(20, 21))], [day_therapist(hours=(9, 18))])
    result = solve(problem, budget=Budget(rounds=1_000))
    assert result.stopped is StopReason.PROVEN
    assert result.certificate.proven_best
    assert result.certificate.served_at_most == 0
    assert result.rounds == 0


def test_priority_goes_before_number() -> None:
    """One booking of higher priority is served rather than two of lower."""
    problem = day_problem(
        [
            day_booking("long", hours=(9, 9), minutes=480, priority=1, location=0),
            day_booking("one", hours=(9, 9), location=0),
            day_booking("two", hours=(11, 11), location=0),
        ],
        [day_therapist(hours=(9, 17))],
    )
    result = solve(problem, budget=Budget(rounds=20))
    assert result.plan.served() == {"long"}


def test_number_goes_before_points() -> None:
    """Two bookings far away are served rather than one near by."""
    problem = day_problem(
        [
            day_booking("near", hours=(9, 9), minutes=480, location=0),
            day_booking("far", hours=(11, 11), location=4),
            day_booking("back", hours=(14, 14), location=1),
        ],
        [day_therapist(hours=(9, 17))],
    )
    result = solve(problem, budget=Budget(rounds=20))
    assert result.plan.served() == {"far", "back"}


def test_locks_are_honoured() -> None:
    """A locked booking keeps its therapist and start, and goes before any priority."""
    problem = day_problem(
        [day_booking("b1", hours=(10, 12), priority=90), day_booking("b2", hours=(10, 12))],
        [day_therapist("t1", hours=(9, 12.5)), day_therapist("t2", hours=(9, 12.5))],
        locks=(Lock(visit_id="b2/0", therapist_id="t1", start_s=10 * 3600 + 1_800),),
    )
    problem = replace(problem, bookings=tuple(replace(one, duration_s=5_400) for one in problem.bookings))
    asked = replace(problem, bookings=(replace(problem.bookings[0], only_therapists=("t1",)), problem.bookings[1]))
    result = solve(asked, budget=Budget(rounds=20))
    assert result.plan.route_of("t1").visit_ids() == ("b2/0",)
    assert retime(asked, result.plan).visit("b2/0").start_s == 10 * 3600 + 1_800
    assert [one.booking_id for one in result.plan.left_out] == ["b1"]


def test_a_hold_is_kept_like_a_lock() -> None:
    """A hold keeps its therapist and start against a booking that would pay to have them."""
    hold = day_booking("hold", hours=(10, 10), is_hold=True)
    problem = day_problem(
        [hold, day_booking("b1", hours=(10, 10), priority=90)],
        [day_therapist()],
        locks=(Lock(visit_id="hold/0", therapist_id="t1", start_s=10 * 3600),),
    )
    result = solve(problem, budget=Budget(rounds=10))
    assert result.plan.served() == {"hold"}
    assert result.cost.key()[:3] == (0, 90, 1)


def test_what_has_begun_stays_at_the_head() -> None:
    """Visits that have begun stay with their therapist at the head of her route, whatever would be cheaper."""
    problem = day_problem(
        [day_booking("b1", hours=(9, 17)), day_booking("b2", hours=(9, 17)), day_booking("b3", hours=(12, 13))],
        [day_therapist("t1", start=4, home=4), day_therapist("t2")],
        facts=(
            VisitFact(
                visit_id="b2/0",
                therapist_id="t1",
                state=VisitState.FINISHED,
                departed_s=9 * 3600,
                arrived_s=10 * 3600,
                started_s=10 * 3600 + 300,
                finished_s=11 * 3600 + 300,
            ),
            VisitFact(visit_id="b1/0", therapist_id="t1", state=VisitState.DEPARTED, departed_s=11 * 3600 + 600),
        ),
        now_s=11 * 3600 + 900,
    )
    result = solve(problem, budget=Budget(rounds=20))
    assert check(problem, result.plan) == []
    assert result.plan.route_of("t1").visit_ids()[:2] == ("b2/0", "b1/0")
    assert result.plan.left_out == ()


def test_a_couple_that_has_begun_gets_its_second_therapist() -> None:
    """Where one therapist of a couple has left already, the other seat is filled before anything else."""
    problem = day_problem(
        [day_booking("b1", hours=(10, 10.5), seats=2), day_booking("b2", hours=(10, 10.5), priority=90)],
        [day_therapist("t1"), day_therapist("t2")],
        facts=(VisitFact(visit_id="b1/0", therapist_id="t1", state=VisitState.DEPARTED, departed_s=9 * 3600),),
        now_s=9 * 3600 + 60,
    )
    result = solve(problem, budget=Budget(rounds=20))
    assert check(problem, result.plan) == []
    assert result.plan.route_of("t2").visit_ids() == ("b1/1",)
    assert [one.booking_id for one in result.plan.left_out] == ["b2"]


def test_couples_start_together_with_two_therapists() -> None:
    """Both seats of a couple are served by different therapists at one start on the grid."""
    problem = day_problem(
        [day_booking("b1", seats=2, hours=(10, 12)), day_booking("b2", hours=(9, 9.25), location=2)],
        [day_therapist("t1"), day_therapist("t2", start=3)],
    )
    result = solve(problem, budget=Budget(rounds=20))
    times = retime(problem, result.plan)
    first, second = times.visit("b1/0"), times.visit("b1/1")
    assert result.plan.left_out == ()
    assert first.start_s == second.start_s
    assert first.start_s % 300 == 0
    assert first.therapist_id != second.therapist_id


@pytest.mark.parametrize("kind", list(LinkKind))
def test_linked_bookings_keep_to_each_other(kind: LinkKind) -> None:
    """Linked bookings are served at starts that keep their link."""
    problem = day_problem(
        [day_booking("b1", hours=(10, 15)), day_booking("b2", hours=(12, 15), location=2)],
        [day_therapist("t1"), day_therapist("t2")],
        links=(DayLink(kind=kind, first_id="b1", second_id="b2", min_s=0, max_s=3_600),),
    )
    result = solve(problem, budget=Budget(rounds=30))
    assert result.plan.left_out == ()
    assert check(problem, result.plan) == []


def test_a_couple_with_one_therapist_on_duty_is_left_out() -> None:
    """A couple that only one therapist could serve is left out whole, and the reason names both figures."""
    problem = day_problem([day_booking(seats=2)], [day_therapist("t1"), day_therapist("t2", shifts=())])
    result = solve(problem, budget=Budget(rounds=5))
    (left_out,) = result.plan.left_out
    assert result.plan.routes == ()
    assert left_out.reason.code == "plan.too_few_at_once"
    assert left_out.reason.named()["seats"] == 2
    assert left_out.reason.named()["count"] == 1


def test_the_certificate_counts_what_could_be_served() -> None:
    """No more bookings are ever served than the certificate says, and hopeless ones are not counted."""
    wishes: list[DayBooking] = [
        day_booking("b1", priority=5),
        day_booking("b2", hours=(22, 23), priority=7),
        replace(day_booking("b3"), only_therapists=("nobody",)),
    ]
    result = solve(day_problem(wishes, [day_therapist(gender=Gender.MALE)]), budget=Budget(rounds=5))
    assert result.certificate.served_at_most == 1
    assert result.certificate.priority_at_most == 5
    assert len(result.plan.served()) == 1


def test_a_published_plan_is_not_changed_without_need() -> None:
    """Where another therapist is only a little nearer, the one already told keeps the visit."""
    published = Plan(routes=(Route(therapist_id="t2", stops=plan_of(t2=["b1"]).routes[0].stops),))
    problem = day_problem(
        [day_booking("b1", location=1)], [day_therapist("t1", home=1), day_therapist("t2")], published=published
    )
    result = solve(problem, budget=Budget(rounds=20))
    assert result.plan.served() == {"b1"}
    assert result.plan.route_of("t2").visit_ids() == ("b1/0",)
