"""Plans: read a day's, have one made, and publish it."""

from dataclasses import replace
from datetime import datetime
from http import HTTPStatus

from dispatch.errors import Conflict
from dispatch.model.api import Scope
from dispatch.model.job import Job
from dispatch.model.kinds import StopKind
from dispatch.model.said import Said
from dispatch.model.timetable import BreakTime, RouteTimes, VisitTime
from dispatch.work import planning
from dispatch.work.branches import get_branch
from dispatch.work.shown_plans import ShownPlan, shown_plan
from web.api.v1.describe import Call, Operation, Param, Reply
from web.api.v1.shapes import (
    BrokenRule,
    LeftOutShown,
    PlanJob,
    PlanShown,
    PlanWish,
    Publishing,
    RouteShown,
    StopShown,
    TherapistNamed,
)
from web.api.v1.times import to_moment
from web.problems import Stale
from web.translate import sentence

GROUP = "Plans"


def read_plan(call: Call) -> Reply:
    """Give a day's plan with its times."""
    plan = shown_plan(call.services, call.actor, call.day(), published=call.query["which"] == "published")
    return Reply(value=_plan(plan), zone=plan.branch.time_zone)


def ask_for_plan(call: Call) -> Reply:
    """Ask for a plan of a day, made in the background."""
    wish: PlanWish = call.body
    job = planning.ask_for_plan(call.services, call.actor, call.day(), seconds=wish.seconds, seed=wish.seed)
    return replace(_job_reply(call, job), status=HTTPStatus.ACCEPTED, location=f"/api/v1/plan-jobs/{job.id}")


def read_job(call: Call) -> Reply:
    """Give how the planner's work stands."""
    return _job_reply(call, planning.plan_job(call.services, call.actor, call.path["job_id"]))


def stop_job(call: Call) -> Reply:
    """Ask the planner to end with what it has."""
    return _job_reply(call, planning.stop_plan(call.services, call.actor, call.path["job_id"]))


def publish(call: Call) -> Reply:
    """Make the plan worked on the one that therapists see."""
    plan = shown_plan(call.services, call.actor, call.day(), published=False)
    head_id = plan.revision.id
    if "*" not in call.if_match and head_id not in call.if_match:
        raise Stale("api.stale")
    try:
        done = planning.publish(call.services, call.actor, call.day(), head_id=head_id)
    except Conflict as error:
        if error.code == "plan.head_moved":
            raise Stale("api.stale") from error
        raise
    value = Publishing(day=done.day, revision_id=done.id, number=done.number)
    return Reply(value=value, zone=plan.branch.time_zone, tag=done.id)


def _job_reply(call: Call, job: Job) -> Reply:
    failure = sentence(job.failure.code, job.failure.named()) if job.failure else None
    value = PlanJob(
        id=job.id,
        day=job.day,
        state=job.state,
        asked_at=job.asked_at,
        finished_at=job.finished_at,
        percent=job.progress.percent if job.progress else 0,
        revision_id=job.result_id or None,
        failure=failure,
    )
    return Reply(value=value, zone=get_branch(call.services, call.actor).time_zone)


def _plan(plan: ShownPlan) -> PlanShown:
    return PlanShown(
        day=plan.day,
        time_zone=plan.branch.time_zone,
        revision_id=plan.revision.id,
        number=plan.revision.number,
        made_at=plan.revision.created_at,
        made_by=plan.revision.author,
        published=plan.is_published,
        routes=tuple(_route(plan, route) for route in plan.timetable.routes if route.stops),
        left_out=tuple(
            LeftOutShown(booking_id=one.booking_id, code=one.reason.code, reason=_said(plan, one.reason))
            for one in plan.plan.left_out
        ),
        broken=tuple(
            BrokenRule(rule=one.rule, subject_id=one.subject_id, sentence=_said(plan, one.said), waivable=one.waivable)
            for one in plan.violations
        ),
    )


def _said(plan: ShownPlan, said: Said) -> str:
    return sentence(said.code, said.named(), names=dict(plan.names))


