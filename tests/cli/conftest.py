"""Runs the command `laluan` in the test's own process, with a data folder of its own."""

from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from dispatch.cli import laluan

Run = Callable[..., Result]


@pytest.fixture
def data_dir(tmp_path: Path) -> Path:
    """Give the data folder the commands of a test work in."""
    return tmp_path / "data"


@pytest.fixture
def run(data_dir: Path) -> Run:
    """Give the function that runs a command; a traceback is the test's failure."""
    runner = CliRunner(env={"DATA_DIR": str(data_dir), "COLUMNS": "200"})

    def one(*words: str, typed: str = "", **environment: str) -> Result:
        """Run one command line."""
        result = runner.invoke(laluan, list(words), input=typed, env=environment)
        if result.exception and not isinstance(result.exception, SystemExit):
            raise result.exception
        return result

    return one
