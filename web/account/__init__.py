"""Signing in and out, one's own password, and the owner's list of accounts.

Flask-Security keeps the session and hashes passwords (Argon2); its own pages are not registered, ours stand here.
"""

from flask import Flask
from flask_security import Security

from web.account import language, tokens  # noqa: F401  # their views register themselves on the blueprint
from web.account.people import AccountStore
from web.account.throttle import Throttle
from web.account.views import bp

__all__ = ["bp", "install"]


def install(app: Flask) -> None:
    """Set up Flask-Security over the accounts of `dispatch.work`, and the brake on guessing passwords."""
    app.config.update(
        SECURITY_PASSWORD_HASH="argon2",  # noqa: S106 - the scheme's name
        SECURITY_PASSWORD_SCHEMES=["argon2"],
        SECURITY_DEPRECATED_PASSWORD_SCHEMES=[],
        SECURITY_PASSWORD_SINGLE_HASH=["argon2"],
        SECURITY_PASSWORD_LENGTH_MIN=10,
        SECURITY_EMAIL_VALIDATOR_ARGS={"check_deliverability": False},
        SECURITY_USE_REGISTER_V2=True,
        SECURITY_DEFAULT_REMEMBER_ME=False,
        SECURITY_SESSION_PROTECTION=None,
        SECURITY_CLI_USERS_NAME=False,
        SECURITY_CLI_ROLES_NAME=False,
    )
    if app.testing:  # so that tests which sign in are about signing in, not about the time Argon2 takes
        app.config["SECURITY_PASSWORD_HASH_PASSLIB_OPTIONS"] = {"argon2__rounds": 1, "argon2__memory_cost": 1_024}
    Security(app, AccountStore(app), register_blueprint=False)
    app.extensions["laluan_throttle"] = Throttle()
