"""Problems that cannot be right: each thing wrong is named in a sentence, and nothing is compiled of it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings

from dispatch.errors import LaluanError, Several
from dispatch.model.booking import TimeWindow
from dispatch.model.decisions import Lock, Waiver
from dispatch.model.facts import VisitFact
from dispatch.model.kinds import LinkKind, TravelMode, VisitState
from dispatch.model.problem import DayLink, DayProblem
from dispatch.model.therapist import Limits, Shift
from dispatch.model.weights import Weights
from dispatch.rules.compiled import compile_problem
from dispatch.rules.sound import problem_errors
from dispatch.words import catalogue, sentence
from tests.strategies import HOUR, day_booking, day_problem, day_problems, day_therapist, line_matrix, pause


def with_booking(**more: Any) -> DayProblem:
    """A day whose only booking differs so from a good one."""
    return day_problem([replace(day_booking(), **more)], [day_therapist()])


def with_therapist(**more: Any) -> DayProblem:
    """A day whose only therapist differs so from a good one."""
    return day_problem([day_booking()], [replace(day_therapist(), **more)])


def with_more(**more: Any) -> DayProblem:
    """A day with one good booking and therapist, and this besides."""
    return day_problem([day_booking(), day_booking("b2")], [day_therapist()], **more)


def link(first: str, second: str, least_s: int = 0, most_s: int = 0) -> DayLink:
    """A gap between two bookings."""
    return DayLink(kind=LinkKind.GAP, first_id=first, second_id=second, min_s=least_s, max_s=most_s)


def fact(visit: str, therapist: str = "t1") -> VisitFact:
    """Something reported."""
    return VisitFact(visit_id=visit, therapist_id=therapist, state=VisitState.DEPARTED, departed_s=0)


def told(**times_s: int) -> VisitFact:
    """What is known of a visit that is over."""
    return VisitFact(visit_id="b1/0", therapist_id="t1", state=VisitState.FINISHED, **times_s)


def waiver(rule: str) -> Waiver:
    """A waiver for the first visit."""
    return Waiver(rule=rule, subject_id="b1/0", by="dispatcher", reason="agreed")


WRONG: list[tuple[str, DayProblem]] = [
    ("duplicate_id", day_problem([day_booking(), day_booking()], [day_therapist()])),
    ("duplicate_id", day_problem([day_booking()], [day_therapist(), day_therapist()])),
    ("duplicate_id", with_more(locks=(Lock(visit_id="b1/0"), Lock(visit_id="b1/0")))),
    ("duplicate_id", with_more(facts=(fact("b1/0"), fact("b1/0")))),
    ("duplicate_id", with_more(matrices=(line_matrix(), line_matrix()))),
    ("matrix_size", with_more(matrices=(line_matrix(4),))),
    ("matrix_negative", with_more(matrices=(line_matrix(step_s=-1),))),
    ("matrix_stands_still", with_more(matrices=(line_matrix(rates=[1_000, 0]),))),
    ("matrix_stands_still", with_more(matrices=(line_matrix(rates=[]),))),
    ("booking_location", with_booking(location=5)),
    ("booking_duration", with_booking(duration_s=-1)),
    ("booking_no_window", with_booking(windows=())),
    ("window_ends_before_start", with_booking(windows=(TimeWindow(start_s=10 * HOUR, end_s=9 * HOUR),))),
    ("window_outside_day", with_booking(windows=(TimeWindow(start_s=10 * HOUR, end_s=49 * HOUR),))),
    ("booking_no_seat", with_booking(seats=())),
    ("booking_access", with_booking(access_s=(60, 60))),
    ("booking_negative", with_booking(set_up_s=-1)),
    ("booking_negative", with_booking(promise_s=-1)),
    ("therapist_no_start", with_therapist(start_location=None)),
    ("therapist_location", with_therapist(end_location=-1)),
    ("no_matrix", with_therapist(travel_mode=TravelMode.MOTORBIKE)),
    ("shift_length", with_therapist(shifts=(Shift(start_s=9 * HOUR, end_s=9 * HOUR),))),
    ("shifts_overlap", with_therapist(shifts=(Shift(start_s=9, end_s=12), Shift(start_s=11, end_s=14)))),
    ("duplicate_break", with_therapist(breaks=(pause(), pause()))),
    ("many_breaks", with_therapist(breaks=tuple(pause(f"p{n}") for n in range(7)))),
    ("break_times", with_therapist(breaks=(pause(minutes=0),))),
    ("break_times", with_therapist(breaks=(pause(hours=(14, 12)),))),
    ("therapist_negative", with_therapist(limits=Limits(work_s=-1))),
    ("link_unknown", with_more(links=(link("b1", "b9"),))),
    ("link_to_itself", with_more(links=(link("b1", "b1"),))),
    ("link_gap", with_more(links=(link("b1", "b2", 2, 1),))),
    ("lock_unknown_visit", with_more(locks=(Lock(visit_id="b9/0"),))),
    ("lock_unknown_therapist", with_more(locks=(Lock(visit_id="b1/0", therapist_id="t9"),))),
    ("lock_time", with_more(locks=(Lock(visit_id="b1/0", start_s=-1),))),
    ("fact_unknown_visit", with_more(facts=(fact("b9/0"),))),
    ("fact_unknown_therapist", with_more(facts=(fact("b1/0", "t9"),))),
    ("fact_backwards", with_more(facts=(told(departed_s=9 * HOUR, arrived_s=9 * HOUR - 1),))),
    ("fact_backwards", with_more(facts=(told(departed_s=10 * HOUR, finished_s=9 * HOUR),))),
    ("fact_backwards", with_more(facts=(told(departed_s=9, arrived_s=8, started_s=7, finished_s=6),))),
    ("waiver_unknown", with_more(waivers=(waiver("window"),))),
    ("waiver_protective", with_more(waivers=(waiver("refused"),))),
    ("weight_negative", with_more(weights=Weights(travel_sen_per_h=-1))),
]


@pytest.mark.parametrize(("code", "problem"), WRONG)
def test_wrong_problem_is_told(code: str, problem: DayProblem) -> None:
    """One thing wrong is one error, in a sentence that names what it is about."""
    [error] = problem_errors(problem)
    assert error.code == f"problem.{code}"
    assert "{" not in sentence(error.code, error.values)
    with pytest.raises(LaluanError) as caught:
        compile_problem(problem)
    assert caught.value.code == error.code


def test_everything_wrong_is_told_at_once() -> None:
    """Several things wrong come together, so that they can be mended together."""
    problem = replace(with_booking(duration_s=-1), therapists=(day_therapist(start=None),))
    with pytest.raises(Several) as caught:
        compile_problem(problem)
    assert [error.code for error in caught.value.errors] == ["problem.booking_duration", "problem.therapist_no_start"]


def test_every_sentence_about_a_problem_is_said_by_some_error() -> None:
    """No sentence is left over, and every error of the list above has one."""
    said = {code for code in catalogue("en") if code.startswith("problem.")}
    assert {f"problem.{code}" for code, _ in WRONG} <= said


def test_times_that_stand_still_are_sound() -> None:
    """Things told for the same second, and steps nobody told of, are no mistake."""
    assert problem_errors(with_more(facts=(told(arrived_s=9 * HOUR, started_s=9 * HOUR, finished_s=9 * HOUR),))) == []
    assert problem_errors(with_more(waivers=(waiver("window_missed"),))) == []


def test_empty_day_is_sound() -> None:
    """A day without bookings, or without therapists, is no mistake."""
    assert problem_errors(day_problem([], [])) == []
    assert compile_problem(day_problem([], [])).visits == ()
    assert compile_problem(day_problem([day_booking()], [])).allowed.shape == (0, 1)


@settings(max_examples=30)
@given(problem=day_problems())
def test_random_days_are_sound(problem: DayProblem) -> None:
    """The days that other tests draw have nothing wrong with them."""
    assert problem_errors(problem) == []
