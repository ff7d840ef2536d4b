"""The geocoders ask politely, keep what they hear, rest when a server is ill, and turn every failure into a sentence."""

from collections.abc import Iterator
from contextlib import ExitStack
from typing import Any

import pytest

from dispatch.errors import BadInput, LaluanError, Unavailable
from dispatch.intake.geocode import (
    FAILURES,
    KEEP_FOUND_S,
    KEEP_MISSING_S,
    REST_S,
    GeocodeCache,
    Geocoders,
    PoliteGeocoder,
)
from dispatch.intake.servers import GOOGLE_KEEPS_S, Google, Nominatim, Photon
from dispatch.model.kinds import Precision
from dispatch.words import sentence
from tests.intake.map_twins import (
    AWAY,
    BROKEN,
    ELSEWHERE,
    ENDLESS,
    GOOGLE_STREET,
    HOUSE,
    PHOTON_HOUSE,
    SILENCE,
    STREET,
    MapTwin,
)

AGENT = "laluan-tests (owner@example.com)"


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


class Desk:
    """Makes geocoders on twins that serve until the test ends."""

    def __init__(self, stack: ExitStack) -> None:
        self.stack, self.kept, self.clock = stack, Kept(), Clock()

    def on(self, kind: str, *script: Any) -> tuple[PoliteGeocoder, MapTwin]:
        """Give a geocoder of this kind on a twin with this script."""
        twin = self.stack.enter_context(MapTwin(*script).serving())
        server: Nominatim | Photon | Google
        if kind == "google":
            server = Google(key="hush", domain=twin.domain, scheme="http", timeout_s=0.5)
        else:
            make = Nominatim if kind == "nominatim" else Photon
            server = make(domain=twin.domain, user_agent=AGENT, scheme="http", timeout_s=0.5)
        clock = self.clock
        geocoder = PoliteGeocoder(server, cache=self.kept.cache(), monotonic=lambda: clock.now_s, sleep=clock.sleep)
        return geocoder, twin


@pytest.fixture
def desk() -> Iterator[Desk]:
    """Give a desk whose twins stop with the test."""
    with ExitStack() as stack:
        yield Desk(stack)


GOOD = {"nominatim": [HOUSE], "photon": [PHOTON_HOUSE], "google": [GOOGLE_STREET]}
ANSWERS = {
    "nominatim": (3.1512, 101.6270, Precision.ROOFTOP, "Taman Tun Dr Ismail", "60000", KEEP_FOUND_S),
    "photon": (3.1512, 101.6270, Precision.ROOFTOP, "Taman Tun Dr Ismail", "60000", KEEP_FOUND_S),
    "google": (3.1301, 101.6710, Precision.STREET, "Bangsar", "59100", GOOGLE_KEEPS_S),
}


@pytest.mark.parametrize("kind", GOOD)
def test_found_address_is_read_and_kept(desk: Desk, kind: str) -> None:
    """A place is found with its precision and area, and the second question is answered without the server."""
    finder, twin = desk.on(kind, GOOD[kind])
    found = finder.find("B-12-3, 8 Jln Burhanuddin Helmi, TTDI")
    assert found is not None
    (_, keep_s) = next(iter(desk.kept.rows.values()))
    said = (found.point.lat, found.point.lon, found.precision, found.area, found.postcode, keep_s)
    assert said == ANSWERS[kind]
    assert finder.find("B-12-3, 8 Jln Burhanuddin Helmi, TTDI") == found
    assert len(twin.questions) == 1


def test_question_is_bounded_and_names_no_unit(desk: Desk) -> None:
    """Each server is asked inside the Klang Valley only, and never hears the unit; OpenStreetMap's hear our name."""
    finders = {kind: desk.on(kind, GOOD[kind]) for kind in GOOD}
    for finder, _ in finders.values():
        finder.find("Unit 7-2, Jln Telawi 3, Bangsar")
    nominatim, photon, google = (finders[kind][1].questions[0] for kind in GOOD)
    assert nominatim["q"] == photon["q"] == google["address"] == "jalan telawi 3, bangsar"
    assert (nominatim["countrycodes"], nominatim["bounded"]) == ("my", "1")
    assert {float(side) for side in nominatim["viewbox"].split(",")} == {101.2, 2.7, 102.0, 3.45}
    assert photon["bbox"] == "101.2,2.7,102.0,3.45"
    assert (google["components"], google["bounds"]) == ("country:MY", "2.7,101.2|3.45,102.0")
    assert finders["nominatim"][1].agents == finders["photon"][1].agents == [AGENT]


