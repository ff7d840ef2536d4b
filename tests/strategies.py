"""Small days for tests: plain builders with everything defaulted, and hypothesis strategies for random ones.

`day_problem(bookings, therapists, ...)` needs only what a test is about. Locations lie on a line, `metres` apart, so
that a leg's reference seconds can be read off the indices: 600 s for each step unless a test says otherwise.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from random import Random
from typing import Any

from hypothesis import strategies as st

from dispatch.model.booking import Seat, TimeWindow
from dispatch.model.decisions import Lock, Waiver
from dispatch.model.facts import VisitFact
from dispatch.model.kinds import BreakKind, Gender, LinkKind, StopKind, TravelMode, VisitState
from dispatch.model.plan import Plan, Route, Stop, booking_of, visit_id
from dispatch.model.problem import DayBooking, DayLink, DayProblem, DayTherapist, Familiar, Location
from dispatch.model.therapist import Break, Limits, Shift
from dispatch.model.travel import HourProfile, TravelMatrix

DAY = date(2026, 3, 2)
HOUR = 3_600
LOCATIONS = 5
STEP_S = 600


def line_matrix(
    size: int = LOCATIONS,
    *,
    mode: TravelMode = TravelMode.CAR,
    step_s: int = STEP_S,
    fixed_s: int = 0,
    rates: Sequence[int] = (1_000,),
) -> TravelMatrix:
    """A matrix of places on a line, each `step_s` reference seconds and 5 km from the next."""
    steps = [abs(a - b) for a in range(size) for b in range(size)]
    return TravelMatrix(
        mode=mode,
        size=size,
        reference_s=tuple(step * step_s for step in steps),
        distance_m=tuple(step * 5_000 for step in steps),
        fixed_s=fixed_s,
        profile=HourProfile(rate_per_mille=tuple(rates)),
        engine="line",
    )


def day_booking(
    booking_id: str = "b1",
    *,
    location: int = 1,
    hours: tuple[float, float] = (10, 12),
    minutes: int = 60,
    seats: int | Sequence[Seat] = 1,
    windows: Sequence[TimeWindow] | None = None,
    **more: Any,
) -> DayBooking:
    """A booking of one plain seat whose treatment starts between two hours of the clock."""
    window = TimeWindow(start_s=int(hours[0] * HOUR), end_s=int(hours[1] * HOUR))
    return DayBooking(
        id=booking_id,
        location=location,
        duration_s=minutes * 60,
        windows=(window,) if windows is None else tuple(windows),
        seats=tuple(Seat() for _ in range(seats)) if isinstance(seats, int) else tuple(seats),
        **more,
    )


def day_therapist(
    therapist_id: str = "t1",
    *,
    hours: tuple[float, float] = (9, 18),
    shifts: Sequence[Shift] | None = None,
    start: int | None = 0,
    home: int | None = 0,
    techniques: Sequence[str] = ("swedish", "deep"),
    gender: Gender = Gender.FEMALE,
    **more: Any,
) -> DayTherapist:
    """A therapist with one shift who starts at location 0 and goes home there."""
    shift = Shift(start_s=int(hours[0] * HOUR), end_s=int(hours[1] * HOUR))
    return DayTherapist(
        id=therapist_id,
        techniques=tuple(techniques),
        gender=gender,
        shifts=(shift,) if shifts is None else tuple(shifts),
        start_location=start,
        end_location=home,
        **more,
    )


def pause(
    break_id: str = "meal",
    *,
    minutes: int = 30,
    hours: tuple[float, float] = (12, 14),
    kind: BreakKind = BreakKind.MEAL,
) -> Break:
    """A break that starts between two hours of the clock."""
    return Break(
        id=break_id,
        kind=kind,
        duration_s=minutes * 60,
        earliest_s=int(hours[0] * HOUR),
        latest_s=int(hours[1] * HOUR),
    )


def day_problem(
    bookings: Sequence[DayBooking], therapists: Sequence[DayTherapist], *, size: int = LOCATIONS, **more: Any
) -> DayProblem:
    """A day with these bookings and therapists on a line of places."""
    more.setdefault("matrices", (line_matrix(size),))
    return DayProblem(
        id="day",
        day=DAY,
        locations=tuple(Location(id=f"place-{n}", lat=3.1, lon=101.6 + n * 0.045) for n in range(size)),
        bookings=tuple(bookings),
        therapists=tuple(therapists),
        **more,
    )


def visit(booking_id: str, seat: int = 0) -> Stop:
    """The stop that is one seat's visit."""
    return Stop(kind=StopKind.VISIT, id=visit_id(booking_id, seat))


