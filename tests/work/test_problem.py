"""A day's problem holds what the planner may know, resolved and in the same order every time."""

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest

from dispatch.model.booking import Link, Seat, TimeWindow
from dispatch.model.catalogue import PriceRule
from dispatch.model.codec import content_hash
from dispatch.model.decisions import Hold, Lock, Waiver
from dispatch.model.facts import Event
from dispatch.model.kinds import BookingStatus, Cause, EventKind, LinkKind, StopKind, TravelMode, VisitState
from dispatch.model.plan import DayPointers, Plan, Revision, Route, Stop
from dispatch.model.problem import DayProblem, Familiar
from dispatch.model.therapist import DayPattern, Roster, RosterException, Shift
from dispatch.rules.sound import problem_errors
from dispatch.work.bookings import add_booking, cancel_booking, change_booking, set_promise, set_status
from dispatch.work.catalogue import add_price_rule
from dispatch.work.clients import change_client, client_page
from dispatch.work.doing import branch_of
from dispatch.work.locks import hold_start, lock_visit, unlock_visit
from dispatch.work.problem import build_problem
from dispatch.work.team import change_therapist, get_therapist, set_exception
from tests.work.company import COUPLE, DAY, H, Office, booking


def problem_of(office: Office, day: date = DAY) -> DayProblem:
    """Build a day's problem, which is always sound."""
    with office.services.store.reading() as tx:
        problem = build_problem(tx, office.services, branch_of(tx, office.owner), day)
    assert problem_errors(problem) == []
    return problem


def publish_by_hand(office: Office, day: date, *routes: tuple[str, str]) -> None:
    """Publish a plan in which each of these therapists makes one visit."""
    problem = problem_of(office, day)
    plan = Plan(
        routes=tuple(
            Route(therapist_id=therapist, stops=(Stop(kind=StopKind.VISIT, id=visit),)) for therapist, visit in routes
        )
    )
    with office.services.store.writing() as tx:
        revision = tx.append_revision(
            Revision(
                id=f"r-{day}",
                branch_id="main",
                day=day,
                number=1,
                parent_id=None,
                author="dispatcher",
                cause=Cause.CREATED,
                plan=plan,
                problem_hash=tx.keep_problem(problem),
                created_at=office.clock(),
                served=len(plan.served()),
                left_out=0,
                cost_points=0,
            )
        )
        tx.move_pointers(DayPointers(branch_id="main", day=day, head_id=revision.id, published_id=revision.id))


def event(office: Office, visit: str, kind: EventKind, at_s: int, therapist: str = "t-aina") -> None:
    """Report something of a visit."""
    moment: datetime = office.clock()
    with office.services.store.writing() as tx:
        tx.append_event(
            Event(
                id=f"e-{visit}-{kind}",
                branch_id="main",
                visit_id=visit,
                therapist_id=therapist,
                kind=kind,
                at_s=at_s,
                device_at=moment,
                server_at=moment,
                actor=therapist,
            )
        )


def test_an_empty_day_is_a_problem_too(office: Office) -> None:
    """A day without bookings has its therapists on duty, and nothing to plan."""
    problem = problem_of(office)
    assert problem.bookings == ()
    assert [one.id for one in problem.therapists] == ["t-aina", "t-bee", "t-chandra"]
    assert [matrix.mode for matrix in problem.matrices] == [TravelMode.CAR]


def test_the_same_day_gives_the_same_problem(busy: Office) -> None:
    """Two builds agree to the byte, and passing time alone changes nothing."""
    first = problem_of(busy)
    busy.clock.on(minutes=90)
    assert content_hash(problem_of(busy)) == content_hash(first)
    assert [one.id for one in first.bookings] == ["b1", "b2", "b3", "b4"]


def test_bookings_are_resolved(busy: Office) -> None:
    """Place, length, set-up, techniques and value of a booking come from what it names, and no name comes along."""
    problem = problem_of(busy)
    couple = problem.booking("b3")
    assert (couple.duration_s, couple.set_up_s, couple.pack_up_s, couple.access_s) == (3_600, 600, 480, (480,))
    assert [seat.techniques for seat in couple.seats] == [("swedish",), ("swedish",)]
    assert couple.value_sen == 30_000
    assert problem.booking("b4").seats[0].techniques == ("deep_tissue",)
    assert problem.booking("b4").value_sen == 21_000
    assert problem.locations[couple.location].area == "TTDI"
    assert "Mei Ling" not in str(problem)


