"""Locks, waivers and holds: what may be fixed or set aside, for what is really there."""

from dataclasses import replace
from datetime import timedelta

import pytest

from dispatch.errors import BadInput, Conflict, LaluanError, NotFound, Several
from dispatch.model.booking import Seat
from dispatch.model.decisions import Hold, Lock, Waiver
from dispatch.model.kinds import Gender
from dispatch.words import sentence
from dispatch.work.bookings import add_booking
from dispatch.work.locks import hold_start, lock_visit, locks_of_day, release_hold, unlock_visit, unwaive, waive
from tests.work.company import DAY, H, Office, booking


def test_a_lock_is_set_replaced_and_dropped(busy: Office) -> None:
    """A visit has one lock, the last one set; dropping it sets the visit free."""
    services, dispatcher = busy.services, busy.dispatcher
    lock_visit(services, dispatcher, DAY, Lock(visit_id="b1/0", therapist_id="t-aina"))
    both = lock_visit(services, dispatcher, DAY, Lock(visit_id="b1/0", therapist_id="t-bee", start_s=15 * H))
    assert locks_of_day(services, dispatcher, DAY) == ((both,), ())
    unlock_visit(services, dispatcher, DAY, "b1/0")
    unlock_visit(services, dispatcher, DAY, "b1/0")
    assert locks_of_day(services, dispatcher, DAY) == ((), ())
    with services.store.reading() as tx:
        assert [row.code for row in tx.audit("main", limit=3)] == ["lock.dropped", "lock.set", "lock.set"]


@pytest.mark.parametrize(
    ("code", "lock"),
    [
        ("lock.fixes_nothing", Lock(visit_id="b1/0")),
        ("therapist.unknown", Lock(visit_id="b1/0", therapist_id="nobody")),
        ("lock.start_outside_day", Lock(visit_id="b1/0", start_s=-1)),
        ("lock.start_off_grid", Lock(visit_id="b3/0", start_s=16 * H + 60)),
    ],
)
def test_a_lock_that_cannot_hold_is_refused(busy: Office, code: str, lock: Lock) -> None:
    """A lock must fix something, name somebody of the team, and a start the day and a couple can have."""
    with pytest.raises(BadInput) as refused:
        lock_visit(busy.services, busy.dispatcher, DAY, lock)
    assert refused.value.code == code
    assert sentence(code, refused.value.values)
    assert locks_of_day(busy.services, busy.dispatcher, DAY)[0] == ()


@pytest.mark.parametrize(
    ("rule", "therapist_id", "wishes"),
    [
        ("rule.skill_missing", "t-bee", {"treatment_id": "mother"}),
        ("rule.refused", "t-bee", {"never_therapists": ("t-bee",)}),
        ("rule.not_asked", "t-bee", {"only_therapists": ("t-aina",)}),
        ("rule.gender", "t-chandra", {"seats": (Seat(only_gender=Gender.FEMALE),)}),
        ("rule.off_duty", "t-devi", {}),
    ],
)
def test_a_lock_to_who_may_not_serve_is_refused(
    busy: Office, rule: str, therapist_id: str, wishes: dict[str, object]
) -> None:
    """A visit is not fixed to a therapist whom a rule keeps from it; the rule's own sentence says why."""
    services, dispatcher = busy.services, busy.dispatcher
    add_booking(services, busy.taker, replace(booking("b9"), **wishes))  # type: ignore[arg-type]
    with pytest.raises(BadInput) as refused:
        lock_visit(services, dispatcher, DAY, Lock(visit_id="b9/0", therapist_id=therapist_id))
    assert refused.value.code == rule
    assert sentence(rule, refused.value.values)
    assert locks_of_day(services, dispatcher, DAY)[0] == ()


def test_a_waived_rule_does_not_keep_a_lock_away(busy: Office) -> None:
    """Where the rule is set aside for the visit, the visit may be fixed against it."""
    services, dispatcher = busy.services, busy.dispatcher
    add_booking(services, busy.taker, booking("b9", only_therapists=("t-aina",)))
    waive(services, dispatcher, DAY, rule="not_asked", subject_id="b9/0", reason="she agreed")
    kept = lock_visit(services, dispatcher, DAY, Lock(visit_id="b9/0", therapist_id="t-bee"))
    assert locks_of_day(services, dispatcher, DAY)[0] == (kept,)


