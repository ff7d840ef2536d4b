"""Publishing makes numbered versions: what each told whom, who has seen it, and taking one back by the rules."""

from dataclasses import replace
from datetime import timedelta

import pytest

from dispatch.errors import BadInput, Conflict, Forbidden, NotFound
from dispatch.model.publication import PublicationKind
from dispatch.words import sentence
from dispatch.work.bookings import cancel_booking
from dispatch.work.phones import phone_day
from dispatch.work.planning import publish
from dispatch.work.publishing import note_seen, preview_publish, preview_recall, recall
from dispatch.work.team import change_therapist, get_therapist
from dispatch.work.versions import VersionsOfDay, versions_of_day
from tests.work.company import DAY, Office
from tests.work.plans import FULL, SOME, keep, keep_and_publish


def versions(office: Office) -> VersionsOfDay:
    """Give the day's versions as the dispatcher sees them."""
    return versions_of_day(office.services, office.dispatcher, DAY)


def test_each_publishing_is_a_version_that_says_what_it_changed(busy: Office) -> None:
    """Versions count up, newest first; each names per therapist what was new, gone or moved since the one before."""
    keep_and_publish(busy, SOME)
    busy.clock.on(minutes=10)
    second = keep_and_publish(busy, FULL)
    day = versions(busy)
    assert [(one.publication.number, one.by, one.plan_number) for one in day.versions] == [
        (2, "dispatcher", second.number),
        (1, "dispatcher", 1),
    ]
    newest = {one.name: [said.code for said in one.sentences] for one in day.versions[0].news}
    assert newest["Aina"] == ["since.hers_new"]
    assert newest["Chandra"] == ["since.hers_new"]
    first = {one.name: [said.code for said in one.sentences] for one in day.versions[1].news}
    assert first == {"Aina": ["since.hers_new"], "Bee Ling": ["since.hers_new"]}
    assert day.pending == ()
    said = day.versions[1].news[0].sentences[0]
    assert sentence(said.code, said.named(), names=day.names).startswith("New: Lim Mei Ling at 14:")


def test_publishing_twice_is_one_version(busy: Office) -> None:
    """A second click publishes nothing new and makes no second version."""
    head = keep_and_publish(busy, FULL)
    publish(busy.services, busy.dispatcher, DAY, head_id=head.id)
    assert [one.publication.number for one in versions(busy).versions] == [1]


def test_what_publishing_would_tell_is_known_before(busy: Office) -> None:
    """After the head moved on, the page and the step before publishing say whom a new version would tell what."""
    keep_and_publish(busy, SOME)
    keep(busy, FULL)
    pending = versions(busy).pending
    assert {one.name for one in pending} == {"Aina", "Bee Ling", "Chandra"}
    preview = preview_publish(busy.services, busy.dispatcher, DAY)
    assert (preview.version_number, preview.broken) == (2, ())
    assert preview.news == pending


def test_a_day_without_a_plan_has_nothing_to_publish(busy: Office) -> None:
    """Without a plan there is no preview, and the list of versions is empty."""
    with pytest.raises(NotFound, match=r"publish\.no_plan"):
        preview_publish(busy.services, busy.dispatcher, DAY)
    assert versions(busy).versions == ()


def test_a_version_is_seen_once_by_the_device_that_shows_it(busy: Office) -> None:
    """Her phone names the version it shows; the first look is kept with its time, the second changes nothing."""
    keep_and_publish(busy, FULL)
    shown = phone_day(busy.services, busy.therapist, DAY)
    assert (shown.version_number, shown.seen) == (1, False)
    assert note_seen(busy.services, busy.therapist, shown.publication_id)
    first = busy.clock()
    busy.clock.on(hours=1)
    assert not note_seen(busy.services, busy.therapist, shown.publication_id)
    assert phone_day(busy.services, busy.therapist, DAY).seen
    seen = {one.name: one.seen_at for one in versions(busy).versions[0].seen}
    assert seen == {"Aina": first, "Bee Ling": None, "Chandra": None}


def test_what_is_no_version_cannot_be_seen(busy: Office) -> None:
    """A made-up version is refused; a dispatcher cannot see one for a therapist."""
    keep_and_publish(busy, FULL)
    with pytest.raises(BadInput, match=r"publish\.no_version"):
        note_seen(busy.services, busy.therapist, "no version")
    with pytest.raises(Forbidden):
        note_seen(busy.services, busy.dispatcher, phone_day(busy.services, busy.therapist, DAY).publication_id)


