"""Moves by hand: what would come of one, and making it, with the rules that are set aside for it and why."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import TYPE_CHECKING

from dispatch.errors import BadInput, Conflict, LaluanError
from dispatch.model.account import Actor
from dispatch.model.decisions import Waiver
from dispatch.model.kinds import Cause
from dispatch.model.move import Move, Verdict
from dispatch.model.plan import Revision, booking_of
from dispatch.rules.noun_checks import NOTE_LENGTH, text_errors
from dispatch.work.days import day_names
from dispatch.work.decided import decide
from dispatch.work.doing import record, refuse, tidy
from dispatch.work.fitted import fit_day
from dispatch.work.permissions import Permission, allow
from dispatch.work.revisions import append_plan
from dispatch.work.services import Services

if TYPE_CHECKING:
    from dispatch.store import Writing


@dataclass(frozen=True, slots=True, kw_only=True)
class Weighed:
    """A verdict with the plan it is about, and the display names for the ids its sentences hold."""

    verdict: Verdict
    head_id: str | None
    names: Mapping[str, str] = field(default_factory=dict)


def weigh_move(services: Services, actor: Actor, day: date, move: Move) -> Weighed:
    """Say what would come of a move in the plan seen on the board; nothing is changed."""
    allow(actor, Permission.READ_DAY)
    from dispatch.explain.moves import weigh
    from dispatch.work.remembered import judged

    with services.store.reading() as tx:
        fitted = fit_day(tx, services, actor, day)
        names = day_names(tx, fitted.branch, day)
    known = judged(fitted.problem, fitted.plan)
    verdict = weigh(known.problem, known.plan, move, before=known.timetable, known=known.violations)
    return Weighed(verdict=verdict, head_id=fitted.head_id, names=names)


def make_move(
    services: Services, actor: Actor, day: date, move: Move, *, head_id: str | None, reason: str = ""
) -> Revision:
    """Make a move in the plan that was shown (`head_id`) and keep the new plan as the head.

    Rules that can be set aside need a `reason` and become waivers; where a rule cannot, nothing is changed and the
    error says which. `Conflict` where a colleague has changed the plan since.
    """
    allow(actor, Permission.PLANNING)
    with services.store.writing() as tx:
        return move_in(tx, services, actor, day, move, head_id=head_id, reason=reason)


def move_in(
    tx: "Writing",
    services: Services,
    actor: Actor,
    day: date,
    move: Move,
    *,
    head_id: str | None,
    reason: str = "",
    code: str = "plan.moved",
    subject_ids: tuple[str, ...] = (),
) -> Revision:
    """Make a move inside a transaction; the audit row has the code and names these ids after the new plan."""
    from dispatch.explain.moves import locks_at, moved, weigh, with_locks
    from dispatch.explain.partners import completed
    from dispatch.rules.referee import check

    fitted = fit_day(tx, services, actor, day).shown(head_id)
    problem, plan = fitted.problem, fitted.plan
    move = completed(problem, plan, move)
    verdict = weigh(problem, plan, move)
    waivers = tuple(_waivers(actor, verdict, tidy(reason)))
    locks = () if move.start_s is None else locks_at(problem, booking_of(move.places[0][0])[0], move.start_s)
    decided = decide(tx, actor.branch_id, day, locks=locks, waivers=waivers)
    problem = with_locks(replace(problem, waivers=(*problem.waivers, *waivers)), locks)
    _, new = moved(problem, plan, move)
    broken = check(problem, new)
    if broken:
        # What a waiver opens may bring another rule up; and a plan that breaks rules elsewhere is mended first.
        raise Conflict("move.breaks_rules", count=len(broken))
    revision = append_plan(
        tx,
        services,
        actor,
        problem,
        new,
        cause=Cause.DRAG,
        parent_id=fitted.head_id,
        decided=decided,
    )
    record(tx, services, actor, code, revision.id, *subject_ids, *(visit for visit, _ in move.places))
    _record_waivers(tx, services, actor, waivers)
    return revision


def _waivers(actor: Actor, verdict: Verdict, reason: str) -> Iterable[Waiver]:
    """Give what has to be set aside for a move; refused where a rule cannot be, or where the reason is missing."""
    never = [breach for breach in verdict.breaches if not breach.waivable]
    refuse([BadInput(breach.said.code, **breach.said.named()) for breach in never])
    if verdict.breaches:
        errors: list[LaluanError] = [*text_errors("reason", reason, limit=NOTE_LENGTH, needed=True)]
        refuse(errors)
    for breach in verdict.breaches:
        yield Waiver(rule=breach.rule, subject_id=breach.subject_id, by=actor.id, reason=reason)


def _record_waivers(tx: "Writing", services: Services, actor: Actor, waivers: Iterable[Waiver]) -> None:
    for waiver in waivers:
        record(tx, services, actor, "waiver.set", waiver.subject_id)
