"""Column generation: routes priced against a relaxation's duals until no route is left that would improve it.

Source: Desrosiers and Lübbecke 2005. Each round solves the program, prices every therapist, learns what that proves,
and adds the best routes found. It goes in three gears: the quick labelling while that still gains much, then the exact
one with smoothed rewards, and where those find nothing, the program's own, before it is believed that nothing is left.
"""

from collections.abc import Callable, Sequence

from dispatch.solve.price import Ask, Pricer
from dispatch.solve.relaxation import SMOOTHING, Relaxation, RouteKey

ROUTES_A_ROUND = 30
"""So many routes of one therapist are added in one round at most."""

ENOUGH = 1e-7
"""A route that gains less than this share of a booking does not count as better."""

QUICK_GAIN = 0.15
"""The quick labelling is asked again while it makes the program gain so much of a booking."""

QUICK = (0.0, False)
SMOOTHED = (SMOOTHING, True)
SURE = (0.0, True)
"""The gears: how much of the best rewards so far stays in those asked with, and whether the labelling is exact."""


def as_priced(_key: RouteKey, points: int) -> int | None:
    """Take a route as it was priced."""
    return points


def generate(
    relaxation: Relaxation,
    pricer: Pricer,
    *,
    rounds: int,
    stopped: Callable[[], bool],
    enough: Callable[[Relaxation], bool] = lambda _: False,
    fixed: frozenset[int] = frozenset(),
    priced: Callable[[RouteKey, int], int | None] = as_priced,
    gears: Sequence[tuple[float, bool]] = (QUICK, SMOOTHED, SURE),
) -> int:
    """Add routes to a relaxation until none improves it, at most so many rounds; give how many rounds it took.

    `stopped` and `enough` are asked in every round. Therapists whose route is `fixed` are not priced; then only the
    first of the `gears` is used. `priced` gives a route's true points, None for a route that is not to be taken.
    """
    last = 0 if fixed else len(gears) - 1
    gear, before = 0, -float("inf")
    for done in range(rounds):
        if stopped() or not relaxation.solve() or enough(relaxation):
            return done
        if gear == 0 and last and relaxation.value - before < QUICK_GAIN:
            gear = 1
        before = relaxation.value
        new = 0
        while not new:
            smoothing, exact = gears[gear]
            rewards, own = relaxation.asked(smoothing), relaxation.asked(0.0)
            ask = Ask(rewards=rewards.visits, weight=relaxation.weight, most=ROUTES_A_ROUND, exact=exact)
            above = [max(0, int(relaxation.keeps[t] * relaxation.unit * (1.0 - 1e-9))) for t in pricer.team]
            found = pricer.price_team(ask, above, stopped=stopped, but=fixed)
            if found is None:
                return done
            if relaxation.proves and not fixed and all(one.whole for one in found):
                relaxation.prove(rewards, [one.worth for one in found])
            better: list[tuple[RouteKey, int]] = []
            for t, one in zip(pricer.team, found, strict=True):
                for worth, visits in one.routes:
                    gained = sum(rewards.listed[visit] for visit in visits)
                    points = (gained - worth) // relaxation.weight if relaxation.weight else 0
                    if relaxation.excess(own, (t, visits), points) <= ENOUGH:
                        continue
                    true = priced((t, visits), points)
                    if true is not None:
                        better.append(((t, visits), true))
            new = relaxation.add(better)
            if enough(relaxation):
                return done + 1
            if new:
                break
            if gear == last:
                return done + 1
            gear += 1
        gear = min(gear, 1)
    return rounds
