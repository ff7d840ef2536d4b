"""Holds a JSON value against a schema of ours: the very schemas the OpenAPI document shows, and no others.

It knows the part of JSON Schema 2020-12 that those use. A test compares it with a full implementation.
"""

import re
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from typing import Any

from dispatch.errors import BadInput

Schemas = Mapping[str, Mapping[str, Any]]

REFERENCE = "#/components/schemas/"
MOST_ERRORS = 20
SHOWN = 60
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
_MOMENT = re.compile(r"\d{4}-\d{2}-\d{2}[Tt]\d{2}:\d{2}:\d{2}(\.\d+)?([Zz]|[+-]\d{2}:\d{2})")


def wrong(value: Any, schema: Mapping[str, Any], schemas: Schemas, where: str = "") -> Iterator[BadInput]:
    """Find everything of a value that its schema forbids, each with the JSON pointer to it as `field`."""
    if "$ref" in schema:
        yield from wrong(value, schemas[schema["$ref"].removeprefix(REFERENCE)], schemas, where)
    elif "anyOf" in schema:
        tried = [list(wrong(value, one, schemas, where)) for one in schema["anyOf"]]
        if all(tried):
            yield from tried[-1]
    elif not _is(value, schema["type"]):
        yield BadInput("api.wrong_type", field=where, expected=schema["type"], found=_kind(value))
    elif isinstance(value, dict):
        yield from _wrong_object(value, schema, schemas, where)
    elif isinstance(value, list):
        yield from _wrong_list(value, schema, schemas, where)
    elif isinstance(value, str):
        yield from _wrong_text(value, schema, where)
    else:
        yield from _wrong_number(value, schema, where)


def _is(value: Any, kind: str) -> bool:
    match kind:
        case "null":
            return value is None
        case "boolean":
            return isinstance(value, bool)
        case "integer":
            return isinstance(value, int) and not isinstance(value, bool)
        case "number":
            return isinstance(value, int | float) and not isinstance(value, bool)
        case "string":
            return isinstance(value, str)
        case "array":
            return isinstance(value, list)
        case _:
            return isinstance(value, dict)


def _wrong_object(value: dict[str, Any], schema: Mapping[str, Any], schemas: Schemas, where: str) -> Iterator[BadInput]:
    known = schema.get("properties", {})
    for name in schema.get("required", ()):
        if name not in value:
            yield BadInput("api.missing", field=f"{where}/{name}")
    for name, part in value.items():
        place = f"{where}/{name[:SHOWN].replace('~', '~0').replace('/', '~1')}"
        if name in known:
            yield from wrong(part, known[name], schemas, place)
        elif schema.get("additionalProperties") is False:
            yield BadInput("api.unknown", field=_shown(place))


def _wrong_list(value: list[Any], schema: Mapping[str, Any], schemas: Schemas, where: str) -> Iterator[BadInput]:
    least, most = schema.get("minItems", 0), schema.get("maxItems", len(value))
    if not least <= len(value) <= most:
        yield BadInput("api.wrong_count", field=where, count=len(value), least=least, most=most)
        return
    for number, item in enumerate(value):
        yield from wrong(item, schema["items"], schemas, f"{where}/{number}")


def _wrong_text(value: str, schema: Mapping[str, Any], where: str) -> Iterator[BadInput]:
    if any("\ud800" <= letter <= "\udfff" for letter in value):
        yield BadInput("api.half_letter", field=where)
    elif "enum" in schema and value not in schema["enum"]:
        yield BadInput("api.not_one_of", field=where, found=_shown(value), allowed=", ".join(schema["enum"]))
    elif not schema.get("minLength", 0) <= len(value) <= schema.get("maxLength", len(value)):
        yield BadInput("api.wrong_length", field=where, length=len(value), most=schema.get("maxLength", len(value)))
    elif "pattern" in schema and not _has_form(schema["pattern"], value):
        yield BadInput("api.wrong_form", field=where, found=_shown(value))
    elif schema.get("format") == "date" and not is_date(value):
        yield BadInput("api.no_date", field=where, found=_shown(value))
    elif schema.get("format") == "date-time" and not is_moment(value):
        yield BadInput("api.no_moment", field=where, found=_shown(value))


def _wrong_number(value: Any, schema: Mapping[str, Any], where: str) -> Iterator[BadInput]:
    least, most = schema.get("minimum"), schema.get("maximum")
    if (least is not None and value < least) or (most is not None and value > most):
        yield BadInput("api.out_of_range", field=where, least=str(least), most=str(most))


def _has_form(pattern: str, text: str) -> bool:
    """Tell whether a text has a form; JSON Schema's `$` is the very end, where Python's lets a line's end follow."""
    return re.search(pattern.removesuffix("$") + r"\Z" if pattern.endswith("$") else pattern, text) is not None


def is_date(text: str) -> bool:
    """Tell whether a text is a date as RFC 3339 writes it."""
    if not _DATE.fullmatch(text):
        return False
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


def is_moment(text: str) -> bool:
    """Tell whether a text is a moment as RFC 3339 writes it, with its offset."""
    if not _MOMENT.fullmatch(text):
        return False
    try:
        datetime.fromisoformat(text.upper())
    except ValueError:
        return False
    return True


def _shown(text: str) -> str:
    """Give a text as a sentence may show it: short, and printable."""
    plain = "".join(letter for letter in text[:SHOWN] if letter.isprintable())
    return plain or "-"


def _kind(value: Any) -> str:
    """Give the kind of a JSON value as JSON Schema calls it."""
    kinds: dict[type, str] = {bool: "boolean", int: "integer", float: "number", str: "string", list: "array"}
    return "null" if value is None else kinds.get(type(value), "object")
