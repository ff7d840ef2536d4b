"""What a phone reports is kept once, in one transaction; what is not hers is refused by name, what moved is told."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from dispatch.errors import BadInput, Forbidden, LaluanError
from dispatch.model.facts import VisitFact, fold
from dispatch.model.kinds import EventKind, Trouble, VisitState
from dispatch.model.plan import LeftOut
from dispatch.model.said import said
from dispatch.model.told import fold_told
from dispatch.work.bookings import booking_page, cancel_booking, change_booking
from dispatch.work.phones import phone_day
from dispatch.work.reporting import MOST_TAPS, Tap, TapAnswer, report, take_back
from tests.work.company import DAY, H, Office
from tests.work.plans import FULL, keep, keep_and_publish, route

MORNING = datetime(2026, 11, 25, 1, tzinfo=UTC)
"""09:00 of the day in Kuala Lumpur."""


def tap(number: int, kind: EventKind, visit: str = "b1/0", minute: int = 0, **other: Any) -> Tap:
    """Give a tap made some minutes after nine."""
    return Tap(id=f"tap-{number:05}", visit_id=visit, kind=kind, device_at=MORNING + timedelta(minutes=minute), **other)


def facts(office: Office, visit: str = "b1/0") -> tuple[VisitFact, ...]:
    """Give the facts of a visit."""
    with office.services.store.reading() as tx:
        return fold(tx.events("main", (visit,)))


def codes(office: Office) -> list[str]:
    """Give the audit's codes about reports, oldest first."""
    with office.services.store.reading() as tx:
        return [row.code for row in reversed(tx.audit("main")) if row.code.startswith("report.")]


def test_a_day_of_taps_becomes_facts(busy: Office) -> None:
    """The steps of a visit become its fact with both times kept, in one transaction with one audit row."""
    keep_and_publish(busy)
    busy.clock.on(hours=6)
    steps = (EventKind.ACKNOWLEDGED, EventKind.DEPARTED, EventKind.ARRIVED, EventKind.STARTED, EventKind.FINISHED)
    taps = [tap(number, kind, minute=280 + number * 10) for number, kind in enumerate(steps)]
    answers = report(busy.services, busy.therapist, taps, sent_at=busy.clock())
    assert [(one.new, one.moved, one.refused) for one in answers] == [(True, False, None)] * 5
    (fact,) = facts(busy)
    assert fact.state is VisitState.FINISHED
    assert fact.times() == tuple(9 * H + (280 + number * 10) * 60 for number in range(1, 5))
    with busy.services.store.reading() as tx:
        events = tx.events("main", ("b1/0",))
    assert {event.server_at for event in events} == {busy.clock()}
    assert events[1].device_at == MORNING + timedelta(minutes=290)
    assert codes(busy) == ["report.kept"]


def test_the_same_taps_again_change_nothing(busy: Office) -> None:
    """A batch sent twice, and a tap twice in one batch, is kept once, and the phone is told that it is kept."""
    keep_and_publish(busy)
    taps = [tap(1, EventKind.DEPARTED), tap(1, EventKind.DEPARTED)]
    assert [one.new for one in report(busy.services, busy.therapist, taps)] == [True, False]
    again = report(busy.services, busy.therapist, taps)
    assert again == (TapAnswer(id="tap-00001"),) * 2
    assert len(facts(busy)) == 1
    assert codes(busy) == ["report.kept"]


def test_what_was_never_hers_is_refused_by_name(busy: Office) -> None:
    """A tap for another's visit, for none, or with another's id is refused alone; the rest of the batch is kept."""
    keep_and_publish(busy)
    bee = replace(busy.therapist, id="t-bee", therapist_id="t-bee")
    report(busy.services, bee, [tap(7, EventKind.DEPARTED, "b2/0")])
    taps = [
        tap(1, EventKind.DEPARTED, "b2/0"),
        tap(2, EventKind.DEPARTED, "b9/0"),
        tap(3, EventKind.DEPARTED),
        tap(7, EventKind.DEPARTED),
        tap(4, EventKind.RETRACTED, retracts="tap-00007"),
    ]
    answers = report(busy.services, busy.therapist, taps)
    assert [one.refused.code if one.refused else "" for one in answers] == [
        "report.not_hers",
        "report.unknown_visit",
        "",
        "report.id_taken",
        "report.no_report",
    ]
    assert answers[0].refused is not None
    assert answers[0].refused.values == {"visit": "b2/0"}
    assert [one.new for one in answers] == [False, False, True, False, False]
    assert facts(busy, "b2/0")[0].therapist_id == "t-bee"


