"""What the planner is asked to solve for a job, and what its answer comes to: narrowed on the way in, widened on the way out."""

from collections.abc import Iterator
from dataclasses import replace

from dispatch.errors import BadInput, LaluanError
from dispatch.model.branch import Branch
from dispatch.model.day import seconds_of
from dispatch.model.job import Job
from dispatch.model.options import PlanOptions, Scope, Stability
from dispatch.model.outcome import Budget, Certificate, Result
from dispatch.model.plan import Plan
from dispatch.model.problem import DayProblem
from dispatch.model.said import Said, said
from dispatch.work.services import Services


def option_errors(problem: DayProblem, options: PlanOptions) -> Iterator[LaluanError]:
    """Find what a run cannot be asked for: a selection of nothing, or of what the day does not have."""
    chosen: tuple[str, ...]
    if options.scope is Scope.THERAPISTS:
        chosen, known = options.therapist_ids, {one.id for one in problem.therapists}
    elif options.scope is Scope.BOOKINGS:
        chosen, known = options.booking_ids, {one.id for one in problem.bookings}
    else:
        return
    if not chosen:
        yield BadInput("plan.scope_empty", field="scope")
    for name in chosen:
        if name not in known:
            yield BadInput("plan.scope_unknown", field="scope", id=name[:80])


def narrowed(services: Services, job: Job, problem: DayProblem, start: Plan | None) -> DayProblem:
    """Give what the planner has to solve for a job: its day, as far as the job's options let it be changed."""
    from dispatch.explain.restricted import restricted

    with services.store.reading() as tx:
        branch = tx.get(Branch, job.branch_id)
    now_s = seconds_of(services.now(), job.day, branch.time_zone)
    return restricted(problem, start, job.options, now_s=now_s)


def budget_of(job: Job, problem: DayProblem) -> Budget:
    """Give how long a job's planner may think, and that it must think where no published plan is to be protected."""
    improve = problem.published is None or job.options.stability is Stability.NONE
    return Budget(seconds=job.seconds, improve=improve)


def answer_of(problem: DayProblem, start: Plan | None, options: PlanOptions, result: Result) -> Plan:
    """Give the planner's plan as one of the whole day."""
    from dispatch.explain.restricted import answered

    return answered(problem, start, options, result.plan)


def certified(
    problem: DayProblem, start: Plan | None, options: PlanOptions, plan: Plan, result: Result
) -> tuple[Said, ...]:
    """Say what was proven of a plan, as people tell it; what was kept is said to have been kept.

    A price on changes makes no plan impossible, so what is proven of bookings served holds whatever it was. That no plan
    is better is only said of the planner's own plan, and where it was measured by the day's own prices.
    """
    served = len(plan.served() - {booking.id for booking in problem.bookings if booking.is_hold})
    from dispatch.explain.restricted import of_use

    certificate, kept = result.certificate, "_kept" if of_use(problem, start, options).keeps_something else ""
    day_prices = options.stability is Stability.SOME and (problem.published is not None or start is None)
    if certificate.proven_best and day_prices and plan.routes == result.plan.routes:
        found = said(f"proposal.best{kept}", served=served)
    elif certificate.served_at_most is None:
        return (said("proposal.unproven", served=served),)
    else:
        found = _at_most(certificate.served_at_most, served, kept)
    return found, *_margin(certificate)


def certified_so_far(job: Job, *, published: bool) -> tuple[Said, ...]:
    """Say what a running job's planner has proven by now of its best plan so far; nothing where that says nothing yet.

    That every booking could be served is true of any plan, so it is only said where the plan serves them all. With
    nothing `published` nobody was told anything that could be kept.
    """
    progress = job.progress
    if progress is None or progress.certificate.served_at_most is None:
        return ()
    at_most, served = progress.certificate.served_at_most, progress.served
    if served < at_most >= served + progress.left_out:
        return ()
    options = job.options if published else replace(job.options, keep_told=False)
    return _at_most(at_most, served, "_kept" if options.keeps_something else ""), *_margin(progress.certificate)


def _at_most(at_most: int, served: int, kept: str) -> Said:
    if at_most <= served:
        return said(f"proposal.all_that_can{kept}", served=served)
    return said(f"proposal.at_most{kept}", served=served, at_most=at_most)


def _margin(certificate: Certificate) -> tuple[Said, ...]:
    """Say what is counted, where the planner kept a margin."""
    if certificate.margin_s and certificate.served_at_most is not None:
        return (said("proposal.margin", margin_s=certificate.margin_s),)
    return ()