@pytest.mark.parametrize("kind", GOOD)
def test_missing_address_is_kept_for_a_day(desk: Desk, kind: str) -> None:
    """An address nobody knows gives nothing, and is not asked again before tomorrow."""
    finder, twin = desk.on(kind, [])
    assert finder.find("Jalan Yang Tiada") is None
    assert finder.find("Jalan Yang Tiada") is None
    assert len(twin.questions) == 1
    assert [keep_s for _, keep_s in desk.kept.rows.values()] == [KEEP_MISSING_S]


@pytest.mark.parametrize("row", [ELSEWHERE, {**STREET, "place_rank": "high"}])
def test_answer_that_cannot_be_right_counts_as_missing(desk: Desk, row: dict[str, Any]) -> None:
    """A place outside the Klang Valley, or one that cannot be read, is no answer."""
    assert desk.on("nominatim", [row])[0].find("Jalan Telawi") is None


@pytest.mark.parametrize("kind", GOOD)
@pytest.mark.parametrize(
    ("answer", "code"),
    [
        (429, "intake.geocoder_rate_limited"),
        (500, "intake.geocoder_failed"),
        (403, "intake.geocoder_failed"),
        (SILENCE, "intake.geocoder_timed_out"),
        (AWAY, "intake.geocoder_failed"),
        (ENDLESS, "intake.geocoder_failed"),
        (BROKEN, "intake.geocoder_failed"),
        (["no row"], "intake.geocoder_failed"),
    ],
)
def test_failure_is_a_sentence_and_is_not_kept(desk: Desk, kind: str, answer: Any, code: str) -> None:
    """A server that refuses, fails, keeps silent, sends elsewhere or nonsense is a sentence; nothing is kept or followed."""
    finder, twin = desk.on(kind, answer, GOOD[kind])
    with pytest.raises(Unavailable) as caught:
        finder.find("Jalan Telawi 3")
    assert caught.value.code == code
    assert twin.domain in sentence(caught.value.code, caught.value.values)
    assert "hush" not in repr(caught.value)
    assert caught.value.__cause__ is None
    assert desk.kept.rows == {}
    desk.clock.now_s += 10
    assert finder.find("Jalan Telawi 3") is not None


@pytest.mark.parametrize("said", ["OVER_QUERY_LIMIT", "OVER_DAILY_LIMIT"])
def test_googles_own_words_for_a_limit_are_understood(desk: Desk, said: str) -> None:
    """Google answers "too many" with a status of its own, which rests as a 429 does."""
    with pytest.raises(Unavailable) as caught:
        desk.on("google", said)[0].find("Jalan Telawi 3")
    assert (caught.value.code, caught.value.values["wait_s"]) == ("intake.geocoder_rate_limited", 60)


def test_questions_are_a_second_apart(desk: Desk) -> None:
    """Three questions at once go out at most one a second, failures counted."""
    finder, _ = desk.on("nominatim", [STREET], 500, [STREET])
    finder.find("Jalan Telawi 1")
    with pytest.raises(Unavailable):
        finder.find("Jalan Telawi 2")
    finder.find("Jalan Telawi 3")
    assert desk.clock.slept == pytest.approx([1.0, 1.0])


def test_an_ill_server_is_left_alone_and_tried_again(desk: Desk) -> None:
    """After three failures nobody asks for a minute, then one question is tried; one more failure doubles the rest."""
    finder, twin = desk.on("nominatim", *[500] * (FAILURES + 1), [STREET])
    for _ in range(FAILURES):
        with pytest.raises(Unavailable, match="geocoder_failed"):
            finder.find("Jalan Telawi 3")
    with pytest.raises(Unavailable) as caught:
        finder.find("Jalan Telawi 3")
    assert (caught.value.code, len(twin.questions)) == ("intake.geocoder_resting", FAILURES)
    assert sentence(caught.value.code, caught.value.values)
    desk.clock.now_s += REST_S + 1
    with pytest.raises(Unavailable, match="geocoder_failed"):
        finder.find("Jalan Telawi 3")
    desk.clock.now_s += REST_S + 1
    with pytest.raises(Unavailable, match="geocoder_resting"):
        finder.find("Jalan Telawi 3")
    desk.clock.now_s += REST_S + 1
    assert finder.find("Jalan Telawi 3") is not None


