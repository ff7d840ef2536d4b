"""Shows how a solve gets on: a bar on a terminal, nothing in a file."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from dispatch.words import sentence

if TYPE_CHECKING:
    from dispatch.model.outcome import Progress


@contextmanager
def solving(*, quiet: bool = False) -> "Iterator[Callable[[Progress], bool | None]]":
    """Give what a solve reports to while the block runs; `quiet` shows nothing, as where a program reads the output."""
    if quiet or not sys.stderr.isatty():
        yield _unseen
        return
    from rich.console import Console
    from rich.progress import BarColumn, TextColumn, TimeElapsedColumn
    from rich.progress import Progress as Bar

    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.percentage:>3.0f} %"),
        TimeElapsedColumn(),
    )
    with Bar(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(sentence("cli.planning"), total=100)

        def seen(progress: "Progress") -> bool | None:
            """Move the bar on; before the first plan the phase says more than figures."""
            if progress.rounds == 0:
                told = sentence(progress.phase)
            else:
                told = sentence("cli.so_far", {"served": progress.served, "left_out": progress.left_out})
            bar.update(task, completed=progress.percent, description=told)
            return None

        yield seen


def _unseen(progress: "Progress") -> bool | None:
    """Take a report nobody looks at."""
    del progress
    return None