def test_a_stop_that_was_moved_meanwhile_is_kept_as_fact_and_told(busy: Office) -> None:
    """She left for a visit that a newer version gave to somebody else: the tap is kept, and the audit says so."""
    keep_and_publish(busy)
    _publish_without_b1(busy)
    (answer,) = report(busy.services, busy.therapist, [tap(1, EventKind.DEPARTED)])
    assert (answer.new, answer.moved, answer.refused) == (True, True, None)
    (fact,) = facts(busy)
    assert (fact.therapist_id, fact.state) == ("t-aina", VisitState.DEPARTED)
    assert codes(busy) == ["report.moved"]


def _publish_without_b1(office: Office) -> None:
    """Publish a newer version in which Aina has her first visit no more."""
    left = LeftOut(booking_id="b1", reason=said("plan.not_planned_yet", booking_id="b1"))
    routes = (route("t-aina", "meal", "b3/0"), *FULL.routes[1:])
    keep_and_publish(office, replace(FULL, routes=routes, left_out=(left,)))


def test_a_cancelled_visit_is_kept_as_moved(busy: Office) -> None:
    """A tap that was under way when the client cancelled is kept, and told as no longer in the plan."""
    keep_and_publish(busy)
    cancel_booking(busy.services, busy.taker, "b1", 1, "fever")
    (answer,) = report(busy.services, busy.therapist, [tap(1, EventKind.ARRIVED)])
    assert (answer.new, answer.moved) == (True, True)


def test_what_was_done_for_a_visit_moved_to_another_day_is_no_fact_of_that_day(busy: Office) -> None:
    """A tap for a visit that went to tomorrow is kept and told, but tomorrow does not begin with it."""
    keep_and_publish(busy)
    shown = booking_page(busy.services, busy.taker, "b1").booking
    change_booking(busy.services, busy.taker, replace(shown, day=DAY + timedelta(days=1)))
    (answer,) = report(busy.services, busy.therapist, [tap(1, EventKind.DEPARTED)])
    assert (answer.new, answer.moved) == (True, True)
    assert facts(busy) == ()


def test_a_wrong_clock_is_set_right(busy: Office) -> None:
    """A phone two hours ahead reports the time it really was; what its clock showed is kept beside it."""
    keep_and_publish(busy)
    busy.clock.on(minutes=30)
    ahead = timedelta(hours=2)
    one = replace(tap(1, EventKind.DEPARTED, minute=10), device_at=MORNING + timedelta(minutes=10) + ahead)
    report(busy.services, busy.therapist, [one], sent_at=busy.clock() + ahead)
    assert facts(busy)[0].departed_s == 9 * H + 600
    with busy.services.store.reading() as tx:
        (event,) = tx.events("main", ("b1/0",))
    assert event.device_at == one.device_at
    later = replace(tap(2, EventKind.ARRIVED), device_at=MORNING + timedelta(hours=9))
    report(busy.services, busy.therapist, [later])
    assert facts(busy)[0].arrived_s == 9 * H + 30 * 60


