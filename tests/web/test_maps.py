"""The map shows hostile text as itself, and asks nothing of other hosts."""

import html
import json
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dispatch.shipped import data_path
from web.maps import MapRoute, MapStop, draw, features, text

HOSTILE = (
    "{{7*7}}",
    "{% for x in y %}",
    "{# gone #}",
    "${alert(1)}",
    "`${alert(2)}`",
    "</script><script>alert(3)</script>",
    '"><img src=x onerror=alert(4)>',
    "\\u003cimg src=x onerror=alert(5)\\u003e",
    "'; alert(6); '",
    "\u202egnp.exe",
    "{{ this.__init__.__globals__ }}",
)


def route(label: str, key: int = 0) -> MapRoute:
    """Give a route of two stops whose every text is the label."""
    return MapRoute(
        key=key,
        colour=key,
        label=label,
        line=((3.1, 101.6), (3.15, 101.7)),
        stops=(
            MapStop(number="1", lat=3.1, lon=101.6, id=label, label=label),
            MapStop(number="2", lat=3.15, lon=101.7, id="b/0", label=label),
        ),
    )


@given(st.text())
def test_text_leaves_nothing_to_run(value: str) -> None:
    """No template, literal or tag survives, and a reader sees exactly the text without its control characters."""
    safe = text(value)
    assert not re.search(r"[{}<>`$\\\"'%]", safe)
    assert "#" not in re.sub(r"&#\d+;", "", safe)
    assert html.unescape(safe) == "".join(c for c in value if c >= " " or c == "\n")


@pytest.mark.parametrize("hostile", HOSTILE)
def test_hostile_names_are_never_run(hostile: str) -> None:
    """A map of hostile names holds none of them as code: no template was evaluated, no tag or literal left."""
    drawn = draw([route(hostile)])
    script = str(drawn.script)
    assert "{{" not in script
    assert "${" not in script.replace("${this", "")
    assert "`" not in script
    assert "<img" not in script
    assert "</script" not in script
    assert "canary 49" not in str(draw([route("canary {{7*7}}")]).script)


@pytest.mark.parametrize("hostile", HOSTILE)
def test_hostile_names_show_as_themselves(hostile: str) -> None:
    """The map's features, read as a browser reads JSON and innerHTML, give back exactly what was put in."""
    for feature in json.loads(json.dumps(features(route(hostile))))["features"]:
        assert html.unescape(feature["properties"]["label"]) == hostile


def test_a_map_names_no_host() -> None:
    """Neither the element nor the script of a map holds an address of another host."""
    drawn = draw([route("A", 0), route("B", 1)])
    assert not re.search(r"https?:|//[a-z]", str(drawn.body) + str(drawn.script))


def test_a_map_of_nobody() -> None:
    """A day without a single route still has its map, over the middle of the Klang Valley."""
    drawn = draw([])
    assert "map_board" in drawn.body
    assert "fitBounds" in drawn.script


def test_a_day_without_visits_has_no_line() -> None:
    """A therapist without visits has an empty layer, so that a later plan can fill it."""
    empty = MapRoute(key=4, colour=4, label="Aina", line=(), stops=())
    assert features(empty) == {"type": "FeatureCollection", "features": []}
    assert "geo_json_board_4" in draw([empty]).script


def test_a_maps_name_cannot_carry_code() -> None:
    """A name that would change the script is refused."""
    with pytest.raises(ValueError, match="letters only"):
        draw([], name="x;alert(1)")


def test_the_basemap_is_small_and_in_the_klang_valley() -> None:
    """The schematic ships in at most 60 kB, says where it is from, and every point of it lies in the Klang Valley."""
    path = data_path("basemap.json")
    assert path.stat().st_size <= 60_000
    basemap = json.loads(path.read_text(encoding="utf-8"))
    assert "data.gov.my" in basemap["about"]
    assert {feature["properties"]["kind"] for feature in basemap["features"]} == {
        "park",
        "river",
        "road",
        "street",
        "rail",
        "label",
    }

    def points(value: list[object]) -> list[tuple[float, float]]:
        if value and isinstance(value[0], int | float):
            lon, lat = value
            assert isinstance(lon, float | int)
            assert isinstance(lat, float | int)
            return [(float(lon), float(lat))]
        return [point for part in value if isinstance(part, list) for point in points(part)]

    for feature in basemap["features"]:
        for lon, lat in points(feature["geometry"]["coordinates"]):
            assert 101.2 < lon < 102.0, feature["properties"]["name"]
            assert 2.7 < lat < 3.45, feature["properties"]["name"]
