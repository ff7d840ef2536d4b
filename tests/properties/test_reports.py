"""What holds for the report of any day: totals agree with what they are made of."""

from hypothesis import given
from hypothesis import strategies as st

from dispatch.explain.report import report_of
from dispatch.explain.report_day import Work, day_record
from dispatch.model.kinds import BookingStatus
from dispatch.model.plan import Plan
from dispatch.model.problem import DayProblem
from tests.explain.past_days import taken
from tests.strategies import day_problems, plans, with_facts

STATUSES = (
    BookingStatus.CONFIRMED,
    BookingStatus.CONFIRMED,
    BookingStatus.DONE,
    BookingStatus.REQUESTED,
    BookingStatus.CANCELLED,
    BookingStatus.NO_SHOW,
)


@st.composite
def past_days(draw: st.DrawFn) -> tuple[DayProblem, Plan, dict[str, BookingStatus], DayProblem]:
    """A day with a plan, what became of its bookings, and what was reported."""
    problem = draw(day_problems())
    plan = draw(plans(problem))
    statuses = {one.id: draw(st.sampled_from(STATUSES)) for one in problem.bookings}
    return problem, plan, statuses, draw(with_facts(problem, plan))


@given(past_days())
def test_totals_agree_with_their_parts(day: tuple[DayProblem, Plan, dict[str, BookingStatus], DayProblem]) -> None:
    """Every booking is in one state, every visit is judged once, and the therapists' sums are the company's."""
    problem, plan, statuses, reported = day
    bookings = taken(problem, {one: {"status": status} for one, status in statuses.items()})
    record = day_record(problem.day, bookings, reported.facts, (problem, plan))
    assert record.booked == record.cancelled + record.no_shows + record.served + record.left_out
    assert record.cancelled == sum(status is BookingStatus.CANCELLED for status in statuses.values())
    assert record.punctuality.known + record.punctuality.unknown == record.total.visits
    assert record.total.shifts == sum(bool(one.shifts) for one in problem.therapists)
    assert record.total.evening_visits <= record.total.visits
    assert record.total.shift_s <= sum(s.end_s - s.start_s for one in problem.therapists for s in one.shifts)
    assert all(getattr(work, name) >= 0 for work in record.work.values() for name in Work.__slots__)

    report = report_of((record, record), (), {})
    twice = record.total + record.total
    assert report.total == sum(report.work.values(), Work()) == twice
    assert sum((one.total for one in report.days), Work()) == twice
    if report.fairness:
        assert 0 <= report.fairness.least_percent <= report.fairness.mean_percent <= report.fairness.most_percent
        assert 100 // report.fairness.therapists <= report.fairness.even_percent <= 100


@given(past_days())
def test_a_plan_that_serves_whole_bookings_is_worth_them(
    day: tuple[DayProblem, Plan, dict[str, BookingStatus], DayProblem],
) -> None:
    """Where each served booking has all its seats, the value shared out is the value of the bookings, to the sen."""
    problem, plan, _, _ = day
    visits = [visit for route in plan.routes for visit in route.visit_ids()]
    whole = [one for one in problem.bookings if all(f"{one.id}/{seat}" in visits for seat in range(len(one.seats)))]
    record = day_record(problem.day, taken(problem), (), (problem, plan))
    assert record.total.visits == len(visits)
    if len(whole) == len(plan.served()):
        assert record.total.value_sen == sum(one.value_sen for one in whole)
        assert record.total.treatment_s == sum(one.duration_s * len(one.seats) for one in whole)
