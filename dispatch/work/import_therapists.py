"""Turns the rows of a therapists table into therapists with their week, or into errors by row and column."""

from typing import TYPE_CHECKING

from dispatch.errors import BadInput, LaluanError
from dispatch.model.account import Actor
from dispatch.model.branch import Branch
from dispatch.model.catalogue import Technique
from dispatch.model.kinds import BreakKind, Gender
from dispatch.model.therapist import Break, DayPattern, Place, Roster, Shift, Therapist
from dispatch.rules.company_nouns import therapist_errors
from dispatch.work.doing import tidy, today
from dispatch.work.import_cells import one_of, read_days, read_gender, read_list, read_mode, read_number, read_time
from dispatch.work.import_columns import Mapped, Row
from dispatch.work.import_rows import Errors
from dispatch.work.services import Services

if TYPE_CHECKING:
    from dispatch.intake.address import Resolution
    from dispatch.store import Reading

COLUMN_OF = {
    "name": "name",
    "techniques": "techniques",
    "start_place": "start_place",
    "end_place": "end_place",
    "phone": "phone",
    "languages": "languages",
    "roster": "from",
    "overtime_s": "overtime_minutes",
}
"""The column in which each field of a therapist was written; a path such as roster.monday belongs to its first word."""


def read_therapists(
    tx: "Reading",
    services: Services,
    actor: Actor,
    mapped: Mapped,
    places: "dict[str, Resolution | LaluanError]",
) -> tuple[list[Therapist], Errors]:
    """Give the therapists the table adds, and everything wrong with it."""
    branch, errors = tx.get(Branch, actor.branch_id), Errors(mapped)
    techniques = {one.id: one.name for one in tx.list(Technique, "")}
    team = tx.list(Therapist, branch.id)
    names = {therapist.name.casefold() for therapist in team if therapist.active}
    colour = max((therapist.colour for therapist in team), default=0)
    added: list[Therapist] = []
    for row in mapped.rows:
        before = len(errors.found) + errors.more
        therapist = _therapist(services, branch, row, errors, places, techniques, colour + len(added) + 1)
        if therapist is None:
            continue
        # Every weekday has the same shifts, so the same thing is wrong with each: once is enough.
        found = therapist_errors(therapist, branch=branch, techniques=techniques, today=today(services, branch))
        for error in {(one.code, one.values.get("field")): one for one in reversed(found)}.values():
            field = str(error.values.get("field")).partition(".")[0]
            errors.add(row, COLUMN_OF.get(field, ""), error)
        if therapist.name.casefold() in names:
            errors.add(row, "name", BadInput("import.same_therapist", value=therapist.name))
        if len(errors.found) + errors.more == before:
            names.add(therapist.name.casefold())
            added.append(therapist)
    return added, errors


def _therapist(
    services: Services,
    branch: Branch,
    row: Row,
    errors: Errors,
    places: "dict[str, Resolution | LaluanError]",
    techniques: dict[str, str],
    colour: int,
) -> Therapist | None:
    """Read one row."""
    therapist_id = services.new_id()
    known = list(techniques.items())
    name = errors.read(row, "name", str, needed=True)
    gender = errors.read(row, "gender", _gender, needed=True)
    trained = errors.read(
        row,
        "techniques",
        lambda text: tuple(one_of(part, known, "import.unknown_technique") for part in read_list(text)),
        needed=True,
    )
    start_place = errors.read(row, "start_place", lambda text: _place(places, text), needed=True)
    end_place = errors.read(row, "end_place", lambda text: _place(places, text) if text else start_place)
    mode = errors.read(row, "travel_mode", read_mode)
    phone = errors.read(row, "phone", _phone)
    days = errors.read(row, "days", read_days, needed=True)
    shifts = _shifts(row, errors)
    meal_min = errors.read(row, "meal_minutes", lambda text: read_number(text, default=0))
    overtime_min = errors.read(row, "overtime_minutes", lambda text: read_number(text, default=0))
    if name is None or gender is None or trained is None or start_place is None or end_place is None:
        return None
    if mode is None or phone is None or days is None or shifts is None or meal_min is None or overtime_min is None:
        return None
    breaks = (_meal(therapist_id, shifts, meal_min * 60),) if meal_min else ()
    return tidy(
        Therapist(
            id=therapist_id,
            branch_id=branch.id,
            name=name,
            techniques=trained,
            gender=gender,
            start_place=start_place,
            end_place=end_place,
            languages=tuple(language.casefold() for language in read_list(row.cells["languages"])) or ("en",),
            travel_mode=mode,
            phone=phone,
            roster=Roster(pattern=tuple(DayPattern(weekday=day, shifts=shifts, breaks=breaks) for day in days)),
            overtime_s=overtime_min * 60,
            colour=colour,
        )
    )


def _gender(text: str) -> Gender:
    """Read a gender that has to be told."""
    gender = read_gender(text)
    if gender is None:
        raise BadInput("import.no_gender", value=text[:40])
    return gender


def _phone(text: str) -> str:
    """Read a phone number into its international form; none is fine."""
    from dispatch.intake.phones import parse_phone

    return parse_phone(text).e164 if text else ""


def _place(places: "dict[str, Resolution | LaluanError]", text: str) -> Place:
    """Give the place that was found for a text."""
    place = places[text]
    if isinstance(place, LaluanError):
        raise place
    return Place(name=place.label or text, area=place.area or text, point=place.point)


def _shifts(row: Row, errors: Errors) -> tuple[Shift, ...] | None:
    """Read one shift, or the two parts of a split one."""
    from_s = errors.read(row, "from", read_time, needed=True)
    to_s = errors.read(row, "to", read_time, needed=True)
    split = bool(row.cells["second_from"] or row.cells["second_to"])
    second_from_s = errors.read(row, "second_from", read_time, needed=True) if split else 0
    second_to_s = errors.read(row, "second_to", read_time, needed=True) if split else 0
    if from_s is None or to_s is None or second_from_s is None or second_to_s is None:
        return None
    first = Shift(start_s=from_s, end_s=to_s)
    return (first, Shift(start_s=second_from_s, end_s=second_to_s)) if split else (first,)


def _meal(therapist_id: str, shifts: tuple[Shift, ...], duration_s: int) -> Break:
    """Give a floating meal break in the middle half of the longest shift."""
    longest = max(shifts, key=lambda shift: shift.end_s - shift.start_s)
    quarter_s = (longest.end_s - longest.start_s) // 4
    return Break(
        id=f"{therapist_id}-meal",
        kind=BreakKind.MEAL,
        duration_s=duration_s,
        earliest_s=longest.start_s + quarter_s,
        latest_s=max(longest.start_s + quarter_s, longest.end_s - quarter_s - duration_s),
    )