def rest(break_id: str = "meal") -> Stop:
    """The stop that is a break."""
    return Stop(kind=StopKind.BREAK, id=break_id)


def plan_of(**routes: Sequence[Stop | str]) -> Plan:
    """A plan by therapist id; a word stands for a visit: `"b1"` is its first seat, `"b1/1"` the second."""

    def stop(one: Stop | str) -> Stop:
        if isinstance(one, Stop):
            return one
        return Stop(kind=StopKind.VISIT, id=one if "/" in one else visit_id(one, 0))

    return Plan(routes=tuple(Route(therapist_id=t, stops=tuple(map(stop, stops))) for t, stops in routes.items()))


# --- random days -----------------------------------------------------------------------------------------------------

GENDERS = st.sampled_from(Gender)
TECHNIQUES = ("swedish", "deep", "prenatal")
WAIVED_FOR_VISITS = ("not_asked", "gender", "lock_therapist", "lock_time", "window_missed", "outside_shift")
WAIVED_FOR_THERAPISTS = (
    "shift_end",
    "rest_too_short",
    "break_missing",
    "break_late",
    "work_limit",
    "travel_limit",
    "visits_limit",
    "consecutive_limit",
)


def _quarter(low: int, high: int) -> st.SearchStrategy[int]:
    """A quarter of an hour between two hours of the clock, in seconds."""
    return st.integers(low * 4, high * 4).map(lambda n: n * 900)


@st.composite
def windows(draw: st.DrawFn, *, most: int = 2, easy: bool = False) -> tuple[TimeWindow, ...]:
    """One window or two, of up to four hours; an easy one is long."""
    if easy:
        start_s = draw(_quarter(8, 14))
        return (TimeWindow(start_s=start_s, end_s=start_s + draw(st.integers(8, 40)) * 900),)
    starts = draw(st.lists(_quarter(7, 22), min_size=1, max_size=most, unique=True))
    return tuple(TimeWindow(start_s=s, end_s=s + draw(st.integers(0, 16)) * 900) for s in sorted(starts))


@st.composite
def matrices(draw: st.DrawFn, size: int = LOCATIONS) -> TravelMatrix:
    """Any travel times, the triangle inequality not held, with hourly speeds; drawn from one seed, which is quick."""
    seeded = Random(draw(st.integers(0, 10_000)))
    legs = [seeded.randint(1, 3_000) for _ in range(size * size)]
    for n in range(size):
        legs[n * size + n] = 0
    rates = [seeded.randint(300, 1_500) for _ in range(seeded.randint(1, 30))]
    return TravelMatrix(
        mode=TravelMode.CAR,
        size=size,
        reference_s=tuple(legs),
        distance_m=tuple(leg * 10 for leg in legs),
        fixed_s=draw(st.sampled_from([0, 120])),
        profile=HourProfile(rate_per_mille=tuple(rates)),
    )


