"""The one description of the API: each operation says what it takes and answers, and is served and documented by it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from http import HTTPStatus
from typing import Any, TypeVar

from dispatch.model.account import Actor
from dispatch.model.api import KeptAnswer, Scope
from dispatch.work.services import Services
from web.api.v1.shapes import ID


@dataclass(frozen=True, slots=True, kw_only=True)
class Param:
    """A value in the query, or in a header; `schema` is what it must be (a string, or an integer)."""

    name: str
    schema: Mapping[str, Any]
    about: str
    required: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One request, read and checked: who asks, and with what; `if_match` are the tags that were named."""

    services: Services
    actor: Actor
    path: Mapping[str, str] = field(default_factory=dict)
    query: Mapping[str, Any] = field(default_factory=dict)
    body: Any = None
    if_match: tuple[str, ...] = ()
    asked: KeptAnswer | None = None

    def day(self) -> date:
        """Give the service day of the path."""
        return date.fromisoformat(self.path["day"])


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """What is answered: a shape, with the time zone its moments are written in, and headers that belong to it."""

    value: Any
    zone: str
    status: HTTPStatus = HTTPStatus.OK
    tag: str = ""
    location: str = ""


View = Callable[[Call], Reply]
V = TypeVar("V", bound=View)


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation:
    """One operation of the API.

    `keyed` takes an idempotency key, `fenced` needs If-Match, `tagged` answers with an ETag, `refusable` may be refused by
    the company's rules (422) or by the state things are in (409). `gives` is the shape of a good answer.
    """

    name: str
    method: str
    path: str
    scope: Scope | None
    group: str
    summary: str
    about: str
    gives: type
    view: View
    status: HTTPStatus = HTTPStatus.OK
    query: tuple[Param, ...] = ()
    body: type | None = None
    keyed: bool = False
    fenced: bool = False
    tagged: bool = False
    refusable: bool = False
    located: bool = False

    @property
    def path_names(self) -> tuple[str, ...]:
        """Give the names in the path, in order."""
        return tuple(part[1:-1] for part in self.path.split("/") if part.startswith("{"))

    def may_answer(self) -> tuple[HTTPStatus, ...]:
        """Give every status besides the good one that the operation may answer with."""
        found = {HTTPStatus.BAD_REQUEST, HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN, HTTPStatus.TOO_MANY_REQUESTS}
        found |= {HTTPStatus.INTERNAL_SERVER_ERROR, HTTPStatus.SERVICE_UNAVAILABLE}
        if self.path_names:
            found.add(HTTPStatus.NOT_FOUND)
        if self.body is not None:
            found |= {HTTPStatus.REQUEST_ENTITY_TOO_LARGE, HTTPStatus.UNSUPPORTED_MEDIA_TYPE}
        if self.refusable:
            found |= {HTTPStatus.CONFLICT, HTTPStatus.UNPROCESSABLE_ENTITY}
        if self.keyed:
            found |= {HTTPStatus.CONFLICT, HTTPStatus.UNPROCESSABLE_ENTITY}
        if self.fenced:
            found |= {HTTPStatus.PRECONDITION_FAILED, HTTPStatus.PRECONDITION_REQUIRED, HTTPStatus.CONFLICT}
        if self.tagged and self.method == "GET":
            found.add(HTTPStatus.NOT_MODIFIED)
        return tuple(sorted(found))


PATH_SCHEMAS: Mapping[str, Mapping[str, Any]] = {
    "booking_id": {"type": "string", "pattern": ID},
    "job_id": {"type": "string", "pattern": ID},
    "day": {"type": "string", "format": "date"},
}
"""What stands in a path, by its name."""

LIMIT = Param(
    name="limit",
    schema={"type": "integer", "minimum": 1, "maximum": 200, "default": 50},
    about="The most items of a page.",
)
CURSOR = Param(
    name="cursor",
    schema={"type": "string", "maxLength": 200},
    about="Where to go on: the `next` of the page before. Cursors are opaque, and end with no time.",
)
KEY_SCHEMA = {"type": "string", "pattern": "^[A-Za-z0-9._:-]{1,128}$"}
TAG_SCHEMA = {"type": "string", "pattern": r'^(\*|"[A-Za-z0-9._:-]{1,128}"(, ?"[A-Za-z0-9._:-]{1,128}")*)$'}
