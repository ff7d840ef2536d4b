"""Working on one day together: what has changed since a board was drawn, by whom, and who is looking at what."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from dispatch.model.account import Account, Actor
from dispatch.model.api import ApiToken
from dispatch.model.audit import AuditRow
from dispatch.model.booking import Booking
from dispatch.model.condition import DayCondition
from dispatch.model.decisions import Hold
from dispatch.model.plan import Plan, Revision
from dispatch.model.publication import Presence
from dispatch.model.said import Said, said
from dispatch.model.therapist import Therapist
from dispatch.work.doing import by_id
from dispatch.work.permissions import Permission, allow
from dispatch.work.services import Services

if TYPE_CHECKING:
    from dispatch.explain.since import Difference
    from dispatch.store import Reading

LIFE_S = 30
"""Who was not heard of for so long has gone, or looks at something else."""

MOST_CHANGES = 50
"""Whoever missed more than this is told that much has changed."""

CARD_LENGTH = 120

_ELSEWHERE = ("account.", "phone.", "phone_link.", "report.", "view.")
"""Changes no board shows, whatever they are about."""

_DONE = {
    "booking.added": "live.did.took",
    "booking.cancelled": "live.did.cancelled",
    "booking.changed": "live.did.changed_booking",
    "booking.confirmed": "live.did.changed_booking",
    "booking.promised": "live.did.promised",
    "hold.ended": "live.did.hold_ended",
    "hold.set": "live.did.held",
    "hold.released": "live.did.released",
    "lock.set": "live.did.locked",
    "lock.dropped": "live.did.unlocked",
    "plan.accepted": "live.did.accepted",
    "plan.asked": "live.did.asked",
    "plan.failed": "live.did.failed",
    "plan.made": "live.did.planned",
    "plan.inserted": "live.did.moved",
    "plan.moved": "live.did.moved",
    "plan.published": "live.did.published",
    "plan.recalled": "live.did.recalled",
    "plan.redone": "live.did.redid",
    "plan.undone": "live.did.undid",
    "plan.withdrawn": "live.did.withdrew",
    "condition.ended": "live.did.condition_ended",
    "trouble.cancel": "live.did.cancelled",
    "trouble.no_show": "live.did.no_show",
    "trouble.ill": "live.did.ill",
    "trouble.running_over": "live.did.running_over",
    "trouble.traffic": "live.did.traffic",
    "trouble.rain": "live.did.rain",
    "trouble.behind": "live.did.behind",
    "request.accepted": "live.did.moved",
    "remedy.applied": "live.did.helped",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Colleague:
    """Somebody else who has the day's board open, with the visit or booking whose card she reads, if any."""

    name: str
    card: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Pulse:
    """How many changes the branch has seen, and who else is here."""

    number: int
    colleagues: tuple[Colleague, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class News:
    """What changed since a board was drawn.

    `concerns` is False where the board shows none of it; `mine` says that only the reader did it. `done` says who did
    what, `changes` what became of the plan, `visits` which visits are elsewhere now.
    """

    number: int
    concerns: bool
    mine: bool = False
    done: tuple[Said, ...] = ()
    changes: tuple[Said, ...] = ()
    visits: tuple[str, ...] = ()
    names: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class LastChange:
    """Who changed something last, and when; the name is empty where nobody with a name did."""

    name: str
    at: datetime


def pulse(services: Services, actor: Actor, day: date) -> Pulse:
    """Give what a board asks for every second: two reads by their keys, a third where somebody else is here."""
    allow(actor, Permission.READ_DAY)
    since = services.now() - timedelta(seconds=LIFE_S)
    with services.store.reading() as tx:
        others = [one for one in tx.present(actor.branch_id, day, since=since) if one.account_id != actor.id]
        names = _names(tx, actor, (one.account_id for one in others)) if others else {}
        return Pulse(
            number=tx.change_number(actor.branch_id),
            colleagues=tuple(Colleague(name=names[one.account_id], card=one.card) for one in others),
        )


def note_presence(services: Services, actor: Actor, day: date, card: str) -> None:
    """Note that somebody has the day open, and which card; it is nothing that was done, so the audit has no row of it."""
    allow(actor, Permission.READ_DAY)
    now = services.now()
    here = Presence(
        account_id=actor.id, branch_id=actor.branch_id, day=day, card=card[:CARD_LENGTH].replace("\0", ""), seen_at=now
    )
    with services.store.writing() as tx:
        tx.note_presence(here, forget_before=now - timedelta(seconds=LIFE_S))


def leave(services: Services, actor: Actor, day: date) -> None:
    """Note that somebody has closed the day, so that her colleagues do not wait for her."""
    allow(actor, Permission.READ_DAY)
    with services.store.writing() as tx:
        tx.drop_presence(actor.id, day)


def news(services: Services, actor: Actor, day: date, *, since: int, head_id: str = "") -> News:
    """Say what changed after a number, and what became of the visits of the plan that was shown (`head_id`)."""
    allow(actor, Permission.READ_DAY)
    with services.store.reading() as tx:
        number = tx.change_number(actor.branch_id)
        changes = tx.changes_since(actor.branch_id, since, limit=MOST_CHANGES)
        rows = [row for row in changes if row is None or _concerns(tx, row, day)]
        if not rows:
            return News(number=number, concerns=False)
        names = _names(tx, actor, (row.actor for row in rows if row))
        found = _plan_differences(tx, actor, day, head_id)
        names |= _subject_names(tx, actor, found)
    from dispatch.explain.since import told

    return News(
        number=number,
        concerns=True,
        mine=all(row is not None and row.actor == actor.id for row in rows),
        done=tuple(dict.fromkeys(_done(row) for row in rows)),
        changes=tuple(told(one) for one in found),
        visits=tuple(one.visit_id for one in found),
        names=names,
    )


def plan_differences(
    services: Services, actor: Actor, day: date, head_id: str
) -> tuple[tuple[Said, ...], dict[str, str]]:
    """Say what became of the plan that was shown, with the names the sentences need; nothing where it is still the newest."""
    allow(actor, Permission.READ_DAY)
    from dispatch.explain.since import told

    with services.store.reading() as tx:
        found = _plan_differences(tx, actor, day, head_id)
        return tuple(told(one) for one in found), _subject_names(tx, actor, found)


def last_change(services: Services, actor: Actor, subject_id: str) -> LastChange | None:
    """Give who last changed the thing of an id, as far as the newest audit rows know."""
    allow(actor, Permission.READ_DAY)
    with services.store.reading() as tx:
        for row in tx.audit(actor.branch_id):
            if subject_id in row.subject_ids:
                return LastChange(name=_names(tx, actor, [row.actor])[row.actor], at=row.at)
    return None


def _done(row: AuditRow | None) -> Said:
    if row is None:
        return said("live.did.reported")
    return Said(code=_DONE.get(row.code, "live.did.something"), values=(("who", row.actor),))


def _concerns(tx: "Reading", row: AuditRow, day: date) -> bool:
    """Tell whether a day's board may show a change; what names no other day's things may concern any day."""
    if row.code.startswith(_ELSEWHERE):
        return False
    if row.code == "booking.changed":
        return True  # it may have been this day's before
    days = {found for subject in row.subject_ids if (found := _day_of(tx, subject)) is not None}
    return not days or day in days


def _day_of(tx: "Reading", subject_id: str) -> date | None:
    """Give the day of a booking, visit, plan or hold; None for what belongs to no day."""
    booking = tx.find(Booking, subject_id.partition("/")[0])
    if booking:
        return booking.day
    found = tx.find(Revision, subject_id) or tx.find(Hold, subject_id) or tx.find(DayCondition, subject_id)
    return found.day if found else None


def _plan_differences(tx: "Reading", actor: Actor, day: date, head_id: str) -> "tuple[Difference, ...]":
    """Compare the plan that was shown with the newest, each with the day it was made for."""
    from dispatch.explain.since import differences
    from dispatch.rules.retime import retime

    newest = tx.pointers(actor.branch_id, day).head_id
    if newest is None or newest == head_id:
        return ()
    shown = tx.find(Revision, head_id) if head_id else None
    if head_id and (shown is None or (shown.branch_id, shown.day) != (actor.branch_id, day)):
        return ()
    now = tx.revision(newest)
    before = (
        retime(tx.problem(shown.problem_hash), shown.plan) if shown else retime(tx.problem(now.problem_hash), Plan())
    )
    return differences(before, retime(tx.problem(now.problem_hash), now.plan))


def _subject_names(tx: "Reading", actor: Actor, found: "Iterable[Difference]") -> dict[str, str]:
    """Give what sentences call the therapists and the visits of differences."""
    from dispatch.model.people import Client

    found = tuple(found)
    if not found:
        return {}
    bookings = tx.list(Booking, actor.branch_id, id=[one.visit_id.rpartition("/")[0] for one in found])
    clients = by_id(tx.list(Client, actor.branch_id, id=[one.client_id for one in bookings]))
    called = {booking.id: clients[booking.client_id].name for booking in bookings}
    names = {one.visit_id: called.get(one.visit_id.rpartition("/")[0], one.visit_id) for one in found}
    return names | {one.id: one.name for one in tx.list(Therapist, actor.branch_id)}


def _names(tx: "Reading", actor: Actor, ids: Iterable[str]) -> dict[str, str]:
    """Give the names of those who act: accounts, therapists, other programs; whoever has none is this program."""
    wanted = set(ids)
    names = dict.fromkeys(wanted, "Laluan")
    names |= {one.id: one.name for one in tx.list(ApiToken, actor.branch_id, id=wanted)}
    names |= {one.id: one.name for one in tx.list(Therapist, actor.branch_id, id=wanted)}
    return names | {one.id: one.name for one in tx.list(Account, actor.branch_id, id=wanted)}
