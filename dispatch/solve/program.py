"""Yes-or-no programs and their solver: SCIP through MathOpt, in a thread, so that whoever waits can be heard."""

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

POLL_S = 0.02


@dataclass(slots=True)
class Program:
    """The rows and coefficients of a program while it is built, by number; the least sum of costs is looked for."""

    costs: list[float] = field(default_factory=list)
    lows: list[float] = field(default_factory=list)
    highs: list[float] = field(default_factory=list)
    cells: list[tuple[int, int, float]] = field(default_factory=list)

    def variable(self, cost: float) -> int:
        """Add a yes-or-no variable; give its number."""
        self.costs.append(cost)
        return len(self.costs) - 1

    def row(self, low: float, high: float) -> int:
        """Add a row; give its number."""
        self.lows.append(low)
        self.highs.append(high)
        return len(self.lows) - 1


def solved(
    model: Program,
    hint: Sequence[int],
    *,
    nodes: int,
    seconds: float | None,
    look: Callable[[], bool],
) -> list[int] | None:
    """Give the variables at one of the best answer found; None where there is none, or where `look` says stop.

    `hint` are the variables at one of a known answer. `nodes` is the counted end, `seconds` the timed one.
    """
    from datetime import timedelta

    from ortools.math_opt import model_pb2
    from ortools.math_opt.python import mathopt

    proto = model_pb2.ModelProto()
    count = len(model.costs)
    if not count:
        return []
    proto.variables.ids.extend(range(count))
    proto.variables.lower_bounds.extend([0.0] * count)
    proto.variables.upper_bounds.extend([1.0] * count)
    proto.variables.integers.extend([True] * count)
    proto.objective.linear_coefficients.ids.extend(range(count))
    proto.objective.linear_coefficients.values.extend(model.costs)
    proto.linear_constraints.ids.extend(range(len(model.lows)))
    proto.linear_constraints.lower_bounds.extend(model.lows)
    proto.linear_constraints.upper_bounds.extend(model.highs)
    cells = sorted(model.cells)
    proto.linear_constraint_matrix.row_ids.extend(row for row, _, _ in cells)
    proto.linear_constraint_matrix.column_ids.extend(column for _, column, _ in cells)
    proto.linear_constraint_matrix.coefficients.extend(value for _, _, value in cells)
    program = mathopt.Model.from_model_proto(proto)
    ones = set(hint)
    known = mathopt.SolutionHint(variable_values={program.get_variable(n): float(n in ones) for n in range(count)})
    limit = None if seconds is None else timedelta(seconds=seconds)
    answer: list[mathopt.SolveResult] = []

    def work() -> None:
        answer.append(
            mathopt.solve(
                program,
                mathopt.SolverType.GSCIP,
                params=mathopt.SolveParameters(
                    time_limit=limit,
                    node_limit=nodes,
                    threads=1,
                    cuts=mathopt.Emphasis.OFF,
                    heuristics=mathopt.Emphasis.LOW,
                    relative_gap_tolerance=0.0,
                    absolute_gap_tolerance=1e-7,
                ),
                model_params=mathopt.ModelSolveParameters(solution_hints=[known]),
            )
        )

    # MathOpt's interrupter makes SCIP print errors (OR-Tools 9.15), so a solver nobody waits for is left to its limits.
    worker = threading.Thread(target=work, name="integer-program")
    worker.start()
    while worker.is_alive():
        worker.join(POLL_S)
        if look():
            return None
    if not answer or not answer[0].has_primal_feasible_solution():
        return None
    values = answer[0].variable_values()
    return [n for n in range(count) if values[program.get_variable(n)] > 0.5]
