"""Keeps jobs: who may work on one is decided by a single conditional UPDATE, and proved by its token ever after."""

from collections.abc import Iterator
from dataclasses import fields
from datetime import date, datetime, timedelta
from enum import Enum
from typing import Any

from sqlalchemy import ColumnElement, insert, select, update
from sqlalchemy.engine import RowMapping
from sqlalchemy.exc import IntegrityError

from dispatch.errors import Conflict, NotFound
from dispatch.model.codec import dumps, loads
from dispatch.model.job import Job, JobKind, JobState
from dispatch.model.options import PlanOptions
from dispatch.model.outcome import Progress
from dispatch.model.said import Said, said
from dispatch.store.convert import table_of
from dispatch.store.daytables import JobRow
from dispatch.store.nouns import Connected

ATTEMPTS = 5
"""How often a job is tried; one that has ended so many workers would end the next one too."""

_JOB = table_of(JobRow)
_OPEN = _JOB.c.state.in_([JobState.QUEUED.value, JobState.RUNNING.value])


class ReadingJobs(Connected):
    """Finds jobs."""

    def job(self, key: str) -> Job:
        """Give a job; `NotFound` where there is none of this id."""
        job = self._job(_JOB.c.id == key)
        if job is None:
            raise NotFound("store.not_found", kind="job", id=key)
        return job

    def running_job(self, branch_id: str, day: date, kind: JobKind = JobKind.PLAN) -> Job | None:
        """Give the job of a day that is queued or running; a day has one of a kind at most."""
        return self._job(_of_day(branch_id, day, kind) & _OPEN)

    def last_job(self, branch_id: str, day: date, kind: JobKind = JobKind.PLAN) -> Job | None:
        """Give the job of a day that was asked for last, whatever became of it."""
        return self._job(_of_day(branch_id, day, kind))

    def _job(self, condition: ColumnElement[bool]) -> Job | None:
        query = select(_JOB).where(condition).order_by(_JOB.c.asked_at.desc(), _JOB.c.id.desc()).limit(1)
        row = self._connection.execute(query).mappings().first()
        return None if row is None else _job_of(row)


