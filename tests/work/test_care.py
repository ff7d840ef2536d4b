"""Care plans: every visit proposed fits its day, what could not be kept is said, what is missed moves the next."""

from contextlib import suppress
from dataclasses import replace
from datetime import date, timedelta

import pytest

from dispatch.errors import BadInput, Conflict, LaluanError
from dispatch.model.booking import Booking, TimeWindow
from dispatch.model.care import CarePlan, CareStatus
from dispatch.model.decisions import Hold
from dispatch.model.kinds import BookingStatus
from dispatch.model.therapist import RosterException
from dispatch.work.bookings import booking_page, cancel_booking, set_status
from dispatch.work.care import add_care_plan, care_page, change_care_plan, due_list, set_care_status
from dispatch.work.clients import change_client, client_page
from dispatch.work.days import day_board
from dispatch.work.holding import confirm_held
from dispatch.work.proposing import Proposed, propose_visits
from dispatch.work.team import change_roster, get_therapist, set_exception
from tests.store.test_concurrency import at_once
from tests.work.company import DAY, H, Office

WEEK = timedelta(days=7)
AFTERNOON = TimeWindow(start_s=14 * H, end_s=16 * H)


def plan_for(office: Office, **changed: object) -> CarePlan:
    """Take up a plan for Lim Mei Ling: weekly, six visits, in the afternoon, by Aina."""
    plain = CarePlan(
        id="care",
        branch_id="",
        client_id="c-lim",
        address_id="a-c-lim",
        treatment_id="relax",
        minutes=60,
        every_days=7,
        visits=6,
        first_day=DAY + timedelta(days=2),
        window=AFTERNOON,
        therapist_id="t-aina",
    )
    return add_care_plan(office.services, office.taker, replace(plain, **changed))  # type: ignore[arg-type]


def propose(office: Office, version: int = 1, weeks: int = 4) -> Proposed:
    """Propose the plan's coming visits."""
    return propose_visits(office.services, office.taker, "care", version=version, weeks=weeks)


def booked(office: Office, proposed: Proposed) -> list[Booking]:
    """Give the bookings of what was proposed."""
    return [booking_page(office.services, office.taker, one.id).booking for one in proposed.visits]


def away(office: Office, therapist_id: str, *days: date) -> None:
    """Give a therapist days off."""
    for day in days:
        version = get_therapist(office.services, office.owner, therapist_id).version
        set_exception(office.services, office.dispatcher, therapist_id, version, RosterException(day=day))


def test_visits_are_proposed_every_so_many_days_with_the_same_therapist(office: Office) -> None:
    """Each due day of the coming weeks gets a requested booking in the client's hours, in its day's plan with her therapist."""
    plan = plan_for(office)
    proposed = propose(office)
    bookings = booked(office, proposed)
    assert [one.day for one in bookings] == [plan.first_day + WEEK * number for number in range(4)]
    for booking, visit in zip(bookings, proposed.visits, strict=True):
        assert (booking.status, booking.windows) == (BookingStatus.REQUESTED, (AFTERNOON,))
        assert (visit.therapist_id, visit.due_day, visit.told) == ("t-aina", booking.day, ())
        board = day_board(office.services, office.dispatcher, booking.day)
        (stop,) = board.timetable.route_of("t-aina").visits()
        assert (stop.booking_id, stop.start_s) == (booking.id, visit.start_s)
    assert proposed.no_room == ()


def test_proposing_twice_proposes_nothing_more(office: Office) -> None:
    """What lies where a visit is due stays as it is, however often somebody asks."""
    plan_for(office)
    first = propose(office)
    again = propose(office)
    assert (again.visits, again.kept, again.let_go) == ((), len(first.visits), 0)


def test_what_cannot_be_kept_is_said(office: Office) -> None:
    """Without her therapist near the day, somebody else comes, and it is said; without anybody it is said that nobody can."""
    first = plan_for(office, every_days=3).first_day
    away(office, "t-aina", *(first + timedelta(days=number) for number in range(-1, 2)))
    (one,) = propose(office, weeks=1).visits[:1]
    assert one.therapist_id != "t-aina"
    assert [said.code for said in one.told] == ["care.other_therapist"]
    page = care_page(office.services, office.taker, "care")
    assert page.visits[0].visit == one


def test_her_day_moves_before_her_therapist_does(office: Office) -> None:
    """Where her therapist is away on the day due, the nearest day she works is proposed, and by how much it moved is said."""
    first = plan_for(office).first_day
    away(office, "t-aina", first)
    visit = propose(office, weeks=1).visits[0]
    assert visit.therapist_id == "t-aina"
    assert booked(office, Proposed(visits=(visit,)))[0].day == first + timedelta(days=1)
    assert [said.code for said in visit.told] == ["care.later_day"]


def test_where_nobody_has_time_nothing_is_proposed(office: Office) -> None:
    """A due day on which nobody works is named with the days around it, and no booking is taken."""
    plan_for(office, every_days=1, visits=1)
    for one in ("t-aina", "t-bee", "t-chandra", "t-devi"):
        therapist = get_therapist(office.services, office.owner, one)
        change_roster(office.services, office.dispatcher, one, therapist.version, replace(therapist.roster, pattern=()))
    proposed = propose(office)
    assert proposed.visits == ()
    assert [said.code for said in proposed.no_room] == ["care.no_room"]


