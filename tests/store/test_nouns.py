"""Nouns come back as they were put in, and nobody overwrites a colleague."""

from dataclasses import fields, replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy.exc import StatementError

from dispatch.errors import BadInput, Conflict, NotFound
from dispatch.model.account import Account
from dispatch.model.booking import Booking
from dispatch.model.branch import Branch
from dispatch.model.catalogue import Technique
from dispatch.model.decisions import Lock
from dispatch.model.kinds import BookingStatus, Role
from dispatch.model.people import Client, Contact
from dispatch.model.places import Address, Building
from dispatch.store import Store
from dispatch.store.convert import METADATA, columns_of, kept
from tests.store.samples import DAY, NOW, booking, company, event, publication, revision


def test_every_noun_comes_back_equal(filled: Store) -> None:
    """A noun read is the noun written, whatever is in it."""
    with filled.reading() as tx:
        for noun in company():
            assert tx.get(type(noun), noun.id) == noun


def test_every_column_says_what_the_noun_says() -> None:
    """No column can disagree with the noun in the body, for all of them are read from it."""
    for noun in (*company(), event("e1"), revision("r1", 1, "hash"), publication("v1", 1)):
        names = {field.name for field in fields(noun)} | {"body"}
        row = columns_of(noun)
        assert set(row) == set(kept(type(noun)).table.columns.keys())
        assert set(row) - names <= {"booking_id", "folded"}


def test_every_table_of_the_schema_is_reached() -> None:
    """Nothing is declared that no test of this file or its neighbours could fill."""
    samples = (*company(), event("e1"), revision("r1", 1, "hash"), publication("v1", 1))
    nouns = {kept(type(noun)).kind for noun in samples}
    others = {"matrix", "problem", "problem_matrix", "day_pointers", "lock", "waiver", "job", "audit_row", "answer"}
    others |= {"change", "presence", "publication_seen", "outgoing", "api_use", "api_answer"}
    assert set(METADATA.tables) == nouns | others


def test_an_update_moves_the_version_on(filled: Store) -> None:
    """A change is kept with the next version, which the writer is given."""
    with filled.writing() as tx:
        changed = tx.update(replace(tx.get(Client, "c1"), note="knock twice"))
    with filled.reading() as tx:
        assert tx.get(Client, "c1") == changed
        assert changed.version == 2


def test_a_colleague_is_not_overwritten(filled: Store) -> None:
    """The second of two changes to the same version is refused, and the first one stays."""
    with filled.reading() as tx:
        seen = tx.get(Booking, "w1")
    with filled.writing() as tx:
        tx.update(replace(seen, note="first"))
    with pytest.raises(Conflict) as caught, filled.writing() as tx:
        tx.update(replace(seen, note="second"))
    assert (caught.value.code, caught.value.values["id"]) == ("store.changed_meanwhile", "w1")
    with pytest.raises(Conflict, match=r"store\.changed_meanwhile"), filled.writing() as tx:
        tx.delete(seen)
    with filled.reading() as tx:
        assert tx.get(Booking, "w1").note == "first"


def test_another_branch_is_out_of_reach(filled: Store) -> None:
    """A noun is changed only under the branch it belongs to."""
    with filled.writing() as tx:
        tx.insert(Branch(id="jb", name="Johor Bahru"))
    moved = booking("w1", branch_id="jb")
    with pytest.raises(NotFound), filled.writing() as tx:
        tx.update(moved)
    with pytest.raises(NotFound), filled.writing() as tx:
        tx.delete(moved)


def test_an_unknown_id_is_named(filled: Store) -> None:
    """What does not exist is said by kind and id; `find` gives None instead."""
    with filled.writing() as tx:
        assert tx.find(Client, "nobody") is None
        for attempt in (lambda: tx.get(Client, "nobody"), lambda: tx.update(booking("nobody"))):
            with pytest.raises(NotFound) as caught:
                attempt()
            assert caught.value.values["id"] == "nobody"


