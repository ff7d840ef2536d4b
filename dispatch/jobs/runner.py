"""The runner: a thread that claims due jobs, keeps their leases while the planner solves, and stores the answers.

Whatever kills it, at whatever moment, the job is a row with a lease: the next runner finds it once the lease is over,
and a result is stored together with the job's end, only by the worker that still holds the job.
"""

import logging
import threading
import time
from datetime import timedelta

from dispatch.errors import LaluanError, Unavailable
from dispatch.jobs.planner import AbandonedError, Order, Planner, PlannerEndedError
from dispatch.model.job import Job, JobKind
from dispatch.model.outcome import Progress
from dispatch.model.said import said
from dispatch.work.holds import end_holds
from dispatch.work.optimising import budget_of, narrowed
from dispatch.work.planning import claim_job, fail_job, finish_plan, job_task, report_progress
from dispatch.work.services import Services

_log = logging.getLogger(__name__)

LEASE_S = 30
BEAT_S = 5.0
TELL_S = 0.5
"""The least time between two progress reports written to the store, in seconds."""

SWEEP_S = 1.0
"""How long an idle runner waits before it looks for due jobs without having been woken, in seconds."""

AGAIN_S = 2
"""How long a job waits before it is tried again after its planner died, in seconds."""


class Runner:
    """Works jobs off, one at a time, in a thread of its own.

    `wake` is the event that says a job is due; hand `wake.set` to `build_services`. The leases may be shortened for
    tests; a runner that falls silent for longer than its lease loses the job.
    """

    def __init__(
        self,
        services: Services,
        planner: Planner | None = None,
        *,
        wake: threading.Event | None = None,
        lease_s: int = LEASE_S,
        beat_s: float = BEAT_S,
        sweep_s: float = SWEEP_S,
    ) -> None:
        """Prepare; `start` starts."""
        self._services = services
        self._planner = planner or Planner()
        self._wake = wake or threading.Event()
        self._lease_s = lease_s
        self._beat_s = beat_s
        self._sweep_s = sweep_s
        self._name = services.new_id()
        self._ending = threading.Event()
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Start working, and warm the planner up for the first job."""
        if self._thread is None:
            self._ending.clear()
            self._thread = threading.Thread(target=self._work, name="laluan-runner", daemon=True)
            self._thread.start()

    def stop(self) -> None:
        """Stop working: the job at hand goes back into the queue as if never begun, and the planner's process ends."""
        self._ending.set()
        self._wake.set()
        if self._thread is not None:
            self._thread.join()
            self._thread = None

    def _work(self) -> None:
        """Work until told to stop; no fault of one job may end the thread that all jobs need."""
        try:
            self._planner.start()
            while not self._ending.is_set():
                self._wake.clear()
                try:
                    if self._one():
                        continue
                except LaluanError as error:
                    _log.warning("A job could not be worked on, and will be tried again: %s", error)
                except Exception:  # noqa: BLE001 - and whatever else it is
                    _log.exception("A job could not be worked on, and will be tried again after its lease.")
                self._wake.wait(self._sweep_s)
        finally:
            self._planner.end()

    def _one(self) -> bool:
        """Work one due job off; tell whether there was one."""
        job = claim_job(self._services, self._name, lease_s=self._lease_s)
        if job is None:
            return False
        try:
            if job.kind is JobKind.HOLDS:
                end_holds(self._services, job)
            else:
                self._plan(job)
        except AbandonedError:
            self._give_back(job, tried=False)
        except PlannerEndedError:
            _log.warning("The planner's process died while it worked on job %s.", job.id)
            self._give_back(job, tried=True)
        except LaluanError as error:
            if isinstance(error, Unavailable) and error.code.startswith("store."):
                raise
            fail_job(self._services, job, said(error.code, **error.values))
        except Exception:  # noqa: BLE001 - whatever it is, whoever asked for the plan must not wait for ever
            _log.exception("Job %s met a fault.", job.id)
            fail_job(self._services, job, said("job.planner_failed"))
        return True

    def _plan(self, job: Job) -> None:
        """Solve a job's day and store the answer, if the job is still ours by then."""
        problem, start = job_task(self._services, job)
        beats = _Beats(self._services, job, self._ending, lease_s=self._lease_s, beat_s=self._beat_s)
        budget = budget_of(job, problem)
        wanted = narrowed(self._services, job, problem, start)
        result = self._planner.solve(wanted, start, budget=budget, seed=job.seed, on_beat=beats)
        finish_plan(self._services, job, problem, result, start=start)

    def _give_back(self, job: Job, *, tried: bool) -> None:
        """Put a job back into the queue; nothing happens where it belongs to another worker by now."""
        due_at = self._services.now() + timedelta(seconds=AGAIN_S if tried else 0)
        with self._services.store.writing() as tx:
            tx.release(job.id, job.token, due_at=due_at, tried=tried)


class _Beats:
    """Keeps one job's lease and tells the planner what people want of it."""

    def __init__(self, services: Services, job: Job, ending: threading.Event, *, lease_s: int, beat_s: float) -> None:
        self._services = services
        self._job = job
        self._ending = ending
        self._lease_s = lease_s
        self._beat_s = beat_s
        self._told: Progress | None = None
        self._next = time.monotonic() + beat_s
        self._order = Order.GO_ON

    def __call__(self, progress: Progress | None) -> Order:
        """Report when there is news or the lease needs it; answer the last thing wanted."""
        if self._ending.is_set():
            return Order.ABANDON
        moment = time.monotonic()
        news = progress is not self._told and moment >= self._next - self._beat_s + TELL_S
        if news or moment >= self._next:
            self._next = moment + self._beat_s
            self._told = progress
            self._order = self._report(progress)
        return self._order

    def _report(self, progress: Progress | None) -> Order:
        try:
            wanted = report_progress(self._services, self._job, progress, lease_s=self._lease_s)
        except Unavailable as error:
            # The next beat tries again; should the lease be lost meanwhile, the token keeps the result out.
            _log.warning("The lease of job %s could not be renewed: %s", self._job.id, error)
            return self._order
        if wanted is None:
            return Order.ABANDON
        return Order.STOP if wanted else Order.GO_ON
