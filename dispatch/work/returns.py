"""Who asked to be treated again: the desk's list, booking it with one click, or letting it go."""

from dataclasses import dataclass, replace
from datetime import date

from dispatch.errors import Conflict
from dispatch.model.account import Actor
from dispatch.model.again import ReturnState, ReturnWish
from dispatch.model.booking import Booking
from dispatch.model.catalogue import Treatment
from dispatch.model.kinds import BookingStatus
from dispatch.model.people import Client
from dispatch.model.therapist import Therapist
from dispatch.rules.nouns import booking_errors
from dispatch.work.bookings import booking_context
from dispatch.work.doing import branch_of, by_id, fetch, record, refuse, today
from dispatch.work.permissions import Permission, allow
from dispatch.work.services import Services


@dataclass(frozen=True, slots=True, kw_only=True)
class Returning:
    """A wish that waits at the desk, with the visit it was told at and whom and what it is about."""

    wish: ReturnWish
    booking: Booking
    client: Client
    treatment: Treatment
    therapist: Therapist


def returning(services: Services, actor: Actor) -> tuple[Returning, ...]:
    """Give who asked to be treated again and waits for a booking, the soonest due first."""
    allow(actor, Permission.BOOKINGS)
    with services.store.reading() as tx:
        wishes = tx.list(ReturnWish, actor.branch_id, state=ReturnState.WAITING)
        bookings = by_id(tx.list(Booking, actor.branch_id, id=[one.id for one in wishes]))
        clients = by_id(tx.list(Client, actor.branch_id, id=[one.client_id for one in wishes]))
        treatments = by_id(tx.list(Treatment, actor.branch_id))
        therapists = by_id(tx.list(Therapist, actor.branch_id))
    return tuple(
        Returning(
            wish=one,
            booking=bookings[one.id],
            client=clients[one.client_id],
            treatment=treatments[bookings[one.id].treatment_id],
            therapist=therapists[one.therapist_id],
        )
        for one in sorted(wishes, key=lambda one: (one.due_day, one.id))
    )


def book_return(services: Services, actor: Actor, wish_id: str, *, version: int) -> Booking:
    """Take the booking a client asked for: requested on the due day (today at the earliest), same treatment, place and part of the day.

    The same therapist is preferred. `version` is the wish's that was shown; booking it twice is refused.
    """
    allow(actor, Permission.BOOKINGS)
    with services.store.writing() as tx:
        wish = _waiting(fetch(tx, actor, ReturnWish, wish_id), version)
        before = fetch(tx, actor, Booking, wish.id)
        day: date = max(wish.due_day, today(services, branch_of(tx, actor)))
        booking = Booking(
            id=services.new_id(),
            branch_id=before.branch_id,
            day=day,
            client_id=wish.client_id,
            address_id=before.address_id,
            treatment_id=before.treatment_id,
            minutes=before.minutes,
            windows=before.windows,
            seats=before.seats,
            contact_id=before.contact_id,
            preferred_therapists=tuple(dict.fromkeys((wish.therapist_id, *before.preferred_therapists))),
            never_therapists=before.never_therapists,
            preferred_gender=before.preferred_gender,
            status=BookingStatus.REQUESTED,
        )
        refuse(booking_errors(booking, booking_context(tx, services, actor, booking, before=None)))
        tx.insert(booking)
        tx.update(replace(wish, state=ReturnState.BOOKED, next_booking_id=booking.id))
        record(tx, services, actor, "return.booked", wish.id, booking.id)
    return booking


def let_return_go(services: Services, actor: Actor, wish_id: str, *, version: int) -> ReturnWish:
    """Take a wish off the list without booking it; `version` is the one that was shown."""
    allow(actor, Permission.BOOKINGS)
    with services.store.writing() as tx:
        wish = _waiting(fetch(tx, actor, ReturnWish, wish_id), version)
        kept = tx.update(replace(wish, state=ReturnState.LET_GO))
        record(tx, services, actor, "return.let_go", wish.id, wish.client_id)
    return kept


def _waiting(wish: ReturnWish, version: int) -> ReturnWish:
    if wish.version != version or wish.state is not ReturnState.WAITING:
        raise Conflict("store.changed_meanwhile", kind="return_wish", id=wish.id)
    return wish
