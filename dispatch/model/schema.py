"""The JSON Schema (2020-12) of the nouns, made from the same types the codec reads by."""

import types
from dataclasses import MISSING, fields, is_dataclass
from datetime import date, datetime
from enum import Enum
from typing import Any, Union, get_args, get_origin, get_type_hints

_SCALARS: dict[Any, dict[str, Any]] = {
    int: {"type": "integer"},
    float: {"type": "number"},
    bool: {"type": "boolean"},
    str: {"type": "string"},
    date: {"type": "string", "format": "date"},
    datetime: {"type": "string", "format": "date-time"},
}


def json_schema(cls: type) -> dict[str, Any]:
    """Give the schema of a noun; what `codec.to_json` writes is valid by it, an unknown key is not."""
    nouns: dict[str, Any] = {}
    root = _schema(cls, nouns)
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **root, "$defs": dict(sorted(nouns.items()))}


def _schema(hint: Any, nouns: dict[str, Any]) -> dict[str, Any]:
    """Give the schema of one type, adding the nouns it names to `nouns`."""
    origin, args = get_origin(hint), get_args(hint)
    if origin in (Union, types.UnionType):
        return {"anyOf": [{"type": "null"} if arg is types.NoneType else _schema(arg, nouns) for arg in args]}
    if origin is tuple and len(args) == 2 and args[1] is Ellipsis:
        return {"type": "array", "items": _schema(args[0], nouns)}
    if origin is tuple:
        return {"type": "array", "prefixItems": [_schema(arg, nouns) for arg in args], "items": False}
    if is_dataclass(hint):
        return _noun(hint, nouns)
    if isinstance(hint, type) and issubclass(hint, Enum):
        return {"type": "string", "enum": [member.value for member in hint]}
    return _SCALARS[hint]


def _noun(cls: Any, nouns: dict[str, Any]) -> dict[str, Any]:
    """Give the reference to a noun, writing its definition the first time it is met."""
    reference = {"$ref": f"#/$defs/{cls.__name__}"}
    if cls.__name__ in nouns:
        return reference
    nouns[cls.__name__] = {}
    hints = get_type_hints(cls)
    nouns[cls.__name__] = {
        "type": "object",
        "description": (cls.__doc__ or "").split("\n", 1)[0],
        "properties": {field.name: _schema(hints[field.name], nouns) for field in fields(cls)},
        "required": [f.name for f in fields(cls) if f.default is MISSING and f.default_factory is MISSING],
        "additionalProperties": False,
    }
    return reference
