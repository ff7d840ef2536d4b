"""What went wrong with a form, ready for its page: sentences, each at its field, and what a colleague changed meanwhile."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from werkzeug.datastructures import MultiDict

from dispatch.errors import BadInput, Conflict, LaluanError, Several, Unavailable
from web.errors import sentence_of, sentences_of, status_of, who_changed
from web.forms import errors_by_field
from web.translate import translate

FORM_ERRORS = (BadInput, Several, Conflict, Unavailable)
"""Errors after which the form is shown again with everything that was typed."""

_OVERTAKEN = frozenset({"store.changed_meanwhile", "store.overtaken"})
_UNSEEN = frozenset({"csrf_token", "version", "step"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """A field whose value is another one now than the one typed; both as people read them."""

    label: str
    newest: str
    typed: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Trouble:
    """What a form's page says: nothing at all before it was sent; `by` says who was faster, and when."""

    status: int = 200
    sentences: tuple[str, ...] = ()
    by_field: Mapping[str, list[str]] = field(default_factory=dict)
    overtaken: bool = False
    differences: tuple[Difference, ...] = ()
    by: str = ""

    def at(self, *names: str) -> list[str]:
        """Give the sentences of one or several fields."""
        return [text for name in names for text in self.by_field.get(name, ())]


NO_TROUBLE = Trouble()


def trouble_of(error: LaluanError, names: Mapping[str, str] | None = None) -> Trouble:
    """Turn an error into what the form's page says; `names` gives the display names of ids."""
    errors = error.errors if isinstance(error, Several) else (error,)
    known = dict(names or {})
    overtaken = isinstance(error, Conflict) and error.code in _OVERTAKEN
    return Trouble(
        status=int(status_of(error)),
        sentences=tuple(dict.fromkeys(sentences_of(error, known))),
        by_field={name: [sentence_of(one, known) for one in found] for name, found in errors_by_field(errors).items()},
        overtaken=overtaken,
        by=who_changed(error) if overtaken else "",
    )


def beside_newest(
    trouble: Trouble,
    typed: MultiDict[str, str],
    newest: MultiDict[str, str],
    *,
    labels: Mapping[str, str],
    names: Mapping[str, str] | None = None,
) -> Trouble:
    """Put what is kept now beside what was typed, where a colleague was faster; other trouble stays as it is."""
    if not trouble.overtaken:
        return trouble
    shown = sorted({*newest, *(name for name in typed if name in labels)} - _UNSEEN)
    differences = tuple(
        Difference(label=_label(name, labels), newest=_shown(newest, name, names), typed=_shown(typed, name, names))
        for name in shown
        if [one.strip() for one in newest.getlist(name) if one] != [one.strip() for one in typed.getlist(name) if one]
    )
    return Trouble(
        status=trouble.status,
        sentences=trouble.sentences,
        by_field=trouble.by_field,
        overtaken=True,
        differences=differences,
        by=trouble.by,
    )


def _label(name: str, labels: Mapping[str, str]) -> str:
    """Give a field's label; of numbered fields the one of their group, with the number."""
    group, _, number = name.rpartition("_")
    if name in labels or not number.isdigit():
        return translate(labels.get(name, name.replace("_", " ")))
    return f"{translate(labels.get(group, group.replace('_', ' ')))} {number}"


def _shown(form: MultiDict[str, str], name: str, names: Mapping[str, str] | None) -> str:
    return ", ".join((names or {}).get(value, value) for value in form.getlist(name) if value) or "–"
