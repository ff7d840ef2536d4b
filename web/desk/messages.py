"""The texts for clients at the desk: every kind in every language, written by the company or as it began."""

from dataclasses import dataclass

from flask import flash, redirect, request, url_for
from werkzeug.wrappers import Response

from dispatch.model.message import MessageKind
from dispatch.work.messages import change_message_text, message_texts, values_of
from dispatch.work.permissions import Permission
from web.access import needs
from web.current import current_actor, current_services
from web.desk import bp
from web.desk.pages import page
from web.desk.trouble import FORM_ERRORS, NO_TROUBLE, Trouble, trouble_of
from web.forms import Fields
from web.labels import MESSAGE_LABELS, label_of
from web.language import OWN_NAMES
from web.translate import sentence

Page = tuple[str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Typed:
    """The one text that was sent and has to be mended."""

    name: str = ""
    text: str = ""


@bp.get("/catalogue/messages")
@needs(Permission.CATALOGUE)
def message_texts_page() -> Page:
    """Show the texts for clients."""
    return _answer(NO_TROUBLE, _Typed())


@bp.post("/catalogue/messages")
@needs(Permission.CATALOGUE)
def keep_message_text() -> Page | Response:
    """Keep a text, or bring back the one the company began with; `version` is the one that was shown."""
    services, actor = current_services(), current_actor()
    fields = Fields(request.form)
    kind = fields.choice("kind", MessageKind, label="Text")
    language = request.form.get("language", "")
    typed = request.form.get("text", "")
    try:
        fields.finish()
        wanted = "" if "default" in request.form else typed
        if "default" not in request.form and not typed.strip():
            fields.wrong("web.field_missing", "text", "Text")
        version = fields.version()
        fields.finish()
        change_message_text(services, actor, kind, language, wanted, version)
    except FORM_ERRORS as error:
        return _answer(trouble_of(error), _Typed(name=f"{kind}:{language}", text=typed))
    flash(sentence("message.text_kept", {"kind": label_of(kind)}), "good")
    return redirect(url_for("desk.message_texts_page", _anchor=kind.value))


def _answer(trouble: Trouble, typed: _Typed) -> Page:
    texts = message_texts(current_services(), current_actor())
    return page(
        "desk/messages.html",
        trouble=trouble,
        kinds=[(kind, MESSAGE_LABELS[kind], values_of(kind)) for kind in MessageKind],
        texts=texts,
        typed=typed,
        own_names=OWN_NAMES,
    )