def test_a_visit_that_is_not_there_cannot_be_locked(busy: Office) -> None:
    """A second seat that was never asked for, or another day's visit, is not found."""
    for visit, day in (("b1/1", DAY), ("b1/0", DAY + timedelta(days=1)), ("x", DAY)):
        with pytest.raises(NotFound):
            lock_visit(busy.services, busy.dispatcher, day, Lock(visit_id=visit, therapist_id="t-aina"))


def test_a_waivable_rule_is_set_aside_with_a_reason(busy: Office) -> None:
    """A waiver names rule, subject, who and why, and can be taken back; protective rules and strangers are refused."""
    services, dispatcher = busy.services, busy.dispatcher
    given = waive(services, dispatcher, DAY, rule="window_missed", subject_id="b1/0", reason=" she agreed ")
    assert given == Waiver(rule="window_missed", subject_id="b1/0", by="dispatcher", reason="she agreed")
    assert locks_of_day(services, dispatcher, DAY)[1] == (given,)
    with pytest.raises(Several) as refused:
        waive(services, dispatcher, DAY, rule="skill_missing", subject_id="nobody", reason="")
    expected = {"text.missing", "waiver.not_waivable", "waiver.unknown_subject"}
    assert {error.code for error in refused.value.errors} == expected
    unwaive(services, dispatcher, DAY, rule="window_missed", subject_id="b1/0")
    assert locks_of_day(services, dispatcher, DAY)[1] == ()


def hold(office: Office, *therapists: str, minutes: int = 15, start_s: int = 16 * H, day_shift: int = 0) -> Hold:
    """Give a hold of the couple's booking."""
    return Hold(
        id="",
        branch_id="",
        day=DAY + timedelta(days=day_shift),
        booking_id="b3",
        therapist_ids=therapists,
        start_s=start_s,
        expires_at=office.clock() + timedelta(minutes=minutes),
        held_by="",
    )


def test_a_hold_gives_way_to_the_next(busy: Office) -> None:
    """A booking holds one start at a time; letting it go needs its version."""
    services, taker = busy.services, busy.taker
    first = hold_start(services, taker, hold(busy, "t-aina", "t-bee"))
    second = hold_start(services, taker, hold(busy, "t-aina", "t-chandra", start_s=17 * H))
    with services.store.reading() as tx:
        assert tx.list(Hold, "main") == (second,)
    with pytest.raises(NotFound):
        release_hold(services, taker, first.id, 1)
    with pytest.raises(Conflict):
        release_hold(services, taker, second.id, 2)
    release_hold(services, taker, second.id, 1)
    with services.store.reading() as tx:
        assert tx.list(Hold, "main") == ()


@pytest.mark.parametrize(
    ("code", "therapists", "other"),
    [
        ("hold.seats", ("t-aina",), {}),
        ("hold.seats", ("t-aina", "t-aina"), {}),
        ("therapist.unknown", ("t-aina", "nobody"), {}),
        ("lock.start_off_grid", ("t-aina", "t-bee"), {"start_s": 16 * H + 1}),
        ("hold.expiry", ("t-aina", "t-bee"), {"minutes": 0}),
        ("hold.expiry", ("t-aina", "t-bee"), {"minutes": 60 * 25}),
        ("hold.other_booking", ("t-aina", "t-bee"), {"day_shift": 1}),
    ],
)
def test_a_hold_that_cannot_be_kept_is_refused(
    busy: Office, code: str, therapists: tuple[str, ...], other: dict[str, int]
) -> None:
    """A hold needs a therapist for each seat, a start they can share, its booking's day, and an end soon."""
    with pytest.raises(LaluanError) as refused:
        hold_start(busy.services, busy.taker, hold(busy, *therapists, **other))
    assert refused.value.code == code
    assert sentence(code, refused.value.values)