@pytest.mark.parametrize(
    ("noun", "code"),
    [
        (booking("w1"), "store.exists"),
        (booking("new", client_id="nobody"), "store.names_nothing"),
        (booking("new", contact_id="nobody"), "store.names_nothing"),
        (
            Account(
                id="u2",
                branch_id="kl",
                email="owner@example.com",
                name="pk_fk_foreign key.id",
                role=Role.OWNER,
                password_hash="h",
                unique="u2",
            ),
            "store.taken",
        ),
    ],
)
def test_a_constraint_is_said_plainly_and_the_transaction_goes_on(filled: Store, noun: Any, code: str) -> None:
    """What a constraint forbids is a `Conflict` with its reason, and nothing else of the transaction is lost."""
    with filled.writing() as tx:
        with pytest.raises(Conflict) as caught:
            tx.insert(noun)
        tx.insert(booking("after"))
    assert (caught.value.code, caught.value.values["id"]) == (code, noun.id)
    with filled.reading() as tx:
        assert tx.find(Booking, "after") is not None


def test_what_is_named_cannot_be_deleted(filled: Store) -> None:
    """A building that an address names stays; an address nothing names can go."""
    with filled.writing() as tx:
        with pytest.raises(Conflict, match=r"store\.still_used"):
            tx.delete(tx.get(Building, "b1"))
        tx.delete(tx.get(Address, "a2"))
    with filled.reading() as tx:
        assert [address.id for address in tx.list(Address, "kl", building_id="b1")] == ["a1"]


def test_an_exception_leaves_nothing_behind(filled: Store) -> None:
    """A transaction left by an exception is undone as a whole."""
    with pytest.raises(ZeroDivisionError), filled.writing() as tx:  # noqa: PT012 - all of it is what is undone
        tx.insert(booking("new"))
        tx.update(replace(tx.get(Client, "c1"), note="half"))
        tx.set_lock("kl", DAY, Lock(visit_id="w1/0", therapist_id="t1"))
        raise ZeroDivisionError
    with filled.reading() as tx:
        assert (tx.find(Booking, "new"), tx.get(Client, "c1").note, tx.locks("kl", DAY)) == (None, "", ())


def test_lists_are_filtered_by_columns_and_sorted_by_id(filled: Store) -> None:
    """A list holds what has the values asked for, whatever order it was entered in."""
    with filled.writing() as tx:
        tx.insert(booking("W0", day=DAY + timedelta(days=1)))
        tx.insert(booking("a", status=BookingStatus.CANCELLED))
    with filled.reading() as tx:
        assert [found.id for found in tx.list(Booking, "kl")] == ["W0", "a", "w1", "w2"]
        assert [found.id for found in tx.list(Booking, "kl", day=DAY, status=BookingStatus.REQUESTED)] == ["w1", "w2"]
        assert [found.id for found in tx.list(Booking, "kl", id={"a", "w2", "nothing"})] == ["a", "w2"]
        assert tx.list(Booking, "kl", id=()) == tx.list(Booking, "jb") == ()
        assert [found.id for found in tx.list(Contact, "kl", client_id="")] == ["k2"]
        assert [found.id for found in tx.list(Account, "", email="owner@example.com")] == ["u1"]
        assert [found.id for found in tx.list(Address, "kl", active=False)] == ["a2"]
        assert len(tx.list(Technique, "")) == len(tx.list(Branch, "")) == 1
        with pytest.raises(TypeError, match="no column colour"):
            tx.list(Booking, "kl", colour="red")


@pytest.mark.parametrize("text", ["a\x00b", "a\ud800b"])
def test_text_no_database_keeps_is_refused(filled: Store, text: str) -> None:
    """A character that one database would choke on is refused on both, with the noun named."""
    with pytest.raises(BadInput) as caught, filled.writing() as tx:
        tx.insert(booking("new", note=text))
    assert caught.value.values == {"kind": "booking", "id": "new"}


@pytest.mark.parametrize(
    "text", ["\\u0000", "\\\\u0000", "{{7*7}}", "\u202e\u200d", "'; DROP TABLE booking; --", "😀 陈"]
)
def test_hostile_text_comes_back_as_it_is(filled: Store, text: str) -> None:
    """Text that means something elsewhere is only text here."""
    with filled.writing() as tx:
        tx.insert(Client(id="c3", branch_id="kl", name=text, first_name=text, phone=text, note=text))
    with filled.reading() as tx:
        assert tx.list(Client, "kl", name=text, phone=text)[0].note == text


def test_a_naive_moment_is_refused(filled: Store) -> None:
    """A moment without its offset is a programming error, found before anything is kept."""
    with pytest.raises(StatementError, match="offset"), filled.writing() as tx:
        tx.append_event(replace(event("e1"), server_at=NOW.replace(tzinfo=None)))
