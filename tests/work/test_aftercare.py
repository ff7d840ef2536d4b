"""Around her visit a therapist reads what she must know and notes how it went, sealed and audited; at its end the client may ask to come again."""

from dataclasses import replace
from datetime import timedelta

import pytest

from dispatch.errors import BadInput, Conflict, Forbidden, NotFound
from dispatch.model.account import Actor
from dispatch.model.again import ReturnState
from dispatch.model.health import Feeling, Health, ProgressNote
from dispatch.model.kinds import BookingStatus, EventKind
from dispatch.work.aftercare import note_visit, visit_sheet, wish_again
from dispatch.work.clients import client_page
from dispatch.work.health import give_consent, keep_health, withdraw_consent
from dispatch.work.returns import book_return, let_return_go, returning
from tests.work.company import DAY, H, Office
from tests.work.past import report
from tests.work.plans import keep_and_publish

FELT = Feeling(pain=6, note="Left shoulder is stiff")


def prepare(office: Office, *, consent: bool = True) -> None:
    """Publish the day on which Aina treats Mei Ling at 14:00 (`b1/0`), who has told of her back; it is 13:00."""
    if consent:
        known = client_page(office.services, office.taker, "c-lim").client
        give_consent(office.services, office.taker, "c-lim", version=known.version, language="en")
        health = Health(complaints=("back",), contraindications=("fever",), note="Two discs operated")
        keep_health(office.services, office.taker, "c-lim", health, version=0)
    keep_and_publish(office)
    office.clock.on(hours=4)


def reads(office: Office) -> int:
    """Count how often the audit says that health was read."""
    with office.services.store.reading() as tx:
        return sum(row.code == "health.read" for row in tx.audit("main"))


def test_she_reads_what_she_must_know_and_it_is_audited(busy: Office) -> None:
    """Questions, complaints and notes are shown around the visit; each reading is one row of the audit with her name."""
    prepare(busy)
    sheet = visit_sheet(busy.services, busy.therapist, "b1/0")
    assert sheet.is_open
    assert (sheet.complaints, sheet.health_note) == (("Back pain",), "Two discs operated")
    assert sheet.questions == (("Fever", "Do you have a fever today?"),)
    visit_sheet(busy.services, busy.therapist, "b1/0")
    assert reads(busy) == 2
    with busy.services.store.reading() as tx:
        assert {row.actor for row in tx.audit("main") if row.code == "health.read"} == {"t-aina"}


@pytest.mark.parametrize("hours", [-3, 6], ids=["hours before", "hours after"])
def test_health_is_shut_outside_the_visit(busy: Office, hours: int) -> None:
    """Hours before and after nothing of it is shown, read or written, and no reading is claimed."""
    prepare(busy)
    busy.clock.on(hours=hours)
    sheet = visit_sheet(busy.services, busy.therapist, "b1/0")
    assert not sheet.is_open
    assert (sheet.complaints, sheet.questions, sheet.health_note, sheet.felt) == ((), (), "", ())
    assert reads(busy) == 0
    with pytest.raises(Forbidden):
        note_visit(busy.services, busy.therapist, "b1/0", FELT, version=0)
    with pytest.raises(Forbidden):
        wish_again(busy.services, busy.therapist, "b1/0", 2)


def test_another_therapists_visit_does_not_exist(busy: Office) -> None:
    """Whoever is not sent there by the published plan sees, writes and asks nothing."""
    prepare(busy)
    other: Actor = replace(busy.therapist, id="t-bee", therapist_id="t-bee")
    for visit_id in ("b1/0", "b1/9", "none/0", "b1", ""):
        with pytest.raises(NotFound):
            visit_sheet(busy.services, other, visit_id)
    with pytest.raises(NotFound):
        note_visit(busy.services, other, "b1/0", FELT, version=0)
    assert reads(busy) == 0


def test_her_note_is_sealed_and_hers_to_mend(busy: Office) -> None:
    """What she notes stands in the database unreadable, is shown to her again, and an older page overwrites nothing."""
    prepare(busy)
    note_visit(busy.services, busy.therapist, "b1/0", FELT, version=0)
    with busy.services.store.reading() as tx:
        assert "shoulder" not in tx.get(ProgressNote, "b1").sealed
    sheet = visit_sheet(busy.services, busy.therapist, "b1/0")
    assert (sheet.own, sheet.own_version) == (FELT, 1)
    with pytest.raises(Conflict):
        note_visit(busy.services, busy.therapist, "b1/0", Feeling(pain=1), version=0)
    assert note_visit(busy.services, busy.therapist, "b1/0", Feeling(pain=3), version=1).version == 2


