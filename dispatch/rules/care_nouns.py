"""What is wrong with what is kept of clients' health, and with care plans."""

from collections.abc import Collection
from datetime import date

from dispatch.errors import BadInput, LaluanError
from dispatch.model.care import CarePlan
from dispatch.model.catalogue import Treatment
from dispatch.model.day import HORIZON_S
from dispatch.model.health import Feeling, Health
from dispatch.model.people import Client
from dispatch.model.places import Address
from dispatch.model.therapist import Therapist
from dispatch.rules.noun_checks import (
    DAYS_EITHER_WAY,
    NOTE_LENGTH,
    day_errors,
    id_errors,
    known_errors,
    range_errors,
    text_errors,
)

WORST_PAIN = 10
LONGEST_EVERY = 90
MOST_VISITS = 60
OLDEST_DAYS = 4_000
"""A plan that has gone on for years can still be changed."""


def health_errors(
    health: Health, *, complaints: Collection[str], contraindications: Collection[str]
) -> list[LaluanError]:
    """Find everything wrong with what is to be kept of a client's health."""
    return [
        *known_errors("complaint.unknown", "complaints", health.complaints, complaints),
        *known_errors("contraindication.unknown", "contraindications", health.contraindications, contraindications),
        *text_errors("health_note", health.note, limit=NOTE_LENGTH),
    ]


def feeling_errors(feeling: Feeling) -> list[LaluanError]:
    """Find everything wrong with how a client is said to have felt."""
    return [
        *range_errors("pain", feeling.pain, 0, WORST_PAIN),
        *text_errors("note", feeling.note, limit=NOTE_LENGTH),
    ]


def care_plan_errors(
    plan: CarePlan,
    *,
    client: Client | None,
    address: Address | None,
    treatment: Treatment | None,
    therapist: Therapist | None,
    today: date,
    is_new: bool,
) -> list[LaluanError]:
    """Find everything wrong with a care plan, judged with what it names."""
    errors: list[LaluanError] = [
        *id_errors("id", plan.id),
        *range_errors("every_days", plan.every_days, 1, LONGEST_EVERY),
        *range_errors("visits", plan.visits, 1, MOST_VISITS),
        *day_errors("first_day", plan.first_day, today, either_way=DAYS_EITHER_WAY if is_new else OLDEST_DAYS),
    ]
    if client is None or (is_new and not client.active):
        errors.append(BadInput("booking.unknown_client", field="client_id", id=plan.client_id[:80]))
    if address is None or address.client_id != plan.client_id or (is_new and not address.active):
        errors.append(BadInput("care.no_address", field="address_id"))
    if treatment is None or (is_new and not treatment.active):
        errors.append(BadInput("booking.unknown_treatment", field="treatment_id", id=plan.treatment_id[:80]))
    elif plan.minutes not in treatment.minutes:
        lengths = ", ".join(str(one) for one in treatment.minutes)
        errors.append(BadInput("care.no_such_length", field="minutes", treatment=treatment.name, lengths=lengths))
    if plan.therapist_id and (therapist is None or not therapist.active):
        errors.append(BadInput("therapist.unknown", field="therapist_id", id=plan.therapist_id[:80]))
    elif client and plan.therapist_id in client.never_therapists:
        errors.append(BadInput("care.refused_therapist", field="therapist_id", therapist_id=plan.therapist_id))
    if not 0 <= plan.window.start_s <= plan.window.end_s <= HORIZON_S:
        errors.append(BadInput("care.window", field="window"))
    return errors
