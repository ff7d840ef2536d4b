"""Rules about what a plan holds: known things, once each, the right people, and bookings that hang together."""

from collections import Counter
from collections.abc import Callable, Iterator

from dispatch.model.day import COUPLE_GRID_S
from dispatch.model.kinds import StopKind
from dispatch.model.plan import booking_of
from dispatch.model.said import said
from dispatch.model.timetable import Violation
from dispatch.rules.assignment import AssignmentRule
from dispatch.rules.context import Context


def unknown_therapist(context: Context) -> Iterator[Violation]:
    """Only therapists of the day have routes."""
    for route in context.plan.routes:
        if route.stops and route.therapist_id not in context.compiled.therapist_index:
            yield Violation(
                rule="unknown_therapist",
                subject_id=route.therapist_id,
                said=said("rule.unknown_therapist", therapist_id=route.therapist_id),
                therapist_id=route.therapist_id,
                waivable=False,
            )


def unknown_visit(context: Context) -> Iterator[Violation]:
    """Only visits of the day's bookings are in routes."""
    for route in context.plan.routes:
        for name in route.visit_ids():
            if name not in context.compiled.visit_index:
                yield Violation(
                    rule="unknown_visit",
                    subject_id=name,
                    said=said("rule.unknown_visit", visit_id=name, therapist_id=route.therapist_id),
                    therapist_id=route.therapist_id,
                    waivable=False,
                )


def unknown_break(context: Context) -> Iterator[Violation]:
    """A route holds only breaks of its own therapist."""
    for route in context.plan.routes:
        t = context.compiled.therapist_index.get(route.therapist_id)
        for stop in route.stops:
            if t is not None and stop.kind is StopKind.BREAK and stop.id not in context.compiled.break_index[t]:
                yield Violation(
                    rule="unknown_break",
                    subject_id=route.therapist_id,
                    said=said("rule.unknown_break", break_id=stop.id, therapist_id=route.therapist_id),
                    therapist_id=route.therapist_id,
                    waivable=False,
                )


def route_twice(context: Context) -> Iterator[Violation]:
    """A therapist has one route."""
    for name, count in Counter(route.therapist_id for route in context.plan.routes).items():
        if count > 1:
            yield Violation(
                rule="route_twice",
                subject_id=name,
                said=said("rule.route_twice", therapist_id=name, count=count),
                therapist_id=name,
                waivable=False,
            )


def break_twice(context: Context) -> Iterator[Violation]:
    """A therapist takes each of her breaks once."""
    for route in context.plan.routes:
        for name, count in Counter(stop.id for stop in route.stops if stop.kind is StopKind.BREAK).items():
            if count > 1:
                yield Violation(
                    rule="break_twice",
                    subject_id=route.therapist_id,
                    said=said("rule.break_twice", therapist_id=route.therapist_id, break_id=name, count=count),
                    therapist_id=route.therapist_id,
                    waivable=False,
                )


def duplicate_visit(context: Context) -> Iterator[Violation]:
    """A visit is served once: nobody is booked twice for the same thing."""
    for name, count in Counter(name for route in context.plan.routes for name in route.visit_ids()).items():
        if count > 1 and name in context.compiled.visit_index:
            booking, _ = booking_of(name)
            yield Violation(
                rule="duplicate_visit",
                subject_id=name,
                said=said("rule.duplicate_visit", booking_id=booking, visit_id=name, count=count),
                booking_id=booking,
                waivable=False,
            )


def same_therapist_twice(context: Context) -> Iterator[Violation]:
    """The seats of a booking are served by different therapists."""
    for route in context.plan.routes:
        known = {name for name in route.visit_ids() if name in context.compiled.visit_index}
        for booking, count in Counter(booking_of(name)[0] for name in sorted(known)).items():
            if count > 1:
                yield Violation(
                    rule="same_therapist_twice",
                    subject_id=booking,
                    said=said("rule.same_therapist_twice", booking_id=booking, therapist_id=route.therapist_id),
                    therapist_id=route.therapist_id,
                    booking_id=booking,
                    waivable=False,
                )


def seats_missing(context: Context) -> Iterator[Violation]:
    """A booking is served by as many therapists as it asked for, or by none."""
    planned = {name for route in context.plan.routes for name in route.visit_ids()}
    for booking, visits in zip(context.problem.bookings, context.compiled.booking_visits, strict=True):
        served = sum(1 for v in visits if context.compiled.visits[v] in planned)
        if 0 < served < len(visits):
            yield Violation(
                rule="seats_missing",
                subject_id=booking.id,
                said=said("rule.seats_missing", booking_id=booking.id, served=served, seats=len(visits)),
                booking_id=booking.id,
                waivable=False,
            )


def unknown_left_out(context: Context) -> Iterator[Violation]:
    """Only bookings of the day are left out."""
    for name in sorted({one.booking_id for one in context.plan.left_out} - context.compiled.bookings.keys()):
        yield Violation(
            rule="unknown_left_out",
            subject_id=name,
            said=said("rule.unknown_left_out", booking_id=name),
            booking_id=name,
            waivable=False,
        )


def left_out_twice(context: Context) -> Iterator[Violation]:
    """A booking is left out once, for one reason."""
    for name, count in Counter(one.booking_id for one in context.plan.left_out).items():
        if count > 1:
            yield Violation(
                rule="left_out_twice",
                subject_id=name,
                said=said("rule.left_out_twice", booking_id=name, count=count),
                booking_id=name,
                waivable=False,
            )