def test_a_building_is_one_location(busy: Office) -> None:
    """Two bookings at one building share a location, and therapists who live together do too."""
    therapist = get_therapist(busy.services, busy.dispatcher, "t-bee")
    home = get_therapist(busy.services, busy.dispatcher, "t-aina").start_place
    change_therapist(busy.services, busy.dispatcher, replace(therapist, start_place=home, end_place=home))
    problem = problem_of(busy)
    assert problem.booking("b2").location == problem.booking("b4").location
    assert problem.therapist("t-aina").start_location == problem.therapist("t-bee").end_location
    assert len(problem.locations) == 5
    assert {matrix.size for matrix in problem.matrices} == {5}


def test_each_travel_mode_has_its_matrix(busy: Office) -> None:
    """A motorbike among the cars brings a second matrix over the same locations."""
    therapist = get_therapist(busy.services, busy.dispatcher, "t-bee")
    change_therapist(busy.services, busy.dispatcher, replace(therapist, travel_mode=TravelMode.MOTORBIKE))
    assert [matrix.mode for matrix in problem_of(busy).matrices] == [TravelMode.CAR, TravelMode.MOTORBIKE]


def test_the_newest_price_that_matches_wins(office: Office) -> None:
    """Price is chosen by date, hour and minutes; a value set by hand is left alone."""
    services, owner = office.services, office.owner
    rule = PriceRule(
        id="evening",
        branch_id="",
        treatment_id="relax",
        minutes=60,
        price_sen=18_000,
        valid_from=date(2026, 6, 1),
        from_s=18 * H,
    )
    add_price_rule(services, owner, rule)
    add_price_rule(services, owner, replace(rule, id="next-year", price_sen=99_000, valid_from=date(2027, 1, 1)))
    add_booking(services, owner, booking("day"))
    add_booking(services, owner, booking("evening", start=18, end=20))
    add_booking(services, owner, booking("set", start=18, end=20, value_sen=5))
    add_booking(services, owner, booking("mixed", seats=(Seat(), Seat(treatment_id="deep"))))
    values = {one.id: one.value_sen for one in problem_of(office).bookings}
    assert values == {"day": 15_000, "evening": 18_000, "set": 5, "mixed": 30_000}


def test_likes_and_refusals_of_client_and_booking_are_joined(office: Office) -> None:
    """A client's own refusals hold for each booking, and nobody refused is preferred."""
    client = client_page(office.services, office.taker, "c-lim").client
    liked = replace(client, preferred_therapists=("t-aina", "t-bee"), never_therapists=("t-devi",))
    change_client(office.services, office.taker, liked)
    add_booking(office.services, office.taker, booking("b1", never_therapists=("t-bee",)))
    resolved = problem_of(office).booking("b1")
    assert resolved.preferred_therapists == ("t-aina",)
    assert resolved.never_therapists == ("t-bee", "t-devi")


def test_therapists_off_or_gone_are_not_there(busy: Office) -> None:
    """Whoever has no shift that day or has left is not in the problem, unless a lock names her."""
    services, dispatcher = busy.services, busy.dispatcher
    lock_visit(services, dispatcher, DAY, Lock(visit_id="b1/0", therapist_id="t-aina"))
    set_exception(services, dispatcher, "t-aina", 1, RosterException(day=DAY, reason="fever"))
    change_therapist(services, dispatcher, replace(get_therapist(services, dispatcher, "t-bee"), active=False))
    problem = problem_of(busy)
    assert [one.id for one in problem.therapists] == ["t-aina", "t-chandra"]
    assert problem.therapist("t-aina").shifts == ()
    assert problem.locks == (Lock(visit_id="b1/0", therapist_id="t-aina"),)
    unlock_visit(services, dispatcher, DAY, "b1/0")
    assert [one.id for one in problem_of(busy).therapists] == ["t-chandra"]


