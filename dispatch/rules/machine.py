"""Compiles the rules' inner loops, and keeps the machine code until one of their files changes.

Numba's own cache looks only at the file a function stands in, so a change in `step.py` would leave machine code in
`labels.py` that still has the old step inside. Here the cache's folder is named by the content of both.
"""

import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import Any, ParamSpec, TypeVar, cast

import numba
from numba import njit

P = ParamSpec("P")
R = TypeVar("R")

config: Any = numba.config

COMPILED_FILES = ("step.py", "labels.py")


def _folder() -> str:
    """Give the folder of this code's cache; where it cannot be written, Numba falls back to the user's own."""
    here = Path(__file__).parent
    content = b"".join((here / name).read_bytes() for name in COMPILED_FILES)
    return str(here / "__pycache__" / f"machine-{hashlib.sha256(content).hexdigest()[:16]}")


_FOLDER = _folder()


def machine(function: Callable[P, R]) -> Callable[P, R]:
    """Give the function compiled at its first call (or read from the cache); `.py_func` is its plain twin.

    It lets other threads run meanwhile, so several therapists can be priced at once.
    """
    before = config.CACHE_DIR
    config.CACHE_DIR = before or _FOLDER
    try:
        return cast("Callable[P, R]", njit(cache=True, nogil=True)(function))
    finally:
        config.CACHE_DIR = before
