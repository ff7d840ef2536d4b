"""The OpenAPI 3.1 document, written from the description that serves the API."""

from collections.abc import Iterable
from http import HTTPStatus
from typing import Any

from dispatch import __version__
from web.api.v1.describe import KEY_SCHEMA, PATH_SCHEMAS, TAG_SCHEMA, Operation, Param
from web.api.v1.schema import reference, schemas_of
from web.api.v1.shapes import Problem
from web.problems import MEDIA_TYPE

ABOUT = """Bookings, slots, plans and events for other programs, by the same rules and permissions as the pages.

A **service day** runs from 06:00 of its date to 06:00 of the next, local time: 01:30 in the night belongs to the day before.
Moments are written after RFC 3339 with their offset; `day` names a service day by its date. Money is in sen, lengths of time
in seconds where the name ends in `_s`.

A token stands in `Authorization: Bearer …`; owners make and revoke tokens. Cookies open nothing here, and there is no CORS.
"""
_HEADERS = {
    "ETag": "The state this is of; a change names it in If-Match.",
    "Location": "Where what was made is read.",
    "Idempotent-Replayed": "`true` where this is the answer kept for the key.",
    "Retry-After": "Seconds to wait before asking again.",
    "WWW-Authenticate": "What the token lacks.",
}
_WHEN = {
    HTTPStatus.NOT_MODIFIED: "The asker has this state already (If-None-Match).",
    HTTPStatus.BAD_REQUEST: "The request is not as this document says.",
    HTTPStatus.UNAUTHORIZED: "There is no token, or it opens nothing.",
    HTTPStatus.FORBIDDEN: "The token lacks the scope.",
    HTTPStatus.NOT_FOUND: "There is no such thing.",
    HTTPStatus.CONFLICT: "The state things are in forbids it, or the same request is being answered.",
    HTTPStatus.PRECONDITION_FAILED: "Somebody else changed it first: read it again.",
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: "The body is larger than 64 KiB.",
    HTTPStatus.UNSUPPORTED_MEDIA_TYPE: "The body is no application/json.",
    HTTPStatus.UNPROCESSABLE_ENTITY: "A rule of the company refuses it, or the key came with another request.",
    HTTPStatus.PRECONDITION_REQUIRED: "If-Match is missing.",
    HTTPStatus.TOO_MANY_REQUESTS: "The token asks too fast.",
    HTTPStatus.INTERNAL_SERVER_ERROR: "A fault of ours.",
    HTTPStatus.SERVICE_UNAVAILABLE: "The database does not answer; try again.",
}


def document(operations: Iterable[Operation], *, url: str) -> dict[str, Any]:
    """Give the document of the operations, served at a public address."""
    operations = tuple(operations)
    paths: dict[str, Any] = {}
    for operation in operations:
        paths.setdefault(operation.path, {})[operation.method.lower()] = _operation(operation)
    return {
        "openapi": "3.1.0",
        "info": {"title": "Laluan", "version": __version__, "description": ABOUT, "license": {"name": "Apache-2.0"}},
        "servers": [{"url": f"{url}/api/v1"}],
        "security": [{"token": []}],
        "tags": [{"name": name} for name in dict.fromkeys(operation.group for operation in operations)],
        "paths": paths,
        "components": {
            "securitySchemes": {
                "token": {"type": "http", "scheme": "bearer", "description": "A token made by an owner."}
            },
            "schemas": shapes(operations),
        },
    }


def shapes(operations: Iterable[Operation]) -> dict[str, Any]:
    """Give the schemas of everything the operations take and give, and of problems."""
    taken = [one.body for one in operations if one.body is not None]
    return schemas_of(*taken, *(one.gives for one in operations), Problem)


def _operation(operation: Operation) -> dict[str, Any]:
    described: dict[str, Any] = {
        "operationId": operation.name,
        "tags": [operation.group],
        "summary": operation.summary,
        "description": f"{operation.about}\n\nNeeds the scope `{operation.scope.value}`." if operation.scope else "",
        "parameters": [*_path(operation), *(_param(one, "query") for one in operation.query), *_headers(operation)],
        "responses": {
            str(int(operation.status)): _good(operation),
            **{str(int(status)): _bad(status) for status in operation.may_answer()},
        },
    }
    if operation.body is not None:
        content = {"application/json": {"schema": reference(operation.body)}}
        described["requestBody"] = {"required": True, "content": content}
    return described


def _path(operation: Operation) -> list[dict[str, Any]]:
    return [
        {"name": name, "in": "path", "required": True, "schema": dict(PATH_SCHEMAS[name])}
        for name in operation.path_names
    ]


def _param(param: Param, where: str) -> dict[str, Any]:
    return {
        "name": param.name,
        "in": where,
        "required": param.required,
        "description": param.about,
        "schema": dict(param.schema),
    }


def _headers(operation: Operation) -> list[dict[str, Any]]:
    found = []
    if operation.fenced:
        about = "The ETag that was read, or `*` for whatever state it is in. Without it the answer is 428."
        found.append(_param(Param(name="If-Match", schema=TAG_SCHEMA, about=about), "header"))
    if operation.keyed:
        about = "Made by the asker, new for each new request: sent again, the same request gets the same answer."
        found.append(_param(Param(name="Idempotency-Key", schema=KEY_SCHEMA, about=about), "header"))
    return found


def _good(operation: Operation) -> dict[str, Any]:
    names = [name for name, has in (("ETag", operation.tagged), ("Location", operation.located)) if has]
    if operation.keyed:
        names.append("Idempotent-Replayed")
    good: dict[str, Any] = {
        "description": operation.gives.__doc__ or "",
        "content": {"application/json": {"schema": reference(operation.gives)}},
    }
    if names:
        good["headers"] = _described(names)
    return good


def _bad(status: HTTPStatus) -> dict[str, Any]:
    if status is HTTPStatus.NOT_MODIFIED:
        return {"description": _WHEN[status]}
    bad: dict[str, Any] = {"description": _WHEN[status], "content": {MEDIA_TYPE: {"schema": reference(Problem)}}}
    if status is HTTPStatus.UNAUTHORIZED:
        bad["headers"] = _described(["WWW-Authenticate"])
    if status in {HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE}:
        bad["headers"] = _described(["Retry-After"])
    return bad


def _described(names: Iterable[str]) -> dict[str, Any]:
    return {name: {"description": _HEADERS[name], "schema": {"type": "string"}} for name in names}
