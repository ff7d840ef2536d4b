"""What the store keeps for programs: pages of bookings and events, last uses, and answers by key, on both databases."""

from dataclasses import replace
from datetime import date, timedelta

from dispatch.model.api import KeptAnswer
from dispatch.store import Store
from tests.store.samples import DAY, NOW, booking, event

ASKED = KeptAnswer(token_id="x1", key="k", request_hash="h", asked_at=NOW)


def test_pages_of_bookings_leave_nothing_out(filled: Store) -> None:
    """Pages of any size, put together, are all bookings in the order of day and id, filtered as asked."""
    with filled.writing() as tx:
        for number in range(5):
            tx.insert(booking(f"v{number}", day=date(2026, 11, 25 - number % 3)))
    with filled.reading() as tx:
        whole = [(one.day, one.id) for one in tx.bookings_page("kl", after=None, limit=100)]
        assert whole == sorted(whole)
        assert len(whole) == 7
        for limit in (1, 2, 3):
            found: list[tuple[date, str]] = []
            while page := tx.bookings_page("kl", after=found[-1] if found else None, limit=limit):
                found += [(one.day, one.id) for one in page]
            assert found == whole
        one_day = tx.bookings_page("kl", after=None, limit=100, from_day=DAY, to_day=DAY)
        assert {one.day for one in one_day} == {DAY}
        assert tx.bookings_page("kl", after=None, limit=9, statuses=["done"]) == ()
        assert tx.bookings_page("kl", after=None, limit=9, client_id="c2") == ()
        assert tx.bookings_page("other", after=None, limit=9) == ()


def test_events_come_in_the_order_they_were_kept(filled: Store) -> None:
    """Each event has the number of its place, whatever its id, and a page begins after any number."""
    with filled.writing() as tx:
        for key in ("z", "a", "m"):
            assert tx.append_event(event(key))
    with filled.reading() as tx:
        found = tx.events_page("kl", after=0, limit=10)
        assert [one.id for _, one in found] == ["z", "a", "m"]
        assert [one.id for _, one in tx.events_page("kl", after=found[0][0], limit=1)] == ["a"]


def test_a_last_use_is_the_last_one(filled: Store) -> None:
    """A token never used has none; afterwards the newest is given."""
    with filled.writing() as tx:
        assert tx.last_uses(["x1"]) == {}
        tx.note_use("x1", NOW)
        tx.note_use("x1", NOW + timedelta(minutes=2))
        assert tx.last_uses(["x1", "nobody"]) == {"x1": NOW + timedelta(minutes=2)}


def test_a_key_is_taken_once_until_it_is_forgotten(filled: Store) -> None:
    """A request is begun once, taken over only when it fell silent, answered for good, and forgotten in the end."""
    with filled.writing() as tx:
        assert tx.keep_request(ASKED)
        assert not tx.keep_request(replace(ASKED, asked_at=NOW + timedelta(hours=1)))
        later = replace(ASKED, asked_at=NOW + timedelta(minutes=5))
        assert not tx.retake_request(later, before=NOW)
        assert tx.retake_request(later, before=NOW + timedelta(seconds=1))
        answered = replace(later, status=201, headers=(("ETag", '"1"'),), body="陈")
        tx.keep_reply(answered)
        assert not tx.retake_request(later, before=NOW + timedelta(days=1))
        assert tx.kept_answer("x1", "k") == answered
        tx.forget_requests(before=NOW)
        assert tx.kept_answer("x1", "k") == answered
        tx.forget_request("x1", "k")
        assert tx.kept_answer("x1", "k") is None
        tx.keep_request(ASKED)
        tx.forget_requests(before=NOW + timedelta(seconds=1))
        assert tx.kept_answer("x1", "k") is None
