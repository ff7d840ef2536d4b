"""Draws days like Kuala Lumpur's from a seed, in VROOM's JSON, so that any solver can be measured on them.

    python -m benchmarks.generate --bookings 80 --therapists 16 --seed 1 > day.json

Places are those of the shipped gazetteer: clients at condominiums, hotels and in neighbourhoods, therapists' homes (the
start and end of each route) in neighbourhoods. Travel is what the default engine says of a car at midday. Each booking
asks for one technique, is served in 60, 90 or 120 minutes after ten minutes of set-up, and starts inside one hard window
between 10:00 and 22:00, of a quarter of an hour to four hours, later in the day rather than earlier. There are three
priorities. Therapists know two to five techniques, the first one always, and work one of six shifts. With five bookings
a therapist the day is too full: about a quarter has to be left out.
"""

import argparse
import csv
import json
import sys
from datetime import date
from random import Random
from typing import Any

from dispatch.model.kinds import TravelMode
from dispatch.model.places import Point
from dispatch.shipped import data_path
from dispatch.travel.great_circle import engine
from dispatch.travel.table import load_table

DAY = date(2026, 11, 25)
H = 3_600
SET_UP_S = 600
TECHNIQUES = (1, 2, 3, 4, 5, 6)
WANTED = (36, 27, 10, 7, 15, 5)
"""Of a hundred bookings, how many ask for each technique."""
KNOWN = (0, 60, 45, 35, 55, 45)
"""Of a hundred therapists, how many know each technique; all know the first one."""
SHIFTS = ((10, 18), (10, 19), (12, 20), (12, 21), (14, 22), (14, 23))
WINDOWS_S = ((H // 4, 12), (H // 2, 25), (H, 30), (2 * H, 22), (4 * H, 11))
PRIORITIES = ((0, 60), (10, 30), (50, 10))
SERVICES_S = ((60 * 60, 42), (90 * 60, 41), (120 * 60, 17))
HOURS = (10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21)
ASKED = (5, 6, 8, 7, 11, 8, 9, 9, 10, 10, 10, 7)
"""Of a hundred windows, how many open in each hour."""


def vroom_day(seed: int, *, bookings: int, therapists: int) -> dict[str, Any]:
    """Give a day as a VROOM problem; the same figures give the same day."""
    rng = Random(f"{seed} {bookings} {therapists}")
    homes, rooms = _places()
    points = [_near(rng, rng.choice(homes)) for _ in range(therapists)]
    points += [_near(rng, rng.choice(rooms)) for _ in range(bookings)]
    matrix = engine(load_table())(points, DAY, TravelMode.CAR)
    size = range(matrix.size)
    return {
        "vehicles": [_vehicle(rng, number) for number in range(therapists)],
        "jobs": [_job(rng, number, therapists + number) for number in range(bookings)],
        "matrices": {"car": {"durations": [[matrix.priced_s(here, there) for there in size] for here in size]}},
    }


def sized(size: str) -> tuple[int, int]:
    """Give the bookings and therapists of a size such as 80x16; `ValueError` for anything else."""
    bookings, _, therapists = size.partition("x")
    return int(bookings), int(therapists)


def _places() -> tuple[list[Point], list[Point]]:
    """Give the points where therapists live and where clients are treated."""
    with data_path("places.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    points = [(row["kind"], Point(lat=float(row["lat"]), lon=float(row["lon"]))) for row in rows]
    homes = [point for kind, point in points if kind == "neighbourhood"]
    return homes, [point for kind, point in points if kind in {"condominium", "hotel", "neighbourhood"}]


def _near(rng: Random, point: Point) -> Point:
    """Give a point within about half a kilometre."""
    return Point(lat=point.lat + rng.uniform(-0.005, 0.005), lon=point.lon + rng.uniform(-0.005, 0.005))


def _drawn(rng: Random, choices: tuple[tuple[int, int], ...]) -> int:
    return rng.choices([value for value, _ in choices], [weight for _, weight in choices])[0]


def _vehicle(rng: Random, number: int) -> dict[str, Any]:
    known = [skill for skill, share in zip(TECHNIQUES, KNOWN, strict=True) if rng.randrange(100) < share]
    opens, closes = rng.choice(SHIFTS)
    return {
        "id": number + 1,
        "start_index": number,
        "end_index": number,
        "skills": sorted({1, *rng.sample(known, min(len(known), 4))} | ({2} if not known else set())),
        "time_window": [opens * H, closes * H],
    }


def _job(rng: Random, number: int, place: int) -> dict[str, Any]:
    opens_s = rng.choices(HOURS, ASKED)[0] * H + rng.randrange(4) * H // 4
    closes_s = min(opens_s + _drawn(rng, WINDOWS_S), 22 * H)
    return {
        "id": number + 1,
        "location_index": place,
        "service": SET_UP_S + _drawn(rng, SERVICES_S),
        "skills": rng.choices(TECHNIQUES, WANTED),
        "priority": _drawn(rng, PRIORITIES),
        "time_windows": [[opens_s, max(opens_s, closes_s)]],
    }


def main() -> None:
    """Write one day to the output."""
    parser = argparse.ArgumentParser(description="Draw a day like Kuala Lumpur's, in VROOM's JSON.")
    parser.add_argument("--bookings", type=int, default=80)
    parser.add_argument("--therapists", type=int, default=16)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    json.dump(vroom_day(given.seed, bookings=given.bookings, therapists=given.therapists), sys.stdout)


if __name__ == "__main__":
    main()
