"""What the desk's pages share: labels of closed lists, and rendering a form with what was typed."""

from collections.abc import Iterable, Mapping
from typing import Any, Protocol

from flask import render_template

from dispatch.work.places import PlaceOptions
from web.desk.trouble import NO_TROUBLE, Trouble
from web.labels import GENDERS, choices, label_of


class Named(Protocol):
    """Anything with an id and a name."""

    @property
    def id(self) -> str: ...
    @property
    def name(self) -> str: ...


LANGUAGES = (
    ("en", "English"),
    ("ms", "Bahasa Malaysia"),
    ("zh", "Mandarin 中文"),
    ("yue", "Cantonese 粵語"),
    ("ta", "Tamil தமிழ்"),
)
"""Languages by their names here and in their own script; the first is what nobody has chosen yet."""


def named(nouns: Iterable[Named]) -> list[tuple[str, str]]:
    """Give nouns with a name as a form's choices."""
    return [(noun.id, noun.name) for noun in nouns]


def page(
    template: str,
    *,
    trouble: Trouble = NO_TROUBLE,
    places: Mapping[str, PlaceOptions] | None = None,
    **values: Any,
) -> tuple[str, int]:
    """Render a page of the desk with the status its trouble asks for."""
    body = render_template(
        template,
        trouble=trouble,
        places=places or {},
        label_of=label_of,
        languages=LANGUAGES,
        genders=choices(GENDERS),
        **values,
    )
    return body, trouble.status
