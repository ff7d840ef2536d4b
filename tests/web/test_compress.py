"""Answers are compressed for who unpacks them, whole and unchanged; nothing else about them differs."""

import gzip

import pytest

from dispatch.model.kinds import Role
from tests.web.house import House
from tests.work.company import DAY

ASKS = {"Accept-Encoding": "gzip, deflate, br"}


@pytest.mark.parametrize(
    "path", [f"/day/{DAY}", "/static/base.css", "/static/theme.js", "/p/worker.js", "/static/icon.svg"]
)
def test_text_is_sent_compressed_and_whole(busy_house: House, path: str) -> None:
    """The board, a style sheet and a script arrive smaller, and unpacked they are what everybody else gets."""
    client = busy_house.signed_in(Role.DISPATCHER)
    plain, packed = client.get(path, buffered=True), client.get(path, headers=ASKS, buffered=True)
    assert "Content-Encoding" not in plain.headers
    assert plain.headers["Vary"] == packed.headers["Vary"]
    assert "Accept-Encoding" in packed.headers["Vary"]
    if len(plain.data) < 600:
        assert packed.data == plain.data
        return
    assert packed.headers["Content-Encoding"] == "gzip"
    assert packed.headers["Content-Length"] == str(len(packed.data))
    assert len(packed.data) < len(plain.data) / 1.5
    if path.endswith((".css", ".js")):
        assert gzip.decompress(packed.data) == plain.data
        assert packed.headers["Cache-Control"] == plain.headers["Cache-Control"]


def test_a_page_has_no_length_to_read(busy_house: House) -> None:
    """The same page asked for again and again has different lengths, so that they tell nothing of a secret in it."""
    client = busy_house.stranger()
    lengths = {len(client.get("/sign-in", headers=ASKS).data) for _ in range(12)}
    assert len(lengths) > 3


def test_what_is_known_is_not_sent_again(busy_house: House) -> None:
    """A file's tag, as the compressed answer gave it, is known again: 304 and no bytes."""
    client = busy_house.stranger()
    first = client.get("/static/base.css", headers=ASKS, buffered=True)
    again = client.get("/static/base.css", headers=ASKS | {"If-None-Match": first.headers["ETag"]}, buffered=True)
    assert (again.status_code, again.data) == (304, b"")


def test_who_refuses_gzip_gets_it_plain(busy_house: House) -> None:
    """`gzip;q=0` is a refusal, and an answer to HEAD has nothing to unpack."""
    client = busy_house.stranger()
    plain = client.get("/static/base.css", headers={"Accept-Encoding": "gzip;q=0"}, buffered=True)
    assert "Content-Encoding" not in plain.headers
    assert client.head("/static/base.css", headers=ASKS, buffered=True).data == b""
