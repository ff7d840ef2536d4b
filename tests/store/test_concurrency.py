"""Threads that work at the same time lose nothing, double nothing, and readers wait for nobody."""

import sqlite3
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from threading import Barrier, Event
from typing import TypeVar

import pytest

from dispatch.errors import Conflict, Unavailable
from dispatch.model.branch import Branch
from dispatch.model.job import JobState
from dispatch.model.people import Client
from dispatch.store import Store, open_store
from tests.store.samples import NOW, job

T = TypeVar("T")


def at_once(count: int, work: Callable[[int], T]) -> list[T]:
    """Run the work in as many threads, started together, and give what they answered."""
    together = Barrier(count)

    def started(number: int) -> T:
        together.wait()
        return work(number)

    with ThreadPoolExecutor(count) as pool:
        return list(pool.map(started, range(count)))


def test_no_update_is_lost_without_an_error(filled: Store, prepared_url: str) -> None:
    """Eight threads that read and then write, half of them on a store of their own, count every step."""
    other = open_store(prepared_url)

    def count_up(number: int) -> None:
        for _ in range(10):
            with (filled, other)[number % 2].writing() as tx:
                seen = tx.get(Client, "c1")
                tx.update(replace(seen, note=str(int(seen.note or "0") + 1)))

    at_once(8, count_up)
    other.close()
    with filled.reading() as tx:
        assert (tx.get(Client, "c1").note, tx.get(Client, "c1").version) == ("80", 81)


def test_of_two_changes_to_one_version_one_wins(filled: Store) -> None:
    """Colleagues who opened the same client and save at the same time: one is kept, the others are told."""
    with filled.reading() as tx:
        seen = tx.get(Client, "c1")

    def save(number: int) -> str:
        try:
            with filled.writing() as tx:
                return tx.update(replace(seen, note=str(number))).note
        except Conflict as conflict:
            return conflict.code

    answers = at_once(6, save)
    with filled.reading() as later:
        winner = later.get(Client, "c1").note
    assert sorted(answers) == sorted([winner] + ["store.changed_meanwhile"] * 5)


def test_no_job_is_claimed_twice(store: Store, prepared_url: str) -> None:
    """Workers with stores of their own share out the jobs, each of them exactly once."""
    days = [date(2026, 12, 1) + timedelta(days=n) for n in range(12)]
    with store.writing() as tx:
        tx.insert(Branch(id="kl", name="Kuala Lumpur"))
        for day in days:
            tx.enqueue(job(day.isoformat(), day=day))

    def work(number: int) -> list[str]:
        own, done = open_store(prepared_url), []
        for turn in range(100):
            token = f"{number}/{turn}"
            with own.writing() as tx:
                found = tx.claim(NOW, 30, token)
            if found is None:
                break
            with own.writing() as tx:
                assert tx.finish(found.id, token, JobState.DONE, now=NOW)
            done.append(found.id)
        own.close()
        return done

    claimed = [key for done in at_once(4, work) for key in done]
    assert sorted(claimed) == [day.isoformat() for day in days]
    with store.reading() as later:
        assert {later.job(day.isoformat()).attempt for day in days} == {1}


def test_a_reader_sees_one_moment_and_waits_for_no_writer(filled: Store) -> None:
    """What a reading transaction has begun to read stays as it was, though a writer changes it and commits."""
    with filled.reading() as reader:
        before = reader.get(Client, "c1")
        with filled.writing() as tx:
            tx.update(replace(before, note="changed"))
            with filled.reading() as other:
                assert other.get(Client, "c1") == before
        assert reader.get(Client, "c1") == before
        assert reader.list(Client, "kl")[0] == before
    with filled.reading() as later:
        assert later.get(Client, "c1").note == "changed"


@pytest.mark.parametrize("own_store", [True, False])
def test_a_writer_that_waits_too_long_is_told(filled: Store, prepared_url: str, own_store: bool) -> None:
    """While another writer holds on, a second one ends with the sentence for it instead of waiting for ever."""
    waiting = open_store(prepared_url, busy_s=0.1)
    holding, enough = Event(), Event()

    def hold() -> None:
        with (filled if own_store else waiting).writing():
            holding.set()
            enough.wait(20)

    with ThreadPoolExecutor(1) as pool:
        held = pool.submit(hold)
        holding.wait(20)
        with pytest.raises(Unavailable, match=r"store\.busy"), waiting.writing():
            pytest.fail("two writers at once")
        enough.set()
        held.result()
    with waiting.writing() as tx:
        assert tx.get(Client, "c1").version == 1
    waiting.close()


def test_sqlite_without_our_begin_would_lose_updates(tmp_path: Path) -> None:
    """The driver's own late BEGIN lets two readers both write: the reason for BEGIN IMMEDIATE is still true."""
    path = tmp_path / "plain.sqlite3"
    one, two = (sqlite3.connect(path, timeout=0) for _ in range(2))
    one.execute("CREATE TABLE counter (n INTEGER)")
    one.execute("INSERT INTO counter VALUES (0)")
    one.commit()
    seen = [connection.execute("SELECT n FROM counter").fetchone()[0] for connection in (one, two)]
    for connection, n in zip((one, two), seen, strict=True):
        connection.execute("UPDATE counter SET n = ?", (n + 1,))
        connection.commit()
    assert one.execute("SELECT n FROM counter").fetchone()[0] == 1
    one.close()
    two.close()