def left_out_served(context: Context) -> Iterator[Violation]:
    """A booking is served or left out, not both; one of which a seat is missing is not served."""
    left_out = {one.booking_id for one in context.plan.left_out}
    if not left_out:
        return
    planned = {name for route in context.plan.routes for name in route.visit_ids()}
    for booking, visits in zip(context.problem.bookings, context.compiled.booking_visits, strict=True):
        if booking.id in left_out and all(context.compiled.visits[v] in planned for v in visits):
            yield Violation(
                rule="left_out_served",
                subject_id=booking.id,
                said=said("rule.left_out_served", booking_id=booking.id),
                booking_id=booking.id,
                waivable=False,
            )


def assigned(rule: AssignmentRule) -> Callable[[Context], Iterator[Violation]]:
    """Give the rule that asks an assignment rule about every visit that has not begun."""

    def ask(context: Context) -> Iterator[Violation]:
        for therapist, visit in context.visits():
            booking = context.booking(visit)
            _, seat = booking_of(visit.visit_id)
            reason = rule.reason(therapist, booking, seat, context.compiled.locks.get(visit.visit_id))
            if reason is not None:
                yield Violation(
                    rule=rule.code,
                    subject_id=therapist.id if rule.of_therapist else visit.visit_id,
                    said=reason,
                    therapist_id=therapist.id,
                    booking_id=booking.id,
                    waivable=rule.waivable,
                )

    ask.__name__ = ask.__qualname__ = rule.code
    ask.__doc__ = rule.reason.__doc__
    return ask


def start_together(context: Context) -> Iterator[Violation]:
    """All seats of a booking, and bookings linked to it by the same start, start at once, on the five-minute grid."""
    starts: dict[int, dict[str, int]] = {}
    locked: set[int] = set()
    begun: set[int] = set()
    for route in context.timetable.routes:
        for visit in route.visits():
            group = context.compiled.together[context.compiled.bookings[visit.booking_id]]
            fact = context.compiled.facts.get(visit.visit_id)
            if fact is not None and (fact.started_s is not None or fact.finished_s is not None):
                begun.add(group)
            lock = context.compiled.locks.get(visit.visit_id)
            if lock is not None and lock.start_s is not None:
                locked.add(group)
            starts.setdefault(group, {})[visit.visit_id] = visit.start_s
    for group, by_visit in starts.items():
        names = sorted({booking_of(name)[0] for name in by_visit})
        if len(by_visit) < 2 or group in begun or set(names) & set(context.timetable.cycle):
            continue
        off_grid = group not in locked and any(start % COUPLE_GRID_S for start in by_visit.values())
        if off_grid or len(set(by_visit.values())) > 1:
            first, last = min(by_visit.values()), max(by_visit.values())
            yield Violation(
                rule="start_together",
                subject_id=names[0],
                said=said("rule.start_together", booking_id=names[0], first_s=first, last_s=last),
                booking_id=names[0],
                waivable=False,
            )


def link_gap(context: Context) -> Iterator[Violation]:
    """Where one booking follows another, the gap between them is as agreed."""
    starts: dict[str, int] = {}
    ends: dict[str, int] = {}
    begun: set[str] = set()
    for route in context.timetable.routes:
        for visit in route.visits():
            starts[visit.booking_id] = max(starts.get(visit.booking_id, 0), visit.start_s)
            ends[visit.booking_id] = max(ends.get(visit.booking_id, 0), visit.end_s)
            if context.is_past(visit):
                begun.add(visit.booking_id)
    for first, second, least_s, most_s in context.compiled.gaps:
        one, other = context.problem.bookings[first].id, context.problem.bookings[second].id
        if one not in ends or other not in starts or other in begun or {one, other} & set(context.timetable.cycle):
            continue
        gap_s = starts[other] - ends[one]
        if not least_s <= gap_s <= most_s:
            yield Violation(
                rule="link_gap",
                subject_id=other,
                said=said("rule.link_gap", booking_id=other, other_id=one, least_s=least_s, most_s=most_s),
                booking_id=other,
            )


def cycle(context: Context) -> Iterator[Violation]:
    """No two bookings wait for each other for ever."""
    names = context.timetable.cycle
    if names:
        yield Violation(
            rule="cycle",
            subject_id=names[0],
            said=said("rule.cycle", booking_id=names[0], other_id=names[-1], count=len(names)),
            booking_id=names[0],
            waivable=False,
        )


def fact_moved(context: Context) -> Iterator[Violation]:
    """What has begun stays with its therapist, first in her route and in the order it happened."""
    for t, head in enumerate(context.compiled.heads):
        name = context.compiled.therapists[t]
        planned = context.plan.route_of(name).visit_ids()
        for at, v in enumerate(head):
            if planned[at : at + 1] != (context.compiled.visits[v],):
                booking = context.problem.bookings[context.compiled.booking_of[v]]
                yield Violation(
                    rule="fact_moved",
                    subject_id=context.compiled.visits[v],
                    said=said("rule.fact_moved", booking_id=booking.id, therapist_id=name),
                    therapist_id=name,
                    booking_id=booking.id,
                    waivable=False,
                )
