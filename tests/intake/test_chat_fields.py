"""The other fields of a chat: minutes, people, treatments, complaints, place, door, wishes, name, phone."""

from typing import Any

import pytest

from dispatch.intake.chat.advice import advice
from tests.intake.chat_cases import read_json, value


@pytest.mark.parametrize(
    ("said", "minutes"),
    [
        ("90min", 90),
        ("1.5 jam", 90),
        ("1 jam setengah", 90),
        ("sejam setengah", 90),
        ("1jam stgh", 90),
        ("two and a half hours", 150),
        ("one hour thirty minutes", 90),
        ("half an hour", 30),
        ("age 45", None),
        ("2 half hour sessions", 30),
        ("一个半小时", 90),
        ("1小时半", 90),
        ("2 hrs", 120),
        ("两个钟", 120),
        ("1h30", 90),
        ("1 hr 30 min", 90),
        ("an hour", 60),
        ("ninety minutes", 90),
        ("deep tissue 90", 90),
        ("60 or 90 mins", None),
        ("60/90 mins", None),
        ("20 mins late", None),
    ],
)
def test_minutes_are_read(said: str, minutes: int | None) -> None:
    """A length is its minutes; two lengths to choose from, or minutes late, are none."""
    assert value(f"tmr 3pm, {said}", "minutes") == minutes


@pytest.mark.parametrize(
    ("said", "people"),
    [
        ("2 pax", 2),
        ("couple massage", 2),
        ("两个人", 2),
        ("saya dan isteri", 2),
        ("me and my friend", 2),
        ("just me", 1),
        ("tiga orang", 3),
        ("2 ladies and 1 guy", 3),
        ("two couples (4 pax)", 4),
        ("3 pax, two ladies one man", 3),
        ("family of 5", 5),
        ("2 orang, seorang swedish, seorang deep tissue", 2),
        ("2 or 3 pax", None),
        ("swedish", None),
    ],
)
def test_people_are_counted(said: str, people: int | None) -> None:
    """How many people are meant is read, and asked for where it may be two numbers."""
    reading = read_json(f"tmr 3pm, {said}")
    assert reading["bookings"][0]["people"]["value"] == people
    assert ("people" in reading["ask"]) == (said == "2 or 3 pax")


@pytest.mark.parametrize(
    ("said", "treatments", "complaints"),
    [
        ("deep tissue", ["deep_tissue"], []),
        ("瑞典式按摩", ["swedish"], []),
        ("urut ibu mengandung", ["prenatal"], []),
        ("back relief", ["back_relief"], []),
        ("joint care, my knees hurt", ["joint_care"], ["joints"]),
        ("badan sakit belakang", [], ["back"]),
        ("stiff neck and lower back pain", [], ["neck_shoulder", "back"]),
        ("腰酸背痛", [], ["back"]),
        ("落枕", [], ["neck_shoulder"]),
        ("lutut saya sakit", [], ["joints"]),
        ("arthritis", [], ["arthritis"]),
        ("i'll be back at 7", [], []),
        ("swedish or deep tissue", [], []),
        ("thai massage", [], []),
    ],
)
def test_treatments_and_complaints_are_codes(said: str, treatments: list[str], complaints: list[str]) -> None:
    """What is wished for and what hurts are codes of the catalogue; what is in neither is asked for."""
    reading = read_json(f"tmr 3pm, {said}")
    booking = reading["bookings"][0]
    assert (booking["treatments"]["value"], booking["complaints"]["value"]) == (treatments, complaints)
    assert ("treatments" in reading["ask"]) == (not treatments and not complaints)


def test_a_complaint_comes_with_what_suits_and_what_to_ask_first() -> None:
    """Arthritis is suited by what the catalogue says, and its contra-indications are asked about."""
    told = advice(["arthritis"])
    assert "Joint care" in told.treatments
    assert any("hot, red or newly swollen" in question for question in told.questions)
    assert advice([]).questions == ()


