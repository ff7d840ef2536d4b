"""Who comes along: the other therapists of a booking for several, where a move names only some of them."""

from dataclasses import replace

from dispatch.model.move import Move
from dispatch.model.plan import Plan, booking_of, visit_id
from dispatch.model.problem import DayProblem
from dispatch.rules.compiled import Compiled, compile_problem
from dispatch.rules.extend import with_start
from dispatch.rules.route import best_insertions


def completed(problem: DayProblem, plan: Plan, move: Move) -> Move:
    """Give a move that names somebody for every seat of its booking.

    Seats the plan serves stay with whom they are. Of those who may serve another and have room for it at the start the
    move fixes (anywhere in its windows where it fixes none), the one whom it costs least comes; where nobody has, the
    first of the day's list who may serve it. A move that names what the day does not have is given back as it is.
    """
    if not move.places:
        return move
    compiled = compile_problem(problem)
    booking_id = booking_of(move.places[0][0])[0]
    if booking_id not in compiled.bookings:
        return move
    seats = [visit_id(booking_id, seat) for seat in range(len(problem.booking(booking_id).seats))]
    named = dict(move.places)
    served_by = {visit: route.therapist_id for route in plan.routes for visit in route.visit_ids()}
    missing = [visit for visit in seats if visit not in named and visit not in served_by]
    if not missing:
        return move
    if move.start_s is not None:
        compiled = with_start(compiled, booking_id, move.start_s)
    taken = {*named.values(), *(served_by[visit] for visit in seats if visit in served_by)}
    places = move.places
    for visit in missing:
        name = _cheapest(compiled, plan, visit, taken)
        if name is not None:
            places = (*places, (visit, name))
            taken.add(name)
    return replace(move, places=places)


def _cheapest(compiled: Compiled, plan: Plan, visit: str, taken: set[str]) -> str | None:
    """Give who may serve a visit for the fewest points more."""
    v = compiled.visit_index[visit]
    found: list[tuple[bool, int, int, str]] = []
    for t, therapist in enumerate(compiled.problem.therapists):
        if therapist.id in taken or not compiled.allowed[t][v]:
            continue
        route = [compiled.visit_index[one] for one in plan.route_of(therapist.id).visit_ids()]
        room = best_insertions(compiled, t, route, v)
        found.append((not room, room[0][1] if room else 0, t, therapist.id))
    return min(found)[3] if found else None
