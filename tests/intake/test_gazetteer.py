"""The shipped list of places is sound, and finds what Kuala Lumpur's clients write."""

from collections import Counter
from pathlib import Path

import pytest

from dispatch.errors import BadInput
from dispatch.intake.gazetteer import (
    COLUMNS,
    LAT_MAX,
    LAT_MIN,
    LON_MAX,
    LON_MIN,
    PlaceKind,
    load,
    metres_between,
    shipped,
)
from dispatch.model.kinds import Precision
from dispatch.model.places import Point
from dispatch.words import sentence

QUERIES = {
    "condo Mont Kiara": "Mont Kiara",
    "Mont' Kiara": "Mont Kiara",
    "montkiara": "Mont Kiara",
    "满家乐": "Mont Kiara",
    "TTDI": "TTDI",
    "Tmn Tun Dr Ismail": "TTDI",
    "Jln Telawi Bangsar": "Bangsar",
    "12, Jalan Maarof, Bangsar": "Bangsar",
    "bangsr": "Bangsar",
    "ss2/24": "SS2",
    "SS 2 Petaling Jaya": "SS2",
    "hotel kl sentral": "KL Sentral",
    "Hilton KL": "KL Sentral",
    "hilton pj": "Petaling Jaya",
    "Setia Alam 40170": "Setia Alam",
    "klcc": "KLCC",
    "HKL": "Jalan Pahang",
    "B-12-3, Verve Suites, Jalan Klang Lama, 58000 KL": "Old Klang Road",
    "Unit 3A-12, Residensi Sefina, Mont Kiara, 50480 Kuala Lumpur": "Mont Kiara",
    "No 5, Jalan Bahagia, Taman Desa, 58100 Kuala Lumpur": "Taman Desa",
    "Palm Court Brickfields": "Brickfields",
    "desa park city": "Desa ParkCity",
    "seri hartamas": "Sri Hartamas",
    "damansara heights": "Damansara Heights",
    "Sek 7 Shah Alam": "Shah Alam",
    "Jalan 17/13 PJ": "Petaling Jaya",
    "usj9/5": "USJ",
    "Kerinchi": "Bangsar South",
    "old klang road": "Old Klang Road",
    "happy garden": "Happy Garden",
    "kuchai": "Kuchai Lama",
    "1 utama": "Bandar Utama",
    "1u": "Bandar Utama",
    "sunway pyramid": "Bandar Sunway",
    "Wangsa Maju Seksyen 2": "Wangsa Maju",
    "bdr sri damansara": "Sri Damansara",
    "KPJ ampang puteri": "Ampang",
    "presint 9 putrajaya": "Putrajaya",
    "Jalan 3/149E Sri Petaling": "Sri Petaling",
    "pavillion kl": "Bukit Bintang",
    "Lot 10": "Bukit Bintang",
    "Taman Jaya": "Petaling Jaya",
    "Verve Suites Mont Kiara": "Mont Kiara",
    "Pavilion Damansara Heights": "Damansara Heights",
    "Sunway Velocity Mall, Cheras": "Cheras",
    "no 10 jalan 5/46 pj": "Petaling Jaya",
    "Jalan Tun Razak": "Jalan Tun Razak",
    "Seksyen U10 Shah Alam": "Puncak Perdana",
    "mont kia": "Mont Kiara",
    "PJU 10 Petaling Jaya": "Damansara Damai",
    "Sec 7 Bangi": "Bangi",
    "S7 Shah Alam": "Shah Alam",
    "P9 Putrajaya": "Putrajaya",
    "section fourteen pj": "Petaling Jaya",
    "SS22A/1": "Damansara Jaya",
    "51A/223": "Petaling Jaya",
    "Bandar Sunway PJS 9": "Bandar Sunway",
    "USJ Nine": "USJ",
    "28 MK": "Mont Kiara",
    "the troika klcc": "KLCC",
}


@pytest.mark.parametrize(("text", "area"), QUERIES.items(), ids=QUERIES.keys())
def test_real_life_query_finds_its_area(text: str, area: str) -> None:
    """What clients and booking takers type leads first to a place in the area that is meant."""
    matches = shipped().search(text)
    assert matches
    assert matches[0].place.area == area


def test_list_is_large_and_inside_the_klang_valley() -> None:
    """The shipped list has at least 360 places of every kind, each inside the Klang Valley with area and source."""
    places = shipped().places
    kinds = Counter(place.kind for place in places)
    assert len(places) >= 360
    assert set(kinds) == set(PlaceKind)
    for place in places:
        assert LAT_MIN <= place.point.lat <= LAT_MAX
        assert LON_MIN <= place.point.lon <= LON_MAX
        assert place.name == place.name.strip()
        assert place.area
        assert place.source
        assert place.postcode == "" or (len(place.postcode) == 5 and place.postcode.isdigit())
    assert len({(place.name.casefold(), place.kind) for place in places}) == len(places)


def test_every_place_is_found_by_its_own_name() -> None:
    """Searching the name of any shipped place gives that place, or another of the same area, among the first three."""
    gazetteer = shipped()
    for place in gazetteer.places:
        found = [match.place for match in gazetteer.search(place.name, limit=3)]
        assert any(other is place or other.area == place.area for other in found), place.name


