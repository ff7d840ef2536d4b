"""A job belongs to one worker at a time, and only its token can end it."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta

import pytest

from dispatch.errors import Conflict, NotFound
from dispatch.model.branch import Branch
from dispatch.model.job import Job, JobState
from dispatch.model.outcome import Progress
from dispatch.model.said import said
from dispatch.store import Store, Writing
from dispatch.store.jobs import ATTEMPTS
from tests.store.samples import DAY, NOW, job, problem, revision

LEASE_S = 30
SOON = NOW + timedelta(seconds=LEASE_S)
LATER = SOON + timedelta(seconds=1)
HALF = Progress(percent=50, rounds=3, served=7, left_out=1, points=99, phase="solve.improving")


@pytest.fixture
def queue(store: Store) -> Store:
    """Give a store with a branch and one job that is due."""
    with store.writing() as tx:
        tx.insert(Branch(id="kl", name="Kuala Lumpur"))
        tx.enqueue(job("j1"))
    return store


@contextmanager
def claimed(queue: Store, token: str = "one") -> Iterator[tuple[Writing, Job]]:
    """Give a transaction in which the job was claimed."""
    with queue.writing() as tx:
        found = tx.claim(NOW, LEASE_S, token)
        assert found is not None
        yield tx, found


def test_a_job_comes_back_equal(queue: Store) -> None:
    """Every field of a job is kept, the unusual ones too."""
    full = job(
        "j2",
        day=DAY + timedelta(days=1),
        state=JobState.FAILED,
        attempt=3,
        token="t",
        lease_until=NOW,
        stop_asked=True,
        progress=HALF,
        failure=said("job.given_up", attempts=5),
        finished_at=NOW,
        seed=2**62,
    )
    with queue.writing() as tx:
        tx.enqueue(full)
    with queue.reading() as tx:
        assert (tx.job("j1"), tx.job("j2")) == (job("j1"), full)


def test_a_day_has_one_open_job(queue: Store) -> None:
    """A second plan job of a day is refused while one is queued or running, and welcome after it."""
    with claimed(queue) as (tx, found):
        with pytest.raises(Conflict, match=r"job\.already_asked"):
            tx.enqueue(job("j2"))
        assert tx.running_job("kl", DAY) == found
        assert tx.running_job("kl", DAY + timedelta(days=1)) is None
        tx.finish("j1", "one", JobState.DONE, now=SOON)
        assert tx.running_job("kl", DAY) is None
        tx.enqueue(job("j2", asked_at=SOON))
        assert (tx.last_job("kl", DAY), tx.running_job("kl", DAY)) == (tx.job("j2"), tx.job("j2"))
        with pytest.raises(Conflict, match=r"store\.taken"):
            tx.enqueue(job("j1", day=DAY + timedelta(days=1)))


def test_a_claim_says_whose_the_job_is(queue: Store) -> None:
    """A claimed job runs under the claimer's token until the lease ends; nobody else gets it before."""
    with claimed(queue) as (tx, found):
        expected = replace(job("j1"), state=JobState.RUNNING, attempt=1, token="one", lease_until=SOON)
        assert found == expected == tx.job("j1")
        assert tx.claim(SOON, LEASE_S, "two") is None


def test_jobs_not_yet_due_wait(queue: Store) -> None:
    """A job is claimed at its due time and not before, the one due first before the others."""
    with queue.writing() as tx:
        tx.enqueue(job("j0", day=DAY + timedelta(days=1), due_at=SOON))
        first, second = tx.claim(NOW, LEASE_S, "one"), tx.claim(NOW, LEASE_S, "two")
        assert (first.id if first else "", second) == ("j1", None)
        third = tx.claim(SOON, LEASE_S, "three")
        assert third is not None
        assert third.id == "j0"


