"""Writes the nouns of a day's problem into the whole-number tables of the compiled step."""

from collections.abc import Collection, Sequence

import numpy as np

from dispatch.model.problem import DayBooking, DayProblem, DayTherapist
from dispatch.model.therapist import Break
from dispatch.model.travel import TravelMatrix
from dispatch.model.weights import POINTS_PER_SEN, Weights
from dispatch.rules.step import (
    ACCESS,
    ALL_SHIFTS,
    ANY_SHIFT,
    ANY_TIME,
    BREAKS,
    CARRIED,
    CONSECUTIVE_LIMIT,
    DURATION,
    END,
    FIRST_BREAK,
    FIRST_SHIFT,
    FIRST_WINDOW,
    GRID,
    LAST_END,
    LOCATION,
    LOCKED,
    MODE,
    MUST_BREAK,
    NEVER,
    PACK_UP,
    PAST,
    PROMISE,
    REST,
    RESTED,
    SET_UP,
    SHIFTS,
    START,
    TABLE_HOURS,
    THERAPIST_COLUMNS,
    TOLERANCE,
    TRAVEL_LIMIT,
    UNEVEN,
    VISIT_COLUMNS,
    VISITS_LIMIT,
    WINDOWS,
    WORK_LIMIT,
    Ints,
)

Waived = Collection[tuple[str, str]]


def access_rows(access_s: Sequence[int]) -> list[list[int]]:
    """Give the access by hour, and by hour the least `clock + access` of all later hours (waiting at the gate)."""
    by_hour = [access_s[hour % len(access_s)] for hour in range(TABLE_HOURS)]
    later = [NEVER] * TABLE_HOURS
    for hour in range(TABLE_HOURS - 2, -1, -1):
        later[hour] = min(later[hour + 1], 3600 * (hour + 1) + by_hour[hour + 1])
    return [by_hour, later]


def speed_rows(matrix: TravelMatrix) -> list[list[int]]:
    """Give the rate by hour, and what is driven (in thousandths of reference seconds) before each hour."""
    rates = matrix.profile.rate_per_mille
    rate = [rates[min(hour, len(rates) - 1)] for hour in range(TABLE_HOURS)]
    driven = [0] * TABLE_HOURS
    for hour in range(1, TABLE_HOURS):
        driven[hour] = driven[hour - 1] + 3600 * rate[hour - 1]
    return [rate, driven]


def hours_and_modes(problem: DayProblem) -> tuple[Ints, Ints, dict[tuple[int, ...], int]]:
    """Give the hourly rows, the modes' (row, fixed seconds), and the row of each access profile."""
    rows: list[list[int]] = []
    access: dict[tuple[int, ...], int] = {}
    for booking in problem.bookings:
        if booking.access_s not in access:
            access[booking.access_s] = len(rows)
            rows += access_rows(booking.access_s)
    modes = []
    for matrix in problem.matrices:
        modes.append([len(rows), matrix.fixed_s])
        rows += speed_rows(matrix)
    hours = np.array(rows, np.int64).reshape(-1, TABLE_HOURS)
    return hours, np.array(modes, np.int64).reshape(-1, 2), access


def visit_row(
    booking: DayBooking,
    visit: str,
    access_row: int,
    first_window: int,
    lock_s: int | None,
    waived: Waived,
    weights: Weights,
) -> Ints:
    """Give one visit's row, without what facts and the published plan add."""
    row = np.full(VISIT_COLUMNS, -1, np.int64)
    row[LOCATION], row[DURATION] = booking.location, booking.duration_s
    row[SET_UP], row[PACK_UP] = booking.set_up_s, booking.pack_up_s
    row[FIRST_WINDOW], row[WINDOWS] = first_window, len(booking.windows)
    row[TOLERANCE], row[ACCESS] = booking.late_tolerance_s, access_row
    row[PROMISE] = -1 if booking.promise_s is None else booking.promise_s
    row[LOCKED] = -1 if lock_s is None or ("lock_time", visit) in waived else lock_s
    row[ANY_TIME] = int(("window_missed", visit) in waived)
    row[ANY_SHIFT] = int(("outside_shift", visit) in waived)
    row[GRID] = int(len(booking.seats) > 1)
    row[PAST] = 0
    several = len(booking.windows) > 1
    beyond = booking.late_tolerance_s > 0 or row[ANY_TIME] == 1
    priced = several and (weights.tight_sen_per_min > 0 or (beyond and weights.late_sen_per_min > 0))
    row[UNEVEN] = int(booking.promise_s is not None or priced)
    return row


