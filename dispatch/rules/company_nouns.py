"""Whether the company's own nouns can be right: the catalogue, its prices, therapists, accounts, the branch.

As in `dispatch.rules.nouns`, each function gives all errors of its noun at once, each naming its field.
"""

import re
from collections.abc import Collection
from dataclasses import fields
from datetime import date
from zoneinfo import available_timezones

from dispatch.errors import BadInput, LaluanError
from dispatch.model.account import Account
from dispatch.model.branch import Branch
from dispatch.model.catalogue import Complaint, Contraindication, PayRule, PriceRule, Technique, Treatment
from dispatch.model.day import DAY_S, HORIZON_S, HOUR_S, SERVICE_DAY_END_S, SERVICE_DAY_START_S
from dispatch.model.kinds import Role
from dispatch.model.therapist import Therapist
from dispatch.model.weights import Weights
from dispatch.rules.noun_checks import (
    MOST_SEN,
    NOTE_LENGTH,
    Errors,
    break_errors,
    day_errors,
    id_errors,
    known_errors,
    length_errors,
    phone_errors,
    point_errors,
    range_errors,
    shift_errors,
    text_errors,
)

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
LONGEST_MINUTES = 300
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s.]+")


def treatment_errors(
    treatment: Treatment,
    *,
    techniques: Collection[str],
    complaints: Collection[str],
    contraindications: Collection[str],
) -> list[LaluanError]:
    """Find everything wrong with an entry of the catalogue."""
    errors: list[LaluanError] = [
        *id_errors("id", treatment.id),
        *text_errors("name", treatment.name, needed=True),
        *known_errors("technique.unknown", "techniques", treatment.techniques, techniques),
        *known_errors("complaint.unknown", "suits", treatment.suits, complaints),
        *known_errors("contraindication.unknown", "ask_about", treatment.ask_about, contraindications),
        *length_errors("set_up_s", treatment.set_up_s, 2 * HOUR_S),
        *length_errors("pack_up_s", treatment.pack_up_s, 2 * HOUR_S),
    ]
    if not treatment.techniques:
        errors.append(BadInput("treatment.no_technique", field="techniques", treatment=treatment.name))
    if not treatment.minutes:
        errors.append(BadInput("treatment.no_minutes", field="minutes", treatment=treatment.name))
    for minutes in treatment.minutes:
        errors.extend(range_errors("minutes", minutes, 10, LONGEST_MINUTES))
    lengths = [str(minutes) for minutes in treatment.minutes]
    errors.extend(known_errors("id.unknown", "minutes", lengths, lengths))
    return errors


def price_errors(rule: PriceRule | PayRule, *, treatment: Treatment | None, today: date) -> list[LaluanError]:
    """Find everything wrong with a price or pay rule."""
    amount, place = (rule.price_sen, "price_sen") if isinstance(rule, PriceRule) else (rule.pay_sen, "pay_sen")
    errors: list[LaluanError] = [
        *id_errors("id", rule.id),
        *range_errors(place, amount, 0, MOST_SEN),
        *day_errors("valid_from", rule.valid_from, today, either_way=3_660),
    ]
    if treatment is None:
        errors.append(BadInput("booking.unknown_treatment", field="treatment_id", id=rule.treatment_id))
    elif rule.minutes not in treatment.minutes:
        errors.append(
            BadInput(
                "booking.minutes_not_offered",
                field="minutes",
                minutes=rule.minutes,
                treatment=treatment.name,
                offered=", ".join(str(minutes) for minutes in sorted(treatment.minutes)),
            )
        )
    if not 0 <= rule.from_s < rule.to_s <= HORIZON_S:
        errors.append(BadInput("price.hours", field="from_s", from_s=rule.from_s, to_s=rule.to_s))
    return errors


