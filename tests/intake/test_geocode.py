"""The geocoder asks politely, keeps what it hears, and turns every failure into a sentence."""

from collections.abc import Callable
from typing import Any

import pytest

from dispatch.errors import BadInput, LaluanError, Unavailable
from dispatch.intake.geocode import KEEP_FOUND_S, KEEP_MISSING_S, GeocodeCache, NominatimGeocoder
from dispatch.model.kinds import Precision
from dispatch.words import sentence
from tests.intake.nominatim_twin import ELSEWHERE, HOUSE, STREET, NominatimTwin


class Kept:
    """A cache in memory that keeps how long each answer may live."""

    def __init__(self) -> None:
        self.rows: dict[str, tuple[str, int]] = {}

    def cache(self) -> GeocodeCache:
        """Give the pair of callables the geocoder takes."""
        return GeocodeCache(get=lambda key: self.rows.get(key, (None, 0))[0], put=self._put)

    def _put(self, key: str, text: str, keep_s: int) -> None:
        self.rows[key] = (text, keep_s)


class Clock:
    """A clock that moves only when somebody sleeps."""

    def __init__(self) -> None:
        self.now_s = 100.0
        self.slept: list[float] = []

    def sleep(self, seconds: float) -> None:
        """Let the time pass."""
        self.slept.append(seconds)
        self.now_s += seconds


def geocoder(twin: NominatimTwin, kept: Kept, clock: Clock | None = None) -> NominatimGeocoder:
    """Give a geocoder on the twin."""
    clock = clock or Clock()
    return NominatimGeocoder(
        domain="maps.example.com",
        user_agent="laluan-tests (owner@example.com)",
        cache=kept.cache(),
        monotonic=lambda: clock.now_s,
        sleep=clock.sleep,
        adapter_factory=twin.adapter,
    )


def test_found_address_is_read_and_kept() -> None:
    """A house is found with its precision and area, and the second question is answered without the server."""
    twin, kept = NominatimTwin([HOUSE]), Kept()
    finder = geocoder(twin, kept)
    found = finder.find("B-12-3, 8 Jln Burhanuddin Helmi, TTDI")
    assert found is not None
    assert (found.point.lat, found.point.lon) == (3.1512, 101.6270)
    assert (found.precision, found.area, found.postcode) == (Precision.ROOFTOP, "Taman Tun Dr Ismail", "60000")
    assert finder.find("B-12-3, 8 Jln Burhanuddin Helmi, TTDI") == found
    assert len(twin.questions) == 1
    assert [keep_s for _, keep_s in kept.rows.values()] == [KEEP_FOUND_S]


def test_question_is_bounded_and_names_no_unit() -> None:
    """The server is asked inside Malaysia and the Klang Valley only, by our name, and never hears the unit."""
    twin = NominatimTwin([STREET])
    geocoder(twin, Kept()).find("Unit 7-2, Jln Telawi 3, Bangsar")
    asked = twin.questions[0]
    assert asked["q"] == "jalan telawi 3, bangsar"
    assert (asked["countrycodes"], asked["bounded"], asked["addressdetails"]) == ("my", "1", "1")
    assert {float(side) for side in asked["viewbox"].split(",")} == {101.2, 2.7, 102.0, 3.45}
    assert twin.agents == ["laluan-tests (owner@example.com)"]


def test_missing_address_is_kept_for_a_day() -> None:
    """An address nobody knows gives nothing, and is not asked again before tomorrow."""
    twin, kept = NominatimTwin([]), Kept()
    finder = geocoder(twin, kept)
    assert finder.find("Jalan Yang Tiada") is None
    assert finder.find("Jalan Yang Tiada") is None
    assert len(twin.questions) == 1
    assert [keep_s for _, keep_s in kept.rows.values()] == [KEEP_MISSING_S]


@pytest.mark.parametrize("row", [ELSEWHERE, {**STREET, "place_rank": "high"}])
def test_answer_that_cannot_be_right_counts_as_missing(row: dict[str, Any]) -> None:
    """A place outside the Klang Valley, or one that cannot be read, is no answer."""
    assert geocoder(NominatimTwin([row]), Kept()).find("Jalan Telawi") is None


