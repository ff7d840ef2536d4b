"""Every page denies by default: the whole URL map, walked by everybody."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest
from werkzeug.routing import AnyConverter, Rule
from werkzeug.routing.converters import NumberConverter

from dispatch.model.kinds import Role
from dispatch.work.permissions import PERMISSIONS, Permission
from dispatch.work.phones import make_phone_link
from tests.web.house import ROLES, House
from tests.work.company import DAY
from web.access import Door, door_of, needs

if TYPE_CHECKING:
    from flask.testing import FlaskClient
    from werkzeug.test import TestResponse

METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
SAMPLES = {"day": DAY.isoformat(), "seat": "0", "token": "no-such-link", "filename": "base.css"}


def doors(house: House) -> Iterator[tuple[str, str, Door | Permission | None]]:
    """Give every (method, address, declared door) of the app, with made-up values in the address."""
    for rule in house.app.url_map.iter_rules():
        values = {name: SAMPLES.get(name, "no-such-thing") for name in rule.arguments}
        for method in sorted((rule.methods or set()) & set(METHODS)):
            yield method, _address(house, rule, values), door_of(house.app, rule.endpoint)


def _address(house: House, rule: Rule, values: dict[str, str]) -> str:
    adapter = house.app.url_map.bind("127.0.0.1")
    for name, converter in rule._converters.items():
        if isinstance(converter, NumberConverter):
            values[name] = "0"
        elif isinstance(converter, AnyConverter):
            values[name] = min(converter.items)
    return adapter.build(rule.endpoint, values)


def shut_out(answer: "TestResponse") -> bool:
    """Tell whether an answer is a refusal: to the sign-in page, 401 or 403."""
    to_sign_in = answer.status_code == 302 and "/sign-in?next=" in answer.headers.get("Location", "")
    return to_sign_in or answer.status_code in {401, 403}


def test_every_endpoint_declares_its_door(house: House) -> None:
    """No endpoint is without a declared permission, so nothing is open, or shut, by oversight."""
    undeclared = [endpoint for endpoint in house.app.view_functions if door_of(house.app, endpoint) is None]
    assert undeclared == []


def test_an_undeclared_page_stays_shut(house: House) -> None:
    """A page that declares nothing answers 403 to everybody, the owner too."""
    house.app.add_url_rule("/forgotten", "forgotten", lambda: "secret")
    for client in (house.stranger(), house.signed_in(Role.OWNER)):
        answer = client.get("/forgotten")
        assert answer.status_code == 403
        assert "secret" not in answer.text


def test_strangers_see_nothing(house: House) -> None:
    """Without signing in, every page that is not public sends to the sign-in page or refuses."""
    for method, address, door in doors(house):
        answer = house.stranger().open(address, method=method, buffered=True)
        expected = door is not Door.PUBLIC  # a link that was never made is refused as well
        assert shut_out(answer) == expected, (method, address, door, answer.status)


@pytest.mark.parametrize("role", ROLES)
def test_roles_open_their_doors_only(house: House, role: Role) -> None:
    """Each role is refused exactly where its permissions do not reach, in every method of every address."""
    for method, address, door in doors(house):
        client = house.signed_in(role)
        answer = client.open(address, method=method, buffered=True)
        allowed = door in {Door.PUBLIC, Door.SIGNED_IN} or door in PERMISSIONS[role]
        assert shut_out(answer) != allowed, (role, method, address, door, answer.status)
        assert answer.status_code < 500, (role, method, address, answer.status)


def test_another_therapists_link_opens_her_own_day_only(house: House) -> None:
    """A therapist's link opens no page of the staff, and the day it opens is never another's."""
    token = make_phone_link(house.office.services, house.office.dispatcher, "t-bee")
    client: FlaskClient = house.stranger()
    own = client.get(f"/p/{token}")
    assert own.status_code == 200
    assert "Aina" not in own.text
    for method, address, door in doors(house):
        if door not in {Door.PUBLIC, Door.BY_LINK}:
            assert shut_out(client.open(address, method=method, buffered=True)), (method, address, door)


SENSITIVE = (
    ("GET", "/accounts", {Role.OWNER}),
    ("POST", "/accounts", {Role.OWNER}),
    ("POST", "/accounts/owner/active", {Role.OWNER}),
    ("POST", f"/day/{DAY}/plan", {Role.OWNER, Role.DISPATCHER}),
    ("POST", f"/day/{DAY}/stop/x", {Role.OWNER, Role.DISPATCHER}),
    ("POST", f"/day/{DAY}/publish", {Role.OWNER, Role.DISPATCHER}),
    ("POST", f"/day/{DAY}/proposal", {Role.OWNER, Role.DISPATCHER}),
    ("GET", f"/day/{DAY}", {Role.OWNER, Role.DISPATCHER, Role.BOOKING_TAKER}),
    ("GET", f"/day/{DAY}/visit/b1/0", {Role.OWNER, Role.DISPATCHER, Role.BOOKING_TAKER}),
    ("GET", f"/day/{DAY}/booking/b1", {Role.OWNER, Role.DISPATCHER, Role.BOOKING_TAKER}),
    ("GET", f"/api/day/{DAY}/map", {Role.OWNER, Role.DISPATCHER, Role.BOOKING_TAKER}),
)


@pytest.mark.parametrize(("method", "address", "who"), SENSITIVE)
def test_sensitive_pages_by_hand(house: House, method: str, address: str, who: set[Role]) -> None:
    """What would hurt most if it were open is written down by hand, apart from what the views declare."""
    for role in ROLES:
        answer = house.signed_in(role).open(address, method=method, buffered=True)
        assert (not shut_out(answer)) == (role in who), (role, method, address, answer.status)


def test_programs_and_fragments_get_no_redirect(house: House) -> None:
    """A script or a form of a stranger is told 401, so that it cannot mistake the sign-in page for an answer."""
    client = house.stranger()
    assert client.get(f"/api/day/{DAY}/map").status_code == 401
    assert client.get(f"/day/{DAY}/now", headers={"HX-Request": "true"}).status_code == 401
    assert client.post(f"/day/{DAY}/plan").status_code == 401


def test_a_mark_keeps_the_view(house: House) -> None:
    """Declaring a door changes nothing else of a view."""

    @needs(Permission.READ_DAY)
    def view() -> str:
        return "as before"

    assert view() == "as before"
    assert house.app.view_functions["static"].__dict__["door"] is Door.PUBLIC
