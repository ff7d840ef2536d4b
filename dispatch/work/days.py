"""The board of a service day: the day as it is now, the plan worked on, and everything shown beside it."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import TYPE_CHECKING

from dispatch.model.account import Actor
from dispatch.model.booking import PLANNED_STATUSES, Booking
from dispatch.model.branch import Branch
from dispatch.model.catalogue import Technique, Treatment
from dispatch.model.chance import VisitChance
from dispatch.model.job import Job
from dispatch.model.people import Client
from dispatch.model.places import Address, Building
from dispatch.model.plan import LeftOut, Plan, Revision, booking_of
from dispatch.model.problem import DayProblem
from dispatch.model.therapist import Therapist
from dispatch.model.timetable import Cost, Timetable, Violation
from dispatch.work.doing import branch_of, by_id, today
from dispatch.work.history import visits_of
from dispatch.work.permissions import Permission, allow
from dispatch.work.problem import build_problem
from dispatch.work.reconcile import reconcile
from dispatch.work.services import Services
from dispatch.work.undoing import redoable, undoable

if TYPE_CHECKING:
    from dispatch.explain.conflicts import DayConflict
    from dispatch.explain.figures import Compared, Figures
    from dispatch.store import Reading


@dataclass(frozen=True, slots=True, kw_only=True)
class DayBoard:
    """A service day as the board shows it.

    `problem` is the day as it is now and `plan` the head's plan fitted to it: visits of cancelled bookings and absent
    therapists are dropped, new bookings are left out. `names` gives display names for the ids sentences hold
    (therapists, bookings and their visits, clients, treatments, techniques, breaks). `stale` says that the day changed since the
    head was planned; `over` are the bookings that are done or cancelled. `buildings` is by building id, `chances` (how sure
    the times are) by visit id, `job` the newest planner run of the day. `undo` and `redo` are the actor's steps that would be
    taken back, or made again, next; `change_number` is how many changes the branch had seen when this was read, `told` the bookings whose client and therapist know of their visit. `compared`
    are the figures beside those of the published plan, fitted to the day as it is now; `conflicts` is what is wrong,
    `told` the bookings whose client and therapist know of their visit.
    """

    day: date
    today: date
    branch: Branch
    problem: DayProblem
    plan: Plan
    timetable: Timetable
    chances: Mapping[str, VisitChance]
    cost: Cost
    violations: tuple[Violation, ...]
    figures: "Figures"
    compared: "tuple[Compared, ...]"
    conflicts: "tuple[DayConflict, ...]"
    left_out: tuple[LeftOut, ...]
    head: Revision | None
    published: Revision | None
    proposal: Revision | None
    job: Job | None
    therapists: dict[str, Therapist] = field(default_factory=dict)
    bookings: dict[str, Booking] = field(default_factory=dict)
    clients: dict[str, Client] = field(default_factory=dict)
    addresses: dict[str, Address] = field(default_factory=dict)
    buildings: dict[str, Building] = field(default_factory=dict)
    treatments: dict[str, Treatment] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)
    over: frozenset[str] = frozenset()
    stale: bool = False
    undo: Revision | None = None
    redo: Revision | None = None
    change_number: int = 0
    told: frozenset[str] = frozenset()

    def building_of(self, booking_id: str) -> Building:
        """Give the building a booking's treatment is at; `KeyError` where the day has no such booking."""
        return self.buildings[self.addresses[self.bookings[booking_id].address_id].building_id]


def today_of(services: Services, actor: Actor) -> date:
    """Give the service day of this moment at the actor's branch."""
    with services.store.reading() as tx:
        return today(services, branch_of(tx, actor))


