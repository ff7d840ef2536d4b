"""From the linear program to whole routes: fix the surest routes, price again, and so on to the end of the day.

A dive (Sadykov, Vanderbeck, Pessoa, Tahiri and Uchoa 2019, "Primal heuristics for branch and price: the assets of
diving methods"): where the program takes a therapist's route nearly whole, she is given it; what is left is priced
anew, so that the routes of the others come to suit.
"""

from collections.abc import Callable

from dispatch.solve.columns import as_priced, generate
from dispatch.solve.price import Pricer
from dispatch.solve.relaxation import Relaxation, RouteKey

SURE = 0.7
"""A route is fixed at once where the program takes so much of it; else only the surest one is."""

ROUNDS = 2
"""After each fixing so many rounds of column generation follow."""


def dive(
    relaxation: Relaxation,
    pricer: Pricer,
    *,
    stopped: Callable[[], bool],
    avoid: frozenset[RouteKey] = frozenset(),
    priced: Callable[[RouteKey, int], int | None] | None = None,
) -> list[RouteKey]:
    """Give routes that go well together, at most one a therapist; the relaxation is left as it was, with more routes.

    Routes to `avoid` are not the first to be fixed, so that another dive takes another way.
    """
    fixed: dict[int, RouteKey] = {}
    try:
        while not stopped() and relaxation.solve():
            open_routes = [(share, key) for share, key in relaxation.shares() if key[0] not in fixed]
            if not open_routes:
                break
            sure = [key for share, key in open_routes if share >= SURE]
            if not fixed and avoid:
                sure = [key for key in sure if key not in avoid]
                open_routes = [one for one in open_routes if one[1] not in avoid] or open_routes
            for key in sure or [max(open_routes)[1]]:
                fixed[key[0]] = key
                relaxation.fix(key, fixed=True)
            generate(
                relaxation, pricer, rounds=ROUNDS, stopped=stopped, fixed=frozenset(fixed), priced=priced or as_priced
            )
    finally:
        for key in fixed.values():
            relaxation.fix(key, fixed=False)
    return [fixed[t] for t in sorted(fixed)]
