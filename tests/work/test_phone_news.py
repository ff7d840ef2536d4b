"""What changed for a therapist stays on her phone until she taps OK, whenever and however often that OK arrives."""

from dataclasses import replace
from datetime import timedelta

import pytest

from dispatch.model.kinds import EventKind
from dispatch.model.plan import Route
from dispatch.words import sentence
from dispatch.work.acknowledging import PlanOk
from dispatch.work.bookings import cancel_booking
from dispatch.work.phone_news import PhoneNotice, phone_mark, phone_page, phone_week
from dispatch.work.publishing import note_seen, recall
from dispatch.work.reporting import Tap, TapAnswer, report
from dispatch.work.versions import versions_of_day
from tests.work.company import DAY, Office
from tests.work.plans import FULL, SOME, keep_and_publish


def notices(office: Office) -> tuple[PhoneNotice, ...]:
    """Give what Aina's phone asks her to confirm."""
    return phone_page(office.services, office.therapist).notices


def say_ok(office: Office, publication_id: str, *, tap: str = "ok-000001", ago: timedelta = timedelta()) -> TapAnswer:
    """Let Aina's phone send her OK."""
    ok = PlanOk(id=tap, publication_id=publication_id, device_at=office.clock() - ago)
    return report(office.services, office.therapist, [ok])[0]


def codes(office: Office) -> list[str]:
    """Give the codes of what Aina has to confirm."""
    return [one.code for notice in notices(office) for one in notice.sentences]


def test_the_first_version_tells_what_the_day_holds(busy: Office) -> None:
    """Nothing is asked before a plan is out; then its day is told once, and after OK no more."""
    assert notices(busy) == ()
    keep_and_publish(busy, FULL)
    (notice,) = notices(busy)
    assert (notice.first, notice.version_number, notice.day) == (True, 1, DAY)
    assert codes(busy) == ["phone.day_line"]
    assert say_ok(busy, notice.publication_id).new
    assert notices(busy) == ()


def test_changes_are_told_since_what_she_confirmed(busy: Office) -> None:
    """Two versions after her OK are told as one difference, with first names and areas and nothing else of a client."""
    keep_and_publish(busy, SOME)
    say_ok(busy, notices(busy)[0].publication_id)
    keep_and_publish(busy, FULL)
    cancel_booking(busy.services, busy.dispatcher, "b1", reason="ill", version=1)
    keep_and_publish(busy, replace(FULL, routes=tuple(_without(route, "b1/0") for route in FULL.routes)))
    (notice,) = notices(busy)
    assert sorted(codes(busy)) == ["since.hers_gone", "since.hers_new"]
    said = " ".join(sentence(one.code, one.named(), names=notice.names) for one in notice.sentences)
    assert "Mei Ling, " in said or "Siti, " in said
    assert "Lim Mei Ling" not in said


def _without(route: Route, visit: str) -> Route:
    return replace(route, stops=tuple(stop for stop in route.stops if stop.id != visit))


def test_an_ok_twice_and_late_changes_nothing(busy: Office) -> None:
    """The same OK sent again is kept as before; one to an older version arrives late and leaves the newer one to confirm."""
    keep_and_publish(busy, SOME)
    old = notices(busy)[0].publication_id
    keep_and_publish(busy, FULL)
    new = notices(busy)[0].publication_id
    assert new != old
    assert say_ok(busy, old, ago=timedelta(hours=3)).new
    assert [notice.publication_id for notice in notices(busy)] == [new]
    assert codes(busy) == ["since.hers_new"]
    assert [say_ok(busy, new).new, say_ok(busy, new).new, say_ok(busy, new, tap="ok-000002").new] == [
        True,
        False,
        False,
    ]
    assert notices(busy) == ()
    with busy.services.store.reading() as tx:
        told = [row.subject_ids for row in tx.audit("main") if row.code == "phone.acknowledged"]
    assert sorted(told) == sorted([(old,), (new,)])


