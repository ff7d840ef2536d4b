"""The integer program over all routes met: which routes together serve best.

Set packing: every therapist takes one route, every booking is served at most once (Balinski and Quandt 1964). A couple
enters as start-time options: its seats' visits must be picked at the same start, and linked bookings at starts that
suit each other. The aims are lexicographic in one objective: weights by counting (one more booking outweighs all
points, one more unit of priority all bookings, a locked one everything), points scaled below one half of a booking.
The model may admit a choice that `rules.check` does not (a couple may start earlier than its option); the caller asks.
"""

from collections.abc import Callable, Collection, Sequence

from dispatch.solve.day import Day
from dispatch.solve.program import Program, solved
from dispatch.solve.routes import Column

NODE_LIMIT = 300
"""The counted end of one integer program; most end by proof long before."""

TIME_LIMIT_S = 1.0
"""The timed end of one integer program where seconds count at all."""


def weights_of(day: Day) -> tuple[float, float, float]:
    """Give what a locked booking, a unit of priority and a booking weigh, each outweighing all that come after."""
    counted = sum(entry.gains[2] for entry in day.entries)
    priority = sum(entry.gains[1] for entry in day.entries)
    one_priority = float(counted + 1)
    return (one_priority * (priority + 1) + counted + 1, one_priority, 1.0)


def load_solver() -> None:
    """Import the solver now, which takes a moment the first time in a process."""
    from ortools.math_opt.python import mathopt

    del mathopt


def combine(
    day: Day,
    columns: Sequence[Column],
    hint: Sequence[Column],
    *,
    seconds: float | None,
    look: Callable[[], bool],
) -> list[Column] | None:
    """Give the best set of routes, at most one per therapist; None where the solver found none in its limits.

    `hint` is a set of routes known to go together. `look` is called while the solver works and stops it by True;
    `seconds` is the time left, None where only counts may end it.
    """
    columns = _usable(day, columns)
    held = {day.visit(option) for column in hint for option in column.options}
    model, starts = _build(day, columns, held)
    chosen = solved(
        model,
        _hint(day, columns, hint, starts),
        nodes=NODE_LIMIT,
        seconds=None if seconds is None else min(seconds, TIME_LIMIT_S),
        look=look,
    )
    return None if chosen is None else [columns[number] for number in chosen if number < len(columns)]


def _usable(day: Day, columns: Sequence[Column]) -> list[Column]:
    """Drop routes whose coupled visits no other route meets at the same start."""
    kept = [column for column in columns if column.options]
    while True:
        met = {option for column in kept for option in column.options}

        def meets(option: int, met: set[int] = met) -> bool:
            visit, start_s = day.visit(option), day.start_s(option)
            return not start_s or all(
                day.option(other, start_s) in met
                for other in day.entries[day.entry_of[visit]].visits
                if day.coupled[other]
            )

        still = [column for column in kept if all(meets(option) for option in column.options)]
        if len(still) == len(kept):
            return kept
        kept = still


def _build(day: Day, columns: Sequence[Column], held: Collection[int]) -> tuple[Program, dict[tuple[int, int], int]]:
    """Write the program; give it with the number of each coupled booking's start variable.

    Of bookings that have begun, the visits `held` stay served, seat by seat.
    """
    locked_weight, priority_weight, booking_weight = weights_of(day)

    def worth(number: int) -> float:
        locked, priority, counted = day.entries[number].gains
        return locked * locked_weight + priority * priority_weight + counted * booking_weight

    dearest = [0] * len(day.heads)
    for column in columns:
        dearest[column.therapist] = max(dearest[column.therapist], column.points)
    scale = 0.5 / max(1, sum(dearest))
    model = Program()
    therapist_rows = [model.row(1.0 if head else 0.0, 1.0) for head in day.heads]
    booking_rows = [model.row(0.0, 1.0) for _ in day.entries]
    begun_rows = {
        visit: model.row(float(visit in held), 1.0) for entry in day.entries if entry.fixed for visit in entry.visits
    }
    meeting_rows: dict[int, int] = {}
    starts: dict[tuple[int, int], int] = {}
    for column in columns:
        cost = column.points * scale
        variable = model.variable(0.0)
        model.cells.append((therapist_rows[column.therapist], variable, 1.0))
        for option in column.options:
            number = day.entry_of[day.visit(option)]
            if day.visit(option) in begun_rows:
                model.cells.append((begun_rows[day.visit(option)], variable, 1.0))
            elif not day.start_s(option):
                cost -= worth(number)
                model.cells.append((booking_rows[number], variable, 1.0))
            if not day.start_s(option):
                continue
            if option not in meeting_rows:
                meeting_rows[option] = model.row(0.0, 0.0)
                starts.setdefault((number, day.start_s(option)), -1)
            model.cells.append((meeting_rows[option], variable, 1.0))
        model.costs[variable] = cost
    for number, start_s in starts:
        variable = model.variable(-worth(number))
        starts[number, start_s] = variable
        if not day.entries[number].fixed:
            model.cells.append((booking_rows[number], variable, 1.0))
        for visit in day.entries[number].visits:
            if day.coupled[visit]:
                model.cells.append((meeting_rows[day.option(visit, start_s)], variable, -1.0))
    _tie(day, model, starts)
    return model, starts


def _tie(day: Day, model: Program, starts: dict[tuple[int, int], int]) -> None:
    """Forbid starts of linked bookings that do not suit each other."""
    for (number, start_s), variable in starts.items():
        for tie in day.entries[number].ties:
            clashing = [
                other
                for (partner, other_s), other in starts.items()
                if partner == tie.other and not tie.earliest_after_s <= start_s - other_s <= tie.latest_after_s
            ]
            if clashing:
                row = model.row(0.0, 1.0)
                model.cells.extend((row, other, 1.0) for other in (variable, *clashing))


def _hint(day: Day, columns: Sequence[Column], hint: Sequence[Column], starts: dict[tuple[int, int], int]) -> list[int]:
    """Give the variables that are one in the known set of routes."""
    wanted = {(column.therapist, column.options) for column in hint}
    chosen = [n for n, column in enumerate(columns) if (column.therapist, column.options) in wanted]
    met = {
        (day.entry_of[day.visit(option)], day.start_s(option))
        for n in chosen
        for option in columns[n].options
        if day.start_s(option)
    }
    return [*chosen, *(starts[key] for key in sorted(met) if key in starts)]
