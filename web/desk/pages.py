"""What the desk's pages share: labels of closed lists, and rendering a form with what was typed."""

from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import Any, Protocol

from flask import render_template

from dispatch.model.kinds import BookingStatus, BreakKind, Gender, Precision, TravelMode
from dispatch.work.places import PlaceOptions
from web.desk.trouble import NO_TROUBLE, Trouble
from web.translate import translate


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

GENDERS: Mapping[StrEnum, str] = {Gender.FEMALE: "Woman", Gender.MALE: "Man"}
MODES: Mapping[StrEnum, str] = {
    TravelMode.CAR: "Car",
    TravelMode.MOTORBIKE: "Motorbike",
    TravelMode.TRANSIT: "Train and bus",
    TravelMode.WALK: "On foot",
}
STATUSES: Mapping[StrEnum, str] = {
    BookingStatus.REQUESTED: "Requested",
    BookingStatus.CONFIRMED: "Confirmed",
    BookingStatus.DONE: "Done",
    BookingStatus.NO_SHOW: "No-show",
    BookingStatus.CANCELLED: "Cancelled",
}
BREAKS: Mapping[StrEnum, str] = {
    BreakKind.MEAL: "Meal",
    BreakKind.PRAYER: "Prayer",
    BreakKind.REST: "Rest",
    BreakKind.PERSONAL: "Personal",
}
PRECISIONS: Mapping[StrEnum, str] = {
    Precision.ROOFTOP: "Exact point",
    Precision.BUILDING: "Building",
    Precision.STREET: "Street",
    Precision.AREA: "Area only",
    Precision.POSTCODE: "Postcode only",
    Precision.CITY: "City only",
}


def choices(labels: Mapping[StrEnum, str]) -> list[tuple[str, str]]:
    """Give a closed list as a form's choices."""
    return [(str(key), translate(label)) for key, label in labels.items()]


def named(nouns: Iterable[Named]) -> list[tuple[str, str]]:
    """Give nouns with a name as a form's choices."""
    return [(noun.id, noun.name) for noun in nouns]


def label_of(word: StrEnum) -> str:
    """Give a word of a closed list as people read it."""
    for labels in (GENDERS, MODES, STATUSES, BREAKS, PRECISIONS):
        if word in labels and type(word) is type(next(iter(labels))):
            return translate(labels[word])
    return str(word)


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
