"""Finds the files of `data/`, in a checkout and in an installed wheel alike."""

from functools import cache
from pathlib import Path


@cache
def data_dir() -> Path:
    """Give the folder of shipped data files: `dispatch/_data` in a wheel, `data/` beside the package in a checkout."""
    package = Path(__file__).resolve().parent
    for candidate in (package / "_data", package.parent / "data"):
        if candidate.is_dir():
            return candidate
    raise FileNotFoundError(f"The shipped data files are missing: neither _data nor data lies beside {package.name}.")


def data_path(name: str) -> Path:
    """Give the path of one shipped file, named as it lies below `data/`."""
    path = data_dir() / name
    if not path.exists():
        raise FileNotFoundError(f"The shipped data file {name} is missing; install the package again.")
    return path
