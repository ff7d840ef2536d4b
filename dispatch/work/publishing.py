"""Publishing as versions: what a step would tell whom, taking a version back, and noting who has seen one."""

from dataclasses import dataclass, field, replace
from datetime import date
from typing import TYPE_CHECKING

from dispatch.errors import BadInput, Conflict, NotFound
from dispatch.model.account import Actor
from dispatch.model.plan import Revision
from dispatch.model.publication import Publication, PublicationKind, Seen
from dispatch.model.said import Said
from dispatch.model.therapist import Therapist
from dispatch.model.timetable import Timetable
from dispatch.rules.noun_checks import NOTE_LENGTH, text_errors
from dispatch.work.doing import by_id, record, refuse, tidy
from dispatch.work.permissions import Permission, allow
from dispatch.work.pushing import post_news
from dispatch.work.services import Services
from dispatch.work.versions import HerNews, RevisionTimes, fitted, names_for, news_of, visits_in
from dispatch.work.watching import arm

if TYPE_CHECKING:
    from dispatch.store import Reading, Writing


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishPreview:
    """What a step would change for each therapist, and the rules that stand against it on the day as it is now."""

    day: date
    revision: Revision | None
    version_number: int
    news: tuple[HerNews, ...]
    broken: tuple[Said, ...]
    pointers_version: int
    names: dict[str, str] = field(default_factory=dict)


def append_version(
    tx: "Writing",
    services: Services,
    actor: Actor,
    day: date,
    revision_id: str,
    kind: PublicationKind,
    reason: str = "",
) -> Publication:
    """Append the day's next version, with the calls that wake phones; the caller moves the pointer and writes the audit row in the same transaction."""
    last = tx.last_publication(actor.branch_id, day)
    version = tx.insert(
        Publication(
            id=services.new_id(),
            branch_id=actor.branch_id,
            day=day,
            number=last.number + 1 if last else 1,
            kind=kind,
            revision_id=revision_id,
            by=actor.id,
            at=services.now(),
            reason=reason,
        )
    )
    post_news(tx, services, version, last.revision_id if last else "")
    return version


def preview_publish(services: Services, actor: Actor, day: date) -> PublishPreview:
    """Say what each therapist would see changed if the head were published now; `NotFound` where there is no plan."""
    allow(actor, Permission.PUBLISHING)
    with services.store.reading() as tx:
        head_id = tx.pointers(actor.branch_id, day).head_id
        if head_id is None:
            raise NotFound("publish.no_plan", day=day.isoformat())
        last = tx.last_publication(actor.branch_id, day)
        return _preview(tx, services, actor, day, head_id, last.number + 1 if last else 1)


def preview_recall(services: Services, actor: Actor, day: date, number: int) -> PublishPreview:
    """Say what each therapist would see changed if a version were shown again; 0 means nothing is shown any more."""
    allow(actor, Permission.PUBLISHING)
    with services.store.reading() as tx:
        return _preview(tx, services, actor, day, _recalled(tx, actor, day, number), number)


def recall(
    services: Services, actor: Actor, day: date, *, number: int, pointers_version: int, reason: str
) -> Publication:
    """Show therapists an earlier version again, or none (number 0), with the reason, as the day's next version.

    It is judged by the rules on the day as it is now; `Conflict` names whom a broken rule is about. `Conflict` too where a
    colleague has published, or changed the plan, since the page was drawn (`pointers_version`).
    """
    allow(actor, Permission.PUBLISHING)
    reason = tidy(reason)
    refuse(list(text_errors("reason", reason, limit=NOTE_LENGTH, needed=True)))
    with services.store.writing() as tx:
        pointers = tx.pointers(actor.branch_id, day)
        if pointers.version != pointers_version:
            raise Conflict("publish.moved", day=day.isoformat())
        revision_id = _recalled(tx, actor, day, number)
        if (pointers.published_id or "") == revision_id:
            raise Conflict("publish.shown_already")
        if revision_id:
            preview = _preview(tx, services, actor, day, revision_id, number)
            if preview.broken:
                raise Conflict("publish.recall_breaks_rules", number=number, who=_whom(preview))
        tx.move_pointers(replace(pointers, published_id=revision_id or None))
        kind = PublicationKind.RECALLED if revision_id else PublicationKind.WITHDRAWN
        kept = append_version(tx, services, actor, day, revision_id, kind, reason)
        arm(tx, services, actor.branch_id, [day])
        record(tx, services, actor, "plan.recalled" if revision_id else "plan.withdrawn", kept.id, revision_id)
    return kept


def note_seen(services: Services, actor: Actor, publication_id: str) -> bool:
    """Note that a therapist's device has shown her a version; True the first time, later ones change nothing.

    A version that is not the newest any more is noted too: she has seen it. `BadInput` for what is no version.
    """
    allow(actor, Permission.OWN_DAY)
    with services.store.writing() as tx:
        publication = tx.find(Publication, publication_id)
        if publication is None or publication.branch_id != actor.branch_id:
            raise BadInput("publish.no_version")
        new = tx.note_seen(Seen(publication_id=publication.id, therapist_id=actor.therapist_id, at=services.now()))
        if new:
            record(tx, services, actor, "phone.seen", publication.id)
    return new


def _recalled(tx: "Reading", actor: Actor, day: date, number: int) -> str:
    """Give the revision of a version, empty for none; `NotFound` where the day has no such version, or it showed nothing."""
    if number == 0:
        return ""
    found = [one for one in tx.list(Publication, actor.branch_id, day=day) if one.number == number]
    if not found or not found[0].revision_id:
        raise NotFound("publish.unknown_version", number=number, day=day.isoformat())
    return found[0].revision_id


def _preview(
    tx: "Reading", services: Services, actor: Actor, day: date, revision_id: str, number: int
) -> PublishPreview:
    from dispatch.rules.referee import check
    from dispatch.rules.retime import retime

    pointers = tx.pointers(actor.branch_id, day)
    therapists = by_id(tx.list(Therapist, actor.branch_id))
    times = RevisionTimes(tx)
    before = times.of(pointers.published_id or "")
    after, broken, revision = Timetable(), [], None
    if revision_id:
        revision = tx.revision(revision_id)
        problem, plan = fitted(tx, services, actor, day, revision)
        after, broken = retime(problem, plan), check(problem, plan)
    return PublishPreview(
        day=day,
        revision=revision,
        version_number=number,
        news=tuple(one for one in news_of(before, after, therapists, {}) if one.sentences),
        broken=tuple(one.said for one in broken),
        pointers_version=pointers.version,
        names=names_for(tx, actor, day, therapists.values(), visits_in(before) | visits_in(after)),
    )


def _whom(preview: PublishPreview) -> str:
    """Give the names that broken rules are about, each once."""
    values = (str(value) for one in preview.broken for value in one.named().values())
    named = dict.fromkeys(preview.names[value] for value in values if value in preview.names)
    return ", ".join(named) or "-"