@st.composite
def bookings(
    draw: st.DrawFn, booking_id: str, *, most_seats: int = 2, therapists: int = 3, easy: bool = False
) -> DayBooking:
    """One booking of any kind, for therapists t1, t2, ...; an easy one takes whoever comes, at many times."""
    ids = [f"t{n + 1}" for n in range(therapists)]
    some = st.lists(st.sampled_from(ids), max_size=1, unique=True).map(tuple)
    seat = st.builds(
        Seat,
        techniques=st.lists(st.sampled_from(TECHNIQUES[:2]), max_size=1).map(tuple),
        only_gender=st.sampled_from([None, None, None, Gender.FEMALE]),
    )
    access = st.one_of(
        st.integers(0, 900).map(lambda s: (s,)),
        st.integers(0, 1_000).map(lambda seed: tuple(Random(seed).choices(range(5_000), k=24))),
    )
    spans = draw(windows(easy=easy))
    if easy:
        seat, access = st.just(Seat()), st.integers(0, 900).map(lambda s: (s,))
    return DayBooking(
        id=booking_id,
        location=draw(st.integers(1, LOCATIONS - 1)),
        duration_s=draw(st.sampled_from([45, 60] if easy else [45, 60, 90, 120])) * 60,
        windows=spans,
        seats=tuple(draw(st.lists(seat, min_size=1, max_size=most_seats))),
        access_s=draw(access),
        set_up_s=draw(st.sampled_from([0, 600])),
        pack_up_s=draw(st.sampled_from([0, 480])),
        late_tolerance_s=draw(st.sampled_from([0, 0, 900, 3_600])),
        only_therapists=() if easy else draw(st.one_of(st.just(()), st.just(()), some)),
        preferred_therapists=draw(some),
        never_therapists=() if easy else draw(st.one_of(st.just(()), some)),
        preferred_gender=draw(st.sampled_from([None, Gender.FEMALE, Gender.MALE])),
        familiar=tuple(Familiar(therapist_id=t, visits=draw(st.integers(0, 7))) for t in draw(some)),
        priority=draw(st.sampled_from([0, 0, 0, 5, 50])),
        value_sen=draw(st.integers(10_000, 40_000)),
        promise_s=draw(st.one_of(st.none(), st.just(spans[0].start_s + 900))),
    )


@st.composite
def shifts(draw: st.DrawFn) -> tuple[Shift, ...]:
    """One shift, or a split one."""
    start = draw(_quarter(7, 11))
    whole = Shift(start_s=start, end_s=start + draw(st.integers(24, 56)) * 900)
    if not draw(st.booleans()):
        return (whole,)
    gap = start + draw(st.integers(8, 16)) * 900
    return (
        Shift(start_s=start, end_s=gap),
        Shift(start_s=gap + draw(st.sampled_from([900, 3_600])), end_s=max(whole.end_s, gap + 3 * HOUR)),
    )


@st.composite
def pauses(draw: st.DrawFn, *, most: int = 2) -> tuple[Break, ...]:
    """No break, one or two, fixed or floating."""
    count = draw(st.integers(0, most))
    result = []
    for n in range(count):
        earliest = draw(_quarter(9, 19))
        result.append(
            Break(
                id=f"break-{n}",
                kind=draw(st.sampled_from(BreakKind)),
                duration_s=draw(st.sampled_from([900, 1_800, 3_600])),
                earliest_s=earliest,
                latest_s=earliest + draw(st.sampled_from([0, 1_800, 7_200])),
            )
        )
    return tuple(result)


@st.composite
def therapists(draw: st.DrawFn, therapist_id: str, *, most_breaks: int = 2) -> DayTherapist:
    """One therapist of any kind."""
    pieces = draw(shifts())
    limits = Limits(
        work_s=draw(st.sampled_from([0, 0, 0, 5 * HOUR])),
        travel_s=draw(st.sampled_from([0, 0, 0, 5_000])),
        consecutive_s=draw(st.sampled_from([0, 0, 4 * HOUR, 6 * HOUR])),
        visits=draw(st.sampled_from([0, 0, 0, 2])),
    )
    return DayTherapist(
        id=therapist_id,
        techniques=draw(st.sampled_from([("swedish", "deep"), ("swedish",), TECHNIQUES])),
        gender=draw(GENDERS),
        shifts=pieces,
        start_location=draw(st.integers(0, 1)),
        end_location=draw(st.sampled_from([None, 0, 2])),
        breaks=draw(pauses(most=most_breaks)),
        limits=limits,
        overtime_s=draw(st.sampled_from([0, 3_600])),
        rested_from_s=draw(st.sampled_from([0, 0, pieces[0].start_s + 1_800])),
        carried_s=draw(st.sampled_from([0, 3_600])),
    )


