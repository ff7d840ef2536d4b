"""The travel table: hours, day types, modes, and files that cannot be right."""

from datetime import date
from pathlib import Path

import pytest

from dispatch.errors import BadInput
from dispatch.model.kinds import TravelMode
from dispatch.model.travel import RATE_ONE
from dispatch.shipped import data_path
from dispatch.travel.table import PROFILE_HOURS, load_table

MONDAY, FRIDAY, SATURDAY = date(2026, 11, 23), date(2026, 11, 27), date(2026, 11, 28)
SHIPPED = data_path("travel.toml").read_text(encoding="utf-8")


def test_a_weekday_is_slow_at_six_and_fast_at_night() -> None:
    """A car does 26 of its 40 km/h at six in the evening of a weekday, and 64 at two at night."""
    profile = load_table().profile(MONDAY, TravelMode.CAR).rate_per_mille
    assert profile[18] == 26 * RATE_ONE // 40
    assert profile[26] == 64 * RATE_ONE // 40
    assert len(profile) == PROFILE_HOURS


def test_the_hours_after_midnight_belong_to_the_next_day() -> None:
    """Friday's night goes on into a Saturday morning: eight o'clock next morning is a weekend's eight."""
    friday = load_table().profile(FRIDAY, TravelMode.CAR).rate_per_mille
    saturday = load_table().profile(SATURDAY, TravelMode.CAR).rate_per_mille
    assert friday[24:48] == saturday[:24]
    assert friday[8] < friday[32]


def test_a_public_holiday_drives_like_a_weekend() -> None:
    """Christmas on a Friday has a Saturday's traffic."""
    table = load_table()
    christmas = date(2026, 12, 25)
    assert not table.drives_like_weekend(FRIDAY)
    assert table.drives_like_weekend(christmas)
    assert (
        table.profile(christmas, TravelMode.CAR).rate_per_mille[:24]
        == (table.profile(SATURDAY, TravelMode.CAR).rate_per_mille[:24])
    )


def test_a_motorbike_feels_less_of_the_peak_and_less_of_the_empty_night() -> None:
    """Between the cars a motorbike loses less at six, and it gains less at two."""
    table = load_table()
    car = table.profile(MONDAY, TravelMode.CAR).rate_per_mille
    bike = table.profile(MONDAY, TravelMode.MOTORBIKE).rate_per_mille
    assert car[18] < bike[18] < RATE_ONE < bike[26] < car[26]
    assert table.modes[TravelMode.MOTORBIKE].fixed_s < table.modes[TravelMode.CAR].fixed_s


@pytest.mark.parametrize("mode", [TravelMode.TRANSIT, TravelMode.WALK])
def test_trains_and_feet_take_the_same_at_every_hour(mode: TravelMode) -> None:
    """Transit and walking know no rush hour."""
    assert set(load_table().profile(MONDAY, mode).rate_per_mille) == {RATE_ONE}


@pytest.mark.parametrize(
    ("old", "new", "code", "named"),
    [
        ("base_km = 0.5", "", "travel.table_broken", "base_km"),
        ("near_factor = 1.35", "near_factor = -1.0", "travel.table_broken", "road"),
        ("weekday = [64, ", "weekday = [", "travel.speeds_broken", "weekday"),
        ("weekend = [64, ", "weekend = [0, ", "travel.speeds_broken", "weekend"),
        ("[modes.walk]", "[modes.rocket]", "travel.table_broken", "rocket"),
        ("reference_kmh = 4.5", "reference_kmh = 0", "travel.table_broken", "modes.walk"),
        ("[road]", "[road", "travel.table_unreadable", ""),
    ],
)
def test_a_broken_table_is_refused_by_name(tmp_path: Path, old: str, new: str, code: str, named: str) -> None:
    """A travel table with which nobody could travel is refused, naming the file and the entry."""
    assert old in SHIPPED
    path = tmp_path / "mine.toml"
    path.write_text(SHIPPED.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(BadInput) as refused:
        load_table(path)
    assert refused.value.code == code
    assert refused.value.values["file"] == "mine.toml"
    assert named in str(refused.value.values)


def test_a_missing_table_is_refused_by_name(tmp_path: Path) -> None:
    """A travel table that is not there is a sentence, not a traceback."""
    with pytest.raises(BadInput) as refused:
        load_table(tmp_path / "none.toml")
    assert refused.value.code == "travel.table_unreadable"
