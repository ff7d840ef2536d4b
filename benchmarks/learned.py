"""How near learned figures come to the truth, on companies whose truth is known; `python -m benchmarks.learned` from the checkout.

Each company has 40 buildings. Its dispatchers set 5, 8 or 10 minutes for each; the truth lies off that by 2 minutes on the mean, give
or take 3.5, and 2 minutes longer in the evening rush. A way in strays from the truth by 2.5 minutes. Taps are as people make them:
of 100 visits 8 are tapped in one go, 5 without the arrival, 5 have a client who comes to the door 20 to 60 minutes late, and 30
therapists are early and wait for the time that was told. Driving is truly 15 % slower than the table and 30 % in the rush, legs stray by 20 %.
"""

import argparse
import random
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from statistics import mean

from benchmarks.report import add_output, table, write
from dispatch.explain.learning import AccessSeen, LegSeen, learn_access, learn_travel
from dispatch.explain.observed import Slow, VisitPlace, seen_access
from dispatch.model.booking import Booking, Promise, TimeWindow
from dispatch.model.facts import VisitFact
from dispatch.model.kinds import TravelMode, VisitState

NAME = "learned"
BUILDINGS = 40
HOURS = range(9, 23)
RUSH = frozenset({17, 18, 19})
SET_UP_S = 300
VISITS = (1, 3, 5, 10, 20, 40)
SEEDS = range(10)


@dataclass(frozen=True, slots=True, kw_only=True)
class Company:
    """What people had set for each building, what is true in each hour, and what phones reported."""

    basis: dict[str, tuple[int, ...]]
    truth: dict[str, dict[int, int]]
    seen: tuple[AccessSeen, ...]
    unusable: int


def draw_company(seed: int, visits: int) -> Company:
    """Draw a company with so many visits reported of each building, the same one for the same seed."""
    draw = random.Random(seed)
    basis: dict[str, tuple[int, ...]] = {}
    truth: dict[str, dict[int, int]] = {}
    facts: list[VisitFact] = []
    places: dict[str, VisitPlace] = {}
    for number in range(BUILDINGS):
        key, set_s = f"b{number}", draw.choice((5, 8, 10)) * 60
        usual_s = max(60, round(set_s + draw.gauss(120, 210)))
        basis[key], truth[key] = (set_s,), {hour: usual_s + (120 if hour in RUSH else 0) for hour in HOURS}
        for visit in range(visits):
            fact, booking = _visit(draw, f"{key}-{visit}", truth[key], set_s)
            facts.append(fact)
            places[fact.visit_id] = VisitPlace(booking=booking, building_id=key, area="", set_up_s=SET_UP_S)
    seen = seen_access(facts, places, None, Slow())
    return Company(basis=basis, truth=truth, seen=seen.access, unusable=seen.unusable)


