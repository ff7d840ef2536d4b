"""Visits fixed where the plan has them: therapist, start or both, set free again, and undone like any step."""

from __future__ import annotations

import pytest

from dispatch.errors import Conflict, Forbidden, NotFound
from dispatch.model.decisions import Lock
from dispatch.model.kinds import Cause
from dispatch.work.days import day_board
from dispatch.work.fixing import fix_here
from dispatch.work.locks import locks_of_day
from dispatch.work.undoing import undo
from tests.work.company import DAY, Office
from tests.work.plans import FULL, SOME, keep


def locks(office: Office) -> tuple[Lock, ...]:
    """Give the day's locks."""
    return locks_of_day(office.services, office.dispatcher, DAY)[0]


def fixed(office: Office, visit: str, *, therapist: bool = False, start: bool = False) -> None:
    """Fix a visit in the newest plan."""
    head = day_board(office.services, office.dispatcher, DAY).head
    assert head is not None
    fix_here(office.services, office.dispatcher, DAY, visit, head_id=head.id, therapist=therapist, start=start)


@pytest.mark.parametrize(("therapist", "start"), [(True, False), (False, True), (True, True)])
def test_a_visit_is_fixed_as_the_plan_has_it(busy: Office, therapist: bool, start: bool) -> None:
    """The lock names who serves the visit, when it starts, or both; the plan stays as it is, in a revision of its own."""
    keep(busy, FULL)
    before = day_board(busy.services, busy.dispatcher, DAY)
    fixed(busy, "b1/0", therapist=therapist, start=start)
    lock = Lock(
        visit_id="b1/0",
        therapist_id="t-aina" if therapist else None,
        start_s=before.timetable.visit("b1/0").start_s if start else None,
    )
    assert locks(busy) == (lock,)
    after = day_board(busy.services, busy.dispatcher, DAY)
    assert after.head is not None
    assert (after.plan, after.head.cause, after.violations) == (before.plan, Cause.EDIT, ())
    undo(busy.services, busy.dispatcher, DAY, head_id=after.head.id)
    assert locks(busy) == ()


def test_a_couples_start_is_fixed_for_both_and_each_therapist_alone(busy: Office) -> None:
    """Fixing one seat's start fixes the other's; her therapist is her own; setting one free frees both starts."""
    keep(busy, FULL)
    start_s = day_board(busy.services, busy.dispatcher, DAY).timetable.visit("b3/0").start_s
    fixed(busy, "b3/0", therapist=True, start=True)
    assert locks(busy) == (
        Lock(visit_id="b3/0", therapist_id="t-aina", start_s=start_s),
        Lock(visit_id="b3/1", start_s=start_s),
    )
    fixed(busy, "b3/0", therapist=True)
    assert locks(busy) == (Lock(visit_id="b3/0", therapist_id="t-aina"),)
    fixed(busy, "b3/0")
    assert locks(busy) == ()


def test_what_the_plan_does_not_have_cannot_be_fixed(busy: Office) -> None:
    """A visit that is left out, a plan seen no longer and a reader without the right change nothing."""
    kept = keep(busy, SOME)
    with pytest.raises(NotFound) as unknown:
        fixed(busy, "b2/0", therapist=True)
    assert unknown.value.code == "lock.unknown_visit"
    fixed(busy, "b1/0", therapist=True)
    had = locks(busy)
    with pytest.raises(Conflict) as stale:
        fix_here(busy.services, busy.dispatcher, DAY, "b4/0", head_id=kept.id, therapist=True, start=False)
    assert stale.value.code == "move.head_moved"
    with pytest.raises(Forbidden):
        fix_here(busy.services, busy.therapist, DAY, "b4/0", head_id=kept.id, therapist=True, start=False)
    assert locks(busy) == had


def test_fixing_what_is_fixed_changes_nothing(busy: Office) -> None:
    """The same lock asked for twice is one step."""
    keep(busy, FULL)
    fixed(busy, "b1/0", therapist=True)
    head = day_board(busy.services, busy.dispatcher, DAY).head
    fixed(busy, "b1/0", therapist=True)
    assert day_board(busy.services, busy.dispatcher, DAY).head == head
