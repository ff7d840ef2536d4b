"""The order of changes, who is there, and who has seen which version are kept the same on both databases."""

from dataclasses import replace
from datetime import timedelta

import pytest

from dispatch.errors import Conflict
from dispatch.model.audit import AuditRow
from dispatch.model.kinds import EventKind
from dispatch.model.publication import Presence, Publication, Seen
from dispatch.store import Store
from tests.store.samples import DAY, NOW, event, problem, publication, revision


def audit(key: str, branch_id: str = "kl") -> AuditRow:
    """Give an audit row; all of them have the same moment, as two quick changes may."""
    return AuditRow(id=key, at=NOW, actor="u1", code="booking.added", subject_ids=("w1",), branch_id=branch_id)


def test_every_change_has_the_next_number(filled: Store) -> None:
    """Audit rows and events count up their branch's changes, in the order they were kept and whatever their ids."""
    with filled.writing() as tx:
        assert tx.change_number("kl") == 0
        tx.append_audit(audit("z"))
        tx.append_event(event("e1"))
        tx.append_audit(audit("a"))
        tx.append_audit(audit("nowhere", branch_id=""))
    with filled.reading() as tx:
        assert tx.change_number("kl") == 3
        assert tx.change_number("jb") == 0
        assert tx.changes_since("kl", 0, limit=9) == (audit("z"), None, audit("a"))
        assert tx.changes_since("kl", 2, limit=9) == (audit("a"),)
        assert tx.changes_since("kl", 0, limit=1) == (audit("z"),)


def test_a_report_that_arrives_twice_is_one_change(filled: Store) -> None:
    """An event sent again changes nothing, and is not counted as a change."""
    with filled.writing() as tx:
        tx.append_event(event("e1"))
        tx.append_event(event("e1", EventKind.FINISHED))
        assert tx.change_number("kl") == 1


def test_a_transaction_that_fails_leaves_no_number(filled: Store) -> None:
    """The number of a change that was rolled back is given to the next one."""

    def fail() -> None:
        with filled.writing() as tx:
            tx.append_audit(audit("a"))
            tx.append_audit(audit("a"))

    with pytest.raises(Conflict):
        fail()
    with filled.writing() as tx:
        tx.append_audit(audit("b"))
        assert tx.changes_since("kl", 0, limit=9) == (audit("b"),)


def test_presence_is_one_row_a_person_and_day_and_is_forgotten(filled: Store) -> None:
    """The newest card counts; whoever was not heard of again is not shown, and is deleted by the next one."""
    first = Presence(account_id="u1", branch_id="kl", day=DAY, card="w1/0", seen_at=NOW)
    later = replace(first, card="w2/0", seen_at=NOW + timedelta(seconds=10))
    with filled.writing() as tx:
        tx.note_presence(first, forget_before=NOW)
        tx.note_presence(later, forget_before=NOW)
        assert tx.present("kl", DAY, since=NOW) == (later,)
        assert tx.present("kl", DAY + timedelta(days=1), since=NOW) == tx.present("jb", DAY, since=NOW) == ()
        assert tx.present("kl", DAY, since=NOW + timedelta(seconds=11)) == ()
        other_day = replace(first, day=DAY + timedelta(days=1), seen_at=NOW + timedelta(minutes=1))
        tx.note_presence(other_day, forget_before=NOW + timedelta(seconds=30))
        assert tx.present("kl", DAY, since=NOW) == ()
        tx.drop_presence("u1", other_day.day)
        assert tx.present("kl", other_day.day, since=NOW) == ()


def test_versions_are_numbered_once_and_seen_once(filled: Store) -> None:
    """Two versions cannot have one number; a therapist's first look at a version is kept, later ones change nothing."""
    with filled.writing() as tx:
        tx.append_revision(revision("r1", 1, tx.keep_problem(problem())))
        assert tx.last_publication("kl", DAY) is None
        tx.insert(publication("v1", 1))
        tx.insert(publication("v2", 2, ""))
        with pytest.raises(Conflict, match=r"store\.taken"):
            tx.insert(publication("v3", 2))
        assert tx.last_publication("kl", DAY) == publication("v2", 2, "")
        assert tx.list(Publication, "kl", day=DAY) == (publication("v1", 1), publication("v2", 2, ""))
        seen = Seen(publication_id="v1", therapist_id="t1", at=NOW)
        assert tx.note_seen(seen)
        assert not tx.note_seen(replace(seen, at=NOW + timedelta(hours=1)))
        assert tx.seen(["v1", "v2"]) == (seen,)
        assert tx.seen([]) == ()
