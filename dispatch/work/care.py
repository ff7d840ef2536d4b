"""Care plans: taking one up, changing, pausing and ending it, who is due, and a plan's page."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import TYPE_CHECKING

from dispatch.errors import Conflict, LaluanError
from dispatch.explain.course import Course, course, state_of
from dispatch.model.account import Actor
from dispatch.model.booking import Booking
from dispatch.model.branch import Branch
from dispatch.model.care import CarePlan, CareStatus, CareVisit, CourseState
from dispatch.model.catalogue import Treatment
from dispatch.model.message import MessageKind
from dispatch.model.people import Client
from dispatch.model.places import Address, Building
from dispatch.model.therapist import Therapist
from dispatch.rules.care_nouns import care_plan_errors
from dispatch.words import sentence
from dispatch.work.doing import branch_of, by_id, by_name, fetch, find, record, refuse, today
from dispatch.work.holding import let_go_in
from dispatch.work.messages import ReadyMessage, facts_of, write_for
from dispatch.work.permissions import Permission, allow
from dispatch.work.services import Services

if TYPE_CHECKING:
    from dispatch.store import Reading, Writing

DUE_DAYS = 14
"""Who is due within so many days is on the list."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CourseVisit:
    """One visit of a care plan: its booking, what was proposed, and what became of it."""

    booking: Booking
    visit: CareVisit
    state: CourseState


