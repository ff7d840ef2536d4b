"""Column generation: routes priced against a relaxation's duals until no route is left that would improve it.

Source: Desrosiers and Lübbecke 2005. Each round solves the program, prices every therapist, learns what that proves,
and adds the best routes found. Rewards are smoothed first; where smoothed ones find nothing, the program's own are
asked before it is believed that nothing is left.
"""

from collections.abc import Callable

from dispatch.solve.price import Ints, Priced, Pricer
from dispatch.solve.relaxation import SMOOTHING, Relaxation, RouteKey

ROUTES_A_ROUND = 30
"""So many routes of one therapist are added in one round at most."""

ENOUGH = 1e-7
"""A route that gains less than this share of a booking does not count as better."""


def generate(
    relaxation: Relaxation,
    pricer: Pricer,
    *,
    rounds: int,
    stopped: Callable[[], bool],
    enough: Callable[[Relaxation], bool] = lambda _: False,
    fixed: frozenset[int] = frozenset(),
) -> int:
    """Add routes to a relaxation until none improves it, at most so many rounds; give how many rounds it took.

    `stopped` and `enough` are asked in every round. Therapists whose route is
    `fixed` are not priced, and nothing is proven then.
    """
    # Each round goes down this stair until something better is found: quick first, and smoothed; the last step is sure.
    stair = ((0.0, False),) if fixed else ((SMOOTHING, False), (SMOOTHING, True), (0.0, True))
    # The very first round is sure: should it be the last one, a bound is known all the same.
    step = 0 if fixed else 1
    for done in range(rounds):
        if stopped() or not relaxation.solve() or enough(relaxation):
            return done
        new = 0
        while not new:
            smoothing, exact = stair[step]
            rewards, own = relaxation.asked(smoothing), relaxation.asked(0.0)
            priced = _price_all(relaxation, pricer, rewards.visits, exact, stopped, fixed)
            if priced is None:
                return done
            if not fixed and all(one.whole for one in priced):
                relaxation.prove(rewards, [one.worth for one in priced])
            better: list[tuple[RouteKey, int]] = []
            for t, one in enumerate(priced):
                for worth, visits in one.routes:
                    points = int(rewards.visits[list(visits)].sum()) - worth if relaxation.weight else 0
                    if relaxation.excess(own, (t, visits), points) > ENOUGH:
                        better.append(((t, visits), points))
            new = relaxation.add(better)
            if enough(relaxation):
                return done + 1
            if not new:
                step += 1
                if step == len(stair):
                    return done + 1
        # Once the quick way finds nothing it is not asked again; the smoothed one is.
        step = 0 if done == 0 and step == 1 else max(0, min(step, len(stair) - 2))
    return rounds


def _price_all(
    relaxation: Relaxation,
    pricer: Pricer,
    rewards: Ints,
    exact: bool,
    stopped: Callable[[], bool],
    fixed: frozenset[int],
) -> list[Priced] | None:
    """Price every therapist; None where somebody asks to stop meanwhile."""
    priced = []
    for t in range(len(relaxation.day.heads)):
        if stopped():
            return None
        if t in fixed:
            priced.append(Priced(0, (), True))
            continue
        above = int(relaxation.keeps[t] * relaxation.unit * (1.0 - 1e-9))
        priced.append(
            pricer.price(t, rewards, relaxation.weight, above=max(0, above), most=ROUTES_A_ROUND, exact=exact)
        )
    return priced