def day_board(services: Services, actor: Actor, day: date) -> DayBoard:
    """Give everything the board of a service day shows; a day without any plan has every booking left out."""
    allow(actor, Permission.READ_DAY)
    from dispatch.explain.figures import compared
    from dispatch.explain.restricted import told_bookings
    from dispatch.work.remembered import judged, same_problem

    with services.store.reading() as tx:
        branch = branch_of(tx, actor)
        problem = same_problem(build_problem(tx, services, branch, day))
        pointers = tx.pointers(branch.id, day)
        head = _revision(tx, pointers.head_id)
        published = head if pointers.published_id == pointers.head_id else _revision(tx, pointers.published_id)
        proposal = _revision(tx, pointers.proposal_id)
        planned = tx.problem(head.problem_hash) if head else problem
        undo, redo = undoable(tx, actor, pointers), redoable(tx, actor, pointers)
        job = tx.running_job(branch.id, day) or tx.last_job(branch.id, day)
        bookings = tx.list(Booking, branch.id, day=day)
        addresses = tx.list(Address, branch.id, id=[booking.address_id for booking in bookings])
        buildings = tx.list(Building, branch.id, id=[address.building_id for address in addresses])
        clients = tx.list(Client, branch.id, id=[booking.client_id for booking in bookings])
        treatments = tx.list(Treatment, branch.id)
        therapists = tx.list(Therapist, branch.id)
        techniques = tx.list(Technique, "")
        change_number = tx.change_number(branch.id)

    known = judged(problem, reconcile(problem, head.plan if head else Plan()))
    seen = judged(problem, problem.published).figures if problem.published else None
    over = frozenset(booking.id for booking in bookings if booking.status not in PLANNED_STATUSES)
    on_board = {one.id for one in problem.therapists}
    named = by_id(clients)
    return DayBoard(
        day=day,
        today=today(services, branch),
        branch=branch,
        problem=problem,
        plan=known.plan,
        timetable=known.timetable,
        chances=known.chances,
        cost=known.cost,
        violations=known.violations,
        figures=known.figures,
        compared=compared(known.figures, seen),
        conflicts=known.conflicts,
        left_out=known.plan.left_out,
        head=head,
        published=published,
        proposal=proposal,
        job=job,
        therapists={one.id: one for one in therapists if one.id in on_board},
        bookings=by_id(bookings),
        clients=named,
        addresses=by_id(addresses),
        buildings=by_id(buildings),
        treatments=by_id(treatments),
        names=_names((techniques, treatments, clients, therapists), bookings, named),
        over=over,
        stale=wishes(problem, over) != wishes(planned, over),
        undo=undo,
        redo=redo,
        change_number=change_number,
        told=told_bookings(problem, known.plan),
    )


def _revision(tx: "Reading", revision_id: str | None) -> Revision | None:
    return tx.revision(revision_id) if revision_id else None


def day_names(tx: "Reading", branch: Branch, day: date) -> dict[str, str]:
    """Give the display names for the ids that sentences about a day hold."""
    bookings = tx.list(Booking, branch.id, day=day)
    clients = tx.list(Client, branch.id, id=[booking.client_id for booking in bookings])
    nouns = (tx.list(Technique, ""), tx.list(Treatment, branch.id), clients, tx.list(Therapist, branch.id))
    return _names(nouns, bookings, by_id(clients))


def _names(
    named: Iterable[Iterable[Technique | Treatment | Client | Therapist]],
    bookings: Iterable[Booking],
    clients: dict[str, Client],
) -> dict[str, str]:
    """Give what sentences call each id: a booking and its visits go by their client's name."""
    names = {one.id: one.name for nouns in named for one in nouns}
    for booking in bookings:
        name = clients[booking.client_id].name
        names |= dict.fromkeys((booking.id, *visits_of(booking)), name)
    return names


def wishes(problem: DayProblem, over: Collection[str]) -> DayProblem:
    """Give a problem without what changes by itself in the course of the day: reports, publishing, visits done."""
    locks = tuple(lock for lock in problem.locks if booking_of(lock.visit_id)[0] not in over)
    return replace(problem, published=None, facts=(), locks=locks)