def test_a_silent_worker_loses_its_job(queue: Store) -> None:
    """After the lease another worker gets the job, and the first one can neither beat, nor finish, nor release it."""
    with claimed(queue) as (tx, _):
        again = tx.claim(LATER, LEASE_S, "two")
        assert again is not None
        assert (again.attempt, again.token) == (2, "two")
        assert tx.beat("j1", "one", LATER, HALF) is None
        assert not tx.finish("j1", "one", JobState.DONE, now=LATER)
        assert not tx.release("j1", "one", due_at=LATER, tried=True)
        assert tx.job("j1") == again


def test_a_beat_renews_the_lease_and_tells_of_a_stop(queue: Store) -> None:
    """A beat keeps the job for its worker, keeps the last progress, and brings back what was asked meanwhile."""
    with claimed(queue) as (tx, _):
        beaten = tx.beat("j1", "one", LATER, HALF)
        assert beaten is not None
        assert (beaten.lease_until, beaten.progress, beaten.stop_asked) == (LATER, HALF, False)
        tx.ask_stop("j1")
        beaten = tx.beat("j1", "one", LATER)
        assert beaten is not None
        assert (beaten.progress, beaten.stop_asked) == (HALF, True)
        assert tx.claim(LATER, LEASE_S, "two") is None


def test_an_ended_job_stays_ended(queue: Store) -> None:
    """A finished job keeps its result and its time; ending it again, beating or stopping it changes nothing."""
    with claimed(queue) as (tx, _):
        tx.append_revision(revision("r1", 1, tx.keep_problem(problem())))
        assert tx.finish("j1", "one", JobState.DONE, result_id="r1", now=SOON)
        ended = tx.job("j1")
        assert (ended.state, ended.result_id, ended.finished_at) == (JobState.DONE, "r1", SOON)
        assert (ended.token, ended.lease_until) == ("", None)
        assert not tx.finish("j1", "one", JobState.FAILED, now=LATER)
        assert not tx.finish("j1", "", JobState.FAILED, now=LATER)
        assert tx.beat("j1", "one", LATER) is None
        assert tx.ask_stop("j1") == ended
        assert tx.claim(LATER, LEASE_S, "two") is None


def test_a_failure_keeps_its_sentence(queue: Store) -> None:
    """A failed job says why."""
    why = said("job.planner_ended")
    with claimed(queue) as (tx, _):
        assert tx.finish("j1", "one", JobState.FAILED, failure=why, now=SOON)
        assert (tx.job("j1").state, tx.job("j1").failure) == (JobState.FAILED, why)


def test_stopping_a_queued_job_cancels_it(queue: Store) -> None:
    """A job nobody works on yet ends at once when it is stopped, and is never claimed."""
    with queue.writing() as tx:
        stopped = tx.ask_stop("j1", now=NOW)
        assert (stopped.state, stopped.finished_at) == (JobState.CANCELLED, NOW)
        assert tx.claim(LATER, LEASE_S, "one") is None
        with pytest.raises(NotFound):
            tx.ask_stop("nobody")


def test_a_released_job_is_taken_up_again(queue: Store) -> None:
    """A worker that is asked to end gives its job back as if never tried; after a fault the attempt counts."""
    with claimed(queue) as (tx, _):
        assert tx.release("j1", "one", due_at=NOW, tried=False)
        assert tx.job("j1") == job("j1")
        tx.claim(NOW, LEASE_S, "two")
        assert tx.release("j1", "two", due_at=SOON, tried=True)
        assert tx.job("j1") == job("j1", attempt=1, due_at=SOON)


def test_a_job_that_ends_its_workers_is_given_up(queue: Store) -> None:
    """After the last attempt a job is failed with its reason instead of being tried for ever."""
    at = NOW
    with queue.writing() as tx:
        for attempt in range(1, ATTEMPTS + 1):
            found = tx.claim(at, LEASE_S, f"worker {attempt}")
            assert found is not None
            assert found.attempt == attempt
            at += timedelta(seconds=LEASE_S + 1)
        assert tx.claim(at, LEASE_S, "one more") is None
        given_up = tx.job("j1")
        assert (given_up.state, given_up.failure) == (JobState.FAILED, said("job.given_up", attempts=ATTEMPTS))