def test_a_server_that_names_a_time_is_left_alone_for_it(desk: Desk) -> None:
    """Seven seconds asked for are seven seconds without a question, and the sentence names them."""
    finder, twin = desk.on("photon", 429, [PHOTON_HOUSE])
    for said in ("geocoder_rate_limited", "geocoder_resting"):
        with pytest.raises(Unavailable, match=said) as caught:
            finder.find("Jalan Telawi 3")
        assert "7 seconds" in sentence(caught.value.code, caught.value.values)
    assert len(twin.questions) == 1
    desk.clock.now_s += 7.5
    assert finder.find("Jalan Telawi 3") is not None


def test_the_next_server_is_asked_where_one_does_not_know_or_answer(desk: Desk) -> None:
    """A failure, a blank and a mere area go on to the next server; a street does not."""
    ill, blank = desk.on("nominatim", 500, [STREET])[0], desk.on("photon", [], [])[0]
    last, last_twin = desk.on("google", [GOOGLE_STREET])
    everybody = Geocoders([ill, blank, last])
    found = everybody.find("Jalan Telawi 3")
    assert found is not None
    assert found.source == "Google Geocoding"
    again = everybody.find("Jalan Telawi 5")
    assert again is not None
    assert again.source.startswith("OpenStreetMap Nominatim")
    assert len(last_twin.questions) == 1


def test_nobody_knowing_is_told_apart_from_nobody_answering(desk: Desk) -> None:
    """Where all know nothing the answer is none; where somebody failed, the failure is told."""
    blank = desk.on("photon", [], [])[0]
    assert Geocoders([blank]).find("Jalan Yang Tiada") is None
    with pytest.raises(Unavailable, match="geocoder_failed"):
        Geocoders([desk.on("nominatim", 500)[0], blank]).find("Jalan Yang Tiada Lagi")


@pytest.mark.parametrize(
    ("kind", "row", "precision"),
    [
        ("nominatim", {**HOUSE, "address": {}}, Precision.BUILDING),
        ("nominatim", STREET, Precision.STREET),
        ("nominatim", {**STREET, "place_rank": 20}, Precision.AREA),
        ("nominatim", {**STREET, "place_rank": 21, "addresstype": "postcode"}, Precision.POSTCODE),
        ("nominatim", {**STREET, "place_rank": 16}, Precision.CITY),
        ("photon", {**PHOTON_HOUSE, "properties": {"type": "house", "name": "Arcoris"}}, Precision.BUILDING),
        ("photon", {**PHOTON_HOUSE, "properties": {"type": "street"}}, Precision.STREET),
        ("photon", {**PHOTON_HOUSE, "properties": {"type": "district"}}, Precision.AREA),
        ("photon", {**PHOTON_HOUSE, "properties": {"type": "city"}}, Precision.CITY),
        ("google", {**GOOGLE_STREET, "types": ["premise"]}, Precision.BUILDING),
        ("google", {**GOOGLE_STREET, "types": ["sublocality"]}, Precision.AREA),
        ("google", {**GOOGLE_STREET, "types": ["postal_code"]}, Precision.POSTCODE),
        ("google", {**GOOGLE_STREET, "partial_match": True}, Precision.AREA),
    ],
)
def test_each_servers_own_words_tell_the_precision(
    desk: Desk, kind: str, row: dict[str, Any], precision: Precision
) -> None:
    """Rank, type and location type become our precision."""
    found = desk.on(kind, [row])[0].find("somewhere")
    assert found is not None
    assert found.precision is precision


def test_empty_address_is_not_asked(desk: Desk) -> None:
    """Text with no address in it costs no question."""
    finder, twin = desk.on("nominatim")
    assert finder.find(" B-12-3 ") is None
    assert twin.questions == []


@pytest.mark.parametrize(
    ("domain", "agent", "code"),
    [
        ("", "laluan-tests", "intake.geocoder_not_set"),
        ("nominatim.openstreetmap.org", "my-application", "intake.geocoder_user_agent"),
    ],
)
def test_bad_setting_is_refused_at_once(domain: str, agent: str, code: str) -> None:
    """A missing server and a name the servers refuse are told before any question."""
    with pytest.raises(LaluanError) as caught:
        Nominatim(domain=domain, user_agent=agent)
    assert isinstance(caught.value, BadInput)
    assert caught.value.code == code
    assert sentence(caught.value.code, caught.value.values)