def test_a_shift_across_midnight_stays_with_its_day(office: Office) -> None:
    """Times after midnight are counted on past 24 hours, windows and shifts alike."""
    aina = get_therapist(office.services, office.dispatcher, "t-aina")
    night = Roster(pattern=(DayPattern(weekday=2, shifts=(Shift(start_s=18 * H, end_s=28 * H),)),))
    change_therapist(office.services, office.dispatcher, replace(aina, roster=night))
    late = booking("late", windows=(TimeWindow(start_s=23 * H + 900, end_s=25 * H),))
    add_booking(office.services, office.taker, late)
    problem = problem_of(office)
    assert problem.booking("late").windows == (TimeWindow(start_s=83_700, end_s=90_000),)
    assert problem.therapist("t-aina").shifts == (Shift(start_s=64_800, end_s=100_800),)
    assert problem_of(office, DAY + timedelta(days=1)).bookings == ()


def test_a_held_start_is_locked_until_it_expires(office: Office) -> None:
    """A hold makes its booking a locked one at that start; when it expires the booking is as free as any."""
    add_booking(office.services, office.taker, booking("b1", seats=COUPLE))
    hold = Hold(
        id="",
        branch_id="",
        day=DAY,
        booking_id="b1",
        therapist_ids=("t-aina", "t-bee"),
        start_s=15 * H,
        expires_at=office.clock() + timedelta(minutes=15),
        held_by="",
    )
    hold_start(office.services, office.taker, hold)
    problem = problem_of(office)
    assert problem.booking("b1").is_hold
    assert problem.booking("b1").windows == (TimeWindow(start_s=15 * H, end_s=15 * H),)
    assert problem.locks == (
        Lock(visit_id="b1/0", therapist_id="t-aina", start_s=15 * H),
        Lock(visit_id="b1/1", therapist_id="t-bee", start_s=15 * H),
    )
    office.clock.on(minutes=15)
    free = problem_of(office)
    assert (free.booking("b1").is_hold, free.locks) == (False, ())


def test_links_join_bookings_of_the_day(office: Office) -> None:
    """A gap runs from the other's end to the booking's own start; a same start told from both sides is one link."""
    services, taker = office.services, office.taker
    first = add_booking(services, taker, booking("b1"))
    add_booking(services, taker, booking("b2", links=(Link(kind=LinkKind.SAME_START, other_booking_id="b1"),)))
    gap = Link(kind=LinkKind.GAP, other_booking_id="b1", min_s=0, max_s=1_800)
    add_booking(services, taker, booking("b3", start=15, end=17, links=(gap,)))
    change_booking(services, taker, replace(first, links=(Link(kind=LinkKind.SAME_START, other_booking_id="b2"),)))
    links = problem_of(office).links
    assert [(link.kind, link.first_id, link.second_id) for link in links] == [
        (LinkKind.SAME_START, "b1", "b2"),
        (LinkKind.GAP, "b1", "b3"),
    ]
    cancel_booking(services, taker, "b2", 1, "fever")
    assert [link.second_id for link in problem_of(office).links] == ["b3"]


def test_a_promise_is_known_to_the_planner(busy: Office) -> None:
    """The start told to the client is in the problem, to be measured against."""
    set_promise(busy.services, busy.taker, "b1", 1, 14 * H + 1_800)
    assert problem_of(busy).booking("b1").promise_s == 52_200


def test_rest_since_the_day_before_counts(office: Office) -> None:
    """Who came home late yesterday starts late today: home plus her minimum rest, by the plan and by what was reported."""
    before = DAY - timedelta(days=1)
    add_booking(office.services, office.taker, booking("y1", day=before, start=20, end=20))
    publish_by_hand(office, before, ("t-aina", "y1/0"))
    problem = problem_of(office)
    # 20:00 plus an hour of treatment, 8 minutes of packing up; she lives in the same place as the client.
    assert problem.therapist("t-aina").rested_from_s == (21 * H + 480) + 11 * H - 24 * H
    assert problem.therapist("t-bee").rested_from_s == 0
    event(office, "y1/0", EventKind.STARTED, 22 * H)
    event(office, "y1/0", EventKind.FINISHED, 23 * H)
    assert problem_of(office).therapist("t-aina").rested_from_s > problem.therapist("t-aina").rested_from_s


