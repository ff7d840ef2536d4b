"""Revisions are appended, pointers move one step at a time, decisions and events are kept by their subject."""

from dataclasses import replace
from datetime import timedelta

import pytest

from dispatch.errors import Conflict, NotFound
from dispatch.model.audit import AuditRow
from dispatch.model.decisions import Lock, Waiver
from dispatch.model.kinds import EventKind
from dispatch.model.plan import DayPointers
from dispatch.store import Store
from tests.store.samples import DAY, NOW, event, problem, revision


def test_revisions_are_numbered_and_come_back_in_order(filled: Store) -> None:
    """A day's revisions come in the order of their numbers, with all they say."""
    with filled.writing() as tx:
        key = tx.keep_problem(problem())
        assert tx.next_revision_number("kl", DAY) == 1
        second = revision("a", 2, key, parent_id="z")
        first = tx.append_revision(revision("z", 1, key))
        tx.append_revision(second)
        assert tx.next_revision_number("kl", DAY) == 3
        assert tx.next_revision_number("kl", DAY + timedelta(days=1)) == 1
    with filled.reading() as tx:
        assert tx.revisions("kl", DAY) == (first, second)
        assert tx.revision("a") == second
        assert tx.revisions("kl", DAY + timedelta(days=1)) == ()


def test_a_revision_needs_its_problem_its_parent_and_a_number_of_its_own(filled: Store) -> None:
    """A revision whose problem or parent is not kept, or whose number is taken, is refused."""
    with filled.writing() as tx:
        key = tx.keep_problem(problem())
        tx.append_revision(revision("r1", 1, key))
        for wrong, code in (
            (revision("r2", 2, "not kept"), "store.names_nothing"),
            (revision("r2", 2, key, parent_id="nobody"), "store.names_nothing"),
            (revision("r2", 1, key), "store.taken"),
            (revision("r1", 2, key), "store.exists"),
        ):
            with pytest.raises(Conflict) as caught:
                tx.append_revision(wrong)
            assert caught.value.code == code


def test_pointers_start_at_nothing_and_move_on(filled: Store) -> None:
    """A day without a plan points nowhere; a move is kept with its next version."""
    with filled.writing() as tx:
        key = tx.keep_problem(problem())
        tx.append_revision(revision("r1", 1, key))
        fresh = tx.pointers("kl", DAY)
        assert fresh == DayPointers(branch_id="kl", day=DAY)
        moved = tx.move_pointers(replace(fresh, head_id="r1"))
    with filled.writing() as tx:
        assert tx.pointers("kl", DAY) == moved
        again = tx.move_pointers(replace(moved, published_id="r1"))
    with filled.reading() as tx:
        assert tx.pointers("kl", DAY) == again
        assert (again.head_id, again.published_id, again.version) == ("r1", "r1", 2)


def test_pointers_that_somebody_moved_are_not_moved_again(filled: Store) -> None:
    """Of two moves from the same version the second is refused, the very first move included."""
    with filled.writing() as tx:
        key = tx.keep_problem(problem())
        tx.append_revision(revision("r1", 1, key))
        fresh = tx.pointers("kl", DAY)
        seen = tx.move_pointers(replace(fresh, head_id="r1"))
        tx.move_pointers(replace(seen, published_id="r1"))
        for stale in (fresh, seen):
            with pytest.raises(Conflict, match=r"store\.plan_changed_meanwhile"):
                tx.move_pointers(stale)
        with pytest.raises(Conflict, match=r"store\.names_nothing"):
            tx.move_pointers(replace(tx.pointers("kl", DAY), head_id="nobody"))


def test_a_lock_is_set_replaced_and_dropped(filled: Store) -> None:
    """A visit has one lock at most, the last one set."""
    with filled.writing() as tx:
        tx.set_lock("kl", DAY, Lock(visit_id="w2/0", therapist_id="t1"))
        tx.set_lock("kl", DAY, Lock(visit_id="w1/0", therapist_id="t1"))
        tx.set_lock("kl", DAY, Lock(visit_id="w1/0", start_s=36_000))
        assert tx.locks("kl", DAY) == (Lock(visit_id="w1/0", start_s=36_000), Lock(visit_id="w2/0", therapist_id="t1"))
        assert tx.locks("kl", DAY + timedelta(days=1)) == ()
        assert tx.drop_lock("kl", DAY, "w1/0")
        assert not tx.drop_lock("kl", DAY, "w1/0")
        assert len(tx.locks("kl", DAY)) == 1


def test_a_waiver_is_set_replaced_and_dropped(filled: Store) -> None:
    """A rule is set aside once for each subject, with the last reason given."""
    late = Waiver(rule="window", subject_id="w1/0", by="u1", reason="she asked")
    work = Waiver(rule="work_limit", subject_id="t1", by="u1", reason="agreed")
    with filled.writing() as tx:
        tx.set_waiver("kl", DAY, work)
        tx.set_waiver("kl", DAY, late)
        tx.set_waiver("kl", DAY, replace(late, reason="she asked twice"))
        assert tx.waivers("kl", DAY) == (replace(late, reason="she asked twice"), work)
        assert tx.drop_waiver("kl", DAY, "window", "w1/0")
        assert not tx.drop_waiver("kl", DAY, "window", "w1/0")
        assert tx.waivers("kl", DAY) == (work,)


def test_an_event_that_arrives_twice_is_kept_once(filled: Store) -> None:
    """A report with an id that is there already changes nothing, and says so."""
    with filled.writing() as tx:
        assert tx.append_event(event("e2"))
        assert tx.append_event(event("e1", EventKind.DEPARTED))
    with filled.writing() as tx:
        assert not tx.append_event(event("e1", EventKind.FINISHED))
        assert tx.events("kl", ("w1/0", "w2/0")) == (event("e1", EventKind.DEPARTED), event("e2"))
        assert tx.events("kl", ("w2/0",)) == tx.events("kl", ()) == tx.events("jb", ("w1/0",)) == ()


def test_an_event_of_no_booking_is_refused(filled: Store) -> None:
    """A report about a visit of a booking that does not exist is not kept."""
    with filled.writing() as tx, pytest.raises(Conflict, match=r"store\.names_nothing"):
        tx.append_event(replace(event("e1"), visit_id="nobody/0"))


def test_the_audit_tells_the_newest_first(filled: Store) -> None:
    """The audit of a branch comes newest first, as many rows as asked for; rows of no branch are kept too."""
    rows = [
        AuditRow(id=f"a{n}", at=NOW + timedelta(minutes=n), actor="u1", code="booking.added", branch_id="kl")
        for n in range(4)
    ]
    with filled.writing() as tx:
        for row in rows:
            tx.append_audit(row)
        nowhere = tx.append_audit(AuditRow(id="b", at=NOW, actor="cli", code="db.upgraded", subject_ids=("x", "y")))
        assert tx.audit("kl", limit=2) == (rows[3], rows[2])
        assert tx.audit("") == (*reversed(rows[1:]), nowhere, rows[0])


def test_an_unknown_revision_or_problem_is_named(filled: Store) -> None:
    """What a pointer or a hash of another database names is said to be missing."""
    with filled.reading() as tx:
        with pytest.raises(NotFound, match="r9"):
            tx.revision("r9")
        with pytest.raises(NotFound, match="no such hash"):
            tx.problem("no such hash")
