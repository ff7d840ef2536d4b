"""The demo's bookings: today's, tomorrow's, and those of weeks past that tell who knows whom."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

from dispatch.model.booking import Booking, Link, Promise, Seat, TimeWindow
from dispatch.model.branch import Branch
from dispatch.model.day import moment_of
from dispatch.model.decisions import Hold, Lock
from dispatch.model.facts import Event
from dispatch.model.kinds import BookingStatus, EventKind, Gender, LinkKind
from dispatch.model.plan import visit_id
from dispatch.work.demo_people import demo_clients
from dispatch.work.starter import clock_s, treatment_id


def demo_booking(branch: Branch, entry: dict[str, Any], day: date, now: datetime) -> Booking:
    """Turn an entry into a booking; one seat takes the gender the entry asks for, several say it themselves."""
    gender = Gender(entry["gender"]) if "gender" in entry else None
    seats = tuple(
        Seat(
            only_gender=Gender(seat["only_gender"]) if "only_gender" in seat else gender,
            treatment_id=treatment_id(branch.id, seat["treatment"]) if "treatment" in seat else "",
        )
        for seat in entry.get("seats", [{}])
    )
    with_contact = {client["id"] for client in demo_clients() if "contact" in client}
    return Booking(
        id=entry["id"],
        branch_id=branch.id,
        day=day,
        client_id=entry["client"],
        address_id=f"{entry['client']}-address",
        treatment_id=treatment_id(branch.id, entry["treatment"]),
        minutes=entry["minutes"],
        windows=tuple(TimeWindow(start_s=clock_s(start), end_s=clock_s(end)) for start, end in entry["windows"]),
        seats=seats,
        contact_id=f"{entry['client']}-contact" if entry["client"] in with_contact else "",
        status=BookingStatus(entry.get("status", "confirmed")),
        late_tolerance_s=entry.get("late_min", 0) * 60,
        only_therapists=tuple(entry.get("only", ())),
        preferred_therapists=tuple(entry.get("preferred", ())),
        never_therapists=tuple(entry.get("never", ())),
        preferred_gender=Gender(entry["preferred_gender"]) if "preferred_gender" in entry else None,
        priority=entry.get("priority", 0),
        links=tuple(
            Link(
                kind=LinkKind(link["kind"]),
                other_booking_id=link["other"],
                min_s=link.get("min", 0) * 60,
                max_s=link.get("max", 0) * 60,
            )
            for link in entry.get("links", ())
        ),
        promise=Promise(start_s=clock_s(entry["promise"]), told_at=now, told_by="taker")
        if "promise" in entry
        else None,
        note=entry.get("note", ""),
    )


def demo_hold(branch: Branch, entry: dict[str, Any], day: date, now: datetime) -> Hold:
    """Turn an entry into the hold its booking has."""
    hold = entry["hold"]
    return Hold(
        id=f"{entry['id']}-hold",
        branch_id=branch.id,
        day=day,
        booking_id=entry["id"],
        therapist_ids=tuple(hold["therapists"]),
        start_s=clock_s(hold["start"]),
        expires_at=now + timedelta(minutes=hold["minutes"]),
        held_by="taker",
    )


def demo_lock(entry: dict[str, Any]) -> Lock:
    """Turn an entry into what is fixed of its booking."""
    lock = entry["lock"]
    return Lock(
        visit_id=visit_id(entry["id"], 0),
        therapist_id=lock.get("therapist"),
        start_s=clock_s(lock["start"]) if "start" in lock else None,
    )


def demo_past(branch: Branch, history: list[dict[str, Any]], day: date) -> Iterator[tuple[Booking, tuple[Event, ...]]]:
    """Give the bookings of earlier days, done, with the events that say by whom."""
    for entry in history:
        start_s, duration_s = clock_s(entry["start"]), entry["minutes"] * 60
        for days_ago in entry["days_ago"]:
            service_day = day - timedelta(days=days_ago)
            booking_id = f"past-{entry['client']}-{days_ago}"
            booking = Booking(
                id=booking_id,
                branch_id=branch.id,
                day=service_day,
                client_id=entry["client"],
                address_id=f"{entry['client']}-address",
                treatment_id=treatment_id(branch.id, entry["treatment"]),
                minutes=entry["minutes"],
                windows=(TimeWindow(start_s=start_s, end_s=start_s + 1_800),),
                status=BookingStatus.DONE,
            )
            told = ((EventKind.STARTED, start_s), (EventKind.FINISHED, start_s + duration_s))
            yield booking, tuple(_event(branch, booking, entry["therapist"], kind, at_s) for kind, at_s in told)


def _event(branch: Branch, booking: Booking, therapist_id: str, kind: EventKind, at_s: int) -> Event:
    at = moment_of(at_s, booking.day, branch.time_zone).astimezone(UTC)
    return Event(
        id=f"{booking.id}-{kind.value}",
        branch_id=branch.id,
        visit_id=visit_id(booking.id, 0),
        therapist_id=therapist_id,
        kind=kind,
        at_s=at_s,
        device_at=at,
        server_at=at,
        actor=therapist_id,
    )