def test_what_is_missed_moves_the_next(office: Office) -> None:
    """A missed visit does not count: the next is due from the last one kept, and later proposals move with it."""
    plan = plan_for(office, visits=3, every_days=4)
    first, second, third = booked(office, propose(office))
    confirm_held(office.services, office.taker, first.id)
    confirm_held(office.services, office.taker, second.id)
    office.clock.on(days=(second.day - DAY).days + 1)
    cancelled = booking_page(office.services, office.taker, second.id).booking
    set_status(office.services, office.taker, second.id, cancelled.version, BookingStatus.NO_SHOW)
    page = care_page(office.services, office.taker, "care")
    assert (page.course.kept, page.course.missed, page.course.proposed) == (1, 1, 1)
    proposed = propose(office)
    days = [one.day for one in booked(office, proposed)]
    assert days[0] == second.day + timedelta(days=2), "as soon as can be: tomorrow"
    assert days[1] - days[0] == timedelta(days=4)
    assert proposed.let_go == 1
    assert booking_page(office.services, office.taker, third.id).booking.status is BookingStatus.CANCELLED
    assert plan.visits == page.course.kept + len(days)


def test_a_proposal_is_confirmed_with_its_time(office: Office) -> None:
    """The desk confirms a proposed visit: it is promised at the time proposed, and the plan counts it as coming."""
    plan_for(office)
    visit = propose(office, weeks=1).visits[0]
    kept = confirm_held(office.services, office.taker, visit.id)
    assert kept.promise is not None
    assert (kept.status, kept.promise.start_s) == (BookingStatus.CONFIRMED, visit.start_s)
    assert care_page(office.services, office.taker, "care").course.coming == 1


def test_pausing_lets_go_what_nobody_confirmed(office: Office) -> None:
    """A plan that is paused or ended drops its proposals, keeps what was confirmed, and proposes nothing; paused goes on again."""
    plan_for(office)
    proposed = propose(office)
    confirm_held(office.services, office.taker, proposed.visits[0].id)
    paused = set_care_status(office.services, office.taker, "care", CareStatus.PAUSED, version=1)
    page = care_page(office.services, office.taker, "care")
    assert (page.course.coming, page.course.proposed, page.course.next_day) == (1, 0, None)
    with office.services.store.reading() as tx:
        assert tx.list(Hold, "main") == ()
    with pytest.raises(Conflict, match=r"care\.not_active"):
        propose(office, paused.version)
    again = set_care_status(office.services, office.taker, "care", CareStatus.ACTIVE, version=paused.version)
    assert len(propose(office, again.version).visits) == 3
    ended = set_care_status(office.services, office.taker, "care", CareStatus.ENDED, version=again.version)
    with pytest.raises(Conflict, match=r"care\.ended"):
        set_care_status(office.services, office.taker, "care", CareStatus.ACTIVE, version=ended.version)


def test_who_is_due_stands_on_the_list(office: Office) -> None:
    """Due is who has no day for her next visit, the longest first; a visit that was called off puts her there again."""
    plan_for(office)
    plan_for(office, id="other", client_id="c-tan", address_id="a-c-tan", first_day=DAY - timedelta(days=3))
    listed = due_list(office.services, office.taker)
    assert [(one.client.id, one.late_days) for one in listed.due] == [("c-tan", 3), ("c-lim", 0)]
    visits = propose(office).visits
    listed = due_list(office.services, office.taker)
    assert [one.client.id for one in listed.due] == ["c-tan"]
    assert [(one.client.id, one.course.proposed) for one in listed.waiting] == [("c-lim", 4)]
    for one in booked(office, Proposed(visits=visits)):
        cancel_booking(office.services, office.taker, one.id, one.version, "asked to")
    assert [one.client.id for one in due_list(office.services, office.taker).due] == ["c-tan", "c-lim"]


def test_two_who_plan_the_same_care_do_not_both(office: Office) -> None:
    """Proposing for a plan somebody changed meanwhile is refused, and so is a change of an old state; nothing is booked."""
    plan = plan_for(office)
    change_care_plan(office.services, office.taker, replace(plan, visits=8))
    with pytest.raises(Conflict, match=r"store\.changed_meanwhile"):
        propose(office)
    with pytest.raises(Conflict, match=r"store\.changed_meanwhile"):
        change_care_plan(office.services, office.taker, replace(plan, visits=9))
    assert care_page(office.services, office.taker, "care").visits == ()


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"every_days": 0}, "number.out_of_range"),
        ({"visits": 61}, "number.out_of_range"),
        ({"address_id": "a-c-tan"}, "care.no_address"),
        ({"minutes": 45}, "care.no_such_length"),
        ({"therapist_id": "nobody"}, "therapist.unknown"),
        ({"window": TimeWindow(start_s=16 * H, end_s=14 * H)}, "care.window"),
        ({"first_day": date(2030, 1, 1)}, "day.too_far"),
    ],
    ids=["every", "visits", "place", "length", "therapist", "window", "day"],
)
def test_a_plan_that_cannot_be_is_refused(office: Office, changed: dict[str, object], code: str) -> None:
    """What a care plan names in vain, or asks beyond reason, is said and nothing is kept."""
    with pytest.raises(LaluanError) as refused:
        plan_for(office, **changed)
    assert isinstance(refused.value, BadInput)
    assert refused.value.code == code


def test_two_who_propose_at_once_do_not_both_book(office: Office) -> None:
    """However two requests for the same plan fall together, each due day has one visit at most."""
    plan_for(office)

    def ask(_: int) -> None:
        with suppress(Conflict):
            propose(office)

    at_once(2, ask)
    days = [one.booking.day for one in care_page(office.services, office.taker, "care").visits]
    assert days == [DAY + timedelta(days=2) + WEEK * number for number in range(4)]


def test_who_left_is_not_due(office: Office) -> None:
    """A client who is no longer active does not stand on the list, whatever her plan says."""
    plan_for(office)
    client = client_page(office.services, office.taker, "c-lim").client
    change_client(office.services, office.taker, replace(client, active=False))
    assert due_list(office.services, office.taker).due == ()