def test_an_earlier_version_is_shown_again(busy: Office) -> None:
    """A recall makes a version of its own, with the reason, and phones show the earlier plan; the head stays."""
    first = keep_and_publish(busy, SOME)
    second = keep_and_publish(busy, FULL)
    before = versions(busy)
    preview = preview_recall(busy.services, busy.dispatcher, DAY, 1)
    assert preview.broken == ()
    assert {one.name for one in preview.news} == {"Aina", "Bee Ling", "Chandra"}
    kept = recall(
        busy.services,
        busy.dispatcher,
        DAY,
        number=1,
        pointers_version=before.pointers_version,
        reason="published too early",
    )
    assert (kept.number, kept.kind, kept.reason) == (3, PublicationKind.RECALLED, "published too early")
    after = versions(busy)
    assert after.published is not None
    assert after.head is not None
    assert (after.published.id, after.head.id) == (first.id, second.id)
    assert [one.publication.number for one in after.versions] == [3, 2, 1]
    assert phone_day(busy.services, busy.therapist, DAY).version_number == 3


def test_publishing_is_withdrawn(busy: Office) -> None:
    """Withdrawn, phones show no plan; the head can be published again as the next version."""
    head = keep_and_publish(busy, FULL)
    version = versions(busy).pointers_version
    kept = recall(busy.services, busy.owner, DAY, number=0, pointers_version=version, reason="flood")
    assert (kept.number, kept.kind, kept.revision_id) == (2, PublicationKind.WITHDRAWN, "")
    shown = phone_day(busy.services, busy.therapist, DAY)
    assert (shown.published, shown.publication_id) == (False, "")
    publish(busy.services, busy.dispatcher, DAY, head_id=head.id)
    assert phone_day(busy.services, busy.therapist, DAY).version_number == 3


def test_a_recall_that_breaks_rules_is_refused_by_name(busy: Office) -> None:
    """A version that the day as it is now does not allow any more stays where it is, and the error says who is concerned."""
    keep_and_publish(busy, FULL)
    publish(busy.services, busy.dispatcher, DAY, head_id=keep(busy, SOME).id)
    bee = get_therapist(busy.services, busy.owner, "t-bee")
    change_therapist(busy.services, busy.owner, replace(bee, techniques=("prenatal",)))
    day = versions(busy)
    assert preview_recall(busy.services, busy.dispatcher, DAY, 1).broken
    with pytest.raises(Conflict) as refused:
        recall(busy.services, busy.dispatcher, DAY, number=1, pointers_version=day.pointers_version, reason="back")
    assert refused.value.code == "publish.recall_breaks_rules"
    assert "Bee Ling" in str(refused.value.values["who"])
    assert versions(busy) == day


def test_a_recall_needs_a_reason_and_the_newest_state(busy: Office) -> None:
    """Without a reason, on a stale page, of an unknown version, or of what is shown already, nothing is changed."""
    keep_and_publish(busy, SOME)
    stale = versions(busy).pointers_version
    keep_and_publish(busy, FULL)
    day = versions(busy)

    def again(**other: object) -> None:
        asked = {"number": 1, "pointers_version": day.pointers_version, "reason": "back"} | other
        recall(busy.services, busy.dispatcher, DAY, **asked)  # type: ignore[arg-type]

    with pytest.raises(BadInput):
        again(reason=" ")
    with pytest.raises(Conflict, match=r"publish\.moved"):
        again(pointers_version=stale)
    with pytest.raises(NotFound, match=r"publish\.unknown_version"):
        again(number=9)
    with pytest.raises(Conflict, match=r"publish\.shown_already"):
        again(number=2)
    with pytest.raises(Forbidden):
        recall(busy.services, busy.taker, DAY, number=1, pointers_version=day.pointers_version, reason="back")
    assert versions(busy) == day


def test_a_booking_cancelled_since_publishing_is_pending_news(busy: Office) -> None:
    """What the day lost since publishing is among what a new version would tell."""
    keep_and_publish(busy, FULL)
    cancel_booking(busy.services, busy.taker, "b4", 1, "ill")
    assert [one.name for one in versions(busy).pending] == ["Bee Ling"]
    assert versions_of_day(busy.services, busy.dispatcher, DAY + timedelta(days=1)).versions == ()
