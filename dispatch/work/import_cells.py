"""Reads single cells of an imported table the way people write them; `BadInput` says what was meant to stand there."""

import difflib
import re
from collections.abc import Collection
from datetime import date

from dispatch.errors import BadInput
from dispatch.model.day import SERVICE_DAY_START_S
from dispatch.model.kinds import Gender, TravelMode

_ISO_DATE = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?: 00:00)?")
_LOCAL_DATE = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})")
_TIME = re.compile(r"(\d{1,2})(?:[:.h]?(\d{2}))?(?::\d{2})?\s*([ap])?\.?m?\.?", re.IGNORECASE)
_SEPARATORS = re.compile(r"[;,|/\n]+")
_RANGE = re.compile(r"\s*(?:-|–|to|hingga)\s*")

_GENDERS = {
    Gender.FEMALE: ("female", "f", "woman", "women", "lady", "ladies", "perempuan", "wanita", "p", "女", "女性"),
    Gender.MALE: ("male", "m", "man", "men", "gentleman", "lelaki", "l", "男", "男性"),
}
_MODES = {
    TravelMode.CAR: ("car", "kereta", "drive", "driving", "汽车"),
    TravelMode.MOTORBIKE: ("motorbike", "motorcycle", "motor", "bike", "scooter", "motosikal", "摩托车"),
    TravelMode.TRANSIT: ("transit", "public transport", "train", "lrt", "mrt", "bus", "pengangkutan awam"),
    TravelMode.WALK: ("walk", "walking", "on foot", "jalan kaki", "berjalan"),
}
_WEEKDAYS = (
    ("mon", "monday", "isnin", "isn"),
    ("tue", "tues", "tuesday", "selasa", "sel"),
    ("wed", "wednesday", "rabu", "rab"),
    ("thu", "thur", "thurs", "thursday", "khamis", "kha"),
    ("fri", "friday", "jumaat", "jum"),
    ("sat", "saturday", "sabtu", "sab"),
    ("sun", "sunday", "ahad", "ahd"),
)
_DAILY = ("daily", "every day", "everyday", "all", "setiap hari", "harian")


def read_date(text: str) -> date:
    """Read a date: 2026-12-01, or day first as 1/12/2026."""
    try:
        if match := _ISO_DATE.fullmatch(text):
            return date(int(match[1]), int(match[2]), int(match[3]))
        if match := _LOCAL_DATE.fullmatch(text):
            return date(int(match[3]), int(match[2]), int(match[1]))
    except ValueError:
        raise BadInput("import.no_such_date", value=text[:40]) from None
    raise BadInput("import.no_date", value=text[:40])


def read_time(text: str) -> int:
    """Read a time into seconds of the service day: 14:30, 14.30, 1430, 2.30 pm; before 06:00 is the night after."""
    match = _TIME.fullmatch(text.strip())
    if not match:
        raise BadInput("import.no_time", value=text[:40])
    hours, minutes, half = int(match[1]), int(match[2] or 0), (match[3] or "").casefold()
    if half and not 1 <= hours <= 12:
        raise BadInput("import.no_time", value=text[:40])
    if half:
        hours = hours % 12 + (12 if half == "p" else 0)
    if minutes > 59 or hours > 30:
        raise BadInput("import.no_time", value=text[:40])
    seconds = hours * 3_600 + minutes * 60
    return seconds + 86_400 if seconds < SERVICE_DAY_START_S else seconds


def read_number(text: str, default: int | None = None) -> int:
    """Read a whole number; an empty cell gives the default where there is one."""
    if not text and default is not None:
        return default
    if not re.fullmatch(r"\d{1,6}", text):
        raise BadInput("import.no_number", value=text[:40])
    return int(text)


def read_gender(text: str) -> Gender | None:
    """Read a gender, or nothing where it does not matter."""
    if text.casefold() in {"", "any", "either", "no preference", "-", "mana-mana"}:
        return None
    for gender, words in _GENDERS.items():
        if text.casefold() in words:
            return gender
    raise BadInput("import.no_gender", value=text[:40])


def read_mode(text: str) -> TravelMode:
    """Read a travel mode; an empty cell is a car."""
    for mode, words in _MODES.items():
        if not text or text.casefold() in words:
            return mode
    raise BadInput("import.no_mode", value=text[:40], modes=", ".join(mode.value for mode in TravelMode))


def read_list(text: str) -> tuple[str, ...]:
    """Read several things from one cell, separated by semicolons, commas, bars or lines."""
    return tuple(part.strip() for part in _SEPARATORS.split(text) if part.strip())


def read_days(text: str) -> tuple[int, ...]:
    """Read weekdays (Monday is 0): Mon-Fri, "Tue; Thu", daily; Sun-Thu goes round the week."""
    if text.casefold().strip() in _DAILY:
        return tuple(range(7))
    days: set[int] = set()
    for part in read_list(text.casefold()):
        ends = _RANGE.split(part)
        if len(ends) > 2:
            raise BadInput("import.no_days", value=text[:40])
        first, last = _weekday(ends[0], text), _weekday(ends[-1], text)
        days.update((first + step) % 7 for step in range((last - first) % 7 + 1))
    if not days:
        raise BadInput("import.no_days", value=text[:40])
    return tuple(sorted(days))


def _weekday(word: str, cell: str) -> int:
    for number, words in enumerate(_WEEKDAYS):
        if word.strip().rstrip(".") in words:
            return number
    raise BadInput("import.no_days", value=cell[:40])


def one_of(text: str, named: Collection[tuple[str, str]], code: str) -> str:
    """Give the id of what is called so: exactly, or by the only name that begins so; `BadInput(code)` for anything else.

    `named` are (id, name) pairs. The error names the closest names there are.
    """
    wanted = _fold(text)
    exact = sorted({key for key, name in named if wanted in {_fold(name), key.casefold()}})
    found = exact or sorted({key for key, name in named if wanted and _fold(name).startswith(f"{wanted} ")})
    if len(found) == 1:
        return found[0]
    if len(found) > 1:
        raise BadInput("import.several_named", value=text[:60])
    if not named:
        raise BadInput("import.nothing_to_name", value=text[:60])
    raise BadInput(code, value=text[:60], nearest=", ".join(_nearest(wanted, named)))


def _fold(text: str) -> str:
    return " ".join(text.casefold().split())


def _nearest(wanted: str, named: Collection[tuple[str, str]]) -> list[str]:
    """Give up to three names most like what was written."""
    folded = {_fold(name): name for _, name in sorted(named)}
    return [folded[close] for close in difflib.get_close_matches(wanted, folded, n=3, cutoff=0.0)]
