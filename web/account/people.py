"""Flask-Security's view of the accounts: reads through `dispatch.work.accounts`, and writes nothing itself."""

from typing import Any, cast

from flask import Flask
from flask_security import RoleMixin, UserDatastore, UserMixin

from dispatch.model.account import Account
from dispatch.work.accounts import account_by_email, account_by_unique
from dispatch.work.services import Services


class RoleName(RoleMixin):
    """A role as Flask-Security asks for it; what a role may do is said by `dispatch.work.permissions`."""

    def __init__(self, name: str) -> None:
        """Keep the role's name."""
        self.name = name
        self.permissions: list[str] = []


class Person(UserMixin):
    """An account as Flask-Security asks for it; the session holds its `fs_uniquifier`, never its id or e-mail."""

    fs_uniquifier = ""

    def __init__(self, account: Account) -> None:
        """Show an account."""
        self.account = account
        self.email = account.email
        self.password = account.password_hash
        self.active = account.active
        self.fs_uniquifier = account.unique
        self.roles = [RoleName(account.role.value)]


class AccountStore(UserDatastore):
    """Finds people by e-mail or by the session's secret; accounts are changed by the use cases alone."""

    def __init__(self, app: Flask) -> None:
        """Read through the services of the app."""
        super().__init__(Person, RoleName)
        self._app = app

    def find_user(self, case_insensitive: bool = False, **kwargs: Any) -> Person | None:  # noqa: ARG002 - e-mails are kept case-folded
        """Give a person by `email` or `fs_uniquifier`; None where there is none."""
        services = cast(Services, self._app.extensions["laluan"])
        if "email" in kwargs:
            account = account_by_email(services, str(kwargs["email"]))
        elif "fs_uniquifier" in kwargs:
            account = account_by_unique(services, str(kwargs["fs_uniquifier"]))
        else:
            raise TypeError(f"People are not found by {', '.join(kwargs)}.")
        return Person(account) if account else None

    def find_role(self, role: str) -> RoleName:
        """Give a role by its name."""
        return RoleName(role)

    def put(self, model: object) -> object:
        """Write nothing: there is nothing in a `Person` that its account does not hold."""
        return model

    def commit(self) -> None:
        """Write nothing, see `put`."""
