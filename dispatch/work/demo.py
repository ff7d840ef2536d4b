"""Makes the demo company: once, in one transaction, for the service day of this moment."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from dispatch.errors import Conflict
from dispatch.model.account import Account, Actor
from dispatch.model.booking import Booking
from dispatch.model.branch import Branch
from dispatch.model.day import service_day_of
from dispatch.model.health import Health
from dispatch.model.kinds import Role
from dispatch.work.demo_care import noted_at
from dispatch.work.demo_data import DemoAccount, DemoNouns, demo_accounts, demo_branch, demo_nouns
from dispatch.work.doing import by_id, record
from dispatch.work.health import keep_sealed, progress_note
from dispatch.work.holds import end_in_time
from dispatch.work.services import Services
from dispatch.work.starter import insert_catalogue, load_catalogue

if TYPE_CHECKING:
    from dispatch.store import Writing

FIRST_BOOKING = "b01"


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoCompany:
    """The demo as the command line prints it: who may sign in, its service day, and whether it was made just now.

    The service day is the one the demo was first made on; a later run finds the bookings there.
    """

    branch_id: str
    accounts: tuple[DemoAccount, ...]
    day: date
    made: bool

    def actor(self, role: Role) -> Actor:
        """Give the demo's first account of a role as an actor."""
        account = next(account for account in self.accounts if account.role is role)
        return Actor(id=account.id, branch_id=self.branch_id, name=account.name, role=role)


def create_demo(services: Services, *, hash_password: Callable[[str], str]) -> DemoCompany:
    """Make the demo company, or give the one that is there; what people changed in it since is kept.

    Raises `Conflict("demo.other_company")` where the database already holds another company; nothing is written then.
    """
    branch, accounts = demo_branch(), demo_accounts()
    today = service_day_of(services.now(), branch.time_zone)
    hashes = {} if _is_there(services, branch) else {one.id: hash_password(one.password) for one in accounts}
    with services.store.writing() as tx:
        # Asked again inside the transaction: two demos started at the same moment make one company.
        made = not _has_company(tx, branch)
        if made:
            nouns = demo_nouns(today, services.now())
            tx.insert(nouns.branch)
            insert_catalogue(tx, load_catalogue(nouns.branch.id))
            _insert_company(tx, services, nouns)
            _insert_accounts(tx, nouns.branch, accounts, hashes)
            record(tx, services, _maker(branch), "demo.created", branch.id)
        first = tx.find(Booking, FIRST_BOOKING)
    return DemoCompany(branch_id=branch.id, accounts=accounts, day=first.day if first else today, made=made)


def _is_there(services: Services, branch: Branch) -> bool:
    with services.store.reading() as tx:
        return tx.find(Branch, branch.id) is not None


def _has_company(tx: "Writing", branch: Branch) -> bool:
    """Tell whether the demo is in the database; `Conflict` where another company is."""
    branches = tx.list(Branch, "")
    if any(one.id == branch.id for one in branches):
        return True
    if branches:
        raise Conflict("demo.other_company", name=branches[0].name)
    return False


def _maker(branch: Branch) -> Actor:
    return Actor(id="demo", branch_id=branch.id, name="Demo", role=Role.OWNER)


def _insert_company(tx: "Writing", services: Services, nouns: DemoNouns) -> None:
    """Keep everything else, in the order in which it names each other."""
    for noun in (
        *nouns.therapists,
        *nouns.buildings,
        *nouns.clients,
        *nouns.contacts,
        *nouns.addresses,
        *nouns.bookings,
        *nouns.holds,
    ):
        tx.insert(noun)
    for hold in nouns.holds:
        end_in_time(tx, services, hold)
    clients = by_id(nouns.clients)
    for client_id, health in nouns.health:
        if health != Health():
            keep_sealed(tx, services, clients[client_id], health)
    for care in nouns.care:
        tx.insert(care.plan)
        for visit, booking, feeling in care.visits:
            tx.insert(visit)
            tx.insert(progress_note(services, booking, feeling, by="demo", at=noted_at(booking, services.now())))
    days = {booking.id: booking.day for booking in nouns.bookings}
    for lock in nouns.locks:
        tx.set_lock(nouns.branch.id, days[lock.visit_id.rpartition("/")[0]], lock)
    for event in nouns.events:
        tx.append_event(event)


def _insert_accounts(tx: "Writing", branch: Branch, accounts: tuple[DemoAccount, ...], hashes: dict[str, str]) -> None:
    """Keep the sign-ins with the hashes of their passwords."""
    for account in accounts:
        tx.insert(
            Account(
                id=account.id,
                branch_id=branch.id,
                email=account.email,
                name=account.name,
                role=account.role,
                password_hash=hashes[account.id],
                unique=secrets.token_hex(16),
            )
        )
