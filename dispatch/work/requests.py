"""What therapists ask for on their phones: a day off, somebody else for a visit; answered at the desk, once.

An accepted day off becomes an exception of her roster, an accepted swap a move in the plan worked on: by the same rules
and the same checks as everything else, in the same transaction as the answer.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import TYPE_CHECKING

from dispatch.errors import BadInput, Conflict, NotFound
from dispatch.model.account import Actor
from dispatch.model.day import service_day_of
from dispatch.model.move import Move, Verdict
from dispatch.model.request import RequestKind, RequestState, TeamRequest
from dispatch.model.therapist import RosterException, Therapist
from dispatch.rules.noun_checks import NOTE_LENGTH, text_errors
from dispatch.work.days import day_names
from dispatch.work.doing import branch_of, by_name, fetch, find, record, refuse, tidy, today
from dispatch.work.fitted import fit_day
from dispatch.work.moving import move_in
from dispatch.work.permissions import Permission, allow
from dispatch.work.services import Services
from dispatch.work.team import refuse_therapist

if TYPE_CHECKING:
    from dispatch.store import Reading

MOST_OPEN = 20
"""So many may wait for an answer at once; a phone that asks for more is broken."""

FARTHEST = 366
_ID = re.compile(r"[A-Za-z0-9_-]{8,64}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One request as the desk reads it: who would be asked of, and what the rules say of it now.

    `visits` is how many visits the plan worked on has for her on a day off asked for; `verdict` what comes of a swap, None
    where its visit is not hers any more. `head_id` is the plan both are about.
    """

    request: TeamRequest
    visits: int = 0
    verdict: Verdict | None = None
    head_id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Requests:
    """The open requests, the next day first, those answered lately, and display names for the ids in them."""

    waiting: tuple[Asked, ...]
    answered: tuple[TeamRequest, ...]
    names: Mapping[str, str] = field(default_factory=dict)


def ask_for_day_off(services: Services, actor: Actor, request_id: str, day: date, note: str) -> TeamRequest:
    """Let a therapist ask for a day off, once for the id her page was opened with."""
    return _ask(services, actor, request_id, RequestKind.DAY_OFF, day, note=note)


def ask_for_swap(
    services: Services, actor: Actor, request_id: str, day: date, visit_id: str, other_id: str, note: str
) -> TeamRequest:
    """Let a therapist ask that a colleague takes a visit of hers, once for the id her page was opened with."""
    return _ask(services, actor, request_id, RequestKind.SWAP, day, visit_id=visit_id, other_id=other_id, note=note)


def withdraw(services: Services, actor: Actor, request_id: str) -> TeamRequest:
    """Let a therapist take back what she asked for, as long as nobody has answered."""
    allow(actor, Permission.OWN_DAY)
    with services.store.writing() as tx:
        request = _hers(tx, actor, request_id)
        if request.state is RequestState.WITHDRAWN:
            return request
        _open(request)
        kept = tx.update(replace(request, state=RequestState.WITHDRAWN))
        record(tx, services, actor, "request.withdrawn", request.id)
    return kept


def her_requests(services: Services, actor: Actor) -> tuple[TeamRequest, ...]:
    """Give what a therapist asked for and what became of it, the newest day first; what is long over is left out."""
    allow(actor, Permission.OWN_DAY)
    with services.store.reading() as tx:
        since = today(services, branch_of(tx, actor)) - timedelta(days=14)
        mine = tx.list(TeamRequest, actor.branch_id, therapist_id=actor.therapist_id)
    return tuple(sorted((one for one in mine if one.day >= since), key=lambda one: (one.day, one.id), reverse=True))


def colleagues(services: Services, actor: Actor) -> tuple[tuple[str, str], ...]:
    """Give whom a therapist may ask to take a visit: ids and names of the team without her."""
    allow(actor, Permission.OWN_DAY)
    with services.store.reading() as tx:
        team = by_name(tx.list(Therapist, actor.branch_id))
    return tuple((one.id, one.name) for one in team if one.active and one.id != actor.therapist_id)


def open_requests(services: Services, actor: Actor) -> int:
    """Count the requests that wait for an answer."""
    allow(actor, Permission.TEAM)
    with services.store.reading() as tx:
        return len(tx.list(TeamRequest, actor.branch_id, state=RequestState.OPEN))


def requests(services: Services, actor: Actor) -> Requests:
    """Give what therapists ask for with what the rules say of each now; nothing is changed."""
    allow(actor, Permission.TEAM)
    with services.store.reading() as tx:
        branch = branch_of(tx, actor)
        now_day = today(services, branch)
        found = [one for one in tx.list(TeamRequest, branch.id) if one.day >= now_day - timedelta(days=14)]
        waiting = sorted(
            (one for one in found if one.state is RequestState.OPEN), key=lambda one: (one.day, one.asked_at)
        )
        names = {one.id: one.name for one in tx.list(Therapist, branch.id)}
        for day in {one.day for one in waiting}:
            names |= day_names(tx, branch, day)
        asked = tuple(_weighed(tx, services, actor, one) for one in waiting)
    answered = [one for one in found if one.state in {RequestState.ACCEPTED, RequestState.REFUSED}]
    answered.sort(key=lambda one: (one.answered_at or one.asked_at, one.id), reverse=True)
    return Requests(waiting=asked, answered=tuple(answered[:20]), names=names)


