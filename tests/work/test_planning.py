"""Plans are asked for, made, kept exactly once, taken over and published; what the referee refuses is never kept."""

from dataclasses import replace
from datetime import timedelta

import pytest

from dispatch.errors import BadInput, Conflict, LaluanError, NotFound, Several
from dispatch.model.booking import Booking, TimeWindow
from dispatch.model.decisions import Hold
from dispatch.model.job import Job, JobState
from dispatch.model.kinds import Cause
from dispatch.model.outcome import Progress
from dispatch.model.plan import DayPointers, Plan, Revision
from dispatch.model.said import said
from dispatch.work.bookings import add_booking, booking_page, cancel_booking, change_booking
from dispatch.work.locks import hold_start
from dispatch.work.planning import (
    ask_for_plan,
    claim_job,
    fail_job,
    finish_plan,
    job_task,
    plan_job,
    publish,
    report_progress,
    stop_plan,
)
from tests.work.company import DAY, H, Office, booking
from tests.work.plans import FULL, REFUSED, keep, keep_and_publish, result_of

PROGRESS = Progress(percent=40, rounds=3, served=2, left_out=2, points=9, phase="improve")


def pointers(office: Office) -> DayPointers:
    """Give the day's pointers."""
    with office.services.store.reading() as tx:
        return tx.pointers("main", DAY)


def revisions(office: Office) -> tuple[Revision, ...]:
    """Give the day's revisions."""
    with office.services.store.reading() as tx:
        return tx.revisions("main", DAY)


def claimed(office: Office, worker: str = "worker") -> Job:
    """Claim the next job, which must be there."""
    job = claim_job(office.services, worker)
    assert job is not None
    return job


def test_asking_twice_gives_one_job(busy: Office) -> None:
    """A second click on the button gives the job that runs already, and the runner is woken."""
    first = ask_for_plan(busy.services, busy.dispatcher, DAY, seconds=5, seed=7)
    assert (first.state, first.seconds, first.seed) == (JobState.QUEUED, 5.0, 7)
    assert busy.woken == [busy.clock()]
    assert ask_for_plan(busy.services, busy.owner, DAY).id == first.id
    claimed(busy)
    assert ask_for_plan(busy.services, busy.owner, DAY).state is JobState.RUNNING


def test_a_day_that_cannot_be_meant_is_refused(busy: Office) -> None:
    """A plan for a far-off day or for no time at all is refused in words, without a job."""
    with pytest.raises(BadInput) as refused:
        ask_for_plan(busy.services, busy.dispatcher, DAY + timedelta(days=4_000))
    assert refused.value.code == "day.too_far"
    for seconds in (0.0, 601.0, float("nan")):
        with pytest.raises(BadInput):
            ask_for_plan(busy.services, busy.dispatcher, DAY, seconds=seconds)
    assert claim_job(busy.services, "worker") is None


def test_a_plan_becomes_the_head(busy: Office) -> None:
    """A finished job's plan is the new head, numbered and kept with the problem it answers; the job says which."""
    job = ask_for_plan(busy.services, busy.dispatcher, DAY)
    running = claimed(busy)
    problem, start = job_task(busy.services, running)
    assert start is None
    assert report_progress(busy.services, running, PROGRESS) is False
    assert plan_job(busy.services, busy.taker, job.id).progress == PROGRESS
    revision = finish_plan(busy.services, running, problem, result_of(problem, FULL))
    assert revision is not None
    assert (revision.number, revision.parent_id, revision.cause) == (1, None, Cause.PLANNER)
    assert (revision.author, revision.served, revision.left_out) == ("dispatcher", 4, 0)
    assert revision.summary[:1] == (said("revision.difference", served=4, came_in=4, fell_out=0, changed=0),)
    done = plan_job(busy.services, busy.taker, job.id)
    assert (done.state, done.result_id) == (JobState.DONE, revision.id)
    assert pointers(busy).head_id == revision.id
    with busy.services.store.reading() as tx:
        assert tx.problem(revision.problem_hash) == problem
        assert tx.audit("main", limit=1)[0].subject_ids == (revision.id, job.id)


def test_the_next_plan_starts_from_the_head(busy: Office) -> None:
    """The head, fitted to the day as it is now, is what the next job starts from and has as its parent."""
    first = keep(busy)
    cancel_booking(busy.services, busy.taker, "b4", 1, "fever")
    ask_for_plan(busy.services, busy.dispatcher, DAY)
    job = claimed(busy)
    problem, start = job_task(busy.services, job)
    assert start is not None
    assert start.served() == {"b1", "b2", "b3"}
    second = finish_plan(busy.services, job, problem, result_of(problem, start))
    assert second is not None
    assert (second.number, second.parent_id) == (2, first.id)
    assert second.summary[:1] == (said("revision.difference", served=3, came_in=0, fell_out=1, changed=0),)


def test_a_refused_plan_fails_the_job(busy: Office) -> None:
    """A plan the referee refuses is not kept: the job fails with a sentence and the pointers stay."""
    job = ask_for_plan(busy.services, busy.dispatcher, DAY)
    running = claimed(busy)
    problem, _ = job_task(busy.services, running)
    refused = replace(result_of(problem, FULL), plan=REFUSED)
    assert finish_plan(busy.services, running, problem, refused) is None
    failed = plan_job(busy.services, busy.taker, job.id)
    assert failed.state is JobState.FAILED
    assert failed.failure is not None
    assert failed.failure.code == "plan.refused"
    assert revisions(busy) == ()
    assert pointers(busy).head_id is None


