"""The JSON codec of the nouns: exact both ways, strict on the way in.

A dataclass becomes an object with every field named, a tuple a list, a date and a moment ISO 8601 text (moments in
UTC), an enumeration its value. Reading refuses what it does not know, naming the path to it (`bookings[3].windows`).
"""

import hashlib
import json
import math
import types
from collections.abc import Callable
from dataclasses import MISSING, Field, fields, is_dataclass
from datetime import UTC, date, datetime
from enum import Enum
from functools import cache
from typing import Any, TypeVar, Union, cast, get_args, get_origin, get_type_hints

from dispatch.errors import BadInput

T = TypeVar("T")

LONGEST_SHOWN = 80
"""So many letters of a wrong text are shown; whoever wrote it knows the rest."""


def to_json(value: object) -> Any:
    """Turn a noun (or a part of one) into values the `json` module can write."""
    if value is None or isinstance(value, bool | int | float):
        return value
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, str):
        return value
    if isinstance(value, tuple | list):
        return [to_json(item) for item in value]
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if is_dataclass(value):
        return {field.name: to_json(getattr(value, field.name)) for field in fields(value)}
    raise TypeError(f"{type(value).__name__} is no noun of the model and has no JSON form.")


def from_json(cls: type[T], value: object) -> T:
    """Read a noun of the class from JSON values.

    Raises `BadInput` with the code `codec.*` and the path to what is wrong; nothing is guessed or converted.
    """
    return cast("T", _reader(cast("Any", cls))(value, ""))


def dumps(value: object) -> str:
    """Write a noun as compact JSON text, the same text for equal nouns."""
    return json.dumps(to_json(value), ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)


def loads(cls: type[T], text: str | bytes) -> T:
    """Read a noun of the class from JSON text; `BadInput` where it is no JSON or no such noun."""
    try:
        value = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise BadInput("codec.no_json", reason=str(error)) from error
    return from_json(cls, value)


def content_hash(value: object) -> str:
    """Give the SHA-256 of a noun's canonical text, in hexadecimal."""
    return hashlib.sha256(dumps(value).encode()).hexdigest()


_Reader = Callable[[object, str], object]


def _wrong(path: str, expected: str, value: object) -> BadInput:
    return BadInput("codec.wrong_type", path=path or "the document", expected=expected, found=_kind(value))


def _misread(path: str, expected: str, text: object) -> BadInput:
    """Say of a text that it is not what it should be, naming the text itself."""
    return BadInput(
        "codec.wrong_type", path=path, expected=expected, found=str(text)[:LONGEST_SHOWN] or "an empty text"
    )


def _kind(value: object) -> str:
    """Name the kind of a JSON value in words a person knows."""
    match value:
        case None:
            return "nothing"
        case bool():
            return "true or false"
        case int():
            return "a whole number"
        case float():
            return "a number with a fraction" if math.isfinite(value) else "a number without bounds"
        case str():
            return "text"
        case list():
            return "a list"
        case _:
            return "an object"


@cache
def _reader(hint: Any) -> _Reader:
    """Build the reader of a type once; what no noun uses is refused when the reader is built."""
    origin = get_origin(hint)
    if origin in (Union, types.UnionType):
        return _union_reader(get_args(hint))
    if origin is tuple:
        return _tuple_reader(get_args(hint))
    if is_dataclass(hint):
        return _noun_reader(cast("type", hint))
    if isinstance(hint, type) and issubclass(hint, Enum):
        return _enum_reader(hint)
    try:
        return _SCALARS[hint]
    except KeyError:
        raise TypeError(f"{hint} has no JSON form in the model.") from None


def _union_reader(options: tuple[Any, ...]) -> _Reader:
    """Read an optional value, or one of several kinds that JSON itself tells apart."""
    readers = [_reader(option) for option in options if option is not types.NoneType]
    optional = types.NoneType in options

    def read(value: object, path: str) -> object:
        if value is None and optional:
            return None
        for reader in readers[:-1]:
            try:
                return reader(value, path)
            except BadInput:
                continue
        return readers[-1](value, path)

    return read


