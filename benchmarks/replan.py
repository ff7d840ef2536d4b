"""What two seconds of replanning lose against a long solve; `python -m benchmarks.replan` from the checkout.

Half of a planned day is done as planned. Then a therapist falls ill, a booking is added, one is cancelled, or one
treatment goes on for 40 minutes too long. The new plan, changes priced in, is compared with that of a longer solve from
the same published plan. Process CPU seconds are printed beside the budget, as other work on the machine takes its share.
"""

import argparse
import time
from collections.abc import Callable
from dataclasses import replace
from random import Random

from benchmarks.full_days import booking, full_day
from dispatch.model.facts import VisitFact
from dispatch.model.kinds import VisitState
from dispatch.model.outcome import Budget, Result
from dispatch.model.plan import Plan, booking_of
from dispatch.model.problem import DayProblem
from dispatch.model.timetable import VisitTime
from dispatch.rules.retime import retime
from dispatch.solve import solve

LATE_S = 2_400
NOW_S = 15 * 3_600 + 1_800
SPARE_PLACES = 1


def half_done(problem: DayProblem, plan: Plan) -> DayProblem:
    """Give the day in the middle of the afternoon, the plan published and everything until then done as planned."""
    published = replace(problem, published=plan)
    visits = [visit for route in retime(published, plan).routes for visit in route.visits()]
    facts = tuple(_fact(visit, NOW_S) for visit in visits if visit.depart_s <= NOW_S)
    return replace(published, facts=facts, now_s=NOW_S)


def _fact(visit: VisitTime, now_s: int) -> VisitFact:
    times = {
        VisitState.DEPARTED: visit.depart_s,
        VisitState.ARRIVED: visit.arrive_s,
        VisitState.STARTED: visit.start_s,
        VisitState.FINISHED: visit.end_s,
    }
    done = {state: time_s for state, time_s in times.items() if time_s <= now_s}
    return VisitFact(
        visit_id=visit.visit_id,
        therapist_id=visit.therapist_id,
        state=list(done)[-1],
        departed_s=done.get(VisitState.DEPARTED),
        arrived_s=done.get(VisitState.ARRIVED),
        started_s=done.get(VisitState.STARTED),
        finished_s=done.get(VisitState.FINISHED),
    )


def ill(problem: DayProblem, rng: Random) -> DayProblem:
    """A therapist who is not with a client goes home."""
    busy = {fact.therapist_id for fact in problem.facts if fact.state is not VisitState.FINISHED}
    gone = rng.choice([one.id for one in problem.therapists if one.id not in busy])
    return replace(
        problem,
        therapists=tuple(
            replace(one, overtime_s=0, shifts=tuple(replace(s, end_s=NOW_S) for s in one.shifts if s.start_s < NOW_S))
            if one.id == gone
            else one
            for one in problem.therapists
        ),
    )


def added(problem: DayProblem, rng: Random) -> DayProblem:
    """A client calls and would come at any time of the evening."""
    wish = booking(
        rng, "called", location=len(problem.locations) - 1, therapists=len(problem.therapists), wide=True, couples=0.0
    )
    window = replace(wish.windows[0], start_s=NOW_S + 3_600, end_s=21 * 3_600)
    return replace(problem, bookings=(*problem.bookings, replace(wish, windows=(window,))))


def cancelled(problem: DayProblem, rng: Random) -> DayProblem:
    """A client who was to come cancels."""
    begun = {booking_of(fact.visit_id)[0] for fact in problem.facts}
    assert problem.published is not None
    gone = rng.choice(sorted(problem.published.served() - begun))
    return replace(problem, bookings=tuple(one for one in problem.bookings if one.id != gone))


def late(problem: DayProblem, rng: Random) -> DayProblem:
    """A treatment under way began 40 minutes later than planned."""
    under_way = [fact for fact in problem.facts if fact.state is VisitState.STARTED]
    one = rng.choice(under_way)
    assert one.started_s is not None
    delayed = replace(one, started_s=one.started_s + LATE_S)
    now_s = max(NOW_S, one.started_s + LATE_S)
    return replace(problem, facts=tuple(delayed if fact is one else fact for fact in problem.facts), now_s=now_s)


DISTURBANCES: tuple[Callable[[DayProblem, Random], DayProblem], ...] = (ill, added, cancelled, late)


def replanned(problem: DayProblem, start: Plan, seconds: float) -> tuple[Result, float]:
    """Give the new plan and the CPU seconds it took."""
    worked = time.process_time()
    result = solve(problem, budget=Budget(seconds=seconds, improve=True), start=start)
    return result, time.process_time() - worked


def main() -> None:
    """Replan each day after each disturbance, shortly and at length, and print the gaps."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--bookings", type=int, default=70)
    parser.add_argument("--therapists", type=int, default=14)
    parser.add_argument("--days", type=int, default=5)
    parser.add_argument("--short", type=float, default=2.0)
    parser.add_argument("--long", type=float, default=20.0)
    parser.add_argument("--plan-seconds", type=float, default=10.0)
    asked = parser.parse_args()
    print(
        "day, news: short (locked, priority, left out, points; CPU s) | long | gap in points, where all else is equal"
    )
    within = total = 0
    for seed in range(1, asked.days + 1):
        problem = full_day(seed, bookings=asked.bookings, therapists=asked.therapists, spare_places=SPARE_PLACES)
        plan = solve(problem, budget=Budget(seconds=asked.plan_seconds), seed=seed).plan
        day = half_done(problem, plan)
        same = solve(day, budget=Budget(seconds=asked.short), start=plan).plan == plan
        print(f"{seed}, no news: the same plan: {same}", flush=True)
        for disturb in DISTURBANCES:
            news = disturb(day, Random(seed))
            short, short_s = replanned(news, plan, asked.short)
            long, long_s = replanned(news, plan, asked.long)
            better = min(long.cost.key(), short.cost.key())
            equal = short.cost.key()[:3] == better[:3]
            gap = 100 * (short.cost.points - better[3]) / max(1, better[3])
            within += equal and gap <= 1
            total += 1
            told = f"{gap:.2f} %" if equal else "fewer served"
            print(
                f"{seed}, {disturb.__name__}: {short.cost.key()} {short_s:.1f} | {long.cost.key()} {long_s:.1f} | {told}"
            )
    print(f"{within} of {total} within 1 %")


if __name__ == "__main__":
    main()
