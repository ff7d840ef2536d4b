"""A service day as whoever decides on it sees it: the day, the plan worked on, the hour, and what everything is called."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING

from dispatch.model.account import Actor
from dispatch.model.booking import Booking
from dispatch.model.day import seconds_of
from dispatch.model.people import Client
from dispatch.model.therapist import Therapist
from dispatch.work.doing import by_id, today
from dispatch.work.fitted import FittedDay, fit_day
from dispatch.work.history import visits_of
from dispatch.work.services import Services

if TYPE_CHECKING:
    from dispatch.store import Reading


@dataclass(frozen=True, slots=True, kw_only=True)
class SeenDay(FittedDay):
    """The day with the plan worked on, the hour, and what everything is called.

    `now_s` is None on any other day than today. `names` are what sentences call therapists, bookings and visits.
    """

    now_s: int | None
    bookings: Mapping[str, Booking] = field(default_factory=dict)
    names: Mapping[str, str] = field(default_factory=dict)


def see_day(tx: "Reading", services: Services, actor: Actor, day: date) -> SeenDay:
    """Give the day with its plan; bookings and their visits go by their clients' names."""
    fitted = fit_day(tx, services, actor, day)
    branch = fitted.branch
    bookings = by_id(tx.list(Booking, branch.id, day=day))
    clients = by_id(tx.list(Client, branch.id, id=[one.client_id for one in bookings.values()]))
    names = {one.id: one.name for one in tx.list(Therapist, branch.id)}
    for one in bookings.values():
        names |= dict.fromkeys((one.id, *visits_of(one)), clients[one.client_id].name)
    return SeenDay(
        day=day,
        branch=branch,
        problem=fitted.problem,
        plan=fitted.plan,
        head_id=fitted.head_id,
        now_s=seconds_of(services.now(), day, branch.time_zone) if day == today(services, branch) else None,
        bookings=bookings,
        names=names,
    )
