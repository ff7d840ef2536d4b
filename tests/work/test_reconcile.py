"""A plan fitted to a changed day keeps what still holds and leaves out the rest, each booking once."""

from datetime import date

from dispatch.model.booking import Seat, TimeWindow
from dispatch.model.kinds import BreakKind, Gender, StopKind
from dispatch.model.plan import LeftOut, Plan, Route, Stop
from dispatch.model.problem import DayBooking, DayProblem, DayTherapist
from dispatch.model.said import said
from dispatch.model.therapist import Break, Shift
from dispatch.work.reconcile import reconcile

MEAL = Break(id="meal", kind=BreakKind.MEAL, duration_s=1_800, earliest_s=40_000, latest_s=50_000)


def wish(booking_id: str, seats: int = 1) -> DayBooking:
    """Give a booking of some seats."""
    return DayBooking(
        id=booking_id,
        location=0,
        duration_s=3_600,
        windows=(TimeWindow(start_s=40_000, end_s=50_000),),
        seats=(Seat(),) * seats,
    )


def on_duty(therapist_id: str, *breaks: Break) -> DayTherapist:
    """Give a therapist with a shift."""
    return DayTherapist(
        id=therapist_id,
        techniques=(),
        gender=Gender.FEMALE,
        shifts=(Shift(start_s=36_000, end_s=72_000),),
        start_location=0,
        breaks=breaks,
    )


def day(bookings: tuple[DayBooking, ...], therapists: tuple[DayTherapist, ...]) -> DayProblem:
    """Give a problem of these."""
    return DayProblem(
        id="x", day=date(2026, 11, 25), locations=(), matrices=(), bookings=bookings, therapists=therapists
    )


def route(therapist_id: str, *ids: str) -> Route:
    """Give a route of visits and breaks; what has no seat number is a break."""
    return Route(
        therapist_id=therapist_id,
        stops=tuple(Stop(kind=StopKind.VISIT if "/" in one else StopKind.BREAK, id=one) for one in ids),
    )


def test_a_plan_that_fits_stays_as_it_is() -> None:
    """Nothing is moved, dropped or added where the day has not changed."""
    plan = Plan(
        routes=(route("t1", "b1/0", "meal", "b2/0"), route("t2", "b2/1")),
        left_out=(LeftOut(booking_id="b3", reason=said("why.nobody")),),
    )
    problem = day((wish("b1"), wish("b2", 2), wish("b3")), (on_duty("t1", MEAL), on_duty("t2")))
    assert reconcile(problem, plan) == plan


def test_cancelled_bookings_and_absent_therapists_are_dropped() -> None:
    """Visits nobody wants or can make are gone, and an absent therapist's bookings are left out, couples whole."""
    plan = Plan(routes=(route("t1", "b1/0", "b2/0"), route("t2", "b2/1", "b3/0")))
    fitted = reconcile(day((wish("b2", 2), wish("b3")), (on_duty("t1"),)), plan)
    assert fitted.routes == ()
    assert [one.booking_id for one in fitted.left_out] == ["b2", "b3"]
    assert {one.reason.code for one in fitted.left_out} == {"plan.not_planned_yet"}


def test_new_bookings_and_lost_breaks_are_told_apart() -> None:
    """A new booking is left out as not planned yet; a break that is no longer hers is dropped."""
    fitted = reconcile(day((wish("b1"), wish("b9")), (on_duty("t1"),)), Plan(routes=(route("t1", "meal", "b1/0"),)))
    assert fitted.routes == (route("t1", "b1/0"),)
    assert [one.booking_id for one in fitted.left_out] == ["b9"]


def test_a_visit_in_two_routes_is_in_none() -> None:
    """A plan that serves a seat twice is no plan for it: the booking is left out."""
    plan = Plan(routes=(route("t1", "b1/0"), route("t2", "b1/0")))
    fitted = reconcile(day((wish("b1"),), (on_duty("t1"), on_duty("t2"))), plan)
    assert (fitted.routes, len(fitted.left_out)) == ((), 1)


def test_a_booking_that_lost_a_seat_is_left_out() -> None:
    """A couple's booking that is for one now, or one that became a couple's, waits for the next plan."""
    plan = Plan(routes=(route("t1", "b1/0", "b2/0"), route("t2", "b1/1")))
    fitted = reconcile(day((wish("b1"), wish("b2", 2)), (on_duty("t1"), on_duty("t2"))), plan)
    assert [one.booking_id for one in fitted.left_out] == ["b1", "b2"]
