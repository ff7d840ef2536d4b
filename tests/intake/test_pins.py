"""Pasted pins are read without a network, and links that hide their place are refused with advice."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dispatch.errors import BadInput
from dispatch.intake.pins import links, parse_pin, pin_precision, without_links, without_pins
from dispatch.intake.plus_codes import read_plus_code
from dispatch.model.kinds import Precision
from dispatch.model.places import Point
from dispatch.words import sentence

KLCC = Point(lat=3.15794, lon=101.7116)


@pytest.mark.parametrize(
    "text",
    [
        "3.157940, 101.711600",
        "3.157940,101.711600",
        "3.157940 101.711600",
        "(3.157940, 101.711600)",
        "101.7116, 3.15794",
        "3.15794° N, 101.7116° E",
        "3°09'28.584\"N 101°42'41.76\"E",
        "I am here: 3.157940, 101.711600 call when down",
        "geo:3.157940,101.711600",
        "geo:3.157940,101.711600;u=35",
        "geo:0,0?q=3.157940,101.711600(My home)",
        "https://waze.com/ul?ll=3.157940%2C101.711600&navigate=yes&utm_source=laluan",
        "https://www.waze.com/live-map/directions?to=ll.3.157940%2C101.711600",
        "waze://?ll=3.157940,101.711600&navigate=yes",
        "https://www.google.com/maps/dir/?api=1&destination=3.157940%2C101.711600&travelmode=driving",
        "https://www.google.com/maps/search/?api=1&query=3.157940%2C101.711600",
        "https://www.google.com/maps/search/3.157940,+101.711600?entry=tts",
        "https://www.google.com/maps/@3.157940,101.711600,17z",
        "https://www.google.com/maps/place/KLCC/@3.1,101.6,17z/data=!3m1!4b1!4m6!8m2!3d3.157940!4d101.711600!16s",
        "https://www.google.com/maps/dir/3.1,101.6/3.157940,101.711600/@3.12,101.65,12z",
        "https://maps.google.com/?q=3.157940,101.711600",
        "https://maps.google.com/maps?q=loc:3.157940,101.711600&z=16",
        "https://maps.apple.com/?daddr=3.157940,101.711600&dirflg=d",
        "Twin Towers\nhttps://maps.google.com/?q=3.157940,101.711600",
    ],
)
def test_pin_is_read(text: str) -> None:
    """Every form in which clients send a pin gives the place itself, not where the map happened to look."""
    point = parse_pin(text)
    assert point is not None
    assert (point.lat, point.lon) == pytest.approx((KLCC.lat, KLCC.lon), abs=1e-6)


@pytest.mark.parametrize("text", ["3.157, 101.71", "3.157,101.71", "3.2 101.7"])
def test_short_pair_standing_alone_is_a_pin(text: str) -> None:
    """A pair of few decimals is a pin where nothing else is written."""
    assert parse_pin(text) is not None


@pytest.mark.parametrize(
    "text",
    [
        "",
        "SS2/24",
        "No 5, 12 Jalan 3",
        "B-12-3, Mont Kiara",
        "RM 120.50, 90 minutes",
        "0.0, 0.0",
        "95.5, 200.1",
        "https://example.com/3",
        "https://[broken",
        "012-345 6789",
        "2345+67",
    ],
)
def test_what_is_no_pin_is_left_alone(text: str) -> None:
    """An address, a price, a phone number or nonsense is not mistaken for a place on the map."""
    assert parse_pin(text) is None


@pytest.mark.parametrize(
    "link",
    [
        "https://maps.app.goo.gl/Xy12abCD",
        "https://goo.gl/maps/Xy12abCD",
        "https://waze.com/ul/hw283f9abc",
        "https://www.google.com/maps/place/Verve+Suites",
    ],
)
def test_link_that_hides_its_place_asks_for_a_pin(link: str) -> None:
    """A short link is refused with a sentence that names it and asks for a pin."""
    with pytest.raises(BadInput) as caught:
        parse_pin(f"Here you go {link}")
    assert caught.value.code == "intake.short_link"
    said = sentence(caught.value.code, caught.value.values)
    assert link in said
    assert "pin" in said


def test_short_link_beside_coordinates_is_no_trouble() -> None:
    """Coordinates in the same message win over a link that cannot be read."""
    assert parse_pin("3.157940, 101.711600 https://maps.app.goo.gl/Xy12abCD") == KLCC


def test_links_and_the_rest_are_told_apart() -> None:
    """The name above a shared link is kept as text, and the link without the full stop behind it."""
    text = "Verve Suites\nhttps://maps.app.goo.gl/Xy12abCD."
    assert links(text) == ("https://maps.app.goo.gl/Xy12abCD",)
    assert without_links(text) == "Verve Suites"


@pytest.mark.parametrize(
    ("code", "lat", "lon"),
    [
        ("7FG49QCJ+2V", 20.3700625, 2.7821875),
        ("7FG49QCJ+2VX", 20.3701125, 2.782234375),
        ("8FVC2222+22", 47.0000625, 8.0000625),
        ("4VCPPQGP+Q9", -41.2730625, 174.7859375),
    ],
)
def test_full_plus_code_is_the_middle_of_its_square(code: str, lat: float, lon: float) -> None:
    """Full plus codes decode to the values of the format's own test data."""
    point = read_plus_code(f"near {code} ok")
    assert point is not None
    assert (point.lat, point.lon) == pytest.approx((lat, lon), abs=1e-6)