def therapist_errors(
    therapist: Therapist, *, branch: Branch, techniques: Collection[str], today: date
) -> list[LaluanError]:
    """Find everything wrong with a therapist: herself, her places and every day of her roster."""
    errors: list[LaluanError] = [
        *id_errors("id", therapist.id),
        *text_errors("name", therapist.name, needed=True),
        *phone_errors("phone", therapist.phone),
        *known_errors("technique.unknown", "techniques", therapist.techniques, techniques),
        *length_errors("overtime_s", therapist.overtime_s, 8 * HOUR_S),
        *length_errors("min_rest_s", therapist.min_rest_s, DAY_S),
        *length_errors("fairness_carried_s", therapist.fairness_carried_s, 1_000 * HOUR_S),
    ]
    if not therapist.techniques:
        errors.append(BadInput("therapist.no_technique", field="techniques", name=therapist.name))
    if therapist.start_place is None:
        errors.append(BadInput("therapist.no_start_place", field="start_place", name=therapist.name))
    for where, place in (("start_place", therapist.start_place), ("end_place", therapist.end_place)):
        if place is not None:
            errors.extend(text_errors(where, place.name, needed=True))
            errors.extend(text_errors(where, place.area))
            errors.extend(point_errors(where, place.name, place.point, branch))
    for limit in ("work_s", "travel_s", "consecutive_s", "rest_s"):
        errors.extend(length_errors(f"limits.{limit}", getattr(therapist.limits, limit), DAY_S))
    errors.extend(range_errors("limits.visits", therapist.limits.visits, 0, 50))
    errors.extend(_roster_errors(therapist, today))
    return errors


def _roster_errors(therapist: Therapist, today: date) -> Errors:
    name = therapist.name
    weekdays = [str(pattern.weekday) for pattern in therapist.roster.pattern]
    yield from known_errors("roster.weekday", "roster.pattern", weekdays, [str(number) for number in range(7)])
    for pattern in therapist.roster.pattern:
        on = WEEKDAYS[pattern.weekday % 7]
        yield from shift_errors("roster.pattern", name, on, pattern.shifts)
        yield from break_errors("roster.pattern", name, on, pattern.breaks, pattern.shifts)
    days = [exception.day.isoformat() for exception in therapist.roster.exceptions]
    yield from known_errors("id.unknown", "roster.exceptions", days, days)
    for exception in therapist.roster.exceptions:
        on = exception.day.isoformat()
        # Old exceptions stay in the roster for the record; only a date far ahead is a slip.
        if exception.day > today:
            yield from day_errors("roster.exceptions", exception.day, today)
        yield from shift_errors("roster.exceptions", name, on, exception.shifts)
        yield from break_errors("roster.exceptions", name, on, exception.breaks, exception.shifts)
        yield from text_errors("roster.exceptions", exception.reason, limit=NOTE_LENGTH)


def named_errors(noun: Technique | Complaint | Contraindication) -> list[LaluanError]:
    """Find everything wrong with a technique, a complaint or a contra-indication."""
    errors = [*id_errors("id", noun.id), *text_errors("name", noun.name, needed=True)]
    if isinstance(noun, Contraindication):
        errors.extend(text_errors("question", noun.question, limit=NOTE_LENGTH, needed=True))
    return errors


def account_errors(account: Account, *, therapists: Collection[str]) -> list[LaluanError]:
    """Find everything wrong with an account."""
    errors: list[LaluanError] = [
        *id_errors("id", account.id),
        *text_errors("name", account.name, needed=True),
        *text_errors("email", account.email, limit=254, needed=True),
    ]
    if account.email and not _EMAIL.fullmatch(account.email):
        errors.append(BadInput("account.email", field="email", email=account.email[:254]))
    if not account.password_hash:
        errors.append(BadInput("account.no_password", field="password", email=account.email[:254]))
    if account.role is Role.THERAPIST and not account.therapist_id:
        errors.append(BadInput("account.no_therapist", field="therapist_id", name=account.name))
    if account.therapist_id:
        errors.extend(known_errors("therapist.unknown", "therapist_id", [account.therapist_id], therapists))
    return errors


def branch_errors(branch: Branch) -> list[LaluanError]:
    """Find everything wrong with a branch."""
    errors: list[LaluanError] = [
        *id_errors("id", branch.id),
        *text_errors("name", branch.name, needed=True),
        *phone_errors("phone", branch.phone),
    ]
    if branch.time_zone not in available_timezones():
        errors.append(BadInput("branch.time_zone", field="time_zone", time_zone=branch.time_zone[:80]))
    if not SERVICE_DAY_START_S <= branch.opens_s < branch.closes_s <= SERVICE_DAY_END_S:
        errors.append(BadInput("branch.hours", field="opens_s", opens_s=branch.opens_s, closes_s=branch.closes_s))
    area = branch.service_area
    if not (-90 <= area.south < area.north <= 90 and -180 <= area.west < area.east <= 180):
        errors.append(BadInput("branch.area", field="service_area", name=branch.name))
    if any(len(polygon) < 3 for polygon in area.polygons):
        errors.append(BadInput("branch.polygon", field="service_area", name=branch.name))
    for weight in fields(Weights):
        errors.extend(range_errors(f"weights.{weight.name}", getattr(branch.weights, weight.name), 0, 1_000_000))
    return errors