def test_a_worker_whose_lease_ended_keeps_nothing(busy: Office) -> None:
    """A worker that was thought dead cannot store its plan; the one that took over stores exactly one."""
    ask_for_plan(busy.services, busy.dispatcher, DAY)
    slow = claimed(busy, "slow")
    problem, _ = job_task(busy.services, slow)
    busy.clock.on(seconds=31)
    quick = claimed(busy, "quick")
    assert (quick.id, quick.attempt) == (slow.id, 2)
    assert report_progress(busy.services, slow, PROGRESS) is None
    assert finish_plan(busy.services, slow, problem, result_of(problem, FULL)) is None
    assert fail_job(busy.services, slow, said("plan.refused", count=1)) is False
    assert revisions(busy) == ()
    assert finish_plan(busy.services, quick, problem, result_of(problem, FULL)) is not None
    assert finish_plan(busy.services, quick, problem, result_of(problem, FULL)) is None
    assert len(revisions(busy)) == 1


def test_a_stop_reaches_the_worker(busy: Office) -> None:
    """A running job is told to stop with what it has; one still waiting is cancelled."""
    job = ask_for_plan(busy.services, busy.dispatcher, DAY)
    running = claimed(busy)
    assert stop_plan(busy.services, busy.dispatcher, job.id).stop_asked
    assert report_progress(busy.services, running, None) is True
    assert fail_job(busy.services, running, said("plan.refused", count=1)) is True
    waiting = ask_for_plan(busy.services, busy.dispatcher, DAY)
    assert stop_plan(busy.services, busy.dispatcher, waiting.id).state is JobState.CANCELLED
    with pytest.raises(NotFound):
        plan_job(busy.services, replace(busy.owner, branch_id="other"), job.id)


def test_publishing_shows_the_head_and_nothing_else(busy: Office) -> None:
    """Publishing needs the head that was shown; doing it twice is done once."""
    with pytest.raises(Conflict):
        publish(busy.services, busy.dispatcher, DAY, head_id="")
    head = keep(busy)
    with pytest.raises(Conflict) as refused:
        publish(busy.services, busy.dispatcher, DAY, head_id="older")
    assert refused.value.code == "plan.head_moved"
    assert publish(busy.services, busy.dispatcher, DAY, head_id=head.id) == head
    version = pointers(busy).version
    assert publish(busy.services, busy.dispatcher, DAY, head_id=head.id) == head
    assert (pointers(busy).published_id, pointers(busy).version) == (head.id, version)


def test_a_plan_the_day_has_left_behind_is_not_published(busy: Office) -> None:
    """A plan whose visits no longer keep the rules is not shown to therapists; a cancelled booking is no hindrance."""
    head = keep(busy)
    shown = booking_page(busy.services, busy.taker, "b1").booking
    early = replace(shown, windows=(TimeWindow(start_s=9 * H, end_s=9 * H),))
    change_booking(busy.services, busy.taker, early)
    with pytest.raises(Conflict) as refused:
        publish(busy.services, busy.dispatcher, DAY, head_id=head.id)
    assert refused.value.code == "plan.publish_breaks_rules"
    assert pointers(busy).published_id is None
    cancel_booking(busy.services, busy.taker, "b1", 2, "fever")
    assert publish(busy.services, busy.dispatcher, DAY, head_id=head.id) == head


def test_the_published_plan_is_what_changes_are_priced_against(busy: Office) -> None:
    """Once published, a plan is part of the next problem, as far as it still fits."""
    keep_and_publish(busy)
    cancel_booking(busy.services, busy.taker, "b3", 1, "fever")
    ask_for_plan(busy.services, busy.dispatcher, DAY)
    problem, _ = job_task(busy.services, claimed(busy))
    assert problem.published is not None
    assert problem.published.served() == {"b1", "b2", "b4"}


def test_a_job_of_a_broken_day_is_told_one_sentence(busy: Office) -> None:
    """A day that became impossible after it was asked for gives the runner an error with a sentence of its own."""
    ask_for_plan(busy.services, busy.dispatcher, DAY)
    job = claimed(busy)
    with busy.services.store.writing() as tx:
        for name in ("b1", "b2"):
            tx.update(replace(tx.get(Booking, name), windows=()))
    with pytest.raises(LaluanError) as refused:
        job_task(busy.services, job)
    assert not isinstance(refused.value, Several)
    assert refused.value.code == "problem.booking_no_window"


def test_no_bookings_are_no_trouble(office: Office) -> None:
    """A day without bookings can be planned: the plan is empty and is kept like any other."""
    assert keep(office, Plan()).served == 0
    add_booking(office.services, office.taker, booking("b1"))
    assert revisions(office)[0].plan == Plan()


def test_a_hold_is_no_booking_served(busy: Office) -> None:
    """A revision counts bookings served and left out; a start held for a caller is neither."""
    hold_start(
        busy.services,
        busy.taker,
        Hold(
            id="",
            branch_id="",
            day=DAY,
            booking_id="b1",
            therapist_ids=("t-aina",),
            start_s=14 * H,
            expires_at=busy.clock() + timedelta(hours=1),
            held_by="",
        ),
    )
    revision = keep(busy)
    assert (revision.served, revision.left_out) == (3, 0)
    assert "b1" in revision.plan.served()
