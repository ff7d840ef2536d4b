"""An address becomes a place: pin, gazetteer, geocoder, in that order, and a person is asked where it is not sure."""

import pytest

from dispatch.errors import BadInput, NotFound, Unavailable
from dispatch.intake.address import PIN_SOURCE, resolve
from dispatch.intake.gazetteer import shipped
from dispatch.intake.geocode import Geocoded
from dispatch.intake.outside import is_outside
from dispatch.model.kinds import Precision
from dispatch.model.places import Point
from dispatch.words import sentence


class Finder:
    """A geocoder that knows one answer, or fails, and counts the questions."""

    def __init__(self, answer: Geocoded | Unavailable | None) -> None:
        self.answer = answer
        self.questions: list[str] = []

    def find(self, text: str) -> Geocoded | None:
        """Give the answer."""
        self.questions.append(text)
        if isinstance(self.answer, Unavailable):
            raise self.answer
        return self.answer


def geocoded(lat: float, lon: float, precision: Precision = Precision.ROOFTOP) -> Geocoded:
    """Give an answer of a geocoder."""
    return Geocoded(
        point=Point(lat=lat, lon=lon),
        precision=precision,
        label="8, Jalan Desa",
        area="there",
        postcode="",
        source="twin",
    )


def test_pin_wins_over_the_name() -> None:
    """A pasted pin is taken at its word, with the area of the nearest known place and no question to anybody."""
    finder = Finder(None)
    found = resolve("Bangsar condo https://maps.google.com/?q=3.17001,101.65201", gazetteer=shipped(), geocoder=finder)
    assert (found.point, found.precision) == (Point(lat=3.17001, lon=101.65201), Precision.ROOFTOP)
    assert (found.area, found.source, found.label) == ("Mont Kiara", PIN_SOURCE, "Bangsar condo")
    assert not found.must_confirm
    assert finder.questions == []


def test_pin_far_from_everything_is_looked_at() -> None:
    """A pin in Penang is kept, without an area, for a person to look at."""
    found = resolve("5.41410, 100.32880", gazetteer=shipped())
    assert found.must_confirm
    assert found.area == ""


@pytest.mark.parametrize(
    "text",
    ["Penang, Georgetown", "Penang", "Ipoh, Perak", "12 Jalan Macalister, 10400 George Town Pulau Pinang, Malaysia"],
)
def test_place_far_away_is_not_guessed(text: str) -> None:
    """Another state's address is told as outside the area, and offers no place here that sounds like it."""
    with pytest.raises(NotFound) as refused:
        resolve(text, gazetteer=shipped())
    assert refused.value.code == "intake.address_outside"
    assert text in sentence(refused.value.code, refused.value.values)


@pytest.mark.parametrize(
    "text", ["Jalan Ipoh, KL", "Jalan Pinang, 50450 Kuala Lumpur", "Shah Alam, Selangor, Malaysia"]
)
def test_street_called_after_a_far_town_is_found(text: str) -> None:
    """A street of the valley keeps its place though it bears another state's name."""
    assert resolve(text, gazetteer=shipped()).area


def test_no_known_place_counts_as_outside() -> None:
    """No name or alias of the shipped list is taken for a town far away."""
    names = {name for place in shipped().places for name in (place.name, *place.aliases)}
    assert [name for name in sorted(names) if is_outside(name)] == []


def test_known_building_needs_no_confirmation() -> None:
    """A condominium written in full is used as it stands, whatever unit is in it."""
    found = resolve("B-12-3, Residensi Sefina, Mont Kiara, 50480 KL", gazetteer=shipped())
    assert (found.label, found.area, found.precision) == ("Residensi Sefina", "Mont Kiara", Precision.STREET)
    assert not found.must_confirm
    assert found.source