def _visit(draw: random.Random, key: str, truth: dict[int, int], set_s: int) -> tuple[VisitFact, Booking]:
    """Draw one visit with its taps as people make them."""
    arrived_s = draw.randrange(HOURS.start * 3_600, HOURS.stop * 3_600)
    way_s = max(30, round(draw.gauss(truth[arrived_s // 3_600], 150)))
    if draw.random() < 0.05:
        way_s += draw.randrange(1_200, 3_600)
    ready_s = arrived_s + way_s + SET_UP_S
    early = draw.random() < 0.3
    told_s = arrived_s + SET_UP_S + set_s + (draw.randrange(300, 900) if early else -draw.randrange(600, 1_800))
    started_s = max(ready_s, told_s)
    finished_s = started_s + 3_600
    tapped: int | None = arrived_s
    if draw.random() < 0.08:
        tapped, started_s = started_s + 10, started_s + 20
    elif draw.random() < 0.05:
        tapped = None
    booking = Booking(
        id=key,
        branch_id="main",
        day=date(2026, 11, 25),
        client_id="c",
        address_id="a",
        treatment_id="t",
        minutes=60,
        windows=(TimeWindow(start_s=0, end_s=172_800),),
        promise=Promise(start_s=told_s, told_at=datetime(2026, 11, 24, tzinfo=UTC), told_by="u"),
    )
    fact = VisitFact(
        visit_id=f"{key}/0",
        therapist_id="t",
        state=VisitState.FINISHED,
        arrived_s=tapped,
        started_s=started_s,
        finished_s=finished_s,
    )
    return fact, booking


def errors_min(company: Company) -> tuple[list[float], list[float]]:
    """Give each building's mean error over the hours in minutes: of what was learned, and of what was set."""
    learned = learn_access(company.seen, company.basis)
    after, before = [], []
    for key, truth in company.truth.items():
        figures = learned[key].figures if key in learned else company.basis[key]
        after.append(mean(abs(figures[hour % len(figures)] - true_s) / 60 for hour, true_s in truth.items()))
        before.append(mean(abs(company.basis[key][0] - true_s) / 60 for true_s in truth.values()))
    return after, before


def draw_legs(seed: int, legs: int) -> tuple[LegSeen, ...]:
    """Draw legs by car whose driving is truly 15 % longer than thought, 30 % in the rush; one in twenty has a stop on its way."""
    draw = random.Random(seed)
    found = []
    for _ in range(legs):
        hour, planned_s = draw.choice(HOURS), draw.randrange(400, 2_400)
        longer = (1.3 if hour in RUSH else 1.15) * draw.lognormvariate(0, 0.2) * (2.5 if draw.random() < 0.05 else 1)
        found.append(LegSeen(mode=TravelMode.CAR, hour=hour, real_s=round(planned_s * longer), planned_s=planned_s))
    return tuple(found)


def travel_error_percent(legs: Sequence[LegSeen]) -> float:
    """Give the mean error of the learned driving over the hours, in percent of the driving."""
    figures = learn_travel(legs)[TravelMode.CAR].figures
    return mean(abs(figures[hour] / 1_000 - (1.3 if hour in RUSH else 1.15)) * 100 for hour in HOURS)


def main() -> None:
    """Learn from more and more visits and tell how near the truth it comes."""
    parser = argparse.ArgumentParser(description="Compares what was learned with the truth of drawn companies.")
    add_output(parser)
    asked = parser.parse_args()
    rows = []
    for visits in VISITS:
        drawn = [draw_company(seed, visits) for seed in SEEDS]
        errors = [errors_min(company) for company in drawn]
        after = sorted(one for pair in errors for one in pair[0])
        naive = [replace(company, basis=_plain_means(company)) for company in drawn]
        rows.append(
            [
                str(visits),
                f"{mean(one for pair in errors for one in pair[1]):.2f}",
                f"{mean(one for company in naive for one in errors_of_basis(company)):.2f}",
                f"{mean(after):.2f}",
                f"{after[len(after) * 95 // 100]:.2f}",
                f"{mean(company.unusable for company in drawn) / BUILDINGS / visits * 100:.0f} %",
            ]
        )
    heads = ("visits a building", "as set", "plain means", "learned", "learned, p95 of buildings", "taps set aside")
    travel = [
        [str(legs), f"{mean(travel_error_percent(draw_legs(seed, legs)) for seed in SEEDS):.1f} %"]
        for legs in (20, 100, 400, 2_000)
    ]
    lines = [
        "Mean error of the minutes from gate to door over the hours 9 to 22, 10 companies of 40 buildings each, in minutes:",
        "",
        *table(heads, rows),
        "",
        "Driving that is truly 15 to 30 % longer than the table says; mean error after learning:",
        "",
        *table(("legs", "error"), travel),
    ]
    print("\n".join(lines), flush=True)
    write(asked.output, NAME, lines)


def _plain_means(company: Company) -> dict[str, tuple[int, ...]]:
    """Give what somebody would say who takes the mean of every building's visits as they were tapped."""
    found: dict[str, list[int]] = {}
    for one in company.seen:
        found.setdefault(one.building_id, []).append(one.access_s)
    return {key: (round(mean(found[key])),) if key in found else set_s for key, set_s in company.basis.items()}


def errors_of_basis(company: Company) -> list[float]:
    """Give each building's mean error in minutes of what stands as set."""
    return errors_min(replace(company, seen=()))[1]


if __name__ == "__main__":
    main()
