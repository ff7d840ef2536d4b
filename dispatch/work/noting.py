"""Who wrote down that bookings were cancelled or that nobody was there."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from dispatch.model.account import Account
from dispatch.model.audit import AuditRow
from dispatch.model.booking import Booking
from dispatch.model.branch import Branch
from dispatch.model.facts import VisitFact
from dispatch.model.kinds import BookingStatus, VisitState
from dispatch.model.plan import booking_of
from dispatch.model.therapist import Therapist

if TYPE_CHECKING:
    from dispatch.store import Reading

_CODES = {BookingStatus.CANCELLED: "booking.cancelled", BookingStatus.NO_SHOW: "booking.no_show"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Noted:
    """How many cancellations and no-shows somebody wrote down; without a name where nobody knows who it was."""

    by: str
    cancelled: int
    no_shows: int


def noted_by(
    tx: "Reading", branch: Branch, bookings: Iterable[Booking], facts: Iterable[VisitFact]
) -> tuple[Noted, ...]:
    """Give who noted what became of these bookings, by name: with an account, or with the phone at the door."""
    over = {one.id: one.status for one in bookings if one.status in {*_CODES, BookingStatus.DONE}}
    at_the_door = {
        booking_of(fact.visit_id)[0]: fact.therapist_id
        for fact in facts
        if fact.state is VisitState.NO_SHOW and booking_of(fact.visit_id)[0] not in over
    }
    rows = tx.list(AuditRow, branch.id, code=tuple(_CODES.values())) if over else ()
    last: dict[tuple[str, str], str] = {}
    for row in sorted(rows, key=lambda row: (row.at, row.id)):
        last |= {(row.code, subject): row.actor for subject in row.subject_ids}
    cancelled = Counter(last.get((_CODES[s], one), "") for one, s in over.items() if s is BookingStatus.CANCELLED)
    no_shows = Counter(last.get((_CODES[s], one), "") for one, s in over.items() if s is BookingStatus.NO_SHOW)
    no_shows.update(at_the_door.values())
    names = _names(tx, branch, {*cancelled, *no_shows})
    found = [
        Noted(by=names.get(one, one), cancelled=cancelled[one], no_shows=no_shows[one])
        for one in {*cancelled, *no_shows}
    ]
    return tuple(sorted(found, key=lambda one: (-one.cancelled - one.no_shows, one.by.casefold())))


def _names(tx: "Reading", branch: Branch, ids: set[str]) -> Mapping[str, str]:
    """Give the names of accounts and therapists; another id, such as the command line's, stays as it is."""
    if not ids:
        return {}
    return {
        **{one.id: one.name for one in tx.list(Therapist, branch.id, id=ids)},
        **{one.id: one.name for one in tx.list(Account, branch.id, id=ids)},
    }