def test_neighbourhood_comes_before_station_and_city() -> None:
    """One name of a neighbourhood and a station means the neighbourhood, unless a station is asked for."""
    gazetteer = shipped()
    assert gazetteer.search("Taman Tun Dr Ismail")[0].place.kind is PlaceKind.NEIGHBOURHOOD
    assert gazetteer.search("Bangsar, Kuala Lumpur")[0].place.name == "Bangsar"
    station = gazetteer.search("LRT Bangsar")[0]
    assert (station.place.kind, station.precision) == (PlaceKind.STATION, Precision.BUILDING)
    assert gazetteer.search("Taman Jaya")[0].precision is Precision.AREA


def test_building_named_in_full_comes_before_its_area() -> None:
    """A condominium that is written out is the answer, and worth its street; half a name is worth an area only."""
    best = shipped().search("B-3-2 Residensi Sefina, Mont Kiara")[0]
    assert (best.place.kind, best.precision) == (PlaceKind.CONDOMINIUM, Precision.STREET)
    assert all(
        match.precision is not Precision.STREET for match in shipped().search("Sefina Heights Tower Bangsar South")
    )


def test_section_of_another_town_is_no_answer() -> None:
    """A section number with a town beside it never leads to the same number in another town first."""
    assert shipped().search("Seksyen 7 Bangi")[0].place.area == "Bangi"
    both = {match.place.name for match in shipped().search("Seksyen 17")}
    assert {"Seksyen 17 Petaling Jaya", "Seksyen 17 Shah Alam"} <= both


def test_postcode_breaks_ties_and_stands_alone() -> None:
    """A postcode picks between equal names, and alone gives the places that carry it as a guess."""
    assert shipped().search("Seksyen 17, 40200")[0].place.area == "Shah Alam"
    assert shipped().search("Seksyen 17, 46400")[0].place.area == "Petaling Jaya"
    alone = shipped().search("50480", limit=3)
    assert len(alone) == 3
    assert {match.precision for match in alone} == {Precision.POSTCODE}


def test_unknown_and_empty_text_find_nothing() -> None:
    """Text without a known name gives no place at all rather than a wrong one."""
    for text in ("", "   ", "xyzzy", "Wolverhampton", "Johor Bahru", "!!!", "12345678901234567890"):
        assert shipped().search(text) == ()


def test_vague_name_gives_a_choice() -> None:
    """A word many names share gives several places to choose from, none of them worth a street."""
    matches = shipped().search("Damansara")
    assert len(matches) == 5
    assert all(match.precision in {Precision.AREA, Precision.CITY} for match in matches)


def test_nearest_gives_the_area_of_a_pin() -> None:
    """A point in Mont Kiara is named after it, and one in the sea after nothing."""
    near = shipped().nearest(Point(lat=3.1700, lon=101.6520))
    assert near is not None
    assert near.area == "Mont Kiara"
    assert shipped().nearest(Point(lat=2.0, lon=100.0)) is None


def test_metres_between_is_right_over_a_city() -> None:
    """The distance from KLCC to KL Sentral comes out just under four kilometres."""
    assert 3_800 < metres_between(Point(lat=3.1579, lon=101.7116), Point(lat=3.1340, lon=101.6865)) < 3_900


GOOD = "Bangsar,neighbourhood,3.13,101.67,area,Bangsar,59000,孟沙,own"


@pytest.mark.parametrize(
    ("rows", "code"),
    [
        ([GOOD, GOOD.replace("Bangsar,n", "BANGSAR,n")], "intake.places_twice"),
        ([GOOD.replace("3.13,101.67", "101.67,3.13")], "intake.places_outside"),
        ([GOOD.replace("3.13", "north")], "intake.places_row"),
        ([GOOD.replace("3.13", "nan")], "intake.places_outside"),
        ([GOOD.replace("neighbourhood", "castle")], "intake.places_row"),
        ([GOOD.replace(",own", ",")], "intake.places_row"),
        ([GOOD.replace(",own", "")], "intake.places_row"),
        ([GOOD + ",more"], "intake.places_row"),
    ],
)
def test_bad_row_is_refused_with_its_line(tmp_path: Path, rows: list[str], code: str) -> None:
    """A list with a row that cannot be right is refused as a whole, with a sentence naming the line."""
    path = tmp_path / "places.csv"
    path.write_text("\n".join([",".join(COLUMNS), *rows]) + "\n", encoding="utf-8")
    with pytest.raises(BadInput) as caught:
        load(path)
    assert caught.value.code == code
    assert f"Line {len(rows) + 1} " in sentence(caught.value.code, caught.value.values)


def test_wrong_header_is_refused(tmp_path: Path) -> None:
    """A list with other columns is refused with the columns it needs."""
    path = tmp_path / "places.csv"
    path.write_text("name,lat,lon\nBangsar,3.1,101.6\n", encoding="utf-8")
    with pytest.raises(BadInput) as caught:
        load(path)
    assert "aliases" in sentence(caught.value.code, caught.value.values)
