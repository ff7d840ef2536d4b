"""Keeps days' problems by content, so that what a plan answered can be solved again years later.

Most of a problem is its travel matrices, and they hardly change between revisions: each is kept once, compressed.
"""

import zlib
from dataclasses import replace

from sqlalchemy import Table, insert, select

from dispatch.errors import NotFound
from dispatch.model.codec import content_hash, dumps
from dispatch.model.problem import DayProblem
from dispatch.model.travel import TravelMatrix
from dispatch.store.convert import table_of
from dispatch.store.daytables import MatrixRow, ProblemMatrixRow, ProblemRow
from dispatch.store.decoded import unpacked
from dispatch.store.nouns import Connected

_MATRIX = table_of(MatrixRow)
_PROBLEM = table_of(ProblemRow)
_PROBLEM_MATRIX = table_of(ProblemMatrixRow)


class ReadingProblems(Connected):
    """Finds problems."""

    def problem(self, key: str) -> DayProblem:
        """Give the problem of a content hash, equal to the one that was kept; `NotFound` where there is none."""
        packed = self._connection.scalar(select(_PROBLEM.c.body).where(_PROBLEM.c.hash == key))
        if packed is None:
            raise NotFound("store.not_found", kind="problem", id=key)
        query = (
            select(_MATRIX.c.body)
            .join(_PROBLEM_MATRIX, _PROBLEM_MATRIX.c.matrix_hash == _MATRIX.c.hash)
            .where(_PROBLEM_MATRIX.c.problem_hash == key)
            .order_by(_PROBLEM_MATRIX.c.position)
        )
        matrices = tuple(unpacked(TravelMatrix, body) for body in self._connection.scalars(query))
        return replace(unpacked(DayProblem, packed), matrices=matrices)


class WritingProblems(ReadingProblems):
    """Keeps problems."""

    def keep_problem(self, problem: DayProblem) -> str:
        """Keep a problem and give its content hash; what is kept already is not kept twice."""
        key = content_hash(problem)
        if self._has(_PROBLEM, key):
            return key
        self._connection.execute(
            insert(_PROBLEM).values(hash=key, body=zlib.compress(dumps(replace(problem, matrices=())).encode()))
        )
        for position, matrix in enumerate(problem.matrices):
            matrix_key = self._keep_matrix(matrix)
            row = {"problem_hash": key, "position": position, "matrix_hash": matrix_key}
            self._connection.execute(insert(_PROBLEM_MATRIX).values(row))
        return key

    def _keep_matrix(self, matrix: TravelMatrix) -> str:
        key = content_hash(matrix)
        if not self._has(_MATRIX, key):
            self._connection.execute(insert(_MATRIX).values(hash=key, body=zlib.compress(dumps(matrix).encode())))
        return key

    def _has(self, table: Table, key: str) -> bool:
        return self._connection.scalar(select(table.c.hash).where(table.c.hash == key)) is not None
