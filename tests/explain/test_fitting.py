"""What a caller is told of a start: the same starts as `suggest` gives, graded by whom they disturb."""

import pytest

from dispatch.explain.fitting import MOST_WAIT_MINUTES, fitted_slots, grade_of
from dispatch.explain.slots import suggest
from dispatch.model.kinds import StopKind
from dispatch.model.plan import Plan, Route, Stop
from dispatch.model.slot import Delay, Draft, Grade, Slot
from tests.strategies import day_booking, day_problem, day_therapist


def slot(travel_s: int = 0, minutes: int = 0) -> Slot:
    """A start that adds travel, and makes the booking `told` wait."""
    late = (Delay(visit_id="told/0", minutes=minutes),) if minutes else ()
    return Slot(start_s=36_000, therapist_ids=("t",), extra_travel_s=travel_s, added_points=0, delayed=late)


@pytest.mark.parametrize(
    ("one", "promise_s", "percent", "grade"),
    [
        (slot(), None, 90, Grade.GOOD),
        (slot(travel_s=901), None, 90, Grade.FAIR),
        (slot(minutes=5), None, 90, Grade.FAIR),
        (slot(minutes=MOST_WAIT_MINUTES + 1), None, 90, Grade.TIGHT),
        (slot(minutes=5), 36_000, 90, Grade.TIGHT),
        (slot(), None, 74, Grade.TIGHT),
    ],
)
def test_a_start_is_graded_by_whom_it_disturbs(one: Slot, promise_s: int | None, percent: int, grade: Grade) -> None:
    """Good disturbs nobody, fair costs driving or moves who was told nothing, tight keeps somebody waiting or is unsure."""
    problem = day_problem([day_booking("told", promise_s=promise_s)], [day_therapist()])
    assert grade_of(problem, one, percent) is grade


def test_the_starts_are_those_of_suggest() -> None:
    """Told or not, the same starts with the same therapists are offered; each window begins at its start."""
    planned, wish = day_booking("b1", hours=(10, 11)), day_booking("new", hours=(9, 18))
    problem = day_problem([planned, wish], [day_therapist()])
    visit = Stop(kind=StopKind.VISIT, id="b1/0")
    plan = Plan(routes=(Route(therapist_id=problem.therapists[0].id, stops=(visit,)),))
    bare = suggest(problem, plan, Draft(booking=wish))
    told = fitted_slots(problem, plan, Draft(booking=wish))
    assert bare
    assert {one.slot for one in told} == set(bare)
    assert all(one.early_s == one.slot.start_s < one.late_s for one in told)
    assert any(one.beside[0].after_s or one.beside[0].before_s for one in told)
