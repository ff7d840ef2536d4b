"""The account pages."""

from dataclasses import replace
from urllib.parse import urlsplit

from flask import Blueprint, current_app, flash, redirect, render_template, request, session, url_for
from flask_security import login_user, logout_user
from werkzeug.wrappers import Response

from dispatch.errors import LaluanError
from dispatch.model.account import Account
from dispatch.model.kinds import Role
from dispatch.work.accounts import accounts as list_accounts
from dispatch.work.accounts import add_account, change_account, get_account, set_password_hash
from dispatch.work.permissions import Permission
from web.access import Door, needs
from web.account.passwords import hashed, is_right
from web.account.people import AccountStore, Person
from web.account.throttle import Throttle
from web.current import current_actor, current_services, signed_in_account, signed_in_actor
from web.errors import sentences_of, status_of
from web.forms import Fields
from web.translate import sentence

bp = Blueprint("account", __name__)


@bp.get("/sign-in")
@needs(Door.PUBLIC)
def sign_in() -> str | Response:
    """Show the sign-in page; who is signed in already goes on."""
    if signed_in_actor():
        return redirect(safe_next())
    return render_template("account/sign_in.html", next=request.args.get("next", ""), email="", problem="")


@bp.post("/sign-in")
@needs(Door.PUBLIC)
def sign_in_now() -> Response | tuple[str, int] | tuple[str, int, dict[str, str]]:
    """Sign a person in; the same answer for an unknown e-mail, a wrong password and an account that was shut."""
    email = request.form.get("email", "").strip().casefold()[:254]
    address = request.remote_addr or ""
    throttle: Throttle = current_app.extensions["laluan_throttle"]
    now = current_services().now()
    wait_s = throttle.wait_s(email, address, now)
    if wait_s:
        page = _sign_in_page(email, sentence("web.sign_in_wait", {"wait_s": wait_s}))
        return page, 429, {"Retry-After": str(wait_s)}
    people: AccountStore = current_app.extensions["security"].datastore
    person = people.find_user(email=email) if email else None
    right = is_right(person, request.form.get("password", "")[:1_000])  # asked for nobody too: it takes the same time
    if person is None or not right:
        throttle.count_wrong(email, address, now)
        return _sign_in_page(email, sentence("web.sign_in_wrong")), 400
    throttle.forget(email)
    _start_session(person)
    return redirect(safe_next())


@bp.post("/sign-out")
@needs(Door.SIGNED_IN)
def sign_out() -> Response:
    """End the session."""
    logout_user()
    session.clear()
    flash(sentence("web.signed_out"), "good")
    return redirect(url_for("account.sign_in"))


@bp.get("/password")
@needs(Door.SIGNED_IN)
def password() -> str:
    """Show the page to change one's own password."""
    return render_template("account/password.html", problems=[])


@bp.post("/password")
@needs(Door.SIGNED_IN)
def change_password() -> Response | tuple[str, int]:
    """Change one's own password: every other session of the account ends, this one goes on."""
    account = signed_in_account()
    if account is None or not is_right(Person(account), request.form.get("password", "")[:1_000]):
        return render_template("account/password.html", problems=[sentence("web.password_wrong")]), 400
    try:
        new_hash = hashed(request.form.get("new_password", ""), request.form.get("repeat_password", ""))
        changed = set_password_hash(current_services(), current_actor(), account.id, new_hash)
    except LaluanError as error:
        return render_template("account/password.html", problems=sentences_of(error)), status_of(error)
    _start_session(Person(changed))
    flash(sentence("web.password_changed"), "good")
    return redirect(url_for("account.password"))


@bp.get("/accounts")
@needs(Permission.ACCOUNTS)
def accounts() -> str:
    """Show everybody who may sign in."""
    return _accounts_page([], {})


@bp.post("/accounts")
@needs(Permission.ACCOUNTS)
def new_account() -> Response | tuple[str, int]:
    """Add a person who may sign in, with a first password."""
    services, fields = current_services(), Fields(request.form)
    try:
        name = fields.text("name", label="Name", required=True)
        email = fields.text("email", label="E-mail", limit=254, required=True).casefold()
        role = fields.choice("role", Role, label="Role")
        fields.finish()
        account = Account(
            id=services.new_id(),
            branch_id=current_actor().branch_id,
            email=email,
            name=name,
            role=role,
            password_hash=hashed(request.form.get("new_password", ""), request.form.get("new_password", "")),
            unique="",
        )
        add_account(services, current_actor(), account)
    except LaluanError as error:
        return _accounts_page(sentences_of(error), dict(request.form.items())), status_of(error)
    flash(sentence("web.account_added", {"name": name}), "good")
    return redirect(url_for("account.accounts"))


@bp.post("/accounts/<account_id>/active")
@needs(Permission.ACCOUNTS)
def set_active(account_id: str) -> Response:
    """Let a person in again, or shut her out at once."""
    services, actor, fields = current_services(), current_actor(), Fields(request.form)
    active, version = fields.ticked("active"), fields.version()
    fields.finish()
    account = get_account(services, actor, account_id)
    change_account(services, actor, replace(account, active=active, version=version))
    return redirect(url_for("account.accounts"))


def _accounts_page(problems: list[str], typed: dict[str, str]) -> str:
    people = list_accounts(current_services(), current_actor())
    roles = [Role.DISPATCHER, Role.BOOKING_TAKER, Role.OWNER]
    return render_template("account/accounts.html", accounts=people, roles=roles, problems=problems, typed=typed)


def _sign_in_page(email: str, problem: str) -> str:
    return render_template("account/sign_in.html", next=request.form.get("next", ""), email=email, problem=problem)


def _start_session(person: Person) -> None:
    session.clear()
    session.permanent = True
    login_user(person, remember=False, authn_via=["password"])


def safe_next() -> str:
    """Give where to go on after signing in: a path of ours, and nowhere else."""
    target = request.values.get("next", "")
    parts = urlsplit(target.replace("\\", "/"))
    if not target.startswith("/") or target.startswith("//") or parts.scheme or parts.netloc:
        return url_for("board.today_board")
    return target