def answer(
    services: Services, actor: Actor, request_id: str, version: int, *, accept: bool, words: str, head_id: str = ""
) -> TeamRequest:
    """Answer a request that was shown at this version; what is accepted happens in the same step.

    A day off becomes an exception of her roster. A swap becomes a move in the plan that was shown (`head_id`), and is
    refused with the rule's own sentence where it would break one: nothing is kept then.
    """
    allow(actor, Permission.TEAM)
    words = tidy(words)
    refuse(list(text_errors("answer", words, limit=NOTE_LENGTH)))
    with services.store.writing() as tx:
        request = _open(fetch(tx, actor, TeamRequest, request_id))
        if request.version != version:
            raise Conflict("store.changed_meanwhile", kind="team_request", id=request_id)
        if accept and request.kind is RequestKind.DAY_OFF:
            therapist = fetch(tx, actor, Therapist, request.therapist_id)
            off = RosterException(day=request.day, reason=request.note)
            changed_roster = replace(therapist, roster=therapist.roster.with_exception(off))
            refuse_therapist(tx, services, actor, changed_roster)
            tx.update(changed_roster)
        elif accept:
            allow(actor, Permission.PLANNING)
            _still_hers(tx, services, actor, request)
            move_in(
                tx,
                services,
                actor,
                request.day,
                Move(places=((request.visit_id, request.other_id),)),
                head_id=head_id,
                code="request.accepted",
                subject_ids=(request.id,),
            )
        kept = tx.update(
            replace(
                request,
                state=RequestState.ACCEPTED if accept else RequestState.REFUSED,
                answered_by=actor.id,
                answered_at=services.now(),
                answer=words,
            )
        )
        if not (accept and request.kind is RequestKind.SWAP):
            record(tx, services, actor, f"request.{kept.state.value}", request.id, request.therapist_id)
    return kept


def _ask(
    services: Services,
    actor: Actor,
    request_id: str,
    kind: RequestKind,
    day: date,
    *,
    note: str,
    visit_id: str = "",
    other_id: str = "",
) -> TeamRequest:
    allow(actor, Permission.OWN_DAY)
    note = tidy(note)
    refuse(list(text_errors("note", note, limit=NOTE_LENGTH)))
    if not _ID.fullmatch(request_id):
        raise BadInput("request.no_id")
    with services.store.writing() as tx:
        known = tx.find(TeamRequest, request_id)
        if known is not None:
            return _hers(tx, actor, request_id)
        branch = branch_of(tx, actor)
        therapist = fetch(tx, actor, Therapist, actor.therapist_id)
        now_day = service_day_of(services.now(), branch.time_zone)
        if not now_day <= day <= now_day + timedelta(days=FARTHEST):
            raise BadInput("request.day", field="day")
        mine = [
            one
            for one in tx.list(TeamRequest, branch.id, therapist_id=therapist.id, state=RequestState.OPEN)
            if one.day >= now_day
        ]
        if len(mine) >= MOST_OPEN:
            raise BadInput("request.too_many", count=MOST_OPEN)
        if any((one.kind, one.day, one.visit_id) == (kind, day, visit_id) for one in mine):
            raise BadInput("request.asked_already", day=day.isoformat())
        if kind is RequestKind.DAY_OFF and not therapist.roster.on(day)[0]:
            raise BadInput("request.off_already", field="day", day=day.isoformat())
        if kind is RequestKind.SWAP:
            published_id = tx.pointers(branch.id, day).published_id
            hers = tx.revision(published_id).plan.route_of(therapist.id).visit_ids() if published_id else ()
            other = find(tx, actor, Therapist, other_id)
            if visit_id not in hers:
                raise BadInput("request.not_hers", field="visit")
            if other is None or not other.active or other.id == therapist.id:
                raise BadInput("request.nobody", field="other")
        request = tx.insert(
            TeamRequest(
                id=request_id,
                branch_id=branch.id,
                therapist_id=therapist.id,
                kind=kind,
                day=day,
                asked_at=services.now(),
                visit_id=visit_id,
                other_id=other_id,
                note=note,
            )
        )
        record(tx, services, actor, "request.made", request.id)
    return request


def _weighed(tx: "Reading", services: Services, actor: Actor, request: TeamRequest) -> Asked:
    """Say what a request would come to in the plan worked on."""
    from dispatch.explain.moves import weigh

    if request.day < today(services, branch_of(tx, actor)):
        return Asked(request=request)
    fitted = fit_day(tx, services, actor, request.day)
    mine = fitted.plan.route_of(request.therapist_id).visit_ids()
    verdict = None
    if request.kind is RequestKind.SWAP and request.visit_id in mine:
        on_duty = {one.id for one in fitted.problem.therapists}
        if request.other_id in on_duty:
            verdict = weigh(fitted.problem, fitted.plan, Move(places=((request.visit_id, request.other_id),)))
    return Asked(request=request, visits=len(mine), verdict=verdict, head_id=fitted.head_id)


def _still_hers(tx: "Reading", services: Services, actor: Actor, request: TeamRequest) -> None:
    fitted = fit_day(tx, services, actor, request.day)
    if request.visit_id not in fitted.plan.route_of(request.therapist_id).visit_ids():
        raise Conflict("request.moved_already", therapist_id=request.therapist_id)


def _hers(tx: "Reading", actor: Actor, request_id: str) -> TeamRequest:
    request = fetch(tx, actor, TeamRequest, request_id)
    if request.therapist_id != actor.therapist_id:
        raise NotFound("store.not_found", kind="team_request", id=request_id)
    return request


def _open(request: TeamRequest) -> TeamRequest:
    if request.state is not RequestState.OPEN:
        raise Conflict("request.answered_already", state=request.state.value)
    return request