@dataclass(frozen=True, slots=True, kw_only=True)
class CarePage:
    """One care plan with how far it has come, and what its form may choose from; visits are oldest first.

    `rebook` asks the client, in her language, to come again; there is none before her first visit that was kept.
    """

    plan: CarePlan
    client: Client
    branch: Branch
    today: date
    course: Course
    visits: tuple[CourseVisit, ...] = ()
    choices: "CareChoices"
    rebook: ReadyMessage | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CareChoices:
    """What the form of a client's care plan may choose from: her places, usual first, treatments, and therapists."""

    client: Client
    today: date
    addresses: tuple[Address, ...] = ()
    buildings: Mapping[str, Building] = field(default_factory=dict)
    treatments: tuple[Treatment, ...] = ()
    therapists: tuple[Therapist, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class DueClient:
    """A client with a care plan: when her next visit without a day is due, and what waits for an answer.

    `late_days` is how long it has been due; nought where it is still to come. `last_day` is her last visit that was kept.
    """

    plan: CarePlan
    client: Client
    course: Course
    late_days: int = 0
    last_day: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DueList:
    """Who is due, the longest first; whose proposals wait to be confirmed; and whose plans rest."""

    today: date
    due: tuple[DueClient, ...] = ()
    waiting: tuple[DueClient, ...] = ()
    paused: tuple[DueClient, ...] = ()
    treatments: Mapping[str, Treatment] = field(default_factory=dict)


def add_care_plan(services: Services, actor: Actor, plan: CarePlan) -> CarePlan:
    """Take up a care plan for a client; an empty id is given one."""
    allow(actor, Permission.BOOKINGS)
    plan = replace(
        plan, id=plan.id or services.new_id(), branch_id=actor.branch_id, status=CareStatus.ACTIVE, version=1
    )
    with services.store.writing() as tx:
        refuse(_errors(tx, services, actor, plan, is_new=True))
        kept = tx.insert(plan)
        record(tx, services, actor, "care.added", plan.id, plan.client_id)
    return kept


def change_care_plan(services: Services, actor: Actor, plan: CarePlan) -> CarePlan:
    """Change a care plan, which stays its client's; `plan.version` is the one that was shown.

    Visits it has proposed already stay where they are until visits are proposed anew.
    """
    allow(actor, Permission.BOOKINGS)
    with services.store.writing() as tx:
        before = fetch(tx, actor, CarePlan, plan.id)
        if before.status is CareStatus.ENDED:
            raise Conflict("care.ended")
        changed = replace(plan, branch_id=before.branch_id, client_id=before.client_id, status=before.status)
        refuse(_errors(tx, services, actor, changed, is_new=False))
        kept = tx.update(changed)
        record(tx, services, actor, "care.changed", plan.id, plan.client_id)
    return kept


def set_care_status(
    services: Services, actor: Actor, care_plan_id: str, status: CareStatus, *, version: int
) -> CarePlan:
    """Pause a care plan, let it go on, or end it; what it has proposed and nobody confirmed is let go where it stops.

    A plan that is so already stays as it is; one that ended does not begin again.
    """
    allow(actor, Permission.BOOKINGS)
    with services.store.writing() as tx:
        before = fetch(tx, actor, CarePlan, care_plan_id)
        if before.status is status:
            return before
        if before.status is CareStatus.ENDED:
            raise Conflict("care.ended")
        kept = tx.update(replace(before, status=status, version=version))
        gone = () if status is CareStatus.ACTIVE else drop_proposals(tx, services, actor, before)
        record(tx, services, actor, f"care.{status}", care_plan_id, *gone)
    return kept


def care_page(services: Services, actor: Actor, care_plan_id: str) -> CarePage:
    """Give one care plan with its visits and how far it has come."""
    allow(actor, Permission.BOOKINGS)
    with services.store.reading() as tx:
        plan = fetch(tx, actor, CarePlan, care_plan_id)
        branch = branch_of(tx, actor)
        day = today(services, branch)
        visits = visits_of_plan(tx, plan, day)
        return CarePage(
            plan=plan,
            client=tx.get(Client, plan.client_id),
            branch=branch,
            today=day,
            course=course(plan, [one.booking for one in visits], day),
            visits=visits,
            choices=_choices(tx, actor, tx.get(Client, plan.client_id), day),
            rebook=_rebook(tx, branch, plan, visits),
        )


def care_choices(services: Services, actor: Actor, client_id: str) -> CareChoices:
    """Give what the form of a client's new care plan may choose from."""
    allow(actor, Permission.BOOKINGS)
    with services.store.reading() as tx:
        client = fetch(tx, actor, Client, client_id)
        return _choices(tx, actor, client, today(services, branch_of(tx, actor)))


def care_plans_of(services: Services, actor: Actor, client_id: str) -> tuple[CarePlan, ...]:
    """Give a client's care plans, those that go on first."""
    allow(actor, Permission.BOOKINGS)
    with services.store.reading() as tx:
        plans = tx.list(CarePlan, actor.branch_id, client_id=client_id)
    order = list(CareStatus)
    return tuple(sorted(plans, key=lambda one: (order.index(one.status), one.first_day, one.id)))


def due_list(services: Services, actor: Actor) -> DueList:
    """Give whose next visit is due by now or soon, whose proposals nobody has confirmed yet, and whose plans rest."""
    allow(actor, Permission.BOOKINGS)
    with services.store.reading() as tx:
        day = today(services, branch_of(tx, actor))
        plans = tx.list(CarePlan, actor.branch_id, status=[CareStatus.ACTIVE, CareStatus.PAUSED])
        visits = tx.list(CareVisit, actor.branch_id, care_plan_id=[one.id for one in plans])
        bookings = by_id(tx.list(Booking, actor.branch_id, id=[one.id for one in visits]))
        clients = by_id(tx.list(Client, actor.branch_id, id=[one.client_id for one in plans]))
        treatments = by_id(tx.list(Treatment, actor.branch_id))
    of_plan: dict[str, list[Booking]] = {}
    for visit in visits:
        of_plan.setdefault(visit.care_plan_id, []).append(bookings[visit.id])
    rows = [
        _due(plan, clients[plan.client_id], of_plan.get(plan.id, []), day)
        for plan in plans
        if clients[plan.client_id].active
    ]
    last = day + timedelta(days=DUE_DAYS)
    return DueList(
        today=day,
        due=tuple(sorted((one for one in rows if _next(one, last) <= last), key=lambda one: _by_day(one, last))),
        waiting=tuple(sorted((one for one in rows if one.course.proposed), key=lambda one: _by_day(one, last))),
        paused=tuple(one for one in rows if one.plan.status is CareStatus.PAUSED),
        treatments=treatments,
    )


def visits_of_plan(tx: "Reading", plan: CarePlan, day: date) -> tuple[CourseVisit, ...]:
    """Give a care plan's visits, oldest first, with what became of each by a day."""
    visits = by_id(tx.list(CareVisit, plan.branch_id, care_plan_id=plan.id))
    bookings = tx.list(Booking, plan.branch_id, id=list(visits))
    return tuple(
        CourseVisit(booking=one, visit=visits[one.id], state=state_of(one, day))
        for one in sorted(bookings, key=lambda one: (one.day, one.id))
    )


def drop_proposals(
    tx: "Writing", services: Services, actor: Actor, plan: CarePlan, *, keep: Iterable[str] = ()
) -> tuple[str, ...]:
    """Let go what a plan has proposed and nobody confirmed, but for what is to be kept; gives the bookings let go."""
    day = today(services, branch_of(tx, actor))
    kept, gone = set(keep), []
    for one in visits_of_plan(tx, plan, day):
        if one.state is CourseState.PROPOSED and one.booking.id not in kept:
            tx.delete(one.visit)
            let_go_in(tx, actor, one.booking, reason=sentence("care.let_go_reason"))
            gone.append(one.booking.id)
    return tuple(gone)


def _rebook(tx: "Reading", branch: Branch, plan: CarePlan, visits: tuple[CourseVisit, ...]) -> ReadyMessage | None:
    kept = [one for one in visits if one.state is CourseState.KEPT]
    if not kept:
        return None
    who = (plan.therapist_id or kept[-1].visit.therapist_id,)
    return write_for(tx, branch, MessageKind.REBOOK, facts_of(tx, branch, kept[-1].booking, therapist_ids=who))


def _due(plan: CarePlan, client: Client, bookings: list[Booking], day: date) -> DueClient:
    so_far = course(plan, bookings, day)
    kept = [one.day for one in bookings if state_of(one, day) is CourseState.KEPT]
    late_days = (day - so_far.next_day).days if so_far.next_day else 0
    return DueClient(
        plan=plan, client=client, course=so_far, late_days=max(0, late_days), last_day=max(kept, default=None)
    )


def _next(one: DueClient, last: date) -> date:
    return one.course.next_day or last + timedelta(days=1)


def _by_day(one: DueClient, last: date) -> tuple[date, str, str]:
    return _next(one, last), one.client.name.casefold(), one.plan.id


def _choices(tx: "Reading", actor: Actor, client: Client, day: date) -> CareChoices:
    addresses = [one for one in tx.list(Address, actor.branch_id, client_id=client.id) if one.active]
    return CareChoices(
        client=client,
        today=day,
        addresses=tuple(sorted(addresses, key=lambda one: (not one.usual, one.id))),
        buildings=by_id(tx.list(Building, actor.branch_id, id=[one.building_id for one in addresses])),
        treatments=by_name(one for one in tx.list(Treatment, actor.branch_id) if one.active),
        therapists=by_name(
            one for one in tx.list(Therapist, actor.branch_id) if one.active and one.id not in client.never_therapists
        ),
    )


def _errors(tx: "Reading", services: Services, actor: Actor, plan: CarePlan, *, is_new: bool) -> list[LaluanError]:
    return care_plan_errors(
        plan,
        client=find(tx, actor, Client, plan.client_id),
        address=find(tx, actor, Address, plan.address_id),
        treatment=find(tx, actor, Treatment, plan.treatment_id),
        therapist=find(tx, actor, Therapist, plan.therapist_id),
        today=today(services, branch_of(tx, actor)),
        is_new=is_new,
    )
