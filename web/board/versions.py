"""The versions therapists were shown: the list, the step before publishing, and taking a version back."""

from datetime import date

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from dispatch.words import LANGUAGES, date_text
from dispatch.work.permissions import Permission, may
from dispatch.work.publishing import preview_publish, preview_recall, recall
from dispatch.work.versions import HerNews, VersionsOfDay, versions_of_day
from web.access import needs
from web.board.views import bp, read_day
from web.current import current_actor, current_services, local_time
from web.forms import Fields
from web.phone.links import whatsapp
from web.translate import sentence


@bp.get("/day/<day>/versions")
@needs(Permission.READ_DAY)
def versions(day: str) -> str:
    """Show every version of the day, who has seen it, and what publishing now would tell whom."""
    found = versions_of_day(current_services(), current_actor(), read_day(day))
    return render_template(
        "board/versions.html", found=found, day=found.day, names=found.names, at=local_time, to_tell=_to_tell(found)
    )


def _to_tell(found: VersionsOfDay) -> dict[str, str]:
    """Give the WhatsApp drafts for those who have not confirmed what the newest version changed for them."""
    if not found.versions or not may(current_actor(), Permission.PUBLISHING):
        return {}
    waiting = [her for her in found.versions[0].seen if her.sentences and her.acknowledged_at is None and her.phone]
    return {her.therapist_id: whatsapp(her.phone, _draft(her, found.day)) for her in waiting}


def _draft(her: HerNews, day: date) -> str:
    """Write to a therapist in her own language that her plan is new; what is in it stands on her page alone."""
    language = next((one for one in her.languages if one in LANGUAGES), "en")
    when = date_text(day, "weekday_short", language)
    return sentence("notice.draft", {"therapist": her.name, "day": when}, language=language)


@bp.get("/day/<day>/publish")
@needs(Permission.PUBLISHING)
def publish_step(day: str) -> str:
    """Show what each therapist will see changed, before anything is published."""
    found = preview_publish(current_services(), current_actor(), read_day(day))
    return render_template("board/publish.html", found=found, day=found.day, names=found.names)


@bp.get("/day/<day>/versions/<int:number>/recall")
@needs(Permission.PUBLISHING)
def recall_step(day: str, number: int) -> str:
    """Show what each therapist will see changed by a version shown again, or by none (0), and what stands against it."""
    found = preview_recall(current_services(), current_actor(), read_day(day), number)
    return render_template("board/recall.html", found=found, day=found.day, names=found.names)


@bp.post("/day/<day>/versions/<int:number>/recall")
@needs(Permission.PUBLISHING)
def take_back(day: str, number: int) -> Response:
    """Show therapists an earlier version again, or none; refused where the day has changed since it was asked."""
    fields, when = Fields(request.form), read_day(day)
    version = fields.integer("version", label="Version", least=0, most=1_000_000_000)
    fields.finish()
    kept = recall(
        current_services(),
        current_actor(),
        when,
        number=number,
        pointers_version=version,
        reason=request.form.get("reason", ""),
    )
    code = "web.recalled" if kept.revision_id else "web.withdrawn"
    flash(sentence(code, {"number": number, "version": kept.number}), "good")
    return redirect(url_for("board.versions", day=day), code=303)