@pytest.mark.parametrize("answer", [[{**STREET, "lat": "north"}], ["no row"], [{}], "<html>"])
def test_answer_in_another_form_is_a_failure(answer: Any) -> None:
    """A server that sends something else than Nominatim does is a failure with a sentence, and nothing is kept."""
    kept = Kept()
    with pytest.raises(Unavailable) as caught:
        geocoder(NominatimTwin(answer), kept).find("Jalan Telawi")
    assert caught.value.code == "intake.geocoder_failed"
    assert kept.rows == {}


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        (429, "intake.geocoder_rate_limited"),
        (503, "intake.geocoder_timed_out"),
        (500, "intake.geocoder_failed"),
        (403, "intake.geocoder_failed"),
        (TimeoutError, "intake.geocoder_timed_out"),
        (ConnectionError, "intake.geocoder_failed"),
    ],
)
def test_failure_is_a_sentence_and_is_not_kept(answer: Any, code: str) -> None:
    """A server that refuses, fails or keeps silent is an `Unavailable` with a sentence, and the next question asks again."""
    twin, kept = NominatimTwin(answer, [STREET]), Kept()
    finder = geocoder(twin, kept)
    with pytest.raises(Unavailable) as caught:
        finder.find("Jalan Telawi 3")
    assert caught.value.code == code
    assert "maps.example.com" in sentence(caught.value.code, caught.value.values)
    assert kept.rows == {}
    assert finder.find("Jalan Telawi 3") is not None


def test_server_says_how_long_to_wait() -> None:
    """The seconds a busy server asks for are in the sentence."""
    with pytest.raises(Unavailable) as caught:
        geocoder(NominatimTwin(429), Kept()).find("Jalan Telawi 3")
    assert "7 seconds" in sentence(caught.value.code, caught.value.values)


def test_questions_are_a_second_apart() -> None:
    """Three questions at once go out at most one a second, failures counted."""
    clock = Clock()
    finder = geocoder(NominatimTwin([STREET], 500, [STREET]), Kept(), clock)
    finder.find("Jalan Telawi 1")
    with pytest.raises(Unavailable):
        finder.find("Jalan Telawi 2")
    finder.find("Jalan Telawi 3")
    assert clock.slept == pytest.approx([1.0, 1.0])


@pytest.mark.parametrize(
    ("row", "precision"),
    [
        (HOUSE, Precision.ROOFTOP),
        ({**HOUSE, "address": {}}, Precision.BUILDING),
        (STREET, Precision.STREET),
        ({**STREET, "place_rank": 20}, Precision.AREA),
        ({**STREET, "place_rank": 21, "addresstype": "postcode"}, Precision.POSTCODE),
        ({**STREET, "place_rank": 16}, Precision.CITY),
    ],
)
def test_rank_tells_the_precision(row: dict[str, Any], precision: Precision) -> None:
    """The server's rank of a place becomes our precision."""
    found = geocoder(NominatimTwin([row]), Kept()).find("somewhere")
    assert found is not None
    assert found.precision is precision


def test_empty_address_is_not_asked() -> None:
    """Text with no address in it costs no question."""
    twin = NominatimTwin()
    assert geocoder(twin, Kept()).find(" B-12-3 ") is None
    assert twin.questions == []


def _unset() -> NominatimGeocoder:
    return NominatimGeocoder(domain="", user_agent="laluan-tests", cache=Kept().cache())


def _nameless() -> NominatimGeocoder:
    return NominatimGeocoder(domain="nominatim.openstreetmap.org", user_agent="my-application", cache=Kept().cache())


@pytest.mark.parametrize(
    ("make", "code"), [(_unset, "intake.geocoder_not_set"), (_nameless, "intake.geocoder_user_agent")]
)
def test_bad_setting_is_refused_at_once(make: Callable[[], NominatimGeocoder], code: str) -> None:
    """A missing server and a name the servers refuse are told before any question."""
    with pytest.raises(LaluanError) as caught:
        make()
    assert isinstance(caught.value, BadInput)
    assert caught.value.code == code
    assert sentence(caught.value.code, caught.value.values)
