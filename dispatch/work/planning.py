"""Planning a day: people ask for a plan, stop it and publish it; the runner does the work in between."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from typing import TYPE_CHECKING

from dispatch.errors import BadInput, Conflict, LaluanError, NotFound, Several
from dispatch.model.account import Actor
from dispatch.model.branch import Branch
from dispatch.model.job import Job, JobKind, JobState
from dispatch.model.kinds import Cause, Role
from dispatch.model.options import PlanOptions
from dispatch.model.outcome import Budget, Progress, Result
from dispatch.model.plan import Plan, Revision
from dispatch.model.problem import DayProblem
from dispatch.model.publication import PublicationKind
from dispatch.model.said import Said, said
from dispatch.rules.noun_checks import day_errors
from dispatch.work.doing import branch_of, record, refuse, today
from dispatch.work.optimising import answer_of, certified, certified_so_far, option_errors
from dispatch.work.permissions import Permission, allow
from dispatch.work.problem import build_problem
from dispatch.work.publishing import append_version
from dispatch.work.reconcile import reconcile
from dispatch.work.revisions import append_plan
from dispatch.work.services import Services
from dispatch.work.watching import arm

if TYPE_CHECKING:
    from dispatch.store import Reading, Writing

LEASE_S = 30
MOST_SECONDS = 600


class _LeaseLostError(Exception):
    """The job was given to another worker meanwhile; what this one wrote must be rolled back."""


def ask_for_plan(
    services: Services,
    actor: Actor,
    day: date,
    *,
    seconds: float = 20,
    seed: int = 0,
    options: PlanOptions | None = None,
) -> Job:
    """Ask for a plan of a day, to be made in the background; a day that is being planned already gives that job.

    A day that cannot be planned as it stands is refused at once, with everything that is wrong.
    """
    allow(actor, Permission.PLANNING)
    if not 0 < seconds <= MOST_SECONDS:
        raise BadInput("plan.seconds", field="seconds", most=MOST_SECONDS)
    with services.store.reading() as tx:
        branch = branch_of(tx, actor)
        refuse(list(day_errors("day", day, today(services, branch))))
        problem = build_problem(tx, services, branch, day)
        refuse([*_problem_errors(problem), *option_errors(problem, options or PlanOptions())])
    now = services.now()
    with services.store.writing() as tx:
        if running := tx.running_job(actor.branch_id, day):
            return running
        job = tx.enqueue(
            Job(
                id=services.new_id(),
                branch_id=actor.branch_id,
                kind=JobKind.PLAN,
                day=day,
                asked_by=actor.id,
                asked_at=now,
                due_at=now,
                seconds=float(seconds),
                seed=seed,
                options=options or PlanOptions(),
            )
        )
        record(tx, services, actor, "plan.asked", job.id)
    services.wake()
    return job


def plan_job(services: Services, actor: Actor, job_id: str) -> Job:
    """Give a planning job as it stands."""
    allow(actor, Permission.READ_DAY)
    with services.store.reading() as tx:
        return _own_job(tx, actor, job_id)


def plan_so_far(services: Services, actor: Actor, job_id: str) -> tuple[Job, tuple[Said, ...]]:
    """Give a planning job as it stands, and what its planner has proven by now."""
    allow(actor, Permission.READ_DAY)
    with services.store.reading() as tx:
        job = _own_job(tx, actor, job_id)
        published = tx.pointers(actor.branch_id, job.day).published_id is not None
    return job, certified_so_far(job, published=published)


def stop_plan(services: Services, actor: Actor, job_id: str) -> Job:
    """Ask a planning job to end with the best plan it has; one that has not begun is cancelled."""
    allow(actor, Permission.PLANNING)
    with services.store.writing() as tx:
        _own_job(tx, actor, job_id)
        job = tx.ask_stop(job_id, now=services.now())
        record(tx, services, actor, "plan.stop_asked", job_id)
    services.wake()
    return job


def publish(services: Services, actor: Actor, day: date, *, head_id: str) -> Revision:
    """Make the head the plan therapists see, as the day's next version; `head_id` is the one that was shown.

    `Conflict` where a colleague has moved the head since, or where the day has changed so that the plan, fitted to it,
    breaks rules.
    """
    allow(actor, Permission.PUBLISHING)
    with services.store.writing() as tx:
        pointers = tx.pointers(actor.branch_id, day)
        if not head_id or pointers.head_id != head_id:
            raise Conflict("plan.head_moved", day=day.isoformat())
        head = tx.revision(head_id)
        problem = build_problem(tx, services, branch_of(tx, actor), day)
        broken = _broken(problem, reconcile(problem, head.plan))
        if broken:
            raise Conflict("plan.publish_breaks_rules", count=broken)
        if pointers.published_id != head_id:
            tx.move_pointers(replace(pointers, published_id=head_id))
            append_version(tx, services, actor, day, head_id, PublicationKind.PUBLISHED)
            arm(tx, services, actor.branch_id, [day])
            record(tx, services, actor, "plan.published", head_id)
    return head


def plan_now(
    services: Services,
    actor: Actor,
    day: date,
    *,
    budget: Budget,
    seed: int = 0,
    on_progress: Callable[[Progress], bool | None] | None = None,
) -> Revision:
    """Plan a day here and now and keep the plan: as the head, or as the proposal where the head moved meanwhile."""
    allow(actor, Permission.PLANNING)
    from dispatch.solve import solve

    with services.store.reading() as tx:
        branch = branch_of(tx, actor)
        refuse(list(day_errors("day", day, today(services, branch))))
        head_id = tx.pointers(branch.id, day).head_id
        problem, start = _task(tx, services, branch, day)
    result = solve(problem, budget=budget, start=start, seed=seed, on_progress=on_progress)
    if broken := _broken(problem, result.plan):
        raise Conflict("plan.refused", count=broken)
    with services.store.writing() as tx:
        revision = append_plan(tx, services, actor, problem, result.plan, cause=Cause.PLANNER, parent_id=head_id)
        record(tx, services, actor, "plan.made", revision.id)
    return revision


def claim_job(services: Services, worker: str, *, lease_s: int = LEASE_S) -> Job | None:
    """Take the next due job for a worker, fenced by a token of its own; None where nothing is due."""
    with services.store.writing() as tx:
        return tx.claim(services.now(), lease_s, f"{worker}:{services.new_id()}")


def job_task(services: Services, job: Job) -> tuple[DayProblem, Plan | None]:
    """Give what a job has to solve: the day as it is at this claim, and the head's plan to start from.

    Each claim builds the problem anew, so that a restart solves the day as it then is. Raises a `LaluanError` where
    the day cannot be planned; the runner fails the job with it.
    """
    with services.store.reading() as tx:
        try:
            return _task(tx, services, tx.get(Branch, job.branch_id), job.day)
        except Several as several:
            # A failed job says one sentence; whoever asks again is told all of them at once.
            raise several.errors[0] from several


def report_progress(services: Services, job: Job, progress: Progress | None, *, lease_s: int = LEASE_S) -> bool | None:
    """Note how a job stands and renew its lease; True: a stop was asked, False: go on, None: the lease is lost."""
    with services.store.writing() as tx:
        beaten = tx.beat(job.id, job.token, services.now() + timedelta(seconds=lease_s), progress)
    return None if beaten is None else beaten.stop_asked


def finish_plan(
    services: Services, job: Job, problem: DayProblem, result: Result, *, start: Plan | None = None
) -> Revision | None:
    """Keep a job's plan and end the job in one transaction; None where the plan was refused or the lease is lost.

    The referee judges the plan once more; a plan it refuses fails the job. The plan's parent is the head as it was
    when the job was asked for. On a day whose head serves somebody, and where the head has moved since, the plan is kept
    as the proposal, in the place of an older one.
    """
    plan = answer_of(problem, start, job.options, result)
    if broken := _broken(problem, plan):
        fail_job(services, job, said("plan.refused", count=broken))
        return None
    author = Actor(id=job.asked_by, branch_id=job.branch_id, name="", role=Role.DISPATCHER)
    try:
        with services.store.writing() as tx:
            head_id = tx.pointers(job.branch_id, job.day).head_id
            revision = append_plan(
                tx,
                services,
                author,
                problem,
                plan,
                cause=Cause.PLANNER,
                parent_id=_head_when_asked(tx, job),
                proposed=head_id is not None and bool(reconcile(problem, tx.revision(head_id).plan).served()),
                told=certified(problem, start, job.options, plan, result),
            )
            record(tx, services, author, "plan.made", revision.id, job.id)
            _finish(tx, services, job, revision)
    except _LeaseLostError:
        return None
    return revision


def _finish(tx: "Writing", services: Services, job: Job, revision: Revision) -> None:
    """End the job with its revision, or leave the transaction so that nothing of it is kept."""
    if not tx.finish(job.id, job.token, JobState.DONE, result_id=revision.id, now=services.now()):
        raise _LeaseLostError


def fail_job(services: Services, job: Job, failure: Said) -> bool:
    """End a job with the sentence of what went wrong; False where it belongs to another worker by now."""
    with services.store.writing() as tx:
        failed = tx.finish(job.id, job.token, JobState.FAILED, failure=failure, now=services.now())
        if failed:
            author = Actor(id=job.asked_by, branch_id=job.branch_id, name="", role=Role.DISPATCHER)
            record(tx, services, author, "plan.failed", job.id)
    return failed


def _task(tx: "Reading", services: Services, branch: Branch, day: date) -> tuple[DayProblem, Plan | None]:
    """Give a day's problem and the plan to start from; raises what keeps the day from being planned."""
    problem = build_problem(tx, services, branch, day)
    refuse(_problem_errors(problem))
    head_id = tx.pointers(branch.id, day).head_id
    return problem, reconcile(problem, tx.revision(head_id).plan) if head_id else None


def _own_job(tx: "Reading", actor: Actor, job_id: str) -> Job:
    job = tx.job(job_id)
    if job.branch_id != actor.branch_id:
        raise NotFound("store.not_found", kind="job", id=job_id)
    return job


def _head_when_asked(tx: "Reading", job: Job) -> str | None:
    """Give the head as it was when the job was asked for: the newest of the head's line that is not younger."""
    revision_id = tx.pointers(job.branch_id, job.day).head_id
    while revision_id:
        revision = tx.revision(revision_id)
        if revision.created_at <= job.asked_at:
            break
        revision_id = revision.parent_id
    return revision_id


def _broken(problem: DayProblem, plan: Plan) -> int:
    """Count the rules a plan breaks."""
    from dispatch.rules.referee import check

    return len(check(problem, plan))


def _problem_errors(problem: DayProblem) -> list[LaluanError]:
    from dispatch.rules.sound import problem_errors

    return problem_errors(problem)
