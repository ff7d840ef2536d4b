"""Serves the operations: the token, its scope and its pace first, then the request as described, then one use case."""

import hashlib
import json
from dataclasses import fields, is_dataclass
from datetime import datetime
from enum import Enum
from http import HTTPStatus
from typing import Any, cast
from zoneinfo import ZoneInfo

from flask import Blueprint, Response, current_app, request

from dispatch.errors import LaluanError
from dispatch.model.account import Actor
from dispatch.model.api import KeptAnswer, Scope
from dispatch.work.sent_twice import begin, forget, keep
from dispatch.work.services import Services
from dispatch.work.tokens import BadToken, token_of
from web.access import Door, needs
from web.api.v1.describe import Call, Operation, Reply
from web.api.v1.read import read_body, read_if_match, read_key, read_path, read_query, same_as_known
from web.api.v1.validate import Schemas
from web.current import current_services
from web.phone.pace import Pace
from web.problems import ScopeMissing, TooFast, problem_of

REPLAYED = "Idempotent-Replayed"


def bearer() -> str:
    """Give the token a request came with; `BadToken` where it came with none."""
    scheme, _, text = request.headers.get("Authorization", "").partition(" ")
    if scheme.casefold() != "bearer" or not text.strip():
        raise BadToken("api.no_token")
    return text.strip()


def actor_for(services: Services, scope: Scope | None) -> Actor:
    """Give whom the request's token acts as; refused where the token lacks the scope, or asks too fast."""
    token, actor = token_of(services, bearer())
    pace = cast("Pace", current_app.extensions["laluan_api_pace"])
    now = services.now()
    if pace.too_fast(token.id, now):
        raise TooFast("api.too_fast", wait_s=max(1, pace.wait_s(token.id, now)))
    if scope is not None and scope not in token.scopes:
        raise ScopeMissing("api.scope_missing", scope=scope.value, name=token.name)
    return actor


def add_operation(bp: Blueprint, operation: Operation, schemas: Schemas) -> None:
    """Serve an operation at its address; nothing else decides what it takes."""

    @needs(Door.BY_TOKEN)
    def view(**path: str) -> Response:
        services = current_services()
        actor = actor_for(services, operation.scope)
        try:
            call = Call(
                services=services,
                actor=actor,
                path=read_path(path),
                query=read_query(operation),
                if_match=read_if_match(operation),
                body=read_body(operation, schemas),
            )
            key = read_key(operation)
        except LaluanError as error:
            return problem_of(error, reading=True)
        return _answered_once(operation, call, key) if key else _answered(operation, call)

    rule = operation.path.replace("{", "<").replace("}", ">")
    bp.add_url_rule(rule, operation.name, view, methods=[operation.method], provide_automatic_options=False)


def _answered(operation: Operation, call: Call) -> Response:
    """Answer a request, an error of the core as a problem."""
    try:
        return _response(operation, operation.view(call))
    except LaluanError as error:
        return problem_of(error)


def _answered_once(operation: Operation, call: Call, key: str) -> Response:
    """Answer a request that may have been answered before: then with the same answer, and nothing is done."""
    whole = b"\0".join((request.method.encode(), request.full_path.encode(), request.get_data()))
    try:
        asked = begin(call.services, call.actor, key, whole)
    except LaluanError as error:
        return problem_of(error)
    if asked.status:
        return _again(asked)
    try:
        response = _answered(operation, _with(call, asked))
    except BaseException:
        forget(call.services, asked)
        raise
    if response.status_code >= HTTPStatus.INTERNAL_SERVER_ERROR:
        forget(call.services, asked)
    else:
        kept = tuple((name, value) for name, value in response.headers if name in {"Content-Type", "ETag", "Location"})
        keep(call.services, asked, status=response.status_code, headers=kept, body=response.get_data(as_text=True))
    return response


def _with(call: Call, asked: KeptAnswer) -> Call:
    return Call(**{field.name: getattr(call, field.name) for field in fields(call)} | {"asked": asked})


def _again(kept: KeptAnswer) -> Response:
    response = Response(kept.body, status=kept.status)
    response.headers.clear()
    response.headers.extend(kept.headers)
    response.headers[REPLAYED] = "true"
    return response


def _response(operation: Operation, reply: Reply) -> Response:
    body = json.dumps(written(reply.value, ZoneInfo(reply.zone)), ensure_ascii=False, separators=(",", ":"))
    tag = reply.tag if operation.tagged else ""
    if tag and operation.method == "GET" and same_as_known(tag):
        response = Response(status=int(HTTPStatus.NOT_MODIFIED))
    else:
        response = Response(body, status=int(reply.status), content_type="application/json")
    if tag:
        response.headers["ETag"] = f'"{tag}"'
    if reply.location:
        response.headers["Location"] = reply.location
    return response


def written(value: Any, zone: ZoneInfo) -> Any:
    """Write a shape as JSON values, its moments as the zone's clock shows them, with their offset."""
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, datetime):
        return value.astimezone(zone).isoformat(timespec="seconds")
    if is_dataclass(value):
        return {field.name: written(getattr(value, field.name), zone) for field in fields(value)}
    if isinstance(value, tuple):
        return [written(one, zone) for one in value]
    return value if value is None or isinstance(value, bool | int | float | str) else value.isoformat()


def content_tag(value: Any) -> str:
    """Give a tag for something that has no version of its own: the same for the same content."""
    text = json.dumps(written(value, ZoneInfo("UTC")), sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:32]
