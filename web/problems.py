"""Problems after RFC 9457: how the API says what went wrong, whoever found it."""

import json
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from flask import Response, request

from dispatch.errors import BadInput, Conflict, Forbidden, LaluanError, NotFound, Several, Unavailable
from dispatch.work.tokens import BadToken
from web.field_labels import field_label
from web.translate import sentence

API = "/api/v1/"
PHONES = "/api/v1/phone/"
"""The phones' own door, whose page reads errors in a form of its own."""

MEDIA_TYPE = "application/problem+json"


class ScopeMissing(Forbidden):
    """The token is good, and not for this."""


class Malformed(BadInput):
    """The request cannot be read: 400, where what can be read and is refused by a rule is 422."""


class NotJson(BadInput):
    """The body comes as something else than JSON."""


class VersionNeeded(BadInput):
    """A change came without saying which state it was made for."""


class Stale(Conflict):
    """The thing is not in the state any more that the change was made for."""


class TooFast(Unavailable):
    """The token has sent too many requests; `wait_s` says how long to wait."""


_STATUS: tuple[tuple[type[LaluanError], HTTPStatus], ...] = (
    (BadToken, HTTPStatus.UNAUTHORIZED),
    (Forbidden, HTTPStatus.FORBIDDEN),
    (NotFound, HTTPStatus.NOT_FOUND),
    (Stale, HTTPStatus.PRECONDITION_FAILED),
    (Conflict, HTTPStatus.CONFLICT),
    (TooFast, HTTPStatus.TOO_MANY_REQUESTS),
    (Unavailable, HTTPStatus.SERVICE_UNAVAILABLE),
    (NotJson, HTTPStatus.UNSUPPORTED_MEDIA_TYPE),
    (VersionNeeded, HTTPStatus.PRECONDITION_REQUIRED),
    (Malformed, HTTPStatus.BAD_REQUEST),
)


def wants_problems() -> bool:
    """Tell whether this request's errors are told as problems."""
    return request.path.startswith(API) and not request.path.startswith(PHONES)


def problem_of(error: LaluanError, *, reading: bool = False) -> Response:
    """Answer an error; `reading` says that it was found while the request was being read."""
    found = error.errors if isinstance(error, Several) else (error,)
    status = _status_of(found[0], reading=reading)
    parts = [_part(one, names={}) for one in found]
    response = problem(
        status, found[0].code, " ".join(part["detail"] for part in parts), parts if _tells(parts) else []
    )
    if status is HTTPStatus.UNAUTHORIZED:
        given = ', error="invalid_token"' if request.headers.get("Authorization") else ""
        response.headers["WWW-Authenticate"] = f'Bearer realm="laluan"{given}'
    if isinstance(error, ScopeMissing):
        scope = error.values["scope"]
        response.headers["WWW-Authenticate"] = f'Bearer realm="laluan", error="insufficient_scope", scope="{scope}"'
    if isinstance(error, TooFast):
        response.headers["Retry-After"] = str(error.values["wait_s"])
    if isinstance(error, Unavailable) and not isinstance(error, TooFast):
        response.headers["Retry-After"] = "5"
    return response


def problem(status: HTTPStatus, code: str, detail: str, parts: list[dict[str, Any]]) -> Response:
    """Answer with a problem."""
    body: dict[str, Any] = {
        "type": f"/api/v1/docs#{code}",
        "title": status.phrase,
        "status": int(status),
        "detail": detail,
        "code": code,
        "errors": parts,
    }
    return Response(json.dumps(body, ensure_ascii=False), status=int(status), content_type=MEDIA_TYPE)


def _status_of(error: LaluanError, *, reading: bool) -> HTTPStatus:
    for kind, status in _STATUS:
        if isinstance(error, kind):
            return status
    return HTTPStatus.BAD_REQUEST if reading else HTTPStatus.UNPROCESSABLE_ENTITY


def _part(error: LaluanError, names: Mapping[str, str]) -> dict[str, Any]:
    """Say one thing that is wrong, with the pointer to it where it is about a field."""
    field = error.values.get("field")
    named = str(field or "")
    pointer = None if field is None else named if named.startswith("/") or not named else f"/{named.replace('.', '/')}"
    words = {named: named if named.startswith("/") else field_label(named), **names}
    return {"code": error.code, "detail": sentence(error.code, error.values, names=words), "pointer": pointer}


def _tells(parts: list[dict[str, Any]]) -> bool:
    """Tell whether the parts say more than the problem itself."""
    return len(parts) > 1 or parts[0]["pointer"] is not None
