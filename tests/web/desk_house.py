"""What the desk's tests share: the pages over an office that knows the shipped places, and forms filled in."""

from dataclasses import replace
from html import unescape
from typing import TYPE_CHECKING

from dispatch.intake.address import Resolution, resolve
from dispatch.intake.gazetteer import shipped
from tests.web.house import House, open_house
from tests.work.company import DAY, Office

if TYPE_CHECKING:
    from werkzeug.test import TestResponse

HOSTILE = "{{7*7}} </script><b>`${alert(1)}` \u200fعلي"


def open_desk(office: Office) -> House:
    """Open the pages over an office whose addresses resolve by the shipped list of places."""

    def resolve_address(text: str) -> Resolution:
        return resolve(text, gazetteer=shipped())

    return open_house(replace(office, services=replace(office.services, resolve_address=resolve_address)))


def booking_fields(**changed: str) -> dict[str, str]:
    """Give a booking form filled in for Lim Mei Ling, with some fields changed."""
    return {
        "day": DAY.isoformat(),
        "client_id": "c-lim",
        "address_id": "a-c-lim",
        "treatment_id": "relax",
        "minutes": "60",
        "from_1": "14:00",
        "to_1": "16:00",
        "seats": "1",
        "status": "confirmed",
        **changed,
    }


def new_client_fields(**changed: str) -> dict[str, str]:
    """Give a booking form for a new client at a new place, with some fields changed."""
    fields = {
        "client_id": "",
        "address_id": "",
        "new_name": "Ahmad 陈",
        "new_phone": "012-345 6789",
        "place": "Pavilion Kuala Lumpur",
        "unit": "12",
    }
    return booking_fields(**{**fields, **changed})


def text_of(response: "TestResponse") -> str:
    """Give a page's source with its character references as letters."""
    return unescape(response.get_data(as_text=True))
