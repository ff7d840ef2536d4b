"""Every answer carries the headers, and a change must come from our own page."""

import re

import pytest

from dispatch.model.kinds import Role
from tests.web.house import House, open_house
from tests.work.company import Office

PATHS = (
    "/sign-in",
    "/no/such/page",
    "/",
    "/static/base.css",
    "/password",
    "/accounts",
    "/api/nothing",
    "/day/2026-11-25",
)


@pytest.mark.parametrize("path", PATHS)
def test_headers_on_every_answer(house: House, path: str) -> None:
    """Pages, files, redirects and errors alike carry the policy and the other headers."""
    answer = house.stranger().get(path, buffered=True)
    policy = answer.headers["Content-Security-Policy"]
    nonce = re.search(r"script-src 'self' 'nonce-([\w-]{16,})'", policy)
    assert nonce
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "base-uri 'none'" in policy
    assert "unsafe-eval" not in policy
    assert policy.count("unsafe-inline") == 1  # style attributes only
    assert "style-src-attr 'unsafe-inline'" in policy
    assert not re.search(r"https?:|\*", policy)
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Referrer-Policy"] == "same-origin"
    assert "geolocation=(self)" in answer.headers["Permissions-Policy"]
    assert answer.headers["Cross-Origin-Opener-Policy"] == "same-origin"


def test_every_answer_has_its_own_nonce(house: House) -> None:
    """A nonce is used once."""
    client = house.stranger()
    assert len({client.get("/sign-in").headers["Content-Security-Policy"] for _ in range(3)}) == 3


def test_pages_are_not_kept_and_files_are(house: House) -> None:
    """Nothing with a person's data stays in a cache; a file whose address names its content stays a year."""
    owner = house.signed_in(Role.OWNER)
    page = owner.get("/accounts")
    assert page.headers["Cache-Control"] == "no-store"
    addresses = re.findall(r'(?:href|src)="(/static/[^"]+)"', page.text)
    assert addresses
    for address in addresses:
        assert "immutable" in owner.get(address, buffered=True).headers["Cache-Control"], address
    assert owner.get("/static/base.css", buffered=True).headers["Cache-Control"] == "no-cache"


def test_the_session_cookie(office: Office) -> None:
    """The session's cookie is out of reach of scripts and of other sites, and of plain HTTP where the site has HTTPS."""
    plain = open_house(office).stranger().get("/sign-in").headers["Set-Cookie"]
    secure = open_house(office, public_url="https://laluan.example").stranger().get("/sign-in").headers["Set-Cookie"]
    assert "HttpOnly" in plain
    assert "SameSite=Lax" in plain
    assert "Secure" not in plain
    assert "Secure" in secure


def test_a_change_needs_the_token(office: Office) -> None:
    """A form without the token changes nothing; the same form with it does, and so does the header."""
    house = open_house(office, csrf=True)
    client = house.signed_in(Role.OWNER)
    form = {"name": "New", "email": "new@test.example", "role": "dispatcher", "new_password": "long enough 1"}
    refused = client.post("/accounts", data=form)
    assert refused.status_code == 400
    assert "nothing was changed" in refused.text
    assert "new@test.example" not in client.get("/accounts").text
    found = re.search(r'name="csrf_token" value="([^"]+)"', client.get("/accounts").text)
    assert found
    assert client.post("/accounts", data={**form, "csrf_token": found[1]}).status_code == 302
    assert "new@test.example" in client.get("/accounts").text
    assert client.post("/sign-out", headers={"X-CSRFToken": found[1]}).status_code == 302


@pytest.mark.parametrize("site", ["cross-site", "same-site"])
def test_a_change_from_another_site_is_refused(house: House, site: str) -> None:
    """A change that another site's page asked for is refused before anything looks at it."""
    client = house.signed_in(Role.OWNER)
    assert client.post("/sign-out", headers={"Sec-Fetch-Site": site}).status_code == 403
    assert client.get("/password").status_code == 200
    assert client.get("/password", headers={"Sec-Fetch-Site": site}).status_code == 200
    assert client.post("/sign-out", headers={"Sec-Fetch-Site": "same-origin"}).status_code == 302


def test_no_page_asks_another_host(house: House) -> None:
    """No page names a script, style, image or font of another host."""
    for path in ("/sign-in", "/nope"):
        assert not re.search(r'(?:src|href)="(?:https?:)?//', house.stranger().get(path).text)


def test_errors_are_sentences(house: House) -> None:
    """A page that is not there says so in a sentence, as JSON where a program asks, as a fragment where htmx does."""
    client = house.stranger()
    assert "There is no such page; check the address." in client.get("/nope").text
    answer = client.get("/api/nope")
    assert answer.status_code == 404
    assert answer.json == {"error": {"code": "web.no_page", "sentences": ["There is no such page; check the address."]}}
    fragment = client.get("/nope", headers={"HX-Request": "true"}).text
    assert "<html" not in fragment
    assert "There is no such page" in fragment


def test_a_request_too_large_is_refused(house: House) -> None:
    """What is larger than any form or file needs to be is refused with a sentence and never read."""
    answer = house.stranger().post("/sign-in", data={"password": "x" * (7 * 1024 * 1024)})
    assert answer.status_code == 413
    assert "too large" in answer.text
