"""Start times offered in the booking form: told in sentences, and put into the form's window when one is chosen."""

from dataclasses import dataclass

from werkzeug.datastructures import MultiDict

from dispatch.model.slot import Slot
from dispatch.work.slots import Offers
from web.desk.booking_form import WINDOWS
from web.desk.reading import Form
from web.forms import clock_value
from web.translate import sentence


@dataclass(frozen=True, slots=True, kw_only=True)
class ToldOffer:
    """A start as the form shows it: the value its window takes, who would come, and what it costs others."""

    start: str
    offer: str
    costs: tuple[str, ...]


def told_offers(offers: Offers) -> tuple[ToldOffer, ...]:
    """Tell each slot in sentences, best first."""
    return tuple(_told(slot, offers) for slot in offers.slots)


def with_start(form: Form, start: str) -> MultiDict[str, str]:
    """Give the form with one window, exactly the start that was chosen."""
    chosen = MultiDict(form)
    for number in range(1, WINDOWS + 1):
        chosen[f"from_{number}"] = chosen[f"to_{number}"] = ""
    chosen["from_1"] = chosen["to_1"] = start
    return chosen


def _told(slot: Slot, offers: Offers) -> ToldOffer:
    who = ", ".join(offers.names.get(name, name) for name in slot.therapist_ids)
    travel = "slot.travel_more" if slot.extra_travel_s >= 0 else "slot.travel_less"
    costs = [sentence(travel, {"travel_s": abs(slot.extra_travel_s)})]
    costs += [
        sentence("slot.waits", {"visit_id": one.visit_id, "minutes": one.minutes}, names=offers.names)
        for one in slot.delayed
    ]
    return ToldOffer(
        start=clock_value(slot.start_s),
        offer=sentence("slot.offer", {"start_s": slot.start_s, "therapists": who}),
        costs=tuple(costs),
    )
