"""Accounts: who may sign in, as what, and how all their sessions end at once."""

from dataclasses import replace
from typing import TYPE_CHECKING

from dispatch.errors import BadInput, Conflict, Forbidden
from dispatch.model.account import Account, Actor
from dispatch.model.kinds import Role
from dispatch.model.therapist import Therapist
from dispatch.rules.company_nouns import account_errors
from dispatch.words import LANGUAGES
from dispatch.work.doing import fetch, record, refuse, tidy
from dispatch.work.permissions import Permission, allow
from dispatch.work.services import Services

if TYPE_CHECKING:
    from dispatch.errors import LaluanError
    from dispatch.store import Reading


def command_line(branch_id: str) -> Actor:
    """Give the actor of the command line: whoever can run commands on the machine may what the owner may."""
    return Actor(id="command-line", branch_id=branch_id, name="command line", role=Role.OWNER)


def actor_of(account: Account) -> Actor:
    """Give the actor an account acts as."""
    return Actor(
        id=account.id,
        branch_id=account.branch_id,
        name=account.name,
        role=account.role,
        therapist_id=account.therapist_id,
    )


def accounts(services: Services, actor: Actor) -> tuple[Account, ...]:
    """Give the branch's accounts sorted by email."""
    allow(actor, Permission.ACCOUNTS)
    with services.store.reading() as tx:
        return tuple(sorted(tx.list(Account, actor.branch_id), key=lambda account: account.email))


def get_account(services: Services, actor: Actor, account_id: str) -> Account:
    """Give one account."""
    allow(actor, Permission.ACCOUNTS)
    with services.store.reading() as tx:
        return fetch(tx, actor, Account, account_id)


def add_account(services: Services, actor: Actor, account: Account) -> Account:
    """Let somebody sign in; the email is unique whatever its case, empty ids and session secrets are given.

    The password comes hashed; `Conflict` where the email has an account already.
    """
    allow(actor, Permission.ACCOUNTS)
    account = tidy(account)
    account = replace(
        account,
        id=account.id or services.new_id(),
        branch_id=actor.branch_id,
        email=account.email.casefold(),
        unique=account.unique or services.new_id(),
        version=1,
    )
    with services.store.writing() as tx:
        refuse(_errors(tx, account))
        added = tx.insert(account)
        record(tx, services, actor, "account.added", account.id)
    return added


def change_account(services: Services, actor: Actor, account: Account) -> Account:
    """Change a person's name, email, role or whether she may sign in; her password stays.

    Where the role changes or she may no longer sign in, her sessions end. The last owner stays an owner.
    """
    allow(actor, Permission.ACCOUNTS)
    with services.store.writing() as tx:
        before = fetch(tx, actor, Account, account.id)
        account = tidy(account)
        goes_on = (account.role, account.active, account.therapist_id) == (
            before.role,
            before.active,
            before.therapist_id,
        )
        changed = replace(
            account,
            branch_id=before.branch_id,
            email=account.email.casefold(),
            password_hash=before.password_hash,
            unique=before.unique if goes_on else services.new_id(),
        )
        refuse(_errors(tx, changed))
        if not _is_owner(changed) and not any(
            _is_owner(other) for other in tx.list(Account, before.branch_id) if other.id != before.id
        ):
            raise Conflict("account.last_owner", email=before.email)
        kept = tx.update(changed)
        record(tx, services, actor, "account.changed", account.id)
    return kept


def account_by_email(services: Services, email: str) -> Account | None:
    """Give the account of an email whatever its case, for signing in; nobody has acted yet."""
    with services.store.reading() as tx:
        found = tx.list(Account, "", email=tidy(email).casefold())
    return found[0] if found else None


def account_by_unique(services: Services, unique: str) -> Account | None:
    """Give the account a session belongs to, or None once its sessions were ended."""
    with services.store.reading() as tx:
        found = tx.list(Account, "", unique=unique) if unique else ()
    return found[0] if found else None


def account_by_id(services: Services, account_id: str) -> Account | None:
    """Give an account by its id, for signing in."""
    with services.store.reading() as tx:
        return tx.find(Account, account_id)


def set_password_hash(services: Services, actor: Actor, account_id: str, password_hash: str) -> Account:
    """Keep a new password, hashed: one's own, or anybody's as the owner; all sessions of the account end."""
    return _renew(services, actor, account_id, password_hash, "account.password_set")


def set_language(services: Services, actor: Actor, language: str) -> Account:
    """Keep the language somebody chose to read; it is nobody's but her own."""
    if language not in LANGUAGES:
        raise BadInput("account.language", field="language", language=language[:20])
    with services.store.writing() as tx:
        before = fetch(tx, actor, Account, actor.id)
        kept = tx.update(replace(before, language=language))
        record(tx, services, actor, "account.language_set", actor.id)
    return kept


def end_sessions(services: Services, actor: Actor, account_id: str) -> Account:
    """Sign an account out everywhere: one's own, or anybody's as the owner."""
    return _renew(services, actor, account_id, "", "account.sessions_ended")


def _renew(services: Services, actor: Actor, account_id: str, password_hash: str, code: str) -> Account:
    """Give an account another session secret, and another password hash where one is given."""
    if account_id != actor.id:
        allow(actor, Permission.ACCOUNTS)
    with services.store.writing() as tx:
        before = fetch(tx, actor, Account, account_id)
        if not before.active and account_id == actor.id:
            raise Forbidden("forbidden.accounts", role=actor.role.value)
        changed = replace(before, password_hash=password_hash or before.password_hash, unique=services.new_id())
        kept = tx.update(changed)
        record(tx, services, actor, code, account_id)
    return kept


def _is_owner(account: Account) -> bool:
    return account.active and account.role is Role.OWNER


def _errors(tx: "Reading", account: Account) -> "list[LaluanError]":
    errors = account_errors(account, therapists={therapist.id for therapist in tx.list(Therapist, account.branch_id)})
    if any(other.id != account.id for other in tx.list(Account, "", email=account.email)):
        errors.append(Conflict("account.email_taken", field="email", email=account.email))
    return errors