@pytest.mark.parametrize("text", ["Mont Kiara", "50480", "Petaling Jaya", "Seksyen 17", "Damansara"])
def test_vague_address_must_be_confirmed(text: str) -> None:
    """An area, a postcode, a city or a name of two towns is never enough to send somebody without a look."""
    found = resolve(text, gazetteer=shipped())
    assert found.must_confirm
    assert found.precision in {Precision.AREA, Precision.POSTCODE, Precision.CITY}


def test_geocoder_is_asked_only_in_doubt() -> None:
    """The network hears of an address only where the gazetteer is not sure, and then its better answer is used."""
    finder = Finder(geocoded(3.1520, 101.6260))
    resolve("Residensi Sefina, Mont Kiara", gazetteer=shipped(), geocoder=finder)
    assert finder.questions == []
    found = resolve("8 Jalan Burhanuddin Helmi, TTDI", gazetteer=shipped(), geocoder=finder)
    assert finder.questions == ["8 Jalan Burhanuddin Helmi, TTDI"]
    assert (found.precision, found.area, found.source) == (Precision.ROOFTOP, "TTDI", "twin")
    assert not found.must_confirm
    assert found.candidates


def test_contradiction_is_looked_at() -> None:
    """A geocoder's house in Klang for an address in TTDI is used only after a person looked."""
    found = resolve("Jalan Burhanuddin, TTDI", gazetteer=shipped(), geocoder=Finder(geocoded(3.0448, 101.4447)))
    assert found.must_confirm


def test_worse_answer_of_the_geocoder_is_left() -> None:
    """A geocoder that knows only the city does not replace the area that is known."""
    answer = geocoded(3.15, 101.69, Precision.CITY)
    found = resolve("Jalan Burhanuddin, TTDI", gazetteer=shipped(), geocoder=Finder(answer))
    assert (found.area, found.precision) == ("TTDI", Precision.AREA)


def test_silent_geocoder_leaves_the_gazetteers_answer() -> None:
    """Where the network fails the known area is given with a warning; with nothing known the failure is told."""
    failing = Finder(Unavailable("intake.geocoder_timed_out", server="maps.example.com"))
    found = resolve("Jalan Burhanuddin, TTDI", gazetteer=shipped(), geocoder=failing)
    assert (found.area, found.warning) == ("TTDI", "intake.geocoder_timed_out")
    assert found.must_confirm
    with pytest.raises(Unavailable):
        resolve("Wolverhampton", gazetteer=shipped(), geocoder=failing)


def test_short_link_with_a_name_uses_the_name() -> None:
    """The name above a link that cannot be read leads to the place, and a person looks; the link alone asks for a pin."""
    found = resolve("Residensi Sefina Mont Kiara\nhttps://maps.app.goo.gl/Xy12", gazetteer=shipped())
    assert (found.label, found.warning) == ("Residensi Sefina", "intake.short_link")
    assert found.must_confirm
    with pytest.raises(BadInput) as caught:
        resolve("https://maps.app.goo.gl/Xy12", gazetteer=shipped())
    assert caught.value.code == "intake.short_link"


def test_unknown_and_empty_addresses_say_what_to_do() -> None:
    """An address nobody knows is named in a sentence that asks for a pin; an empty one asks for an address."""
    with pytest.raises(NotFound) as caught:
        resolve("Wolverhampton", gazetteer=shipped(), geocoder=Finder(None))
    said = sentence(caught.value.code, caught.value.values)
    assert "Wolverhampton" in said
    assert "pin" in said
    with pytest.raises(BadInput) as empty:
        resolve(" \u200b\n", gazetteer=shipped())
    assert sentence(empty.value.code, empty.value.values).startswith("No address")


def test_long_link_is_read_to_its_end() -> None:
    """A link of many hundred letters, with the place near its end, is read whole."""
    link = f"https://www.google.com/maps/place/{'Very+Long+Name+' * 40}/@3.1,101.6,17z/data=!8m2!3d3.17001!4d101.65201"
    assert resolve(link, gazetteer=shipped()).point == Point(lat=3.17001, lon=101.65201)
