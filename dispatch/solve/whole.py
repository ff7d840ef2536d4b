"""The relaxation made whole: the same program over its best routes, each taken or not (the restricted master heuristic).

Only routes whose reduced cost is less than what is still to be gained can be part of a better plan, so the others are
left out of the program (Balinski and Quandt 1964; reduced-cost fixing). Every seat is served by one
route, or by none.
"""

from collections.abc import Callable, Sequence

import numpy as np

from dispatch.solve.program import Program, solved
from dispatch.solve.relaxation import Relaxation, RouteKey


def best_whole(
    relaxation: Relaxation,
    known: Sequence[RouteKey],
    *,
    most: int,
    nodes: int,
    seconds: float | None,
    look: Callable[[], bool],
) -> list[RouteKey] | None:
    """Give the relaxation's routes that go best together, at most one a therapist; None where nothing better is found.

    `known` are routes that go together already, of the relaxation as all others; `most` is how many are looked at.
    """
    rewards = relaxation.asked(0.0)
    to_gain = relaxation.value - value_of(relaxation, known)
    if to_gain <= 0:
        return None
    held = set(known)
    keys = relaxation.routes()
    excess = np.array([relaxation.excess(rewards, key, relaxation.points(key)) for key in keys])
    order = np.argsort(-excess, kind="stable")[:most]
    chosen = [keys[k] for k in order.tolist() if excess[k] >= -to_gain or keys[k] in held]
    chosen += [key for key in known if key not in set(chosen)]
    program = Program()
    therapists: dict[int, int] = {}
    seats = {visit: program.row(0.0, 0.0) for visit in relaxation.seats()}
    for number, entry in enumerate(relaxation.day.entries):
        rows = [seats[visit] for visit in entry.visits if visit in seats]
        if rows:
            served = program.variable(-relaxation.gain(number) / relaxation.unit)
            program.cells.extend((row, served, -1.0) for row in rows)
    first = len(program.costs)
    for t, visits in chosen:
        route = program.variable(relaxation.weight * relaxation.points((t, visits)) / relaxation.unit)
        if t not in therapists:
            therapists[t] = program.row(0.0, 1.0)
        program.cells.append((therapists[t], route, 1.0))
        program.cells.extend((seats[visit], route, 1.0) for visit in visits if visit in seats)
    hint = [first + n for n, key in enumerate(chosen) if key in held]
    hint += _served(relaxation, known)
    answer = solved(program, hint, nodes=nodes, seconds=seconds, look=look)
    if answer is None:
        return None
    routes = [chosen[n - first] for n in answer if n >= first]
    return routes if value_of(relaxation, routes) > value_of(relaxation, known) else None


def value_of(relaxation: Relaxation, routes: Sequence[RouteKey]) -> float:
    """Give what routes gain together, in the relaxation's unit."""
    visited = {visit for _, visits in routes for visit in visits}
    seats = set(relaxation.seats())
    gained = sum(
        relaxation.gain(number)
        for number, entry in enumerate(relaxation.day.entries)
        if (mine := seats.intersection(entry.visits)) and mine <= visited
    )
    return (gained - relaxation.weight * sum(relaxation.points(key) for key in routes)) / relaxation.unit


def _served(relaxation: Relaxation, routes: Sequence[RouteKey]) -> list[int]:
    """Give the numbers of the variables of the bookings that routes serve, in the order the program adds them."""
    visited = {visit for _, visits in routes for visit in visits}
    seats = set(relaxation.seats())
    mine = [seats.intersection(entry.visits) for entry in relaxation.day.entries]
    return [n for n, visits in enumerate(visits for visits in mine if visits) if visits <= visited]
