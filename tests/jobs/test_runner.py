"""The runner makes the plans people ask for, each exactly once, whoever is stopped or killed on the way."""

import os
import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta

import pytest

from dispatch.jobs import Planner, Runner
from dispatch.model.job import Job, JobState
from dispatch.model.kinds import Cause
from dispatch.model.outcome import Budget
from dispatch.model.therapist import Therapist
from dispatch.solve import solve
from dispatch.words import sentence
from dispatch.work.planning import ask_for_plan, claim_job, finish_plan, job_task, plan_job, report_progress, stop_plan
from tests.work.company import DAY, Office

LONG = 600
"""Seconds no test waits for: what asks for them is stopped or killed."""


@contextmanager
def working(office: Office, planner: Planner) -> Iterator[Runner]:
    """Have a runner work for the office."""
    runner = Runner(office.services, planner, sweep_s=0.05, beat_s=0.2)
    runner.start()
    try:
        yield runner
    finally:
        runner.stop()


def until(office: Office, job: Job, wanted: Callable[[Job], bool]) -> Job:
    """Wait until a job is as wanted, and give it."""
    seen = job
    for _ in range(1200):
        seen = plan_job(office.services, office.dispatcher, job.id)
        if wanted(seen):
            return seen
        time.sleep(0.05)
    pytest.fail(f"The job stayed as it was: {seen}")


def ended(job: Job) -> bool:
    """Tell whether a job can change no more."""
    return job.state not in {JobState.QUEUED, JobState.RUNNING}


def under_way(job: Job) -> bool:
    """Tell whether a job has said how it stands."""
    return job.progress is not None


def stored(office: Office) -> list[str]:
    """Give the ids of the day's revisions."""
    with office.services.store.reading() as tx:
        return [revision.id for revision in tx.revisions("main", DAY)]


def test_a_plan_that_was_asked_for_is_made(office: Office, planner: Planner) -> None:
    """The job ends done, and its revision is the head, with the problem it solved."""
    job = ask_for_plan(office.services, office.dispatcher, DAY, seconds=0.5)
    with working(office, planner):
        done = until(office, job, ended)
    assert (done.state, done.attempt, done.failure) == (JobState.DONE, 1, None)
    assert stored(office) == [done.result_id]
    with office.services.store.reading() as tx:
        revision = tx.revision(done.result_id)
        assert tx.pointers("main", DAY).head_id == revision.id
        assert {booking.id for booking in tx.problem(revision.problem_hash).bookings} == {"b1", "b2", "b3", "b4"}
    assert (revision.cause, revision.served) == (Cause.PLANNER, 4)


def test_progress_is_told_and_a_stop_keeps_the_best_plan(full: Office, planner: Planner) -> None:
    """A running job says how it stands; stopped, it ends at once with the plan it has."""
    with working(full, planner):
        job = ask_for_plan(full.services, full.dispatcher, DAY, seconds=LONG)
        seen = until(full, job, under_way)
        assert seen.state is JobState.RUNNING
        assert seen.progress is not None
        assert seen.progress.percent < 50
        stop_plan(full.services, full.dispatcher, job.id)
        done = until(full, job, ended)
    assert done.state is JobState.DONE
    assert stored(full) == [done.result_id]


def test_a_runner_that_is_stopped_gives_its_job_back(full: Office, planner: Planner) -> None:
    """After a clean stop the job waits as if never begun, and the next runner takes it up at once."""
    with working(full, planner):
        job = ask_for_plan(full.services, full.dispatcher, DAY, seconds=LONG)
        until(full, job, under_way)
    assert planner.pid is None
    waiting = plan_job(full.services, full.dispatcher, job.id)
    assert (waiting.state, waiting.attempt, waiting.token) == (JobState.QUEUED, 0, "")
    with working(full, planner):
        until(full, job, lambda seen: seen.state is JobState.RUNNING)
        stop_plan(full.services, full.dispatcher, job.id)
        assert until(full, job, ended).state is JobState.DONE
    assert len(stored(full)) == 1


def test_a_planner_that_dies_is_replaced_and_the_job_done(full: Office, planner: Planner) -> None:
    """When the planner's process is killed in the middle, the job is tried again and stored once."""
    with working(full, planner):
        job = ask_for_plan(full.services, full.dispatcher, DAY, seconds=LONG)
        until(full, job, under_way)
        assert planner.pid is not None
        os.kill(planner.pid, signal.SIGKILL)
        until(full, job, lambda seen: seen.attempt == 2)
        stop_plan(full.services, full.dispatcher, job.id)
        assert until(full, job, ended).state is JobState.DONE
    assert len(stored(full)) == 1


def test_a_worker_without_its_lease_stores_nothing(office: Office) -> None:
    """Two workers solve the same job, for the first was silent too long: only the second one's plan is kept."""
    services = office.services
    job = ask_for_plan(services, office.dispatcher, DAY, seconds=LONG)
    slow = claim_job(services, "slow", lease_s=1)
    assert slow is not None
    assert claim_job(services, "quick", lease_s=1) is None
    later = replace(services, now=lambda: services.now() + timedelta(seconds=2))
    quick = claim_job(later, "quick", lease_s=LONG)
    assert quick is not None
    problem, start = job_task(services, slow)
    result = solve(problem, budget=Budget(rounds=3), start=start)
    assert report_progress(services, slow, None) is None
    assert finish_plan(services, slow, problem, result) is None
    assert stored(office) == []
    kept = finish_plan(services, quick, problem, result)
    assert kept is not None
    assert finish_plan(services, slow, problem, result) is None
    assert finish_plan(services, quick, problem, result) is None
    assert stored(office) == [kept.id]
    assert plan_job(services, office.dispatcher, job.id).result_id == kept.id


def test_a_day_that_cannot_be_planned_fails_with_its_sentence(office: Office, planner: Planner) -> None:
    """What keeps a day from being planned is said on the job, and the runner goes on with the next one."""
    job = ask_for_plan(office.services, office.dispatcher, DAY, seconds=0.2)
    with office.services.store.writing() as tx:
        at_home = tx.get(Therapist, "t-aina")
        lost = tx.update(replace(at_home, start_place=None))
    with working(office, planner):
        failed = until(office, job, ended)
        assert failed.state is JobState.FAILED
        assert failed.failure is not None
        assert sentence(failed.failure.code, failed.failure.named())
        with office.services.store.writing() as tx:
            tx.update(replace(lost, start_place=at_home.start_place))
        again = ask_for_plan(office.services, office.dispatcher, DAY, seconds=0.2)
        assert until(office, again, ended).state is JobState.DONE
    assert len(stored(office)) == 1


def test_a_runner_is_woken(office: Office, planner: Planner) -> None:
    """A runner that would sleep for long starts at once when it is told that a job is due."""
    wake = threading.Event()
    services = replace(office.services, wake=wake.set)
    runner = Runner(services, planner, wake=wake, sweep_s=LONG)
    runner.start()
    job = ask_for_plan(services, office.dispatcher, DAY, seconds=0.2)
    assert until(office, job, ended).state is JobState.DONE
    runner.stop()