def _tuple_reader(args: tuple[Any, ...]) -> _Reader:
    """Read a list of one kind, or one of a fixed length where the type says so."""
    if len(args) == 2 and args[1] is Ellipsis:
        item = _reader(args[0])

        def read_many(value: object, path: str) -> object:
            if not isinstance(value, list):
                raise _wrong(path, "a list", value)
            return tuple(item(part, f"{path}[{index}]") for index, part in enumerate(value))

        return read_many
    items = [_reader(arg) for arg in args]

    def read_fixed(value: object, path: str) -> object:
        if not isinstance(value, list) or len(value) != len(items):
            raise _wrong(path, f"a list of {len(items)}", value)
        return tuple(reader(part, f"{path}[{i}]") for i, (reader, part) in enumerate(zip(items, value, strict=True)))

    return read_fixed


def _noun_reader(cls: type) -> _Reader:
    """Read an object with exactly the fields of a noun; fields with a default may be missing."""
    hints = get_type_hints(cls)
    known: dict[str, Field[Any]] = {field.name: field for field in fields(cls)}
    required = [name for name, field in known.items() if field.default is MISSING and field.default_factory is MISSING]

    def read(value: object, path: str) -> object:
        if not isinstance(value, dict):
            raise _wrong(path, "an object", value)
        for name in value:
            if name not in known:
                raise BadInput("codec.unknown_key", path=path or "the document", key=str(name)[:LONGEST_SHOWN])
        for name in required:
            if name not in value:
                raise BadInput("codec.missing_key", path=path or "the document", key=name)
        given = {name: _reader(hints[name])(part, f"{path}.{name}" if path else name) for name, part in value.items()}
        return cls(**given)

    return read


def _enum_reader(cls: type[Enum]) -> _Reader:
    """Read one word of a closed list."""

    def read(value: object, path: str) -> object:
        text = cast("str", _read_str(value, path))
        try:
            return cls(text)
        except ValueError:
            allowed = ", ".join(str(member.value) for member in cls)
            found = text[:LONGEST_SHOWN] or "an empty text"
            raise BadInput("codec.not_one_of", path=path, found=found, allowed=allowed) from None

    return read


def _read_int(value: object, path: str) -> object:
    if isinstance(value, bool) or not isinstance(value, int):
        raise _wrong(path, "a whole number", value)
    return value


def _read_float(value: object, path: str) -> object:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise _wrong(path, "a number", value)
    try:
        number = float(value)
    except OverflowError:
        number = math.inf
    if not math.isfinite(number):
        raise _wrong(path, "a number", number)
    return number


def _read_bool(value: object, path: str) -> object:
    if not isinstance(value, bool):
        raise _wrong(path, "true or false", value)
    return value


def _read_str(value: object, path: str) -> object:
    if not isinstance(value, str):
        raise _wrong(path, "text", value)
    if not value.isascii() and any("\ud800" <= letter <= "\udfff" for letter in value):
        # Half of a pair: JSON can write it, but no file or database can hold it.
        raise BadInput("codec.wrong_type", path=path, expected="text", found="half of a character")
    return value


def _read_date(value: object, path: str) -> object:
    try:
        return date.fromisoformat(cast("str", _read_str(value, path)))
    except ValueError:
        raise _misread(path, "a date like 2026-11-23", value) from None


def _read_datetime(value: object, path: str) -> object:
    try:
        moment = datetime.fromisoformat(cast("str", _read_str(value, path)))
    except ValueError:
        raise _misread(path, "a moment like 2026-11-23T09:00:00+00:00", value) from None
    if moment.tzinfo is None:
        raise _misread(path, "a moment with its offset from UTC", value)
    try:
        return moment.astimezone(UTC)
    except OverflowError:
        raise _misread(path, "a moment like 2026-11-23T09:00:00+00:00", value) from None


_SCALARS: dict[Any, _Reader] = {
    int: _read_int,
    float: _read_float,
    bool: _read_bool,
    str: _read_str,
    date: _read_date,
    datetime: _read_datetime,
}
