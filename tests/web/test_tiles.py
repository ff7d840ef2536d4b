"""A company may have its maps from a tile server of its choice, and from nowhere else."""

import re

import pytest

from dispatch.model.kinds import Role
from tests.web.house import ACCOUNTS, House, open_house
from tests.work.company import DAY, Office
from web import create_app
from web.maps import draw
from web.tiles import Tiles

URL = "https://tiles.example.com:8443/osm/{z}/{x}/{y}.png?key=a-b"
PATH = f"/day/{DAY.isoformat()}"


@pytest.fixture
def tiled(busy: Office) -> House:
    """The pages over the office, with a tile server."""
    open_house(busy)  # its accounts
    app = create_app(
        busy.services,
        secret_key="a secret of the tests",
        testing=True,
        tiles_url=URL,
        tiles_attribution="© <b>Mapmakers</b>",
    )
    return House(office=busy, app=app)


def test_the_policy_opens_for_exactly_that_origin(tiled: House) -> None:
    """Pictures may come from us and from the server's origin; scripts, styles and data still only from us."""
    assert ACCOUNTS[Role.DISPATCHER]
    policy = tiled.signed_in(Role.DISPATCHER).get(PATH).headers["Content-Security-Policy"]
    parts = dict(part.strip().split(" ", 1) for part in policy.split(";"))
    assert parts["img-src"] == "'self' data: https://tiles.example.com:8443"
    assert [name for name, value in parts.items() if "tiles.example.com" in value] == ["img-src"]


def test_the_board_draws_the_tiles_and_says_who_made_them(tiled: House) -> None:
    """The address comes through whole, our schematic is left away, and the maker's name stands on the map as plain text."""
    page = tiled.signed_in(Role.DISPATCHER).get(PATH).text
    assert '"https://tiles.example.com:8443/osm/{z}/{x}/{y}.png?key=a-b"' in page.replace("\\u0026", "&")
    assert "base-rail" not in page
    assert re.search(r'class="map-note">© &lt;b&gt;Mapmakers&lt;/b&gt;</p>', page)
    assert "<b>Mapmakers" not in page


def test_without_a_server_nothing_leaves_the_house(busy: Office) -> None:
    """Off by default: the schematic is drawn, and no other host stands in the policy."""
    answer = open_house(busy).signed_in(Role.DISPATCHER).get(PATH)
    assert "img-src 'self' data:;" in answer.headers["Content-Security-Policy"]
    assert "L.tileLayer" not in answer.text
    assert "base-rail" in answer.text


def test_the_server_is_told_our_host_and_no_page() -> None:
    """Public servers ask who shows their pictures: the origin is sent, never an address with a day or a secret in it."""
    script = str(draw((), tiles=Tiles(url=URL, attribution="x")).script)
    assert re.search(r'"referrerPolicy":\s*"origin"', script)
