"""Accounts: one per email whatever its case, always an owner left, and sessions that end when they should."""

from dataclasses import replace

import pytest

from dispatch.errors import Conflict, Forbidden
from dispatch.model.account import Account
from dispatch.model.kinds import Role
from dispatch.work.accounts import (
    account_by_email,
    account_by_id,
    account_by_unique,
    accounts,
    actor_of,
    add_account,
    change_account,
    end_sessions,
    get_account,
    set_password_hash,
)
from tests.work.company import Office


def test_an_email_has_one_account_whatever_its_case(office: Office) -> None:
    """The email is kept in one form, found in any, and taken for good."""
    found = account_by_email(office.services, "DISPATCHER@test.example ")
    assert found is not None
    assert found.email == "dispatcher@test.example"
    again = Account(
        id="", branch_id="", email="Dispatcher@TEST.example", name="D", role=Role.OWNER, password_hash="h", unique=""
    )
    with pytest.raises(Conflict) as refused:
        add_account(office.services, office.owner, again)
    assert refused.value.code == "account.email_taken"
    assert len(accounts(office.services, office.owner)) == 3
    assert account_by_email(office.services, "nobody@test.example") is None


def test_the_last_owner_stays(office: Office) -> None:
    """The only owner can neither be demoted nor locked out, until there is another."""
    owner = get_account(office.services, office.owner, "owner")
    for change in (replace(owner, role=Role.DISPATCHER), replace(owner, active=False)):
        with pytest.raises(Conflict) as refused:
            change_account(office.services, office.owner, change)
        assert refused.value.code == "account.last_owner"
    second = get_account(office.services, office.owner, "dispatcher")
    change_account(office.services, office.owner, replace(second, role=Role.OWNER))
    assert not change_account(office.services, office.owner, replace(owner, active=False)).active


def test_sessions_end_with_the_role_and_the_password(office: Office) -> None:
    """A changed name keeps a session alive; a changed role, a new password or a sign-out everywhere ends it."""
    services, owner = office.services, office.owner
    first = get_account(services, owner, "taker")
    renamed = change_account(services, owner, replace(first, name="T.", password_hash="stolen"))
    assert (renamed.unique, renamed.password_hash) == (first.unique, first.password_hash)
    promoted = change_account(services, owner, replace(renamed, role=Role.DISPATCHER))
    assert account_by_unique(services, first.unique) is None
    assert account_by_unique(services, promoted.unique) == promoted
    own = set_password_hash(services, actor_of(promoted), "taker", "new hash")
    assert own.password_hash == "new hash"
    assert account_by_unique(services, promoted.unique) is None
    gone = end_sessions(services, owner, "taker")
    assert gone.password_hash == "new hash"
    assert account_by_unique(services, own.unique) is None
    assert account_by_id(services, "taker") == gone
    assert account_by_unique(services, "") is None


def test_nobody_sets_anothers_password_but_the_owner(office: Office) -> None:
    """A dispatcher cannot set the owner's password, and nothing of the attempt is kept."""
    before = get_account(office.services, office.owner, "owner")
    with pytest.raises(Forbidden):
        set_password_hash(office.services, office.dispatcher, "owner", "mine now")
    assert get_account(office.services, office.owner, "owner") == before
    assert set_password_hash(office.services, office.owner, "taker", "given").password_hash == "given"
