"""The schemas of the shapes: the model's own JSON Schema, with what the fields' metadata adds."""

from collections.abc import Iterator
from dataclasses import MISSING, fields, is_dataclass
from typing import Any, cast, get_args, get_type_hints

from dispatch.errors import Several
from dispatch.model.codec import from_json, to_json
from dispatch.model.schema import json_schema
from web.api.v1.validate import MOST_ERRORS, REFERENCE, Schemas, wrong


def reference(shape: type) -> dict[str, Any]:
    """Give the reference to a shape's schema."""
    return {"$ref": f"{REFERENCE}{shape.__name__}"}


def schemas_of(*shapes: type) -> dict[str, Any]:
    """Give the schemas of shapes and of all they are made of, by name."""
    found: dict[str, Any] = {}
    for shape in shapes:
        for one in _classes(shape, set()):
            if one.__name__ not in found:
                found[one.__name__] = _refined(one, json_schema(one)["$defs"][one.__name__])
    return dict(sorted(found.items()))


def _classes(hint: Any, seen: set[type]) -> Iterator[type]:
    """Give a dataclass and all that its fields are made of, each once."""
    if is_dataclass(hint) and isinstance(hint, type):
        if hint not in seen:
            seen.add(hint)
            yield hint
            for part in get_type_hints(hint).values():
                yield from _classes(part, seen)
    else:
        for part in get_args(hint):
            yield from _classes(part, seen)


def _refined(shape: type, schema: dict[str, Any]) -> dict[str, Any]:
    """Give a noun's schema with references into the document, defaults and what the metadata adds."""
    refined = cast("dict[str, Any]", _moved(schema))
    for field in fields(cast("Any", shape)):
        own: dict[str, Any] = refined["properties"][field.name]
        added = dict(field.metadata)
        if field.default is not MISSING:
            own["default"] = to_json(field.default)
        if "items" in added:
            own["items"] = {**own["items"], **added.pop("items")}
        own.update(added)
    return refined


def _moved(part: Any) -> Any:
    """Give a part of a schema with its references pointing into the document's components."""
    if isinstance(part, dict):
        return {
            name: value.replace("#/$defs/", REFERENCE) if name == "$ref" else _moved(value)
            for name, value in part.items()
        }
    return [_moved(one) for one in part] if isinstance(part, list) else part


def read(shape: type[Any], value: Any, schemas: Schemas) -> Any:
    """Read a body as its shape; `Several` with every error where the schema forbids it, each named by its JSON pointer."""
    errors = []
    for error in wrong(value, schemas[shape.__name__], schemas):
        errors.append(error)
        if len(errors) == MOST_ERRORS:
            break
    if errors:
        raise Several(tuple(errors))
    return from_json(shape, value)