def shift_spans(therapist: DayTherapist, waived: Waived) -> list[list[int]]:
    """Give her shifts as work may lie in them: not before she is rested, the last one with its overtime."""
    rested_s = -1 if ("rest_too_short", therapist.id) in waived else therapist.rested_from_s
    spans = [[max(shift.start_s, rested_s), shift.end_s] for shift in therapist.shifts]
    if spans:
        spans[-1][1] = NEVER if ("shift_end", therapist.id) in waived else spans[-1][1] + therapist.overtime_s
    return spans


def therapist_row(therapist: DayTherapist, mode: int, first_shift: int, first_break: int, waived: Waived) -> Ints:
    """Give one therapist's row, without what facts add."""
    limits = therapist.limits

    def limit(rule: str, value: int) -> int:
        return 0 if (rule, therapist.id) in waived else value

    row = np.zeros(THERAPIST_COLUMNS, np.int64)
    row[MODE] = mode
    row[START] = 0 if therapist.start_location is None else therapist.start_location
    row[END] = -1 if therapist.end_location is None else therapist.end_location
    row[FIRST_SHIFT], row[SHIFTS] = first_shift, len(therapist.shifts)
    row[LAST_END] = therapist.shifts[-1].end_s if therapist.shifts else -1
    row[FIRST_BREAK], row[BREAKS] = first_break, len(therapist.breaks)
    row[MUST_BREAK] = int(("break_missing", therapist.id) not in waived)
    row[WORK_LIMIT] = limit("work_limit", limits.work_s)
    row[TRAVEL_LIMIT] = limit("travel_limit", limits.travel_s)
    row[VISITS_LIMIT] = limit("visits_limit", limits.visits)
    row[CONSECUTIVE_LIMIT] = limit("consecutive_limit", limits.consecutive_s)
    row[REST], row[CARRIED] = limits.rest_s, therapist.carried_s
    row[ALL_SHIFTS] = int(not therapist.shifts and ("off_duty", therapist.id) in waived)
    row[RESTED] = -1 if ("rest_too_short", therapist.id) in waived else therapist.rested_from_s
    return row


def is_due(therapist: DayTherapist, pause: Break, now_s: int | None) -> bool:
    """Tell whether a break must be taken: some shift has room for it in its time, and that time is not over."""
    if now_s is not None and pause.latest_s + pause.duration_s <= now_s:
        return False
    return any(
        max(pause.earliest_s, shift.start_s, therapist.rested_from_s)
        <= min(pause.latest_s, shift.end_s - pause.duration_s)
        for shift in therapist.shifts
    )


def liking_sen(therapist: DayTherapist, booking: DayBooking, weights: Weights) -> dict[str, int]:
    """Give by cost term what it costs that it is she who comes, whatever the hour."""
    costs = {}
    if booking.preferred_therapists and therapist.id not in booking.preferred_therapists:
        costs["preferred"] = weights.preferred_missed_sen
    if booking.preferred_gender is not None and therapist.gender is not booking.preferred_gender:
        costs["preferred_gender"] = weights.preferred_gender_missed_sen
    if booking.familiar:
        visits = max((one.visits for one in booking.familiar if one.therapist_id == therapist.id), default=0)
        missed = weights.familiar_visits_counted - min(visits, weights.familiar_visits_counted)
        costs["familiar"] = missed * weights.familiar_sen_per_visit
    return costs


def tight_s(booking: DayBooking, start_s: int, margin_s: int) -> int:
    """Give by how much a start falls short of the margin before its window's end: the step's `tightness`, for people."""
    inside = [window.end_s for window in booking.windows if window.start_s <= start_s <= window.end_s]
    if inside:
        return max(0, start_s + margin_s - max(inside))
    return margin_s if any(window.end_s < start_s for window in booking.windows) else 0


def price_row(problem: DayProblem) -> Ints:
    """Give the prices in points per second or started minute, in the order the step names them; no clock yet."""
    weights = problem.weights
    return np.array(
        [
            weights.travel_sen_per_h,
            weights.overtime_sen_per_h,
            weights.late_sen_per_min * POINTS_PER_SEN,
            weights.promise_sen_per_min * POINTS_PER_SEN,
            weights.promise_grace_s,
            weights.fairness_sen_per_h,
            problem.fair_share_s,
            weights.moved_sen_per_min * POINTS_PER_SEN,
            -1,
            weights.tight_sen_per_min * POINTS_PER_SEN,
            weights.tight_margin_s,
        ],
        np.int64,
    )
