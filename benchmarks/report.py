"""What every script here writes into RESULTS.md: a section of its own, with the command and the machine behind it.

A section stands between two marker lines that carry its name. A new run takes the place of the old one; what people
wrote around it stays.
"""

import argparse
import os
import platform
import shlex
import sys
from collections.abc import Sequence
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

PACKAGES = ("laluan", "pyvroom", "pyvrp", "ortools", "numba")
NOTHING = "–"
"""What a cell says that has no figure."""


def markers(name: str) -> tuple[str, str]:
    """Give the lines a section of this name begins and ends with."""
    return f"<!-- {name}: begin -->", f"<!-- {name}: end -->"


def section(name: str, lines: Sequence[str]) -> str:
    """Give the lines as a section of this name."""
    begin, end = markers(name)
    return "\n".join([begin, *lines, end])


def section_lines(path: Path, name: str) -> list[str]:
    """Give the lines of the section that stands in the file, none where there is no such section."""
    begin, end = markers(name)
    text = path.read_text(encoding="utf-8") if path.exists() else ""
    if begin not in text or end not in text:
        return []
    return text.split(begin, 1)[1].split(end, 1)[0].strip("\n").splitlines()


def put_into(path: Path, section: str) -> None:
    """Write the section into the file in the place of the one with its markers, or after all else."""
    lines = section.splitlines()
    begin, end = lines[0], lines[-1]
    text = path.read_text(encoding="utf-8") if path.exists() else "# Results\n"
    if begin in text and end in text:
        before, rest = text.split(begin, 1)
        text = before + section + rest.split(end, 1)[1]
    else:
        text = f"{text.rstrip()}\n\n{section}\n"
    path.write_text(text, encoding="utf-8")


def write(path: Path | None, name: str, lines: Sequence[str], *, before: Sequence[str] = ()) -> None:
    """Write the lines with command and machine as the section of this name; without a path do nothing.

    `before` are lines of the section before; the commands and machines they name are named still.
    """
    if path is None:
        return
    commands = [line for line in before if line.startswith("Command: ")]
    machines = [line for line in before if line.startswith("Machine: ")]
    head = []
    for line in dict.fromkeys([*commands, command_line(), *machines, machine_line()]):
        head += [line, ""]
    put_into(path, section(name, [*head, *lines]))


def command_line() -> str:
    """Give the line that says which command was run; absolute paths are told from the folder it ran in."""
    words = [os.path.relpath(word) if Path(word).is_absolute() else word for word in sys.argv[1:]]
    return f"Command: `{shlex.join(['python', '-m', f'benchmarks.{Path(sys.argv[0]).stem}', *words])}`"


def machine_line() -> str:
    """Give the line that says on what machine and with which versions."""
    versions = ", ".join(f"{name} {found}" for name in PACKAGES if (found := _version(name)))
    return (
        f"Machine: {_processor()}, {os.cpu_count() or 1} cores, {platform.system()} {platform.machine()}, "
        f"Python {platform.python_version()}. Versions: {versions}."
    )


def table(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
    """Give the lines of a Markdown table."""
    return [line_of(heads), "|" + " --- |" * len(heads), *(line_of(row) for row in rows)]


def line_of(cells: Sequence[str]) -> str:
    """Give one row of a table."""
    return f"| {' | '.join(cells)} |"


def cells_of(line: str) -> list[str]:
    """Give the cells of one row of a table."""
    return [cell.strip() for cell in line.strip().strip("|").split("|")]


def add_output(parser: argparse.ArgumentParser) -> None:
    """Add the option that names the file whose section is replaced."""
    parser.add_argument("-o", "--output", type=Path, help="write the section of this script into this file")


def percentile(figures: Sequence[float], percent: int) -> float:
    """Give the figure that so many percent lie at or below."""
    return sorted(figures)[max(0, -(-len(figures) * percent // 100) - 1)]


def percent_of(part: float, whole: float) -> float:
    """Give a part in percent of the whole; of nothing it is nought."""
    return 100 * part / whole if whole else 0.0


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return ""


def _processor() -> str:
    info = Path("/proc/cpuinfo")
    if info.exists():
        for line in info.read_text(encoding="utf-8").splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor() or "unknown processor"
