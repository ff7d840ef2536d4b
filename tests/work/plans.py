"""Plans made by hand for the company's four bookings, which the referee accepts, and ways to keep them."""

from datetime import date

from dispatch.model.kinds import StopKind, StopReason
from dispatch.model.options import PlanOptions
from dispatch.model.outcome import Certificate, Result
from dispatch.model.plan import LeftOut, Plan, Revision, Route, Stop
from dispatch.model.problem import DayProblem
from dispatch.model.said import said
from dispatch.rules.cost import plan_cost
from dispatch.work.doing import branch_of
from dispatch.work.planning import ask_for_plan, claim_job, finish_plan, job_task, publish
from dispatch.work.problem import build_problem
from dispatch.work.proposals import accept_proposal
from tests.work.company import DAY, Office


def route(therapist_id: str, *ids: str) -> Route:
    """Give a route of visits and breaks; what has no seat number is a break."""
    return Route(
        therapist_id=therapist_id,
        stops=tuple(Stop(kind=StopKind.VISIT if "/" in one else StopKind.BREAK, id=one) for one in ids),
    )


FULL = Plan(
    routes=(
        route("t-aina", "b1/0", "meal", "b3/0"),
        route("t-bee", "b2/0", "meal", "b4/0"),
        route("t-chandra", "meal", "b3/1"),
    )
)
"""Serves all four bookings."""

SOME = Plan(
    routes=(route("t-aina", "b1/0", "meal"), route("t-bee", "meal", "b4/0")),
    left_out=tuple(
        LeftOut(booking_id=one, reason=said("plan.not_planned_yet", booking_id=one)) for one in ("b2", "b3")
    ),
)
"""Serves two of them."""

REFUSED = Plan(routes=(route("t-aina", "b1/0", "b1/0"),))
"""No plan the referee would let pass."""


def problem_of(office: Office, day: date = DAY) -> DayProblem:
    """Build a day's problem."""
    with office.services.store.reading() as tx:
        return build_problem(tx, office.services, branch_of(tx, office.owner), day)


def result_of(problem: DayProblem, plan: Plan) -> Result:
    """Give a plan as a planner's answer."""
    return Result(
        plan=plan,
        cost=plan_cost(problem, plan),
        certificate=Certificate(),
        stopped=StopReason.BUDGET,
        rounds=1,
        seed=0,
    )


def keep(office: Office, plan: Plan = FULL, day: date = DAY) -> Revision:
    """Keep a plan as the day's head: made the way the runner does, and taken over where it is only proposed."""
    ask_for_plan(office.services, office.dispatcher, day)
    job = claim_job(office.services, "worker")
    assert job is not None
    problem, _ = job_task(office.services, job)
    kept = finish_plan(office.services, job, problem, result_of(problem, plan))
    assert kept is not None
    with office.services.store.reading() as tx:
        pointers = tx.pointers("main", day)
    if pointers.proposal_id != kept.id:
        return kept
    return accept_proposal(office.services, office.dispatcher, day, proposal_id=kept.id, head_id=pointers.head_id or "")


def propose(office: Office, plan: Plan = FULL, options: PlanOptions | None = None, day: date = DAY) -> Revision:
    """Have a plan proposed on a day whose head serves somebody."""
    ask_for_plan(office.services, office.dispatcher, day, options=options)
    job = claim_job(office.services, "worker")
    assert job is not None
    problem, start = job_task(office.services, job)
    kept = finish_plan(office.services, job, problem, result_of(problem, plan), start=start)
    assert kept is not None
    return kept


def keep_and_publish(office: Office, plan: Plan = FULL, day: date = DAY) -> Revision:
    """Keep a plan and let the therapists see it."""
    return publish(office.services, office.dispatcher, day, head_id=keep(office, plan, day).id)
