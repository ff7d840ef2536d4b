"""The desk: the forms of the dispatcher and the booking taker."""

from flask import Blueprint

bp = Blueprint("desk", __name__)

from web.desk import (  # noqa: E402  # the views register themselves on the blueprint
    addresses,
    alarm_link,
    alarms,
    bookings,
    buildings,
    care,
    catalogue,
    chat,
    clients,
    duplicates,
    exports,
    health,
    imports,
    learned,
    messages,
    pins,
    requests,
    returns,
    rosters,
    steps,
    team,
)

__all__ = [
    "addresses",
    "alarm_link",
    "alarms",
    "bookings",
    "bp",
    "buildings",
    "care",
    "catalogue",
    "chat",
    "clients",
    "duplicates",
    "exports",
    "health",
    "imports",
    "learned",
    "messages",
    "pins",
    "requests",
    "returns",
    "rosters",
    "steps",
    "team",
]