def _route(plan: ShownPlan, route: RouteTimes) -> RouteShown:
    def at(seconds: int) -> datetime:
        return to_moment(seconds, plan.day, plan.branch.time_zone)

    goes = bool(route.visits())
    return RouteShown(
        therapist=TherapistNamed(id=route.therapist_id, name=plan.names.get(route.therapist_id, route.therapist_id)),
        stops=tuple(_break(stop, plan) if isinstance(stop, BreakTime) else _visit(stop, plan) for stop in route.stops),
        leave=at(route.leave_s) if goes else None,
        home=at(route.home_s) if goes else None,
        travel_s=route.travel_s,
        distance_m=route.distance_m,
    )


def _break(stop: BreakTime, plan: ShownPlan) -> StopShown:
    day, zone = plan.day, plan.branch.time_zone
    return StopShown(
        kind=StopKind.BREAK,
        id=stop.break_id,
        start=to_moment(stop.start_s, day, zone),
        end=to_moment(stop.end_s, day, zone),
    )


def _visit(stop: VisitTime, plan: ShownPlan) -> StopShown:
    day, zone = plan.day, plan.branch.time_zone
    return StopShown(
        kind=StopKind.VISIT,
        id=stop.visit_id,
        booking_id=stop.booking_id,
        start=to_moment(stop.start_s, day, zone),
        end=to_moment(stop.end_s, day, zone),
        depart=to_moment(stop.depart_s, day, zone),
        arrive=to_moment(stop.arrive_s, day, zone),
        leave_by=to_moment(stop.leave_by_s, day, zone),
        travel_s=stop.travel_s,
        distance_m=stop.distance_m,
        late_s=stop.late_s,
    )


OPERATIONS = (
    Operation(
        name="readPlan",
        method="GET",
        path="/plans/{day}",
        scope=Scope.PLANS_READ,
        group=GROUP,
        summary="Read a day's plan",
        about="Who goes where and when, whom the plan leaves out and why, and which rules it breaks on the day as it is now. "
        "A revision never changes, but the day does: the plan is fitted to the day each time it is read.",
        gives=PlanShown,
        view=read_plan,
        query=(
            Param(
                name="which",
                schema={"type": "string", "enum": ["head", "published"], "default": "head"},
                about="`head` is the plan being worked on, `published` the one therapists see.",
            ),
        ),
    ),
    Operation(
        name="askForPlan",
        method="POST",
        path="/plans/{day}/jobs",
        scope=Scope.PLANS_WRITE,
        group=GROUP,
        summary="Have a day planned",
        about="The planner works in the background; a day that is being planned already gives that job. Where the day's plan "
        "serves somebody already, the new one waits as a proposal for the dispatcher.",
        gives=PlanJob,
        view=ask_for_plan,
        status=HTTPStatus.ACCEPTED,
        body=PlanWish,
        keyed=True,
        located=True,
        refusable=True,
    ),
    Operation(
        name="readPlanJob",
        method="GET",
        path="/plan-jobs/{job_id}",
        scope=Scope.PLANS_READ,
        group=GROUP,
        summary="See how the planner stands",
        about="Ask again every second or two until the state is done, failed or cancelled.",
        gives=PlanJob,
        view=read_job,
    ),
    Operation(
        name="stopPlanJob",
        method="POST",
        path="/plan-jobs/{job_id}/stop",
        scope=Scope.PLANS_WRITE,
        group=GROUP,
        summary="Stop the planner",
        about="It ends with the best plan it has; a job that has not begun is cancelled, an ended one stays as it is.",
        gives=PlanJob,
        view=stop_job,
    ),
    Operation(
        name="publishPlan",
        method="POST",
        path="/plans/{day}/publish",
        scope=Scope.PLANS_WRITE,
        group=GROUP,
        summary="Publish a day's plan",
        about="If-Match names the `revision_id` that was read, so that nobody publishes a plan she has not seen; a plan that "
        "breaks rules on the day as it is now is refused. Publishing the same plan twice changes nothing.",
        gives=Publishing,
        view=publish,
        fenced=True,
        tagged=True,
        refusable=True,
    ),
)