def test_undo_late_and_problem(busy: Office) -> None:
    """A step taken back counts for nothing, and being late or a problem is told without becoming a fact."""
    keep_and_publish(busy)
    report(
        busy.services,
        busy.therapist,
        [
            tap(1, EventKind.DEPARTED),
            tap(2, EventKind.RETRACTED, retracts="tap-00001"),
            tap(3, EventKind.RUNNING_LATE, payload="20"),
            tap(4, EventKind.PROBLEM, payload="no_answer"),
        ],
    )
    assert facts(busy) == ()
    with busy.services.store.reading() as tx:
        (told,) = fold_told(tx.events("main", ("b1/0",)))
    assert (told.late_s, told.trouble) == (1_200, Trouble.NO_ANSWER)


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        (tap(1, EventKind.NO_SHOW), "report.no_kind"),
        (tap(1, EventKind.RUNNING_LATE, payload="15"), "report.no_payload"),
        (tap(1, EventKind.PROBLEM), "report.no_payload"),
        (tap(1, EventKind.DEPARTED, payload="x"), "report.no_payload"),
        (tap(1, EventKind.RETRACTED), "report.no_report"),
        (tap(1, EventKind.DEPARTED, retracts="tap-00009"), "report.no_report"),
        (replace(tap(1, EventKind.DEPARTED), id="x"), "report.no_id"),
        (replace(tap(1, EventKind.DEPARTED), visit_id="b1/\u0665"), "report.unknown_visit"),
        (replace(tap(1, EventKind.DEPARTED), visit_id="b1"), "report.unknown_visit"),
        (replace(tap(1, EventKind.DEPARTED), device_at=datetime(1999, 1, 1, tzinfo=UTC)), "report.no_time"),
        (replace(tap(1, EventKind.DEPARTED), device_at=datetime(2026, 1, 1)), "report.no_time"),  # noqa: DTZ001
    ],
)
def test_what_no_phone_sends_is_refused(busy: Office, wrong: Tap, code: str) -> None:
    """A tap of the wrong form is refused by its own sentence and keeps nothing."""
    keep_and_publish(busy)
    (answer,) = report(busy.services, busy.therapist, [wrong])
    assert isinstance(answer.refused, LaluanError)
    assert answer.refused.code == code
    assert facts(busy) == ()
    assert codes(busy) == []


def test_only_therapists_report_and_not_too_much_at_once(busy: Office) -> None:
    """The office cannot report in a therapist's name, and a batch beyond the limit is refused whole."""
    keep_and_publish(busy)
    with pytest.raises(Forbidden):
        report(busy.services, busy.dispatcher, [tap(1, EventKind.DEPARTED)])
    with pytest.raises(BadInput) as refused:
        report(busy.services, busy.therapist, [tap(n, EventKind.DEPARTED) for n in range(MOST_TAPS + 1)])
    assert refused.value.code == "report.too_many"
    assert facts(busy) == ()


def test_a_plan_not_published_gives_nobody_anything(busy: Office) -> None:
    """While a day is only planned, no visit of it can be reported."""
    keep(busy)
    (answer,) = report(busy.services, busy.therapist, [tap(1, EventKind.DEPARTED)])
    assert answer.refused is not None
    assert answer.refused.code == "report.not_hers"


def test_a_dispatcher_takes_a_mistaken_report_back(busy: Office) -> None:
    """A report tapped by mistake is taken back by the office, once, and by nobody else."""
    keep_and_publish(busy)
    report(busy.services, busy.therapist, [tap(1, EventKind.STARTED)])
    with pytest.raises(Forbidden):
        take_back(busy.services, busy.therapist, "tap-00001")
    assert take_back(busy.services, busy.dispatcher, "tap-00001")
    assert not take_back(busy.services, busy.dispatcher, "tap-00001")
    assert facts(busy) == ()
    with pytest.raises(BadInput):
        take_back(busy.services, busy.dispatcher, "tap-99999")
    assert codes(busy) == ["report.kept", "report.taken_back"]


def test_her_phone_shows_what_she_told(busy: Office) -> None:
    """The day on the phone names the steps she reported, and keeps a visit under way in front past its planned end."""
    keep_and_publish(busy)
    report(busy.services, busy.therapist, [tap(1, EventKind.DEPARTED), tap(2, EventKind.RUNNING_LATE, payload="10")])
    busy.clock.on(hours=11)
    shown = phone_day(busy.services, busy.therapist, DAY).next_visit
    assert shown is not None
    assert (shown.visit_id, shown.under_way) == ("b1/0", True)
    assert [event.kind for event in shown.told] == [EventKind.DEPARTED, EventKind.RUNNING_LATE]