class WritingJobs(ReadingJobs):
    """Adds jobs, gives them to workers and takes their answers."""

    def enqueue(self, job: Job) -> Job:
        """Add a job; `Conflict` where the day has an open one of its kind already."""
        try:
            with self._connection.begin_nested():
                self._connection.execute(insert(_JOB).values(_row_of(job)))
        except IntegrityError as error:
            if self.running_job(job.branch_id, job.day, job.kind) is not None:
                raise Conflict("job.already_asked", day=job.day.isoformat()) from error
            raise Conflict("store.taken", kind="job", id=job.id) from error
        return job

    def enqueue_by(self, job: Job) -> None:
        """Let work of a day be done by the job's due time: a queued one is brought forward, a running one looks again.

        Whoever works on the running one adds the next when it ends, in the transaction that ends it.
        """
        open_job = self.running_job(job.branch_id, job.day, job.kind)
        if open_job is None:
            self.enqueue(job)
        elif open_job.due_at > job.due_at:
            queued = (_JOB.c.id == open_job.id) & (_JOB.c.state == JobState.QUEUED.value)
            self._change(queued, due_at=job.due_at)

    def claim(self, now: datetime, lease_s: float, worker_token: str) -> Job | None:
        """Take the job that has waited longest, or one whose worker fell silent; None where there is none to do.

        The job then belongs to the token until the lease ends or is renewed. Give a new token with each claim. A job
        that was tried `ATTEMPTS` times is failed instead of being tried again.
        """
        for key, attempt, state in self._due(now):
            seen = (_JOB.c.id == key) & (_JOB.c.attempt == attempt) & (_JOB.c.state == state)
            if attempt >= ATTEMPTS:
                given_up = said("job.given_up", attempts=attempt)
                self._change(seen, state=JobState.FAILED, token="", failure=given_up, lease_until=None, finished_at=now)
                continue
            lease_until = now + timedelta(seconds=lease_s)
            running = JobState.RUNNING
            if self._change(seen, state=running, token=worker_token, attempt=attempt + 1, lease_until=lease_until):
                return self.job(key)
        return None

    def beat(self, key: str, token: str, lease_until: datetime, progress: Progress | None = None) -> Job | None:
        """Renew a lease and note the progress; None where the job does not belong to this token any more."""
        values: dict[str, Any] = {"lease_until": lease_until}
        if progress is not None:
            values["progress"] = progress
        return self.job(key) if self._change(_held(key, token), **values) else None

    def finish(
        self,
        key: str,
        token: str,
        state: JobState,
        *,
        result_id: str = "",
        failure: Said | None = None,
        now: datetime,
    ) -> bool:
        """End a job; False where it does not belong to this token any more, and the caller must roll back."""
        ended = {"state": state, "result_id": result_id, "failure": failure, "finished_at": now}
        return self._change(_held(key, token), **ended, token="", lease_until=None)

    def release(self, key: str, token: str, *, due_at: datetime, tried: bool) -> bool:
        """Put a job back into the queue; False where it does not belong to this token any more.

        `tried` says whether the attempt counts: it does where the work itself failed, not where the worker was asked
        to stop.
        """
        attempt = _JOB.c.attempt if tried else _JOB.c.attempt - 1
        back = {"state": JobState.QUEUED, "token": "", "lease_until": None, "due_at": due_at}
        return self._change(_held(key, token), **back, attempt=attempt)

    def ask_stop(self, key: str, *, now: datetime | None = None) -> Job:
        """Ask a running job to end with what it has; one still queued is cancelled at once. An ended one stays so."""
        queued = (_JOB.c.id == key) & (_JOB.c.state == JobState.QUEUED.value)
        if not self._change(queued, state=JobState.CANCELLED, stop_asked=True, finished_at=now):
            self._change((_JOB.c.id == key) & (_JOB.c.state == JobState.RUNNING.value), stop_asked=True)
        return self.job(key)

    def _due(self, now: datetime) -> Iterator[tuple[str, int, str]]:
        """Give the jobs that may be claimed, those due longest first."""
        waiting = (_JOB.c.state == JobState.QUEUED.value) & (_JOB.c.due_at <= now)
        silent = (_JOB.c.state == JobState.RUNNING.value) & (_JOB.c.lease_until < now)
        query = select(_JOB.c.id, _JOB.c.attempt, _JOB.c.state).where(waiting | silent)
        yield from self._connection.execute(query.order_by(_JOB.c.due_at, _JOB.c.id)).all()

    def _change(self, condition: ColumnElement[bool], **values: Any) -> bool:
        """Change the one job that is as the condition says; tell whether there was one."""
        row = {name: _column(value) for name, value in values.items()}
        return self._connection.execute(update(_JOB).where(condition).values(row)).rowcount == 1


def _of_day(branch_id: str, day: date, kind: JobKind) -> ColumnElement[bool]:
    return (_JOB.c.branch_id == branch_id) & (_JOB.c.day == day) & (_JOB.c.kind == kind.value)


def _held(key: str, token: str) -> ColumnElement[bool]:
    return (_JOB.c.id == key) & (_JOB.c.token == token) & (_JOB.c.state == JobState.RUNNING.value)


def _column(value: Any) -> Any:
    if isinstance(value, Progress | Said | PlanOptions):
        return dumps(value)
    if isinstance(value, Enum):
        return value.value
    return None if isinstance(value, str) and not value else value


def _row_of(job: Job) -> dict[str, Any]:
    return {field.name: _column(getattr(job, field.name)) for field in fields(job)}


def _job_of(row: RowMapping) -> Job:
    values = dict(row)
    values |= {name: values[name] or "" for name in ("token", "result_id")}
    values |= {"kind": JobKind(values["kind"]), "state": JobState(values["state"])}
    values["progress"] = None if values["progress"] is None else loads(Progress, values["progress"])
    values["failure"] = None if values["failure"] is None else loads(Said, values["failure"])
    values["options"] = PlanOptions() if values["options"] is None else loads(PlanOptions, values["options"])
    return Job(**values)
