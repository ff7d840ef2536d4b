"""What the map for dropping a pin is made of."""

from dispatch.model.kinds import Role
from tests.web.house import House


def test_the_pin_map_has_the_schematic_and_names_to_find_ones_way_by(house: House) -> None:
    """The schematic comes with the company's own buildings first and then the places of the list, each by name and point."""
    answer = house.signed_in(Role.BOOKING_TAKER).get("/pin-map.json")
    assert answer.status_code == 200
    found = answer.get_json()
    assert {feature["properties"]["kind"] for feature in found["base"]["features"]} >= {"label", "road", "rail"}
    assert found["places"][0][1] == "building"
    assert ["Mont Kiara", "neighbourhood"] in [place[:2] for place in found["places"]]
    assert all(2 < place[2] < 4 and 101 < place[3] < 103 for place in found["places"])
