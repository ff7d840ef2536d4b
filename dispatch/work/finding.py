"""Finding a day's bookings by the digits of a telephone number, so that the numbers need not stand in the page."""

from datetime import date

from dispatch.model.account import Actor
from dispatch.model.booking import Booking
from dispatch.model.people import Client, Contact
from dispatch.work.permissions import Permission, allow
from dispatch.work.services import Services

LEAST_DIGITS = 3
"""Fewer digits would find half of the town."""


def bookings_with_digits(services: Services, actor: Actor, day: date, digits: str) -> list[str]:
    """Give the ids of a day's bookings whose client or contact has the digits in the telephone number, in order.

    A number is found as people write it at home too: 012-345 is part of +60 12-345. Fewer than three digits find nothing.
    """
    allow(actor, Permission.READ_DAY)
    wanted = "".join(sign for sign in digits if sign.isascii() and sign.isdigit())
    if len(wanted) < LEAST_DIGITS:
        return []
    with services.store.reading() as tx:
        bookings = tx.list(Booking, actor.branch_id, day=day)
        clients = tx.list(Client, actor.branch_id, id={booking.client_id for booking in bookings})
        contacts = tx.list(Contact, actor.branch_id, id={booking.contact_id for booking in bookings})
    phones = {one.id: one.phone for one in clients} | {one.id: one.phone for one in contacts}
    at_home = wanted.removeprefix("0") if wanted.startswith("0") else wanted
    return [
        booking.id
        for booking in bookings
        if any(_holds(phones.get(person, ""), wanted, at_home) for person in (booking.client_id, booking.contact_id))
    ]


def _holds(phone: str, wanted: str, at_home: str) -> bool:
    """Tell whether a number has the digits; with the nought it is written with inside the country, at its start only."""
    digits = "".join(sign for sign in phone if sign.isdigit())
    return wanted in digits or (at_home != wanted and digits.startswith(f"60{at_home}"))
