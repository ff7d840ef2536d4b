"""Reads the files of the demo company, and finds its places."""

import tomllib
from functools import cache
from typing import Any

from dispatch.errors import NotFound
from dispatch.intake import gazetteer
from dispatch.shipped import data_path


@cache
def read(name: str) -> dict[str, Any]:
    """Give one file of `data/demo`, read once."""
    return tomllib.loads(data_path(f"demo/{name}.toml").read_text(encoding="utf-8"))


def known_place(name: str) -> gazetteer.Place:
    """Find a place by its exact name; `NotFound` where the gazetteer has none."""
    for place in gazetteer.shipped().places:
        if place.name == name:
            return place
    raise NotFound("demo.unknown_place", name=name)
