"""Alarms for people: what stands, what was, answering, closing with a word, and what a branch sets about them."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import TYPE_CHECKING

from dispatch.errors import BadInput, Conflict, Forbidden
from dispatch.model.account import Account, Actor
from dispatch.model.booking import PLANNED_STATUSES, Booking
from dispatch.model.branch import Branch
from dispatch.model.kinds import Role
from dispatch.model.outgoing import Outgoing
from dispatch.model.safety import (
    Alarm,
    AlarmLine,
    AlarmState,
    LineKind,
    PinKeys,
    PlaceFlag,
    SafetyRules,
)
from dispatch.model.therapist import Therapist
from dispatch.rules.noun_checks import NOTE_LENGTH, text_errors
from dispatch.rules.safety import safety_errors
from dispatch.work.doing import branch_of, by_id, by_name, fetch, record, refuse, tidy, today
from dispatch.work.flags import all_flags
from dispatch.work.permissions import Permission, allow
from dispatch.work.services import Services
from dispatch.work.telling import BOARD, LINK, alarm_values, place_of, reaches_the_office, read_answer_token
from dispatch.work.watching import DAYS_WATCHED, arm

if TYPE_CHECKING:
    from dispatch.store import Reading, Writing

PAST = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownAlarm:
    """An alarm with what its sentences name and what became of its messages, by their ids."""

    alarm: Alarm
    values: dict[str, str | int]
    messages: dict[str, Outgoing] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Panel:
    """What stands on top of every page of the desk: open alarms, and whether anybody can be told without the desk."""

    alarms: tuple[ShownAlarm, ...]
    has_channel: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownFlag:
    """A flagged place, who told it, and the bookings still planned there."""

    flag: PlaceFlag
    place: str
    client: str
    therapist: str
    bookings: tuple[Booking, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class AlarmsPage:
    """Everything about safety on one page."""

    panel: Panel
    past: tuple[ShownAlarm, ...]
    flags: tuple[ShownFlag, ...]
    names: dict[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class SafetyPage:
    """What a branch sets, who may be on duty, and whose phone asks for a PIN."""

    branch: Branch
    accounts: tuple[Account, ...]
    therapists: tuple[Therapist, ...]
    keyed: frozenset[str]
    channels: tuple[str, ...]


def alarm_panel(services: Services, actor: Actor) -> Panel:
    """Give what the desk must see at once."""
    allow(actor, Permission.READ_DAY)
    with services.store.reading() as tx:
        return _panel(tx, services, actor)


def alarms_page(services: Services, actor: Actor) -> AlarmsPage:
    """Give the alarms that stand, those that are over, and the flagged places."""
    allow(actor, Permission.READ_DAY)
    with services.store.reading() as tx:
        past = tx.past_alarms(actor.branch_id, limit=PAST)
        therapists = {one.id: one.name for one in tx.list(Therapist, actor.branch_id)}
        names = therapists | {one.id: one.name for one in tx.list(Account, actor.branch_id)}
        return AlarmsPage(
            panel=_panel(tx, services, actor),
            past=_shown(tx, actor, past),
            flags=tuple(_flag(tx, services, actor, one, therapists) for one in all_flags(tx, actor.branch_id)),
            names=names,
        )


def _panel(tx: "Reading", services: Services, actor: Actor) -> Panel:
    return Panel(alarms=_shown(tx, actor, tx.live_alarms(actor.branch_id)), has_channel=reaches_the_office(services))


def _shown(tx: "Reading", actor: Actor, alarms: Iterable[Alarm]) -> tuple[ShownAlarm, ...]:
    alarms = tuple(alarms)
    if not alarms:
        return ()
    branch = branch_of(tx, actor)
    messages = by_id(tx.outgoing_about(branch.id, [one.id for one in alarms]))
    return tuple(
        ShownAlarm(
            alarm=one,
            values=alarm_values(tx, branch, one),
            messages={line.message_id: messages[line.message_id] for line in one.lines if line.message_id in messages},
        )
        for one in alarms
    )


def _flag(tx: "Reading", services: Services, actor: Actor, flag: PlaceFlag, therapists: dict[str, str]) -> ShownFlag:
    place, client = place_of(tx, flag.visit_id)
    now_day = today(services, branch_of(tx, actor))
    there = tx.list(Booking, actor.branch_id, address_id=flag.address_id)
    planned = tuple(one for one in there if one.day >= now_day and one.status in PLANNED_STATUSES)
    return ShownFlag(
        flag=flag,
        place=place,
        client=client,
        therapist=therapists.get(flag.therapist_id, flag.therapist_id),
        bookings=tuple(sorted(planned, key=lambda one: (one.day, one.id))),
    )


def answer_alarm(services: Services, actor: Actor, alarm_id: str) -> Alarm:
    """Answer an alarm from the board: nobody else is told any more, and it stands until a tap or a word ends it.

    Answering one that is answered already only adds who else sees to it; `Conflict` where it is over.
    """
    allow(actor, Permission.READ_DAY)
    with services.store.writing() as tx:
        alarm = fetch(tx, actor, Alarm, alarm_id)
        return _answer(tx, services, actor, alarm, by_way=BOARD)


def close_alarm(services: Services, actor: Actor, alarm_id: str, *, version: int, word: str) -> Alarm:
    """Close an alarm with a word about what was found; `version` is the one that was shown."""
    allow(actor, Permission.READ_DAY)
    word = tidy(word)
    refuse(list(text_errors("word", word, limit=NOTE_LENGTH, needed=True)))
    with services.store.writing() as tx:
        alarm = fetch(tx, actor, Alarm, alarm_id)
        if alarm.state in {AlarmState.CLEARED, AlarmState.CLOSED}:
            raise Conflict("safety.over")
        line = AlarmLine(
            at=services.now(), what=LineKind.CLOSED, who_id=actor.id, who_name=actor.name, by_way=BOARD, word=word
        )
        closed = replace(alarm, state=AlarmState.CLOSED, due_at=None, lines=(*alarm.lines, line), version=version)
        kept = tx.update(closed)
        record(tx, services, actor, "alarm.closed", alarm.id)
    return kept


def linked_alarm(services: Services, token: str) -> ShownAlarm:
    """Give the alarm of a message's link to whoever holds it; `Forbidden` where the link is none of ours or her account ended."""
    with services.store.reading() as tx:
        actor, alarm = _linked(tx, services, token)
        return _shown(tx, actor, [alarm])[0]


