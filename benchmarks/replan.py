"""What two seconds of replanning lose against a long solve; `python -m benchmarks.replan` from the checkout.

Half of a planned day is done as planned. Then a therapist falls ill, a booking is added, one is cancelled, or one
treatment goes on for 40 minutes too long. The new plan, changes priced in, is compared with that of a longer solve from
the same published plan. CPU seconds stand beside the wall time, as other work on the machine takes its share.
"""

import argparse
import multiprocessing
import statistics
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from random import Random

from benchmarks.full_days import booking, full_day
from benchmarks.report import add_output, table, write
from dispatch.model import codec
from dispatch.model.facts import VisitFact
from dispatch.model.kinds import VisitState
from dispatch.model.outcome import Budget
from dispatch.model.plan import Plan, booking_of
from dispatch.model.problem import DayProblem
from dispatch.model.timetable import VisitTime
from dispatch.rules.retime import retime
from dispatch.solve import solve

Key = tuple[int, int, int, int]
"""Locked left out, priority lost, bookings left out, points."""

NAME = "replan"
NEAR_PERCENT = 1
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
    """A therapist goes home: one who is not with a client or on her way, else one who finishes what she has begun."""
    busy = {fact.therapist_id for fact in problem.facts if fact.state is not VisitState.FINISHED}
    everyone = [one.id for one in problem.therapists]
    gone = rng.choice([name for name in everyone if name not in busy] or everyone)
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap:
    """What a short and a long solve made of one disturbance, and the wall and CPU seconds of the short one."""

    day: int
    news: str
    short: Key
    long: Key
    wall_s: float
    cpu_s: float

    def percent(self) -> float | None:
        """Give how much dearer the short answer is than the better one; None where it serves less."""
        better = min(self.short, self.long)
        return 100 * (self.short[3] - better[3]) / max(1, better[3]) if self.short[:3] == better[:3] else None

    def is_within(self) -> bool:
        """Tell whether the short answer serves as much and costs at most so many percent more."""
        gap = self.percent()
        return gap is not None and gap <= NEAR_PERCENT

    def cells(self) -> list[str]:
        """Give the row of the table."""
        gap = self.percent()
        return [
            str(self.day),
            self.news,
            *(" / ".join(map(str, key)) for key in (self.short, self.long)),
            f"{self.wall_s:.1f}",
            f"{self.cpu_s:.1f}",
            "serves less" if gap is None else f"{gap:.2f}",
        ]


def replanned(problem: DayProblem, start: Plan, budget: Budget) -> tuple[Key, float, float]:
    """Give the new plan's cost key, and the wall and CPU seconds it took."""
    began, worked = time.monotonic(), time.process_time()
    result = solve(problem, budget=budget, start=start)
    return result.cost.key(), time.monotonic() - began, time.process_time() - worked


def summary_of(found: Sequence[Gap], same: Sequence[bool]) -> list[str]:
    """Give the sentences below the table, as a list."""
    served = [gap for one in found if (gap := one.percent()) is not None]
    longest_s = max(one.wall_s for one in found)
    near = sum(one.is_within() for one in found)
    lines = [
        f"* Within {NEAR_PERCENT} % and serving as much: {near} of {len(found)}.",
        f"* The longest of the short replans took {longest_s:.1f} s by the clock.",
    ]
    if served:
        lines += [
            f"* Gap where as much is served: {statistics.mean(served):.2f} % on average, {max(served):.2f} % at most."
        ]
    return [*lines, f"* Without news the same plan, byte for byte: on {sum(same)} of {len(same)} days."]


def main() -> None:
    """Replan each day after each disturbance, shortly and at length, and tell the gaps."""
    parser = argparse.ArgumentParser(description="Measures what a short replan loses against a long one.")
    parser.add_argument("--bookings", type=int, default=70)
    parser.add_argument("--therapists", type=int, default=14)
    parser.add_argument("--days", type=int, default=5)
    parser.add_argument("--short", type=float, default=2.0)
    parser.add_argument("--long", type=float, default=60.0)
    parser.add_argument("--plan-seconds", type=float, default=10.0)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--side-by-side", type=int, default=1, help="so many days at once, a process each")
    add_output(parser)
    asked = parser.parse_args()
    short, long = (Budget(seconds=s, improve=True, threads=asked.threads) for s in (asked.short, asked.long))
    note = (
        f"{asked.bookings} bookings, {asked.therapists} therapists; threads of a solve: {asked.threads}. Plans: locked left out / "
        "priority lost / bookings left out / points; the gap is to the better of the two."
    )
    heads = ("day", "news", f"{asked.short:g} s", f"{asked.long:g} s", "short: s", "CPU s", "gap %")
    found: list[Gap] = []
    same: list[bool] = []
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(asked.side_by_side, mp_context=context) as pool:
        days = [pool.submit(day_replanned, seed, asked, short, long) for seed in range(1, asked.days + 1)]
        for day in days:
            stood, gaps = day.result()
            same.append(stood)
            found += gaps
            lines = [note, "", *table(heads, [one.cells() for one in found]), "", *summary_of(found, same)]
            write(asked.output, NAME, lines)
    print("\n".join(summary_of(found, same)), flush=True)


def day_replanned(seed: int, asked: argparse.Namespace, short: Budget, long: Budget) -> tuple[bool, list[Gap]]:
    """Give whether a day without news keeps its plan, and what became of each disturbance."""
    solve(full_day(0, bookings=4, therapists=4), budget=Budget(rounds=1))  # compile, so that no figure pays for it
    problem = full_day(seed, bookings=asked.bookings, therapists=asked.therapists, spare_places=SPARE_PLACES)
    plan = solve(problem, budget=Budget(seconds=asked.plan_seconds, threads=asked.threads), seed=seed).plan
    day = half_done(problem, plan)
    again = solve(day, budget=Budget(seconds=asked.short, threads=asked.threads), start=plan).plan
    same = codec.dumps(again) == codec.dumps(plan)
    print(f"{seed} | no news | the same plan: {same}", flush=True)
    gaps = []
    for disturb in DISTURBANCES:
        news = disturb(day, Random(seed))
        short_key, wall_s, cpu_s = replanned(news, plan, short)
        long_key, _, _ = replanned(news, plan, long)
        gap = Gap(day=seed, news=disturb.__name__, short=short_key, long=long_key, wall_s=wall_s, cpu_s=cpu_s)
        gaps.append(gap)
        print(" | ".join(gap.cells()), flush=True)
    return same, gaps


if __name__ == "__main__":
    main()
