"""Who may open which door: every endpoint declares it, and what declares nothing stays shut.

A view is marked with `@needs(...)`: a `Permission` of `dispatch.work.permissions`, or one of the doors below. The guard
runs before every request; `dispatch.work` checks the same permission again, so that no page is the only lock.
"""

from collections.abc import Callable
from enum import StrEnum
from typing import Any, TypeVar

from flask import Flask, current_app, redirect, request, url_for
from werkzeug.wrappers import Response

from dispatch.errors import Forbidden
from dispatch.model.account import Actor
from dispatch.work.permissions import Permission, may
from web.current import signed_in_actor

V = TypeVar("V", bound=Callable[..., Any])


class Door(StrEnum):
    """A door that is not a permission of a role."""

    PUBLIC = "public"
    """Anybody: the sign-in page, static files."""
    SIGNED_IN = "signed_in"
    """Anybody with an account, whatever the role."""
    BY_LINK = "by_link"
    """Whoever holds a therapist's link; the view itself asks `dispatch.work.phones`."""
    BY_TOKEN = "by_token"  # noqa: S105 - a door, and no secret
    """Programs with a token; `web.api.v1.serve` asks `dispatch.work.tokens` before the view. Cookies open nothing there."""


UNGUARDED = frozenset({Door.PUBLIC, Door.BY_LINK, Door.BY_TOKEN})
"""Doors that nobody's session opens or shuts."""


class SignInNeeded(Forbidden):
    """Nobody is signed in, and the page is not open to strangers."""


def needs(door: Door | Permission, *, or_token: bool = False) -> Callable[[V], V]:
    """Declare who may call a view; the guard reads it before every request.

    With `or_token` a program's request, one with an Authorization header, passes too, and the view asks for its token.
    """

    def mark(view: V) -> V:
        view.__dict__["door"] = door
        view.__dict__["or_token"] = or_token
        return view

    return mark


def door_of(app: Flask, endpoint: str) -> Door | Permission | None:
    """Give what an endpoint declares; None where it declares nothing and so stays shut."""
    door = getattr(app.view_functions[endpoint], "door", None)
    return door if isinstance(door, Door | Permission) else None


def opens(door: Door | Permission | None, actor: Actor | None) -> bool:
    """Tell whether a door opens for somebody; a door that is not declared opens for nobody."""
    if door is None:
        return False
    if isinstance(door, Permission):
        return actor is not None and may(actor, door)
    return door in UNGUARDED or actor is not None


def guard() -> Response | None:
    """Let the request pass, send a stranger to the sign-in page, or refuse with a sentence."""
    if request.endpoint is None:
        return None
    door = door_of(current_app, request.endpoint)
    if door is None:
        raise Forbidden("web.shut")
    if door in UNGUARDED:
        return None
    if "Authorization" in request.headers and getattr(current_app.view_functions[request.endpoint], "or_token", False):
        return None
    actor = signed_in_actor()
    if opens(door, actor):
        return None
    if actor is not None:
        raise Forbidden(f"forbidden.{door.value}", role=actor.role.value)
    if request.method != "GET" or request.headers.get("HX-Request") or request.path.startswith("/api/"):
        raise SignInNeeded("web.sign_in_needed")
    return redirect(url_for("account.sign_in", next=request.full_path.rstrip("?")))


def install(app: Flask) -> None:
    """Put the guard before every request of the app."""
    app.view_functions["static"].__dict__["door"] = Door.PUBLIC
    app.before_request(guard)
