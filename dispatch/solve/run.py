"""A solve from beginning to end: the search, the referee's word on it, the last pass, and the reasons."""

from collections.abc import Callable
from dataclasses import replace

from dispatch.model.kinds import StopReason
from dispatch.model.outcome import Budget, Certificate, Progress, Result
from dispatch.model.plan import LeftOut, Plan, Route
from dispatch.model.problem import DayProblem
from dispatch.model.timetable import Cost
from dispatch.rules.route import prepare
from dispatch.solve.begin import reconciled
from dispatch.solve.bound import Bounds
from dispatch.solve.certificate import certificate_of, served_by
from dispatch.solve.day import Day, day_of
from dispatch.solve.finish import Finisher
from dispatch.solve.judge import Judge
from dispatch.solve.master import load_solver
from dispatch.solve.price import Workshop
from dispatch.solve.reasons import reason_of
from dispatch.solve.replan import standing
from dispatch.solve.routes import RouteBook
from dispatch.solve.search import Search
from dispatch.solve.stop import Watch


def run(
    problem: DayProblem,
    *,
    budget: Budget,
    start: Plan | None,
    seed: int,
    on_progress: Callable[[Progress], bool | None] | None,
) -> Result:
    """Do what `dispatch.solve.solve` promises."""
    shop = Workshop(budget.threads)
    try:
        return _run(problem, budget=budget, start=start, seed=seed, on_progress=on_progress, shop=shop)
    finally:
        shop.close()


def _run(
    problem: DayProblem,
    *,
    budget: Budget,
    start: Plan | None,
    seed: int,
    on_progress: Callable[[Progress], bool | None] | None,
    shop: Workshop,
) -> Result:
    """Do it, several therapists at once where the workshop has the threads."""
    watch = Watch(budget, on_progress)
    if not problem.bookings:
        nothing_served = Certificate(served_at_most=0, priority_at_most=0, proven_best=True)
        return Result(
            plan=Plan(),
            cost=Cost(),
            certificate=nothing_served,
            stopped=StopReason.NOTHING_TO_DO,
            rounds=0,
            seed=seed,
        )
    watch.enter("plan.phase_prepare", served=0, left_out=len(problem.bookings), points=0)
    day = day_of(problem)
    prepare(day.compiled)
    proven = Bounds(day, shop)
    proven.pricer.prepare()
    load_solver()
    watch.begin()
    book = RouteBook(day)
    nothing = reconciled(day, Plan())
    judge = Judge(day, nothing)
    given = nothing if start is None else reconciled(day, start)
    # What the dispatcher already has is never made worse, breaks where they are included.
    floor = judge.answer(given)
    kept = None if budget.improve else standing(day, book, judge, start, look=watch.look)
    if kept is not None:
        return Result(
            plan=kept.plan,
            cost=kept.cost,
            certificate=certificate_of(day, kept.cost, proven),
            stopped=StopReason.NOTHING_TO_DO,
            rounds=0,
            seed=seed,
        )
    if not problem.therapists:
        answer = floor
        assert answer is not None
    else:
        search = Search(day, book, judge, given, seed, watch, proven)
        search.run()
        answer, _ = judge.repaired(search.best.draft, book)
        if floor is not None and floor.key() <= answer.key():
            answer = floor
        served = served_by(day, answer.key())[1]
        watch.enter("plan.phase_finish", served=served, left_out=answer.cost.left_out, points=answer.cost.points)
        answer = Finisher(day, book, judge).fill(answer, look=watch.look)
    certificate = certificate_of(day, answer.cost, proven)
    stopped = StopReason.PROVEN if certificate.proven_best else watch.why()
    if not problem.therapists:
        stopped = StopReason.NOTHING_TO_DO
    return Result(
        plan=_told(day, answer.plan),
        cost=answer.cost,
        certificate=certificate,
        stopped=stopped,
        rounds=watch.rounds,
        seed=seed,
    )


def _told(day: Day, plan: Plan) -> Plan:
    """Give a plan as it is handed out: routes in the therapists' order, and every booking left out with its reason."""
    rank = day.compiled.therapist_index
    routes: tuple[Route, ...] = tuple(sorted(plan.routes, key=lambda route: rank[route.therapist_id]))
    plan = replace(plan, routes=tuple(route for route in routes if route.visit_ids()), left_out=())
    served = plan.served()
    left_out = tuple(
        LeftOut(booking_id=entry.id, reason=reason_of(day, plan, number))
        for number, entry in enumerate(day.entries)
        if entry.id not in served
    )
    return replace(plan, left_out=left_out)
