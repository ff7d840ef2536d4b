"""Reads a request as its operation describes it; whatever differs is refused before anything is asked of the company."""

import json
import re
from collections.abc import Mapping
from datetime import date
from typing import Any

from flask import request
from werkzeug.exceptions import RequestEntityTooLarge

from dispatch.errors import NotFound, Several
from web.api.v1.describe import KEY_SCHEMA, PATH_SCHEMAS, TAG_SCHEMA, Operation, Param
from web.api.v1.schema import read
from web.api.v1.times import YEARS
from web.api.v1.validate import Schemas, wrong
from web.problems import Malformed, NotJson, VersionNeeded

LARGEST = 64 * 1024
"""Bytes of one body."""

_INTEGER = re.compile(r"-?(0|[1-9][0-9]{0,17})")
_TAG = re.compile(r'"([^"]*)"')


def read_path(values: Mapping[str, str]) -> Mapping[str, str]:
    """Give the values of the path; `NotFound` where one names nothing that could be."""
    for name, value in values.items():
        for _ in wrong(value, PATH_SCHEMAS[name], {}):
            raise NotFound("api.no_such", what=name)
    if "day" in values and date.fromisoformat(values["day"]).year not in YEARS:
        raise NotFound("api.no_such", what="day")
    return values


def read_query(operation: Operation) -> Mapping[str, Any]:
    """Give the values of the query by name, with defaults; whatever the operation does not know is refused."""
    known = {param.name: param for param in operation.query}
    found: dict[str, Any] = {}
    for name, values in request.args.lists():
        if name not in known:
            raise Malformed("api.unknown", field=name[:60])
        if len(values) != 1:
            raise Malformed("api.given_twice", field=name)
        found[name] = _value(known[name], values[0])
    for param in operation.query:
        if param.name not in found:
            if param.required:
                raise Malformed("api.missing", field=param.name)
            found[param.name] = param.schema.get("default")
    return found


def _value(param: Param, text: str) -> Any:
    value: Any = text
    if param.schema["type"] == "integer":
        if not _INTEGER.fullmatch(text):
            raise Malformed("api.wrong_type", field=param.name, expected="integer", found="string")
        value = int(text)
    for error in wrong(value, param.schema, {}, param.name):
        raise error
    return value


def read_body(operation: Operation, schemas: Schemas) -> Any:
    """Give the body as its shape; `NotJson` for another kind, `Several` with every error of it."""
    if operation.body is None:
        return None
    if request.mimetype != "application/json":
        raise NotJson("api.not_json")
    if (request.content_length or 0) > LARGEST or len(data := request.get_data(cache=True)) > LARGEST:
        raise RequestEntityTooLarge
    try:
        value = json.loads(data, parse_constant=_no_number)
    except (ValueError, RecursionError):
        raise Malformed("api.no_json") from None
    return read(operation.body, value, schemas)


def _no_number(text: str) -> float:
    """Refuse what Python writes for numbers without bounds; JSON has none."""
    raise ValueError(text)


def read_key(operation: Operation) -> str:
    """Give the idempotency key, or nothing where none was sent or the operation takes none."""
    key = request.headers.get("Idempotency-Key", "") if operation.keyed else ""
    if "Idempotency-Key" in request.headers and operation.keyed:
        for error in wrong(key, KEY_SCHEMA, {}, "Idempotency-Key"):
            raise Several((error,))
    return key


def read_if_match(operation: Operation) -> tuple[str, ...]:
    """Give the tags of If-Match without their quotes; `VersionNeeded` where a change does not name one."""
    if not operation.fenced:
        return ()
    text = request.headers.get("If-Match")
    if text is None:
        raise VersionNeeded("api.version_needed")
    for error in wrong(text, TAG_SCHEMA, {}, "If-Match"):
        raise error
    return ("*",) if text == "*" else tuple(_TAG.findall(text))


def same_as_known(tag: str) -> bool:
    """Tell whether the asker names the tag in If-None-Match, and so has this state already."""
    text = request.headers.get("If-None-Match", "")
    return text.strip() == "*" or tag in _TAG.findall(text)
