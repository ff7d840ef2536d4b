"""How well addresses are found offline; `python -m benchmarks.addresses` from the checkout.

`benchmarks/addresses.csv` holds 200 addresses as people write them (units, house numbers, abbreviations, letters left out) and where
they are: a single bus stop of the street, the bus stop called after the building, the centre of the area. Its points are not those of
the list of places wherever that has another stop or a street's middle, so an error of some hundred metres on a street is its length.
"""

import argparse
import csv
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.report import NOTHING, add_output, percentile, table, write
from dispatch.errors import LaluanError
from dispatch.intake.address import resolve
from dispatch.intake.gazetteer import metres_between, shipped
from dispatch.model.places import Point

NAME = "addresses"
FILE = Path(__file__).with_suffix(".csv")
NEAR_M = {"building": 500, "street": 1_000, "area": 1_500}
"""An answer this near is a hit: the building, somewhere on its street, the same part of the town."""
FAR_M = 1_000
HEADS = (
    "kind",
    "addresses",
    "answered",
    "hit",
    "hit among the first five",
    "median error",
    "p90",
    "used as it stands",
    f"of these over {FAR_M} m off",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What was answered to one address: the metres it is off, those of the best of five, and whether nobody is asked."""

    kind: str
    error_m: int | None
    best_m: int | None
    sure: bool
    milliseconds: float


def main() -> None:
    """Ask for every address and tell how well."""
    parser = argparse.ArgumentParser(description="Scores the finding of addresses without a network.")
    add_output(parser)
    asked = parser.parse_args()
    found = ask()
    kinds = [*NEAR_M, "all"]
    rows = [_row(kind, [one for one in found if kind in {one.kind, "all"}]) for kind in kinds]
    times = [one.milliseconds for one in found]
    lines = [
        *table(HEADS, rows),
        "",
        f"* A hit is within {NEAR_M['building']} m of a building, {NEAR_M['street']} m on a street, {NEAR_M['area']} m of an area's centre.",
        f"* {percentile(times, 50):.1f} ms of CPU an address (p50), {percentile(times, 95):.1f} ms (p95).",
    ]
    print("\n".join(lines), flush=True)
    write(asked.output, NAME, lines)


def ask() -> list[Found]:
    """Give what is answered to each address of the file, with nobody outside asked."""
    found = []
    gazetteer = shipped()
    with FILE.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            place = Point(lat=float(row["lat"]), lon=float(row["lon"]))
            began = time.process_time()
            try:
                answer = resolve(row["text"], gazetteer=gazetteer)
            except LaluanError:
                answer = None
            spent = 1_000 * (time.process_time() - began)
            points = [answer.point, *(one.place.point for one in answer.candidates[:4])] if answer else []
            errors = [metres_between(place, point) for point in points]
            found.append(
                Found(
                    kind=row["kind"],
                    error_m=errors[0] if errors else None,
                    best_m=min(errors, default=None),
                    sure=answer is not None and not answer.must_confirm,
                    milliseconds=spent,
                )
            )
    return found


def is_hit(kind: str, metres: int | None) -> bool:
    """Say whether an answer so far off is the place that was meant."""
    return metres is not None and metres <= NEAR_M[kind]


def _row(kind: str, found: Sequence[Found]) -> list[str]:
    errors = [float(one.error_m) for one in found if one.error_m is not None]
    sure = [one for one in found if one.sure]
    total = len(found)
    return [
        kind,
        str(total),
        _percent(len(errors), total),
        _percent(sum(is_hit(one.kind, one.error_m) for one in found), total),
        _percent(sum(is_hit(one.kind, one.best_m) for one in found), total),
        f"{percentile(errors, 50):.0f} m" if errors else NOTHING,
        f"{percentile(errors, 90):.0f} m" if errors else NOTHING,
        str(len(sure)),
        str(sum((one.error_m or 0) > FAR_M for one in sure)),
    ]


def _percent(part: int, whole: int) -> str:
    return f"{100 * part / whole:.1f} %" if whole else NOTHING


if __name__ == "__main__":
    main()
