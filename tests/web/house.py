"""The pages over a small company: an app, and browsers signed in as each role."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from dispatch.model.account import Account
from dispatch.model.kinds import Role
from dispatch.work.accounts import account_by_id, add_account
from tests.work.company import Office
from web import create_app

if TYPE_CHECKING:
    from flask import Flask
    from flask.testing import FlaskClient

ROLES = (Role.OWNER, Role.DISPATCHER, Role.BOOKING_TAKER, Role.THERAPIST)
ACCOUNTS = {Role.OWNER: "owner", Role.DISPATCHER: "dispatcher", Role.BOOKING_TAKER: "taker", Role.THERAPIST: "aina"}


@dataclass(frozen=True, slots=True, kw_only=True)
class House:
    """An office and the app over it; forms need no CSRF token here, the tests of that make their own app."""

    office: Office
    app: "Flask"

    def stranger(self) -> "FlaskClient":
        """Give a browser that nobody has signed in with."""
        return self.app.test_client()

    def signed_in(self, role: Role) -> "FlaskClient":
        """Give a browser signed in as somebody of the role."""
        account = account_by_id(self.office.services, ACCOUNTS[role])
        assert account is not None
        client = self.app.test_client()
        with client.session_transaction() as session:
            session["_user_id"] = account.unique
            session["_fresh"] = True
        return client


def open_house(
    office: Office, *, csrf: bool = False, public_url: str = "http://127.0.0.1:8000", api_per_minute: int = 10_000
) -> House:
    """Open the pages over an office, with an account for a therapist as well."""
    app = create_app(
        office.services,
        secret_key="a secret of the tests",
        testing=True,
        public_url=public_url,
        api_per_minute=api_per_minute,
    )
    app.config["WTF_CSRF_ENABLED"] = csrf
    if account_by_id(office.services, "aina") is None:
        aina = Account(
            id="aina",
            branch_id="",
            email="aina@test.example",
            name="Aina",
            role=Role.THERAPIST,
            password_hash="hash",
            unique="",
            therapist_id="t-aina",
        )
        add_account(office.services, office.owner, aina)
    return House(office=office, app=app)
