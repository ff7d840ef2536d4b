"""The team: therapists, and when each of them works."""

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

from dispatch.model.account import Actor
from dispatch.model.catalogue import Technique
from dispatch.model.therapist import Roster, RosterException, Therapist
from dispatch.rules.company_nouns import therapist_errors
from dispatch.work.doing import branch_of, by_name, fetch, record, refuse, tidy, today
from dispatch.work.permissions import Permission, allow
from dispatch.work.services import Services

if TYPE_CHECKING:
    from dispatch.store import Reading, Writing


def list_therapists(services: Services, actor: Actor) -> tuple[Therapist, ...]:
    """Give the therapists sorted by name, those who have left too (`active` tells)."""
    allow(actor, Permission.READ_DAY)
    with services.store.reading() as tx:
        return by_name(tx.list(Therapist, actor.branch_id))


def get_therapist(services: Services, actor: Actor, therapist_id: str) -> Therapist:
    """Give one therapist."""
    allow(actor, Permission.READ_DAY)
    with services.store.reading() as tx:
        return fetch(tx, actor, Therapist, therapist_id)


def add_therapist(services: Services, actor: Actor, therapist: Therapist) -> Therapist:
    """Take up a therapist with her roster; an empty id is given one, and the next free colour where she has none."""
    allow(actor, Permission.TEAM)
    therapist = replace(tidy(therapist), id=therapist.id or services.new_id(), branch_id=actor.branch_id, version=1)
    with services.store.writing() as tx:
        if not therapist.colour:
            therapist = replace(therapist, colour=_next_colour(tx, actor))
        refuse_therapist(tx, services, actor, therapist)
        added = tx.insert(therapist)
        record(tx, services, actor, "therapist.added", therapist.id)
    return added


def change_therapist(services: Services, actor: Actor, therapist: Therapist) -> Therapist:
    """Change a therapist, her roster included; `therapist.version` is the one that was shown."""
    allow(actor, Permission.TEAM)
    with services.store.writing() as tx:
        before = fetch(tx, actor, Therapist, therapist.id)
        return _change(tx, services, actor, replace(tidy(therapist), branch_id=before.branch_id), "therapist.changed")


def change_roster(services: Services, actor: Actor, therapist_id: str, version: int, roster: Roster) -> Therapist:
    """Give a therapist another roster: weekly pattern and exceptions together."""
    allow(actor, Permission.TEAM)
    with services.store.writing() as tx:
        before = fetch(tx, actor, Therapist, therapist_id)
        changed = replace(before, roster=tidy(roster), version=version)
        return _change(tx, services, actor, changed, "roster.changed")


def set_exception(
    services: Services, actor: Actor, therapist_id: str, version: int, exception: RosterException
) -> Therapist:
    """Let one date differ from the weekly pattern: other shifts and breaks, or none at all (off)."""
    allow(actor, Permission.TEAM)
    with services.store.writing() as tx:
        before = fetch(tx, actor, Therapist, therapist_id)
        changed = replace(before, roster=before.roster.with_exception(tidy(exception)), version=version)
        return _change(tx, services, actor, changed, "roster.exception_set")


def drop_exception(services: Services, actor: Actor, therapist_id: str, version: int, day: date) -> Therapist:
    """Let the weekly pattern hold again on a date."""
    allow(actor, Permission.TEAM)
    with services.store.writing() as tx:
        before = fetch(tx, actor, Therapist, therapist_id)
        exceptions = tuple(one for one in before.roster.exceptions if one.day != day)
        changed = replace(before, roster=replace(before.roster, exceptions=exceptions), version=version)
        return _change(tx, services, actor, changed, "roster.exception_dropped")


def _change(tx: "Writing", services: Services, actor: Actor, therapist: Therapist, code: str) -> Therapist:
    """Keep a changed therapist if nothing is wrong with her."""
    refuse_therapist(tx, services, actor, therapist)
    kept = tx.update(therapist)
    record(tx, services, actor, code, therapist.id)
    return kept


def refuse_therapist(tx: "Reading", services: Services, actor: Actor, therapist: Therapist) -> None:
    """Raise everything that is wrong with a therapist, her roster included."""
    branch = branch_of(tx, actor)
    techniques = {technique.id for technique in tx.list(Technique, "")}
    refuse(therapist_errors(therapist, branch=branch, techniques=techniques, today=today(services, branch)))


def _next_colour(tx: "Reading", actor: Actor) -> int:
    """Give the smallest number from 1 on that no therapist of the branch has."""
    taken = {therapist.colour for therapist in tx.list(Therapist, actor.branch_id)}
    return next(number for number in range(1, len(taken) + 2) if number not in taken)
