"""What tests of faults share: a small company, founded once, with every door to it."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.faults.doors import Doors, open_doors


@pytest.fixture
def doors(founded: Path, tmp_path: Path) -> Iterator[Doors]:
    """Give every door of a company of the test's own."""
    with open_doors(founded, tmp_path) as opened:
        yield opened


@pytest.fixture(scope="session")
def shut(founded: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Doors]:
    """Give the doors of a company that many tests share, because each checks that it keeps nothing."""
    with open_doors(founded, tmp_path_factory.mktemp("shut")) as opened:
        yield opened
