"""What a booking would cost, asked while it is being written."""

from dispatch.model.account import Actor
from dispatch.model.booking import Booking
from dispatch.model.catalogue import PriceRule
from dispatch.rules.prices import booking_price_sen
from dispatch.work.permissions import Permission, allow
from dispatch.work.services import Services


def quote_sen(services: Services, actor: Actor, booking: Booking) -> int | None:
    """Give what all seats of a booking cost by the price list, in sen; None where a seat has no price."""
    allow(actor, Permission.BOOKINGS)
    with services.store.reading() as tx:
        return booking_price_sen(tx.list(PriceRule, actor.branch_id), booking)