@st.composite
def day_problems(
    draw: st.DrawFn,
    *,
    most_bookings: int = 4,
    most_therapists: int = 3,
    most_breaks: int = 2,
    most_seats: int = 2,
    links: bool = True,
    locks: bool = True,
    waivers: bool = True,
    published: bool = True,
) -> DayProblem:
    """A small day with everything the model knows in it; what has happened is added by `with_facts`."""
    easy = draw(st.booleans())
    team = [
        draw(therapists(f"t{n + 1}", most_breaks=most_breaks)) for n in range(draw(st.integers(1, most_therapists)))
    ]
    wishes = [
        draw(bookings(f"b{n + 1}", most_seats=min(most_seats, len(team)), therapists=len(team), easy=easy))
        for n in range(draw(st.integers(1, most_bookings)))
    ]
    problem = day_problem(wishes, team, matrices=(draw(matrices()),), fair_share_s=draw(st.sampled_from([0, 4 * HOUR])))
    if links and len(wishes) > 1 and draw(st.booleans()):
        kind = draw(st.sampled_from(LinkKind))
        link = DayLink(kind=kind, first_id="b1", second_id="b2", min_s=600, max_s=draw(st.sampled_from([600, 7_200])))
        problem = replace(problem, links=(link,))
    if locks and draw(st.booleans()):
        lock = Lock(
            visit_id=visit_id("b1", 0),
            therapist_id=draw(st.sampled_from([None, team[0].id])),
            start_s=draw(st.sampled_from([None, wishes[0].windows[0].start_s])),
        )
        problem = replace(problem, locks=(lock,))
    if waivers and draw(st.booleans()):
        of_visit = st.tuples(st.sampled_from(WAIVED_FOR_VISITS), st.just(visit_id("b1", 0)))
        of_therapist = st.tuples(st.sampled_from(WAIVED_FOR_THERAPISTS), st.sampled_from([one.id for one in team]))
        given = draw(st.lists(st.one_of(of_visit, of_therapist), min_size=1, max_size=2, unique=True))
        problem = replace(
            problem,
            waivers=tuple(Waiver(rule=rule, subject_id=name, by="dispatcher", reason="agreed") for rule, name in given),
        )
    if published and draw(st.booleans()):
        problem = replace(problem, published=draw(plans(problem)))
    return problem


@st.composite
def plans(draw: st.DrawFn, problem: DayProblem) -> Plan:
    """Any plan of a day, kept rules or not: each visit and break at most once, anywhere or by their windows."""
    ids = [visit_id(booking.id, seat) for booking in problem.bookings for seat in range(len(booking.seats))]
    stops: dict[str, list[Stop]] = {therapist.id: [] for therapist in problem.therapists}
    earliest = {booking.id: booking.windows[0].start_s for booking in problem.bookings}
    orders = st.one_of(st.permutations(ids), st.just(sorted(ids, key=lambda one: earliest[booking_of(one)[0]])))
    for one in draw(orders):
        name = draw(st.sampled_from([None, *stops]))
        if name is not None:
            stops[name].append(Stop(kind=StopKind.VISIT, id=one))
    for therapist in problem.therapists:
        for one_break in therapist.breaks:
            if draw(st.booleans()):
                at = draw(st.integers(0, len(stops[therapist.id])))
                stops[therapist.id].insert(at, rest(one_break.id))
    return Plan(routes=tuple(Route(therapist_id=name, stops=tuple(route)) for name, route in stops.items() if route))


@st.composite
def with_facts(draw: st.DrawFn, problem: DayProblem, plan: Plan) -> DayProblem:
    """The same day somewhat later: the first visits of some routes have begun, and it is some time now."""
    facts = []
    clock = 0
    for route in plan.routes:
        time_s = draw(_quarter(8, 12))
        begun = route.visit_ids()[: draw(st.integers(0, 2))]
        for n, name in enumerate(begun):
            last = n == len(begun) - 1
            state = draw(st.sampled_from(VisitState)) if last else VisitState.FINISHED
            reached = {VisitState.DEPARTED: 1, VisitState.ARRIVED: 2, VisitState.STARTED: 3}.get(state, 4)
            times = [time_s, time_s + 900, time_s + 1_500, time_s + draw(st.integers(30, 120)) * 60]
            known = [time if k < reached else None for k, time in enumerate(times)]
            if state is VisitState.NO_SHOW:
                known[2] = None
            facts.append(
                VisitFact(
                    visit_id=name,
                    therapist_id=route.therapist_id,
                    state=state,
                    departed_s=known[0],
                    arrived_s=known[1],
                    started_s=known[2],
                    finished_s=known[3],
                )
            )
            clock = max([clock, *(time for time in known if time is not None)])
            time_s = times[3] + 600
    return replace(problem, facts=tuple(facts), now_s=clock + draw(st.integers(0, 4)) * 900)