def test_without_consent_nothing_is_kept_or_shown(busy: Office) -> None:
    """A client who has not agreed, or takes it back, has no notes."""
    prepare(busy, consent=False)
    with pytest.raises(BadInput, match=r"health\.no_consent"):
        note_visit(busy.services, busy.therapist, "b1/0", FELT, version=0)
    assert not visit_sheet(busy.services, busy.therapist, "b1/0").agrees
    known = client_page(busy.services, busy.taker, "c-lim").client
    given = give_consent(busy.services, busy.taker, "c-lim", version=known.version, language="en")
    note_visit(busy.services, busy.therapist, "b1/0", FELT, version=0)
    withdraw_consent(busy.services, busy.taker, "c-lim", version=given.version)
    assert visit_sheet(busy.services, busy.therapist, "b1/0").own is None


def test_a_visit_under_way_stays_open(busy: Office) -> None:
    """Whoever runs over is not shut out in the middle of her visit."""
    prepare(busy)
    report(busy, "b1/0", "t-aina", EventKind.STARTED, 16 * H)
    busy.clock.on(hours=5)
    assert visit_sheet(busy.services, busy.therapist, "b1/0").is_open


def test_the_wish_to_come_again_becomes_a_booking(busy: Office) -> None:
    """Told twice it is one wish; booked with one click it has the same treatment and prefers the same therapist, once."""
    prepare(busy)
    for weeks in (3, 2, 2):
        wish_again(busy.services, busy.therapist, "b1/0", weeks)
    (one,) = returning(busy.services, busy.taker)
    assert (one.wish.due_day, one.client.id, one.therapist.id) == (DAY + timedelta(weeks=2), "c-lim", "t-aina")
    booked = book_return(busy.services, busy.taker, "b1", version=one.wish.version)
    assert (booked.day, booked.status) == (DAY + timedelta(weeks=2), BookingStatus.REQUESTED)
    assert (booked.treatment_id, booked.minutes, booked.preferred_therapists) == ("relax", 60, ("t-aina",))
    assert returning(busy.services, busy.taker) == ()
    with pytest.raises(Conflict):
        book_return(busy.services, busy.taker, "b1", version=one.wish.version)
    with pytest.raises(Conflict):
        wish_again(busy.services, busy.therapist, "b1/0", 4)


def test_a_wish_may_be_let_go(busy: Office) -> None:
    """It leaves the list, and a later wish at the same visit brings it back."""
    prepare(busy)
    wish = wish_again(busy.services, busy.therapist, "b1/0", 2)
    assert let_return_go(busy.services, busy.taker, "b1", version=wish.version).state is ReturnState.LET_GO
    assert returning(busy.services, busy.taker) == ()
    wish_again(busy.services, busy.therapist, "b1/0", 2)
    assert len(returning(busy.services, busy.taker)) == 1


@pytest.mark.parametrize("weeks", [0, -1, 27, 10**9])
def test_weeks_that_nobody_means_are_refused(busy: Office, weeks: int) -> None:
    """No wish is kept for them."""
    prepare(busy)
    with pytest.raises(BadInput):
        wish_again(busy.services, busy.therapist, "b1/0", weeks)
    assert returning(busy.services, busy.taker) == ()


def test_real_minutes_stand_on_the_clients_page(busy: Office) -> None:
    """How long her treatment really took is kept by booking, once start and end were reported."""
    prepare(busy)
    report(busy, "b1/0", "t-aina", EventKind.STARTED, 14 * H)
    assert client_page(busy.services, busy.taker, "c-lim").took_s == {}
    report(busy, "b1/0", "t-aina", EventKind.FINISHED, 15 * H + 300)
    assert client_page(busy.services, busy.taker, "c-lim").took_s == {"b1": H + 300}
    busy.clock.on(hours=2, minutes=10)
    assert visit_sheet(busy.services, busy.therapist, "b1/0").took_s == H + 300
