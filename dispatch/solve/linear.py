"""Linear programs that grow: GLOP through MathOpt, solved anew from where it stood.

They are handed over and read as MathOpt's own messages. Its Python objects would make one of every variable and of
every basis status at each of hundreds of solves, which takes longer than solving.
"""

from collections.abc import Iterable
from typing import Any

import numpy as np
import numpy.typing as npt

INFINITY = float("inf")

FEASIBLE = 2
"""`SolutionStatusProto.SOLUTION_STATUS_FEASIBLE`."""


class LinearProgram:
    """Variables of nought and above with costs, rows with bounds; the least sum of costs is looked for.

    After `solve`: `value` is that sum, `values` the variables above nought, `duals` the prices of the rows.
    """

    def __init__(self) -> None:
        """Begin empty; rows come before the first `solve`, variables and their cells at any time."""
        from ortools.math_opt import model_pb2, model_update_pb2

        self.value = 0.0
        self.values: dict[int, float] = {}
        self.duals: npt.NDArray[np.float64] = np.zeros(0)
        self._model = model_pb2.ModelProto()
        self._new_update = model_update_pb2.ModelUpdateProto
        self._count = 0
        self._costs: list[float] = []
        self._highs: list[float] = []
        self._cells: list[tuple[int, int, float]] = []
        self._lows: dict[int, float] = {}
        self._solver: Any = None

    def row(self, low: float, high: float = INFINITY) -> int:
        """Add a row; give its number."""
        rows = self._model.linear_constraints
        rows.ids.append(len(rows.ids))
        rows.lower_bounds.append(low)
        rows.upper_bounds.append(high)
        return len(rows.ids) - 1

    def variable(self, cost: float, cells: Iterable[tuple[int, float]], *, high: float = INFINITY) -> int:
        """Add a variable with its coefficients by row; give its number."""
        number = self._count + len(self._costs)
        self._costs.append(cost)
        self._highs.append(high)
        self._cells.extend((row, number, value) for row, value in cells)
        return number

    def at_least(self, variable: int, low: float) -> None:
        """Let a variable be no less than this from now on."""
        self._lows[variable] = low

    def solve(self) -> bool:
        """Solve it anew; False where it has no answer."""
        from ortools.math_opt import callback_pb2, model_parameters_pb2, parameters_pb2
        from ortools.math_opt.core.python import solver

        if self._solver is None:
            self._add_to(self._model.variables, self._model.objective.linear_coefficients)
            self._fill(self._model.linear_constraint_matrix)
            self._solver = solver.new(
                parameters_pb2.SOLVER_TYPE_GLOP, self._model, parameters_pb2.SolverInitializerProto()
            )
        elif self._costs or self._lows:
            update = self._new_update()
            self._add_to(update.new_variables, update.objective_updates.linear_coefficients)
            self._fill(update.linear_constraint_matrix_updates)
            old = sorted(variable for variable in self._lows if variable < self._count - len(self._costs))
            update.variable_updates.lower_bounds.ids.extend(old)
            update.variable_updates.lower_bounds.values.extend(self._lows[variable] for variable in old)
            taken = self._solver.update(update)
            assert taken, "GLOP takes new variables and bounds"
        self._costs, self._highs, self._cells, self._lows = [], [], [], {}
        asked = model_parameters_pb2.ModelSolveParametersProto()
        asked.variable_values_filter.skip_zero_values = True
        asked.reduced_costs_filter.filter_by_ids = True
        parameters = parameters_pb2.SolveParametersProto(threads=1)
        found = self._solver.solve(parameters, asked, None, callback_pb2.CallbackRegistrationProto(), None, None)
        return self._read(found)

    def _add_to(self, variables: Any, costs: Any) -> None:
        """Write the variables that are new into a message."""
        first = self._count
        numbers = range(first, first + len(self._costs))
        variables.ids.extend(numbers)
        variables.lower_bounds.extend(self._lows.get(number, 0.0) for number in numbers)
        variables.upper_bounds.extend(self._highs)
        variables.integers.extend([False] * len(self._costs))
        costs.ids.extend(numbers)
        costs.values.extend(self._costs)
        self._count += len(self._costs)

    def _fill(self, matrix: Any) -> None:
        """Write the cells that are new into a message, in the order it wants."""
        self._cells.sort()
        matrix.row_ids.extend(row for row, _, _ in self._cells)
        matrix.column_ids.extend(column for _, column, _ in self._cells)
        matrix.coefficients.extend(value for _, _, value in self._cells)

    def _read(self, found: Any) -> bool:
        """Read an answer; False where it is none."""
        if not found.solutions:
            return False
        primal, dual = found.solutions[0].primal_solution, found.solutions[0].dual_solution
        if primal.feasibility_status != FEASIBLE or dual.feasibility_status != FEASIBLE:
            return False
        self.value = primal.objective_value
        self.values = dict(zip(primal.variable_values.ids, primal.variable_values.values, strict=True))
        self.duals = np.zeros(len(self._model.linear_constraints.ids))
        self.duals[list(dual.dual_values.ids)] = list(dual.dual_values.values)
        return True
