"""Reads single values of VROOM's JSON, and names the place in the document where one is wrong."""

import math
from collections.abc import Mapping
from itertools import pairwise
from typing import Any

from dispatch.errors import BadInput
from dispatch.formats.vroom import Point, VroomSpan

MOST = {"id": 2**64 - 1}
"""What a number may be at most where that is more than 32 bits hold."""


def flag_keys(whole: Mapping[str, Any], path: str, known: frozenset[str], refused: frozenset[str]) -> None:
    """Refuse a key that is not known, and one that VROOM knows but is not honoured here (unless it is empty)."""
    for key in whole:
        if key in refused and whole[key] not in ([], {}):
            raise BadInput("vroom.refused", path=path, key=key)
        if key not in known and key not in refused:
            raise BadInput("vroom.unknown_key", path=path, key=key[:80])


def number(whole: Mapping[str, Any], key: str, path: str) -> int | None:
    """Give a whole number that is not below nought, None where the key is missing."""
    if key not in whole:
        return None
    most = MOST.get(key, 2**32 - 1)
    found = whole[key]
    if type(found) is not int or not 0 <= found <= most:
        raise BadInput("vroom.number", path=path, key=key, most=most)
    return found


def number_list(whole: Mapping[str, Any], key: str, path: str) -> tuple[int, ...]:
    """Give a list of whole numbers that are not below nought, empty where the key is missing."""
    found = whole.get(key, [])
    if not isinstance(found, list):
        raise BadInput("vroom.wrong_type", path=f"{path}.{key}", expected="an array")
    return tuple(number({key: one}, key, f"{path}.{key}[{n}]") or 0 for n, one in enumerate(found))


def object_list(found: object, path: str) -> tuple[Mapping[str, Any], ...]:
    """Give a list of objects, empty where there is nothing."""
    if found is None:
        return ()
    if not isinstance(found, list):
        raise BadInput("vroom.wrong_type", path=path, expected="an array")
    for n, one in enumerate(found):
        if not isinstance(one, dict):
            raise BadInput("vroom.wrong_type", path=f"{path}[{n}]", expected="an object")
    return tuple(found)


def text(whole: Mapping[str, Any], key: str, path: str) -> str | None:
    """Give a text, None where the key is missing."""
    found = whole.get(key)
    if found is not None and not isinstance(found, str):
        raise BadInput("vroom.wrong_type", path=f"{path}.{key}", expected="a text")
    return found


def point_of(whole: Mapping[str, Any], key: str, path: str) -> Point | None:
    """Give coordinates, longitude first, None where the key is missing."""
    found = whole.get(key)
    if found is None:
        return None
    if (
        not isinstance(found, list)
        or len(found) != 2
        or any(isinstance(one, bool) or not isinstance(one, int | float) or not math.isfinite(one) for one in found)
        or abs(found[0]) > 180
        or abs(found[1]) > 90
    ):
        raise BadInput("vroom.point", path=f"{path}.{key}")
    return float(found[0]), float(found[1])


def span_of(found: object, path: str) -> VroomSpan:
    """Give a time window, both ends in seconds, the second not before the first."""
    if not isinstance(found, list) or len(found) != 2 or any(type(one) is not int or one < 0 for one in found):
        raise BadInput("vroom.window", path=path)
    if found[1] < found[0] or found[1] >= 2**32:
        raise BadInput("vroom.window", path=path)
    return VroomSpan(start_s=found[0], end_s=found[1])


def spans_of(whole: Mapping[str, Any], key: str, path: str) -> tuple[VroomSpan, ...]:
    """Give time windows in their order; they must be sorted and apart, and at least one where the key stands there."""
    if key not in whole:
        return ()
    found = whole[key]
    if not isinstance(found, list) or not found:
        raise BadInput("vroom.window", path=f"{path}.{key}")
    spans = tuple(span_of(one, f"{path}.{key}[{n}]") for n, one in enumerate(found))
    for before, after in pairwise(spans):
        if after.start_s <= before.end_s:
            raise BadInput("vroom.windows_overlap", path=f"{path}.{key}")
    return spans
