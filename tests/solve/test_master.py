"""The integer program over routes: which routes go together, couples and links included."""

from __future__ import annotations

from collections.abc import Sequence

from dispatch.model.kinds import LinkKind
from dispatch.model.problem import DayLink, DayProblem
from dispatch.solve.day import Day, day_of
from dispatch.solve.master import combine, weights_of
from dispatch.solve.routes import Column, RouteBook
from tests.strategies import day_booking, day_problem, day_therapist

TEN = 10 * 3600


def column(day: Day, book: RouteBook, therapist: int, *visits: str | tuple[str, int]) -> Column:
    """The route of a therapist over visits, coupled ones with their start."""
    options = []
    for one in visits:
        name, start_s = (one, 0) if isinstance(one, str) else one
        options.append(day.option(day.compiled.visit_index[name], start_s))
    found = book.column(therapist, tuple(options))
    assert found is not None
    return found


def chosen(day: Day, columns: Sequence[Column]) -> set[tuple[int, tuple[int, ...]]]:
    """What the integer program picks."""
    picked = combine(day, columns, [], seconds=None, look=lambda: False)
    assert picked is not None
    return {(one.therapist, one.options) for one in picked}


def couple_day() -> DayProblem:
    """A couple, a single booking, and two therapists."""
    wishes = [day_booking("b1", seats=2, hours=(10, 12)), day_booking("b2", hours=(10, 15))]
    return day_problem(wishes, [day_therapist("t1"), day_therapist("t2")])


def test_routes_of_a_couple_are_picked_at_one_start() -> None:
    """Both seats of a couple are picked at the same start, though other starts would be cheaper."""
    day = day_of(couple_day())
    book = RouteBook(day)
    columns = [
        column(day, book, 0, ("b1/0", TEN)),
        column(day, book, 0, ("b1/0", TEN + 600), "b2/0"),
        column(day, book, 1, ("b1/1", TEN + 600)),
        column(day, book, 1, ("b1/1", TEN + 1_200)),
    ]
    assert chosen(day, columns) == {(one.therapist, one.options) for one in columns[1:3]}


def test_a_booking_is_served_once_and_a_therapist_has_one_route() -> None:
    """Of routes that share a booking or a therapist one is picked, the one that serves more."""
    day = day_of(couple_day())
    book = RouteBook(day)
    columns = [column(day, book, 0, "b2/0"), column(day, book, 1, "b2/0")]
    assert len(chosen(day, columns)) == 1


def test_linked_bookings_are_picked_at_starts_that_suit() -> None:
    """Two linked bookings are not picked at starts that break their gap, but at those that keep it."""
    link = DayLink(kind=LinkKind.GAP, first_id="b1", second_id="b2", min_s=0, max_s=1_800)
    wishes = [day_booking("b1", hours=(10, 12)), day_booking("b2", hours=(10, 15), location=2)]
    day = day_of(day_problem(wishes, [day_therapist("t1"), day_therapist("t2")], links=(link,)))
    book = RouteBook(day)
    good = [column(day, book, 0, ("b1/0", TEN)), column(day, book, 1, ("b2/0", TEN + 3_600))]
    bad = [column(day, book, 1, ("b2/0", TEN + 900)), column(day, book, 1, ("b2/0", TEN + 9_000))]
    assert chosen(day, [*bad, *good]) == {(one.therapist, one.options) for one in good}


def test_asked_to_stop_nobody_waits_for_the_integer_program() -> None:
    """When `look` says stop, no answer is waited for."""
    day = day_of(couple_day())
    book = RouteBook(day)
    columns = [column(day, book, 0, "b2/0")]
    assert combine(day, columns, [], seconds=None, look=lambda: True) in (None, columns)


def test_no_routes_give_no_routes() -> None:
    """Without routes to pick from, none is picked."""
    assert combine(day_of(couple_day()), [], [], seconds=None, look=lambda: False) == []


def test_each_aim_outweighs_all_that_come_after() -> None:
    """A locked booking outweighs all priorities and bookings, a unit of priority all bookings."""
    wishes = [day_booking(f"b{n}", priority=3) for n in range(5)]
    locked, priority, booking = weights_of(day_of(day_problem(wishes, [day_therapist()])))
    assert priority > 5 * booking
    assert locked > 15 * priority + 5 * booking
