"""What a request knows: the services, who acts, and the service day of this moment."""

from datetime import date, datetime
from typing import cast
from zoneinfo import ZoneInfo

from flask import current_app, g
from flask_login import current_user

from dispatch.model.account import Account, Actor
from dispatch.model.branch import Branch
from dispatch.model.day import service_day_of
from dispatch.work.accounts import actor_of
from dispatch.work.branches import get_branch
from dispatch.work.services import Services


class NobodySignedIn(RuntimeError):
    """A view asked who acts although its door opens for strangers: a mistake in the view, not of the asker."""


def current_services() -> Services:
    """Give the services the app was made with."""
    return cast(Services, current_app.extensions["laluan"])


def signed_in_account() -> Account | None:
    """Give the account that is signed in, or None."""
    return cast(Account, current_user.account) if current_user.is_authenticated else None


def signed_in_actor() -> Actor | None:
    """Give who is signed in, or None."""
    account = signed_in_account()
    return actor_of(account) if account else None


def current_actor() -> Actor:
    """Give who acts in this request; only views whose door asks for an account may call it."""
    actor = signed_in_actor()
    if actor is None:
        raise NobodySignedIn("Mark the view with a permission, or with Door.SIGNED_IN.")
    return actor


def current_branch() -> Branch:
    """Give the branch of who acts, read once a request."""
    if "branch" not in g:
        g.branch = get_branch(current_services(), current_actor())
    return cast(Branch, g.branch)


def today() -> date:
    """Give the branch's service day of this moment."""
    return service_day_of(current_services().now(), current_branch().time_zone)


def local_date(at: datetime) -> date:
    """Give the date of a moment by the calendar of the branch."""
    return at.astimezone(ZoneInfo(current_branch().time_zone)).date()


def local_time(at: datetime) -> str:
    """Write a moment as the wall clock of the branch shows it."""
    return at.astimezone(ZoneInfo(current_branch().time_zone)).strftime("%H:%M")
