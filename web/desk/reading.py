"""Reads what the desk's forms share: phone numbers, and places written in words."""

import re

from werkzeug.datastructures import MultiDict

from dispatch.errors import BadInput, NotFound, Unavailable
from dispatch.model.account import Actor
from dispatch.model.kinds import Precision
from dispatch.work.numbers import read_phone
from dispatch.work.places import PlaceOption, PlaceOptions, place_options
from dispatch.work.services import Services
from web.forms import Fields

Form = MultiDict[str, str]

PLACE_LENGTH = 300
MOST_ROWS = 8
"""Rows a repeating part of a form is read with; a page shows fewer."""

_NUMBER = re.compile(r"-?\d{1,3}(?:\.\d{1,15})?")


class DeskFields(Fields):
    """The fields of a desk form; `places` keeps what each place field may mean, for the page that asks back."""

    def __init__(self, form: Form, services: Services, actor: Actor) -> None:
        """Take the form as the browser sent it, and who asks."""
        super().__init__(form)
        self.services = services
        self.actor = actor
        self.places: dict[str, PlaceOptions] = {}

    def phone(self, name: str) -> str:
        """Read a phone number as people write it, into E.164; an empty field is none."""
        try:
            return read_phone(self.form.get(name, "")[:60])
        except BadInput as error:
            self.errors.append(BadInput(error.code, **{**error.values, "field": name}))
            return ""

    def degrees(self, name: str, *, label: str) -> float:
        """Read a coordinate in degrees."""
        value = self.form.get(name, "").strip()
        if not _NUMBER.fullmatch(value):
            self.wrong("desk.no_degrees", name, label)
            return 0.0
        return float(value)

    def place(self, name: str, *, label: str) -> PlaceOption | None:
        """Read a place written in words: the one chosen, or the only one it can be.

        None where nothing was written, and where a person has to choose first: then the error is noted, and
        `places[name]` holds what to choose from.
        """
        text = self.text(name, label=label, limit=PLACE_LENGTH)
        if not text:
            return None
        try:
            found = place_options(self.services, self.actor, text)
        except (BadInput, NotFound, Unavailable) as error:
            self.errors.append(BadInput(error.code, **{**error.values, "field": name}))
            return None
        # A choice counts only for the words it was offered for.
        asked = self.form.get(f"{name}_for", "").strip() == text
        choice = self.form.get(f"{name}_choice", "") if asked else ""
        for option in found.options:
            if option.key == choice:
                self.places[name] = found
                return option
        if not found.must_confirm:
            return found.options[0]
        self.places[name] = found
        pin = len(found.options) == 1 and found.options[0].precision is Precision.ROOFTOP
        code = "desk.place_far" if pin else "desk.place_unsure"
        self.errors.append(BadInput(code, field=name, text=text[:120]))
        return None


def place_name(option: PlaceOption) -> str:
    """Give a place its name; a bare pin is called after its area and its point, so that no two are called the same."""
    named = any(letter.isalpha() for letter in option.name)
    return (option.name if named else f"{option.area} {option.point.lat:.5f}, {option.point.lon:.5f}".strip())[:80]


def rows_of(form: Form, name: str, least: int) -> range:
    """Give the numbers of a repeating part's rows to show: as many as are filled, and at least some."""
    filled = [number for number in range(1, MOST_ROWS + 1) if form.get(f"{name}_{number}", "").strip()]
    return range(1, max([least, *filled]) + 1)
