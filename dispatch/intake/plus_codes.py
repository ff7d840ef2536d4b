"""Reads plus codes (Open Location Code), which Google Maps shows for places without an address.

Source of the format: the Open Location Code specification, github.com/google/open-location-code.
"""

import re

from dispatch.model.places import Point

_DIGITS = "23456789CFGHJMPQRVWX"
_CODE = re.compile(rf"(?<![0-9A-Z+])([{_DIGITS}]{{4,8}})\+([{_DIGITS}]{{2,3}})(?![0-9A-Z+])", re.IGNORECASE)
_KUALA_LUMPUR = Point(lat=3.139, lon=101.6869)
"""What a short code is completed with; inside half a degree of it the completion is exact."""


def read_plus_code(text: str) -> Point | None:
    """Give the middle of the square a plus code names, or None where there is none; a short one lies near Kuala Lumpur."""
    match = _CODE.search(text)
    if match is None or len(match[1]) % 2 or match[1].isdigit():
        return None
    before, after = match[1].upper(), match[2].upper()
    missing = 8 - len(before)
    code = _prefix(_KUALA_LUMPUR, missing) + before + after
    lat, lon, height, width = _square(code)
    if missing:
        # The completed code may lie in the neighbouring cell; take the one nearest to the city.
        cell = 20.0 / 20 ** (missing // 2 - 1)
        lat += cell * round((_KUALA_LUMPUR.lat - lat) / cell)
        lon += cell * round((_KUALA_LUMPUR.lon - lon) / cell)
    lat, lon = lat + height / 2, lon + width / 2
    return Point(lat=round(lat, 6), lon=round(lon, 6)) if abs(lat) <= 90 and abs(lon) <= 180 else None


def _prefix(point: Point, letters: int) -> str:
    """Give the first letters of a point's code."""
    lat, lon, step = point.lat + 90, point.lon + 180, 20.0
    code = ""
    for _ in range(letters // 2):
        code += _DIGITS[int(lat / step)] + _DIGITS[int(lon / step)]
        lat, lon, step = lat % step, lon % step, step / 20
    return code


def _square(code: str) -> tuple[float, float, float, float]:
    """Give the south-west corner, height and width in degrees of a full code of 10 or 11 digits."""
    lat, lon, step = -90.0, -180.0, 20.0
    for position in range(0, 10, 2):
        lat += _DIGITS.index(code[position]) * step
        lon += _DIGITS.index(code[position + 1]) * step
        step /= 20
    height = width = step * 20
    if len(code) == 11:  # the eleventh digit cuts the square into four columns and five rows
        height, width = height / 5, width / 4
        row, column = divmod(_DIGITS.index(code[10]), 4)
        lat, lon = lat + row * height, lon + column * width
    return lat, lon, height, width
