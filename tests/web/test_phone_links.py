"""Links to other apps have exactly the form their makers document."""

import pytest

from dispatch.model.kinds import TravelMode
from web.phone.links import dialler, google_maps, waze, whatsapp


def test_waze_navigates_to_the_point() -> None:
    """Waze gets the point with an encoded comma, starts navigating, and learns who asks."""
    assert waze(3.15794, 101.7116) == "https://waze.com/ul?ll=3.157940%2C101.711600&navigate=yes&utm_source=laluan"


@pytest.mark.parametrize(
    ("mode", "word"),
    [
        (TravelMode.CAR, "driving"),
        (TravelMode.MOTORBIKE, "two-wheeler"),
        (TravelMode.TRANSIT, "transit"),
        (TravelMode.WALK, "walking"),
    ],
)
def test_google_maps_navigates_by_her_way_to_travel(mode: TravelMode, word: str) -> None:
    """Google Maps gets the destination alone, so that it starts from where she is, and her own mode."""
    assert google_maps(3.15794, 101.7116, mode) == (
        "https://www.google.com/maps/dir/?api=1&destination=3.157940%2C101.711600"
        f"&travelmode={word}&dir_action=navigate"
    )


def test_whatsapp_takes_digits_only_and_an_encoded_draft() -> None:
    """WhatsApp's address holds the number without its plus, and the draft cannot break out of it."""
    assert whatsapp("+60123456789", "Hi & bye? 1+1=2 你好") == (
        "https://wa.me/60123456789?text=Hi%20%26%20bye%3F%201%2B1%3D2%20%E4%BD%A0%E5%A5%BD"
    )


@pytest.mark.parametrize("phone", ["+60323456789", "", "javascript:alert(1)", "+6012 345"])
def test_no_whatsapp_where_there_can_be_none(phone: str) -> None:
    """Fixed lines and what is no number get no WhatsApp link."""
    assert whatsapp(phone, "Hi") == ""


def test_the_dialler_gets_a_whole_number_or_nothing() -> None:
    """The dialler is opened with E.164 only, so that nothing else can ride on the link."""
    assert dialler("+60323456789") == "tel:+60323456789"
    assert dialler("javascript:alert(1)") == ""
    assert dialler("") == ""