@pytest.mark.parametrize(
    ("said", "name", "precision", "asks"),
    [
        ("at Arcoris Mont Kiara", "Arcoris Mont Kiara", "street", False),
        ("kat mk", "Mont Kiara", "area", True),
        ("满家乐", "Mont Kiara", "area", True),
        ("SS2/24", "SS2", "area", True),
        ("USJ 9", "USJ 9", "area", True),
        ("PJU 1A", "PJU 1A", "area", True),
        ("Seksyen 7 Shah Alam", "Seksyen 7 Shah Alam", "area", True),
        ("Hilton KL", "Hilton Kuala Lumpur", "street", False),
        ("3 Towers", "3 Towers", "street", False),
        ("Skyline Horizon Residence in Mont Kiara", "Mont Kiara", "area", True),
    ],
)
def test_places_are_found_with_their_precision(said: str, name: str, precision: str, asks: bool) -> None:
    """A name of the gazetteer is the place; one known worse than the street is asked about and kept."""
    reading = read_json(f"tmr 3pm swedish 60min, {said}")
    place = reading["bookings"][0]["place"]["value"]
    assert (place["name"], place["precision"], "place" in reading["ask"]) == (name, precision, asks)


@pytest.mark.parametrize(
    ("said", "lat", "lon"),
    [
        ("https://maps.google.com/?q=3.15785,101.71165", 3.15785, 101.71165),
        ("https://waze.com/ul?ll=3.170010%2C101.652010&navigate=yes", 3.17001, 101.65201),
        ("3.170010, 101.652010", 3.17001, 101.65201),
        ("5M8C+2V Kuala Lumpur", 3.165062, 101.672188),
    ],
)
def test_a_pin_is_the_place(said: str, lat: float, lon: float) -> None:
    """Links, coordinates and plus codes are taken at their word, and nothing more is asked about the place."""
    reading = read_json(f"tmr 3pm swedish 60min {said}")
    place = reading["bookings"][0]["place"]["value"]
    assert (place["lat"], place["lon"], place["precision"]) == (lat, lon, "rooftop")
    assert reading["ask"] == []


@pytest.mark.parametrize(
    "said", ["Mont Kiara or Bangsar", "Hilton", "in Penang", "https://maps.app.goo.gl/AbCd12", "Seksyen 13"]
)
def test_no_place_is_guessed(said: str) -> None:
    """Two places, one far away, a short link, or a name of two towns give no place and the question for it."""
    reading = read_json(f"tmr 3pm swedish 60min {said}")
    assert reading["bookings"][0]["place"]["value"] is None
    assert reading["ask"] == ["place"]


@pytest.mark.parametrize(
    ("said", "field", "wanted"),
    [
        ("blok A-12-3", "unit", "A-12-3"),
        ("unit 12-3A", "unit", "12-3A"),
        ("#08-01", "unit", "08-01"),
        ("room 2108", "unit", "2108"),
        ("1809号房", "unit", "1809"),
        ("lady therapist pls", "gender_wish", "female"),
        ("therapist lelaki", "gender_wish", "male"),
        ("要女的", "gender_wish", "female"),
        ("male or female also can", "gender_wish", None),
        ("i am a female client", "gender_wish", None),
        ("same therapist as last time", "therapist_wish", "last"),
        ("is Mei available", "therapist_wish", "Mei"),
        ("nak dgn Aina lagi", "therapist_wish", "Aina"),
        ("找Linda", "therapist_wish", "Linda"),
        ("my name is Priya", "client_name", "Priya"),
        ("nama saya Siti Aminah", "client_name", "Siti Aminah"),
        ("我叫李伟", "client_name", "李伟"),
        ("I'm tired", "client_name", None),
        ("012-345 6789", "phone", "+60123456789"),
        ("+65 9123 4567", "phone", "+6591234567"),
        ("tel 60123334444", "phone", "+60123334444"),
        ("call 012-345 6789. Thanks", "phone", "+60123456789"),
        ("Tony 0127788990", "client_name", "Tony"),
        ("我跟太太", "client_name", None),
        ("ask Aina to come", "therapist_wish", "Aina"),
        ("is rm 180 ok", "unit", None),
        ("tower B 18-2", "unit", "18-2"),
        ("can i book kak Ros", "therapist_wish", "kak Ros"),
        ("叫Mei来", "therapist_wish", "Mei"),
        ("minta yang perempuan", "gender_wish", "female"),
    ],
)
def test_doors_wishes_names_and_numbers_are_read(said: str, field: str, wanted: Any) -> None:
    """Who, with whom and behind which door stands in the draft as it was written."""
    assert value(f"tmr 3pm swedish 60min Casa Desa, {said}", field) == wanted


def test_a_number_that_is_none_is_asked_for() -> None:
    """Digits called a phone number that nobody can dial give no number and the question for it."""
    reading = read_json("tmr 3pm swedish 60min Casa Desa, hp: 0123")
    assert (reading["bookings"][0]["phone"]["value"], reading["ask"]) == (None, ["phone"])