def test_short_plus_code_lies_near_kuala_lumpur() -> None:
    """A plus code without its first letters is completed to the place of that name nearest to the city."""
    full = read_plus_code("6PM35M5C+2Q")
    assert full is not None
    assert read_plus_code("5M5C+2Q Kuala Lumpur") == full
    south = read_plus_code("6PJ3X9WX+XX")  # over the line of the next square, which is nearer than its own
    assert south is not None
    assert read_plus_code("X9WX+XX") == south


@settings(deadline=None, max_examples=200)
@given(st.floats(-89, 89), st.floats(-179, 179))
def test_every_pair_comes_back(lat: float, lon: float) -> None:
    """Any place written into a map link is read back to the sixth decimal."""
    lat, lon = round(lat, 6), round(lon, 6)
    if (lat, lon) == (0, 0):
        return
    point = parse_pin(f"https://waze.com/ul?ll={lat:.6f}%2C{lon:.6f}&navigate=yes")
    assert point == Point(lat=lat, lon=lon)


@settings(deadline=None, max_examples=200)
@given(st.text(max_size=80) | st.text(alphabet="htps:/.gole?q=,!34d@°'\"NE 0123456789", max_size=60))
def test_no_text_breaks_the_reader(text: str) -> None:
    """Whatever is pasted gives a place on the earth, nothing, or the refusal of a link."""
    try:
        point = parse_pin(text)
    except BadInput as error:
        refused = error.code
        point = None
    else:
        refused = "intake.short_link"
    assert refused == "intake.short_link"
    if point is not None:
        assert abs(point.lat) <= 90
        assert abs(point.lon) <= 180


@pytest.mark.parametrize(
    ("text", "words", "precision"),
    [
        ("Casa Foo, 3.15771, 101.71234", "Casa Foo", Precision.ROOFTOP),
        ("Casa Foo, 3.158, 101.712", "Casa Foo", Precision.STREET),
        ("3.158, 101.712", "", Precision.STREET),
        ("Casa Foo https://maps.google.com/?q=3.1,101.7", "Casa Foo", Precision.ROOFTOP),
        ("5M8C+2V Kuala Lumpur", "5M8C+2V Kuala Lumpur", Precision.ROOFTOP),
    ],
)
def test_a_pin_is_worth_what_its_digits_say(text: str, words: str, precision: Precision) -> None:
    """Coordinates in thousandths of a degree are exact to the street; the words beside a pin are its name."""
    assert (without_pins(text), pin_precision(text)) == (words, precision)
