"""What the days teach, on one page: proposals with the visits behind them, and a dispatcher's word on each."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import flash, redirect, request, url_for
from werkzeug.wrappers import Response

from dispatch.errors import BadInput
from dispatch.model.kinds import TravelMode
from dispatch.model.lesson import Lesson, LessonKind
from dispatch.work.learned import Known, Proposal, agree_lesson, learned_page, refuse_lesson, undo_lesson
from dispatch.work.permissions import Permission
from web.access import needs
from web.current import current_actor, current_services
from web.desk import bp
from web.desk.pages import page
from web.desk.trouble import FORM_ERRORS, NO_TROUBLE, Trouble, trouble_of
from web.forms import Fields
from web.labels import label_of
from web.translate import sentence

Page = tuple[str, int]

MOST_FIGURES = 24
ANSWERS = {"agree": agree_lesson, "refuse": refuse_lesson}


@dataclass(frozen=True, slots=True, kw_only=True)
class ProposalRow:
    """A proposal as the page shows it: `says` is its sentence, `hours` each hour seen with what holds now and what is proposed."""

    proposal: Proposal
    name: str
    says: str
    figures: str
    hours: tuple[tuple[int, str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownRow:
    """A lesson that was answered, as the page shows it."""

    lesson: Lesson
    name: str
    says: str
    in_force: bool


@bp.get("/learned")
@needs(Permission.PLANNING)
def learned() -> Page:
    """Show what the last months' visits taught."""
    return _answer(NO_TROUBLE)


@bp.post("/learned")
@needs(Permission.PLANNING)
def answer_lesson() -> Page | Response:
    """Agree to a proposal as it was shown, or leave things as they are; `version` is the building's that was shown."""
    fields = Fields(request.form)
    try:
        kind = fields.choice("kind", LessonKind, label="What was learned")
        figures, version = _figures(request.form.get("figures", "")), fields.version()
        answer = ANSWERS.get(request.form.get("answer", ""))
        if answer is None or not figures:
            raise BadInput("lesson.none")
        fields.finish()
        subject_id = request.form.get("subject", "")
        lesson = answer(current_services(), current_actor(), kind, subject_id, figures, version=version)
    except FORM_ERRORS as error:
        return _answer(trouble_of(error))
    flash(sentence(f"learned.{lesson.state}"), "good")
    return redirect(url_for("desk.learned"))


@bp.post("/learned/undo")
@needs(Permission.PLANNING)
def undo_this_lesson() -> Page | Response:
    """Undo what was agreed; `version` is the lesson's that was shown."""
    fields = Fields(request.form)
    try:
        version = fields.version()
        fields.finish()
        undo_lesson(current_services(), current_actor(), request.form.get("lesson", ""), version=version)
    except FORM_ERRORS as error:
        return _answer(trouble_of(error))
    flash(sentence("learned.undone"), "good")
    return redirect(url_for("desk.learned"))


def _answer(trouble: Trouble) -> Page:
    shown = learned_page(current_services(), current_actor())
    return page(
        "desk/learned.html",
        trouble=trouble,
        shown=shown,
        proposals=[_proposal_row(one) for one in shown.proposals],
        right=[_proposal_row(one) for one in shown.right],
        agreed=[_known_row(one) for one in shown.agreed],
        past=[_known_row(one) for one in shown.past],
    )


def _figures(text: str) -> tuple[int, ...]:
    """Read the figures as the form carries them; nothing where they are none."""
    parts = text.split()
    if len(parts) > MOST_FIGURES or not all(one.isascii() and one.isdigit() and len(one) <= 6 for one in parts):
        return ()
    return tuple(int(one) for one in parts)


def _proposal_row(one: Proposal) -> ProposalRow:
    values: dict[str, str | int] = {
        "visits": one.visits,
        "now": _span(one.kind, one.now, one.hours),
        "proposed": _span(one.kind, one.figures, one.hours),
        "usual": _figure(one.kind, one.usual),
    }
    hours = tuple(
        (hour * 3_600, _figure(one.kind, _at(one.now, hour)), _figure(one.kind, _at(one.figures, hour)))
        for hour in one.hours
    )
    return ProposalRow(
        proposal=one,
        name=one.name or label_of(TravelMode(one.subject_id)),
        says=sentence(f"learned.{one.kind}_says", values),
        figures=" ".join(str(figure) for figure in one.figures),
        hours=hours,
    )


def _known_row(one: Known) -> KnownRow:
    lesson = one.lesson
    every = range(24)
    values: dict[str, str | int] = {
        "visits": lesson.visits,
        "before": _span(lesson.kind, lesson.before, every),
        "proposed": _span(lesson.kind, lesson.figures, every),
    }
    code = f"learned.{lesson.kind}_was"
    mode = label_of(TravelMode(lesson.subject_id)) if lesson.kind is LessonKind.TRAVEL else lesson.subject_id
    return KnownRow(lesson=lesson, name=one.name or mode, says=sentence(code, values), in_force=one.in_force)


def _span(kind: LessonKind, figures: Sequence[int], hours: Sequence[int]) -> str:
    """Write the least and the most of the figures at some hours."""
    known = [_at(figures, hour) for hour in hours]
    least, most = _figure(kind, min(known)), _figure(kind, max(known))
    return least if least == most else f"{least}–{most}"


def _figure(kind: LessonKind, figure: int) -> str:
    """Write minutes, or what travel takes as a share of what was planned."""
    return str(round(figure / 60)) if kind is LessonKind.ACCESS else f"{round(figure / 10)} %"


def _at(figures: Sequence[int], hour: int) -> int:
    return figures[hour % len(figures)]