def test_who_knows_whom_is_counted(office: Office) -> None:
    """Visits of the last 90 days count for client and therapist; cancelled, no-show and older ones do not."""
    for number, (days, status) in enumerate(((3, None), (10, BookingStatus.NO_SHOW), (20, None), (91, None))):
        day = DAY - timedelta(days=days)
        past = add_booking(
            office.services,
            office.taker,
            booking(f"y{number}", day=day, start=14, end=14, status=BookingStatus.CONFIRMED),
        )
        publish_by_hand(office, day, ("t-aina", f"y{number}/0"))
        if status:
            set_status(office.services, office.taker, past.id, 1, status)
    event(office, "y2/0", EventKind.FINISHED, 15 * H, therapist="t-bee")
    add_booking(office.services, office.taker, booking("b1"))
    assert problem_of(office).booking("b1").familiar == (
        Familiar(therapist_id="t-aina", visits=1),
        Familiar(therapist_id="t-bee", visits=1),
    )


def test_what_has_happened_is_in_the_facts(busy: Office) -> None:
    """A reported visit is a fact, its therapist is there though off by now, and a cancelled booking's start counts."""
    event(busy, "b1/0", EventKind.DEPARTED, 13 * H)
    event(busy, "b1/0", EventKind.STARTED, 14 * H)
    event(busy, "b2/0", EventKind.DEPARTED, 13 * H, therapist="t-bee")
    set_exception(busy.services, busy.dispatcher, "t-aina", 1, RosterException(day=DAY, reason="fever"))
    cancel_booking(busy.services, busy.taker, "b1", 1, "went home in the middle")
    cancel_booking(busy.services, busy.taker, "b2", 1, "not in")
    problem = problem_of(busy)
    assert [one.id for one in problem.bookings] == ["b1", "b3", "b4"]
    assert [(fact.visit_id, fact.state) for fact in problem.facts] == [("b1/0", VisitState.STARTED)]
    assert problem.therapist("t-aina").shifts == ()


def test_wrong_buttons_do_not_stop_the_day(busy: Office) -> None:
    """Times reported that run backwards leave the problem sound: what came last in a visit stands."""
    event(busy, "b1/0", EventKind.ARRIVED, 15 * H)
    event(busy, "b1/0", EventKind.STARTED, 14 * H)
    event(busy, "b2/0", EventKind.STARTED, 15 * H, therapist="t-bee")
    event(busy, "b2/0", EventKind.FINISHED, 13 * H, therapist="t-bee")
    cancel_booking(busy.services, busy.taker, "b2", 1, "after all")
    problem = problem_of(busy)
    assert [(fact.visit_id, fact.times()) for fact in problem.facts] == [
        ("b1/0", (None, None, 14 * H, None)),
        ("b2/0", (None, None, None, 13 * H)),
    ]


def test_a_waiver_of_a_rule_that_is_gone_waives_nothing(busy: Office) -> None:
    """What was set aside under a code that no rule has any more leaves the day plannable, without it."""
    with busy.services.store.writing() as tx:
        for rule in ("not_asked", "window"):
            tx.set_waiver("main", DAY, Waiver(rule=rule, subject_id="b1/0", by="dispatcher", reason="agreed"))
    assert [one.rule for one in problem_of(busy).waivers] == ["not_asked"]


def test_a_done_visit_stays_where_the_plan_has_it(office: Office) -> None:
    """A booking marked done by hand stays in the day, locked to its therapist; one never planned leaves it."""
    for name in ("b1", "b2"):
        add_booking(office.services, office.taker, booking(name, status=BookingStatus.CONFIRMED))
    publish_by_hand(office, DAY, ("t-aina", "b1/0"))
    for name in ("b1", "b2"):
        set_status(office.services, office.taker, name, 1, BookingStatus.DONE)
    problem = problem_of(office)
    assert [one.id for one in problem.bookings] == ["b1"]
    assert problem.locks == (Lock(visit_id="b1/0", therapist_id="t-aina"),)
    assert problem.published is not None
    assert problem.published.served() == {"b1"}


@pytest.mark.parametrize("carried_s", [0, 6_000])
def test_the_fair_share_is_even(busy: Office, carried_s: int) -> None:
    """The day's work and what is carried, shared among those on duty, is what fairness starts at."""
    aina = get_therapist(busy.services, busy.dispatcher, "t-aina")
    change_therapist(busy.services, busy.dispatcher, replace(aina, fairness_carried_s=carried_s))
    problem = problem_of(busy)
    work_s = 4 * (600 + 3_600 + 480) + (600 + 5_400 + 480)
    assert problem.fair_share_s == (work_s + carried_s) // 3
    assert problem.therapist("t-aina").carried_s == carried_s