def answer_by_link(services: Services, token: str) -> Alarm:
    """Answer an alarm by the link of a message, as the person it was sent to."""
    with services.store.writing() as tx:
        actor, alarm = _linked(tx, services, token)
        return _answer(tx, services, actor, alarm, by_way=LINK)


def _linked(tx: "Reading", services: Services, token: str) -> tuple[Actor, Alarm]:
    alarm_id, person_id = read_answer_token(services, token)
    alarm, account = tx.find(Alarm, alarm_id), tx.find(Account, person_id)
    if alarm is None or account is None or not account.active or account.branch_id != alarm.branch_id:
        raise Forbidden("safety.link_invalid")
    return Actor(id=account.id, branch_id=account.branch_id, name=account.name, role=account.role), alarm


def _answer(tx: "Writing", services: Services, actor: Actor, alarm: Alarm, *, by_way: str) -> Alarm:
    if alarm.state in {AlarmState.CLEARED, AlarmState.CLOSED}:
        raise Conflict("safety.over")
    if any(
        line.what is LineKind.ANSWERED and line.who_id == actor.id and line.at >= alarm.raised_at
        for line in alarm.lines
    ):
        return alarm
    line = AlarmLine(at=services.now(), what=LineKind.ANSWERED, who_id=actor.id, who_name=actor.name, by_way=by_way)
    kept = tx.update(replace(alarm, state=AlarmState.ANSWERED, due_at=None, lines=(*alarm.lines, line)))
    record(tx, services, actor, "alarm.answered", alarm.id)
    return kept


def safety_page(services: Services, actor: Actor) -> SafetyPage:
    """Give what a branch sets about safety, and whose phone asks for a PIN."""
    allow(actor, Permission.PHONE_LINKS)
    with services.store.reading() as tx:
        accounts = [one for one in tx.list(Account, actor.branch_id) if one.active and one.role is not Role.THERAPIST]
        return SafetyPage(
            branch=branch_of(tx, actor),
            accounts=by_name(accounts),
            therapists=by_name(one for one in tx.list(Therapist, actor.branch_id) if one.active),
            keyed=frozenset(one.id for one in tx.list(PinKeys, actor.branch_id)),
            channels=tuple(channel.value for channel in services.channels),
        )


def set_safety(services: Services, actor: Actor, rules: SafetyRules, *, version: int) -> Branch:
    """Change what a branch sets about safety; `version` is the one that was shown. Days published look again at once."""
    allow(actor, Permission.BRANCH)
    if wrong := safety_errors(rules):
        refuse([BadInput(f"safety.wrong_{name}", field=name) for name in wrong])
    with services.store.writing() as tx:
        accounts = {
            one.id for one in tx.list(Account, actor.branch_id) if one.active and one.role is not Role.THERAPIST
        }
        if any(one and one not in accounts for one in rules.responders):
            raise BadInput("safety.wrong_responders", field="responders")
        branch = replace(branch_of(tx, actor), safety=rules, version=version)
        kept = tx.update(branch)
        now_day = today(services, kept)
        arm(tx, services, kept.id, [now_day + timedelta(days=step) for step in DAYS_WATCHED])
        record(tx, services, actor, "safety.changed", branch.id)
    return kept
