"""Who may do what: denied unless the role's row says otherwise."""

from enum import StrEnum

from dispatch.errors import Forbidden
from dispatch.model.account import Actor
from dispatch.model.kinds import Role


class Permission(StrEnum):
    """A thing somebody may or may not do."""

    READ_DAY = "read_day"
    PLANNING = "planning"
    PUBLISHING = "publishing"
    BOOKINGS = "bookings"
    CLIENTS = "clients"
    HEALTH = "health"
    PRIVACY = "privacy"
    TEAM = "team"
    CATALOGUE = "catalogue"
    PHONE_LINKS = "phone_links"
    REPORTS = "reports"
    BRANCH = "branch"
    ACCOUNTS = "accounts"
    OWN_DAY = "own_day"


_BOOKING_TAKER = frozenset({Permission.READ_DAY, Permission.BOOKINGS, Permission.CLIENTS, Permission.HEALTH})
_DISPATCHER = _BOOKING_TAKER | {
    Permission.PLANNING,
    Permission.PUBLISHING,
    Permission.TEAM,
    Permission.CATALOGUE,
    Permission.PHONE_LINKS,
    Permission.PRIVACY,
    Permission.REPORTS,
}
PERMISSIONS: dict[Role, frozenset[Permission]] = {
    Role.OWNER: _DISPATCHER | {Permission.BRANCH, Permission.ACCOUNTS},
    Role.DISPATCHER: _DISPATCHER,
    Role.BOOKING_TAKER: _BOOKING_TAKER,
    Role.THERAPIST: frozenset({Permission.OWN_DAY}),
}


def may(actor: Actor, permission: Permission) -> bool:
    """Tell whether the actor's role holds the permission, and nothing narrows it; what is not listed is denied."""
    return permission in PERMISSIONS.get(actor.role, frozenset()) and (actor.only is None or permission in actor.only)


def allow(actor: Actor, permission: Permission) -> None:
    """Let the actor pass, or raise `Forbidden` with a sentence that says who may."""
    if not may(actor, permission):
        raise Forbidden(f"forbidden.{permission}", role=actor.role.value)