def test_an_ok_comes_with_taps_in_one_transaction(busy: Office) -> None:
    """A queue with taps and an OK is answered in order, and what is no version of hers is refused by itself."""
    keep_and_publish(busy, FULL)
    now = busy.clock()
    queue: list[Tap | PlanOk] = [
        Tap(id="tap-00001", visit_id="b1/0", kind=EventKind.ACKNOWLEDGED, device_at=now),
        PlanOk(id="ok-000001", publication_id=notices(busy)[0].publication_id, device_at=now),
        PlanOk(id="ok-000002", publication_id="no version", device_at=now),
        PlanOk(id="?", publication_id="x", device_at=now),
        Tap(id="tap-00002", visit_id="b1/0", kind=EventKind.DEPARTED, device_at=now),
    ]
    answers = report(busy.services, busy.therapist, queue)
    assert [one.new for one in answers] == [True, True, False, False, True]
    assert [one.refused.code if one.refused else "" for one in answers] == [
        "",
        "",
        "publish.no_version",
        "report.no_id",
        "",
    ]


@pytest.mark.parametrize("saw", [True, False])
def test_a_change_that_was_taken_back_is_told_to_who_saw_it(busy: Office, saw: bool) -> None:
    """Who saw the version in between is told that her day is as before; who did not see it is not bothered."""
    keep_and_publish(busy, SOME)
    say_ok(busy, notices(busy)[0].publication_id)
    keep_and_publish(busy, FULL)
    if saw:
        note_seen(busy.services, busy.therapist, notices(busy)[0].publication_id)
    version = versions_of_day(busy.services, busy.dispatcher, DAY).pointers_version
    recall(busy.services, busy.dispatcher, DAY, number=1, pointers_version=version, reason="too early")
    assert codes(busy) == (["notice.as_before"] if saw else [])


def test_a_withdrawn_plan_is_told_as_gone(busy: Office) -> None:
    """Without any OK, who saw a plan that is withdrawn is told what she has no more; who saw nothing is told nothing."""
    keep_and_publish(busy, FULL)
    note_seen(busy.services, busy.therapist, notices(busy)[0].publication_id)
    version = versions_of_day(busy.services, busy.dispatcher, DAY).pointers_version
    recall(busy.services, busy.dispatcher, DAY, number=0, pointers_version=version, reason="flood")
    assert set(codes(busy)) == {"since.hers_gone"}


def test_the_board_knows_who_has_confirmed(busy: Office) -> None:
    """Seen and confirmed are told apart, with the time she tapped; an OK to a later version counts for earlier ones."""
    keep_and_publish(busy, SOME)
    keep_and_publish(busy, FULL)
    busy.clock.on(minutes=30)
    note_seen(busy.services, busy.therapist, notices(busy)[0].publication_id)
    rows = {one.name: one for one in versions_of_day(busy.services, busy.dispatcher, DAY).versions[0].seen}
    assert (rows["Aina"].seen_at, rows["Aina"].acknowledged_at) == (busy.clock(), None)
    say_ok(busy, notices(busy)[0].publication_id, ago=timedelta(minutes=5))
    for version in versions_of_day(busy.services, busy.dispatcher, DAY).versions:
        told = {one.name: one.acknowledged_at for one in version.seen}
        assert told.pop("Aina") == busy.clock() - timedelta(minutes=5)
        assert set(told.values()) == {None}


def test_the_mark_changes_with_every_version_and_day(busy: Office) -> None:
    """A phone that asks hears of a new version of any coming day, and of the day's end; else the mark stays."""
    marks = [phone_mark(busy.services, busy.therapist)]
    keep_and_publish(busy, SOME)
    marks += [phone_mark(busy.services, busy.therapist), phone_page(busy.services, busy.therapist).mark]
    keep_and_publish(busy, FULL)
    marks.append(phone_mark(busy.services, busy.therapist))
    assert marks[1] == marks[2]
    assert len(set(marks)) == 3
    busy.clock.on(hours=24)
    assert phone_mark(busy.services, busy.therapist) not in marks


def test_her_week_holds_her_own_days(busy: Office) -> None:
    """Seven days from today: what is published with its visits, else her shifts alone."""
    keep_and_publish(busy, FULL)
    week = phone_week(busy.services, busy.therapist)
    assert [one.day for one in week.days] == [DAY + timedelta(days=number) for number in range(7)]
    first, second = week.days[:2]
    assert (first.published, first.visits) == (True, 2)
    assert first.first_s < first.last_s
    assert (second.published, second.visits) == (False, 0)
