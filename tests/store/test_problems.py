"""Problems come back equal, and what two of them share is kept once."""

import random
from dataclasses import replace

from sqlalchemy import func, select

from dispatch.model.codec import content_hash
from dispatch.model.kinds import TravelMode
from dispatch.model.plan import Plan
from dispatch.model.travel import HourProfile, TravelMatrix
from dispatch.store import Store, Writing
from dispatch.store.problems import _MATRIX, _PROBLEM
from tests.store.samples import problem


def counted(tx: Writing) -> tuple[int, int]:
    """Give how many problems and matrices are kept."""
    count = tx._connection.scalar
    return count(select(func.count()).select_from(_PROBLEM)) or 0, count(select(func.count()).select_from(_MATRIX)) or 0


def test_a_problem_comes_back_equal(store: Store) -> None:
    """A problem read by its hash is the problem kept, with its matrices in their order."""
    given = replace(problem(), published=Plan(), matrices=tuple(reversed(problem().matrices)))
    with store.writing() as tx:
        key = tx.keep_problem(given)
    with store.reading() as tx:
        assert tx.problem(key) == given
    assert key == content_hash(given)


def test_what_is_kept_already_is_not_kept_twice(store: Store) -> None:
    """The same problem is one row, and problems that share their matrices share the rows of those."""
    with store.writing() as tx:
        assert tx.keep_problem(problem()) == tx.keep_problem(problem())
        assert counted(tx) == (1, 2)
        tx.keep_problem(problem("other"))
        assert counted(tx) == (2, 2)
        tx.keep_problem(problem("changed", shift_s=60))
        assert counted(tx) == (3, 4)


def test_one_matrix_may_stand_twice(store: Store) -> None:
    """A problem that holds the same matrix twice comes back with both."""
    matrix = problem().matrices[0]
    given = replace(problem(), matrices=(matrix, matrix))
    with store.writing() as tx:
        assert tx.problem(tx.keep_problem(given)) == given


def test_a_large_matrix_is_compressed(store: Store) -> None:
    """A hundred places' matrix takes less than half of its JSON."""
    size, drawn = 100, random.Random(1)
    seconds = tuple(drawn.randrange(7_200) for _ in range(size * size))
    matrix = TravelMatrix(
        mode=TravelMode.CAR,
        size=size,
        reference_s=seconds,
        distance_m=tuple(s * 10 for s in seconds),
        profile=HourProfile(rate_per_mille=(1_000,) * 24),
    )
    given = replace(problem(), matrices=(matrix,))
    with store.writing() as tx:
        key = tx.keep_problem(given)
        kept = tx._connection.scalar(select(_MATRIX.c.body)) or b""
        assert tx.problem(key) == given
    assert len(kept) < (sum(len(str(s)) for s in seconds) * 2 + 3 * len(seconds)) / 2
