"""The demo's people: therapists with their week, clients with their contacts, addresses and buildings."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any

from dispatch.model.branch import Branch
from dispatch.model.health import Health
from dispatch.model.kinds import BreakKind, Gender, TravelMode
from dispatch.model.people import Client, Consent, Contact
from dispatch.model.places import Address, Building
from dispatch.model.therapist import Break, DayPattern, Limits, Place, Roster, Shift, Therapist
from dispatch.work.demo_files import known_place, read
from dispatch.work.starter import clock_s


def demo_clients() -> list[dict[str, Any]]:
    """Give the entries of the clients' file."""
    entries: list[dict[str, Any]] = read("clients")["clients"]
    return entries


def demo_therapist(branch: Branch, entry: dict[str, Any], day: date, colour: int) -> Therapist:
    """Turn an entry into a therapist with her week: the same shifts every day but her days of rest."""
    home = known_place(entry["home"])
    place = Place(name=home.name, area=home.area, point=home.point)
    shifts = tuple(Shift(start_s=clock_s(start), end_s=clock_s(end)) for start, end in entry["shifts"])
    breaks = tuple(
        Break(
            id=f"{entry['id']}-{pause['kind']}-{number}",
            kind=BreakKind(pause["kind"]),
            duration_s=pause["minutes"] * 60,
            earliest_s=clock_s(pause["earliest"]),
            latest_s=clock_s(pause["latest"]),
        )
        for number, pause in enumerate(entry.get("breaks", ()), 1)
    )
    off = {(day + timedelta(days=rest)).weekday() for rest in entry["rests"]}
    limits = entry.get("limits", {})
    return Therapist(
        id=entry["id"],
        branch_id=branch.id,
        name=entry["name"],
        techniques=tuple(entry["techniques"]),
        gender=Gender(entry["gender"]),
        start_place=place,
        end_place=place,
        languages=tuple(entry["languages"]),
        travel_mode=TravelMode(entry.get("travel_mode", "car")),
        phone=entry["phone"],
        roster=Roster(
            pattern=tuple(
                DayPattern(weekday=weekday, shifts=shifts, breaks=breaks) for weekday in range(7) if weekday not in off
            )
        ),
        limits=Limits(
            work_s=limits.get("work_min", 0) * 60,
            travel_s=limits.get("travel_min", 0) * 60,
            consecutive_s=limits.get("consecutive_min", 0) * 60,
            rest_s=limits.get("rest_min", 30) * 60,
            visits=limits.get("visits", 0),
        ),
        overtime_s=entry.get("overtime_min", 0) * 60,
        fairness_carried_s=entry.get("fairness_carried_min", 0) * 60,
        colour=colour,
    )


def demo_buildings(branch: Branch, clients: list[dict[str, Any]]) -> Iterator[Building]:
    """Give a building for every place a client lives in, with its notes where there are any."""
    raw = read("buildings")
    notes = {entry["place"]: entry for entry in raw["buildings"]}
    for name in sorted({entry["place"] for entry in clients}):
        place, known = known_place(name), notes.get(name, {})
        if "access_min_by_hour" in known:
            access_min = known["access_min_by_hour"]
        else:
            access_min = [known.get("access_min", raw["access_min"][place.kind.value])]
        yield Building(
            id=_building_id(name),
            branch_id=branch.id,
            name=name,
            area=place.area,
            point=place.point,
            precision=place.precision,
            postcode=place.postcode,
            gate_note=known.get("gate_note", ""),
            parking_note=known.get("parking_note", ""),
            lift_note=known.get("lift_note", ""),
            guard_words=known.get("guard_words", ""),
            access_s=tuple(minutes * 60 for minutes in access_min),
            source=place.source,
        )


def _building_id(name: str) -> str:
    """Give a building's id: its name in small letters and dashes."""
    return "-".join("".join(sign if sign.isalnum() else " " for sign in name.casefold()).split())


def demo_consent(entry: dict[str, Any], given_at: datetime, client: dict[str, Any]) -> Consent:
    """Give the consent a client of the demo gave."""
    return Consent(
        given_at=given_at,
        text_version=entry["text_version"],
        recorded_by=entry["recorded_by"],
        language=client.get("language", "en"),
    )


def demo_client(branch: Branch, entry: dict[str, Any], consent: Consent) -> Client:
    """Turn an entry into a client."""
    return Client(
        id=entry["id"],
        branch_id=branch.id,
        name=entry["name"],
        first_name=entry["first_name"],
        phone=entry.get("phone", ""),
        language=entry.get("language", "en"),
        gender=Gender(entry["gender"]),
        consent=consent,
        preferred_therapists=tuple(entry.get("preferred", ())),
        never_therapists=tuple(entry.get("never", ())),
        note=entry.get("note", ""),
    )


def demo_health(entry: dict[str, Any]) -> Health:
    """Give what a client of the demo said of her health."""
    return Health(
        complaints=tuple(entry.get("complaints", ())), contraindications=tuple(entry.get("contraindications", ()))
    )


def demo_contact(branch: Branch, entry: dict[str, Any]) -> Contact:
    """Turn an entry into the person who books for its client, or opens the door."""
    contact = entry["contact"]
    return Contact(
        id=f"{entry['id']}-contact",
        branch_id=branch.id,
        name=contact["name"],
        client_id=entry["id"],
        phone=contact["phone"],
        relation=contact["relation"],
        language=entry.get("language", "en"),
    )


def demo_address(branch: Branch, entry: dict[str, Any]) -> Address:
    """Turn an entry into its client's address."""
    return Address(
        id=f"{entry['id']}-address",
        branch_id=branch.id,
        client_id=entry["id"],
        building_id=_building_id(entry["place"]),
        tower=entry.get("tower", ""),
        floor=entry.get("floor", ""),
        unit=entry.get("unit", ""),
    )
