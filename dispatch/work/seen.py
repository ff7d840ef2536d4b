"""A service day as whoever decides on it sees it: the day, the plan worked on, the hour, and what everything is called."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING

from dispatch.model.account import Actor
from dispatch.model.booking import Booking
from dispatch.model.branch import Branch
from dispatch.model.day import seconds_of
from dispatch.model.people import Client
from dispatch.model.plan import Plan
from dispatch.model.problem import DayProblem
from dispatch.model.therapist import Therapist
from dispatch.work.doing import branch_of, by_id, today
from dispatch.work.history import visits_of
from dispatch.work.problem import build_problem
from dispatch.work.reconcile import reconcile
from dispatch.work.services import Services

if TYPE_CHECKING:
    from dispatch.store import Reading


@dataclass(frozen=True, slots=True, kw_only=True)
class SeenDay:
    """The day as it is now and the head's plan fitted to it.

    `now_s` is None on any other day than today. `names` are what sentences call therapists, bookings and visits.
    """

    day: date
    branch: Branch
    problem: DayProblem
    plan: Plan
    head_id: str | None
    now_s: int | None
    bookings: Mapping[str, Booking] = field(default_factory=dict)
    names: Mapping[str, str] = field(default_factory=dict)


def see_day(tx: "Reading", services: Services, actor: Actor, day: date) -> SeenDay:
    """Give the day with its plan; bookings and their visits go by their clients' names."""
    branch = branch_of(tx, actor)
    problem = build_problem(tx, services, branch, day)
    head_id = tx.pointers(branch.id, day).head_id
    bookings = by_id(tx.list(Booking, branch.id, day=day))
    clients = by_id(tx.list(Client, branch.id, id=[one.client_id for one in bookings.values()]))
    names = {one.id: one.name for one in tx.list(Therapist, branch.id)}
    for one in bookings.values():
        names |= dict.fromkeys((one.id, *visits_of(one)), clients[one.client_id].name)
    return SeenDay(
        day=day,
        branch=branch,
        problem=problem,
        plan=reconcile(problem, tx.revision(head_id).plan if head_id else Plan()),
        head_id=head_id,
        now_s=seconds_of(services.now(), day, branch.time_zone) if day == today(services, branch) else None,
        bookings=bookings,
        names=names,
    )
