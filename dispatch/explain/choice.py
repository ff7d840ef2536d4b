"""What a choice of changes comes to: its plan, judged by the same rules, times and prices as everything else."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass

from dispatch.explain.changes import Change, ChangeKind, Difference, order_id
from dispatch.explain.figures import Figures, figures
from dispatch.model.plan import Plan, booking_of
from dispatch.model.problem import DayProblem
from dispatch.model.said import Said, said
from dispatch.model.timetable import Timetable, Violation, VisitTime
from dispatch.rules.cost import plan_cost
from dispatch.rules.referee import check
from dispatch.rules.retime import retime


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """A plan in the figures it is chosen by; `priority` is that of the bookings served."""

    figures: Figures
    priority: int
    points: int


@dataclass(frozen=True, slots=True, kw_only=True)
class News:
    """A client who has to be told, and what: a start that is not the one known any more, or that nobody comes."""

    booking_id: str
    said: Said


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """A choice of changes: the plan it makes and what stands against it.

    `moved` are the visits that start at another time with the same therapist. Where the choice breaks rules, it keeps
    them together with those it `needs`, or without those that are its `hinders`; each is empty where that helps nothing.
    `changed` counts the bookings that are served otherwise than before.
    """

    chosen: frozenset[str]
    plan: Plan
    violations: tuple[Violation, ...]
    before: Measured
    after: Measured
    moved: tuple[Said, ...]
    news: tuple[News, ...]
    changed: int
    needs: frozenset[str] = frozenset()
    hinders: frozenset[str] = frozenset()


def choice_of(difference: Difference, chosen: Collection[str]) -> Choice:
    """Give what a choice of the changes between two plans comes to; ids that name no change count for nothing."""
    problem = difference.problem
    picked = frozenset(change.id for change in difference.changes) & frozenset(chosen)
    plan = difference.plan(picked)
    old, new = retime(problem, difference.before), retime(problem, plan)
    violations = tuple(check(problem, plan, new))
    was, now = _starts(old), _starts(new)
    smaller = shrunk(difference, picked) if violations else frozenset()
    return Choice(
        chosen=picked,
        plan=plan,
        violations=violations,
        before=measured(problem, difference.before, old),
        after=measured(problem, plan, new),
        moved=tuple(_moved(was, now)),
        news=tuple(_news(problem, was, now)),
        changed=len({booking for booking in was.keys() | now.keys() if _place(was, booking) != _place(now, booking)}),
        needs=grown(difference, picked) - picked if violations else frozenset(),
        hinders=picked - smaller if smaller else frozenset(),
    )


def grown(difference: Difference, chosen: frozenset[str]) -> frozenset[str]:
    """Give a choice that holds the chosen changes and keeps the rules, grown by what makes room; nothing where none does.

    Each step adds the changes that take something out of the routes in which a rule is broken; where there are none, all
    that touch them; and at last all.
    """
    every = difference.changes
    while chosen:
        broken = check(difference.problem, difference.plan(chosen))
        if not broken:
            return chosen
        rest = [change for change in every if change.id not in chosen]
        if not rest:
            break
        routes, touching = _in_the_way(broken, rest)
        freeing = {change.id for change in rest if _touches(change, routes, difference.before, difference.after)}
        chosen |= freeing or touching or {change.id for change in rest}
    return frozenset()


def shrunk(difference: Difference, chosen: frozenset[str]) -> frozenset[str]:
    """Give a part of the chosen changes that keeps the rules, without what stands in the way; nothing where none does.

    Each step leaves out the changes that put something into the routes in which a rule is broken; where there are none,
    all that touch them.
    """
    while chosen:
        broken = check(difference.problem, difference.plan(chosen))
        if not broken:
            return chosen
        mine = [change for change in difference.changes if change.id in chosen]
        routes, touching = _in_the_way(broken, mine)
        filling = {change.id for change in mine if _touches(change, routes, difference.after, difference.before)}
        chosen -= filling or touching or chosen
    return frozenset()


def _in_the_way(broken: Iterable[Violation], among: Iterable[Change]) -> tuple[frozenset[str], set[str]]:
    """Give the routes in which rules are broken (ids of therapists, and of other things), and the changes that touch them."""
    routes = frozenset(name for one in broken for name in (one.therapist_id, one.subject_id))
    bookings = {one.booking_id for one in broken}
    return routes, {one.id for one in among if routes.intersection(one.therapist_ids) or one.booking_id in bookings}


def _touches(change: Change, routes: Collection[str], source: Plan, target: Plan) -> bool:
    """Tell whether a change takes a visit that `source` has and `target` has not from a route, or gives it another order."""
    if change.kind is ChangeKind.ORDER:
        return any(change.id == order_id(name) for name in routes)
    return any(
        booking_of(visit)[0] == change.booking_id
        for name in routes
        for visit in set(source.route_of(name).visit_ids()) - set(target.route_of(name).visit_ids())
    )


def measured(problem: DayProblem, plan: Plan, timetable: Timetable) -> Measured:
    """Give a plan's figures."""
    served = plan.served()
    return Measured(
        figures=figures(problem, plan, timetable),
        priority=sum(booking.priority for booking in problem.bookings if booking.id in served and not booking.is_hold),
        points=plan_cost(problem, plan, timetable).points,
    )


def _starts(timetable: Timetable) -> dict[str, tuple[VisitTime, ...]]:
    """Give each booking's visits by seat."""
    found: dict[str, list[VisitTime]] = {}
    visits = (visit for route in timetable.routes for visit in route.visits())
    for visit in sorted(visits, key=lambda one: one.visit_id):
        found.setdefault(visit.booking_id, []).append(visit)
    return {booking: tuple(mine) for booking, mine in found.items()}


def _place(starts: Mapping[str, tuple[VisitTime, ...]], booking: str) -> tuple[tuple[str, int], ...]:
    return tuple((visit.therapist_id, visit.start_s) for visit in starts.get(booking, ()))


def _moved(was: Mapping[str, tuple[VisitTime, ...]], now: Mapping[str, tuple[VisitTime, ...]]) -> Iterator[Said]:
    """Say which visits start at another time although their therapist stays, by their new start."""
    old = {visit.visit_id: visit for mine in was.values() for visit in mine}
    kept = [visit for mine in now.values() for visit in mine if visit.visit_id in old]
    for visit in sorted(kept, key=lambda one: (one.start_s, one.visit_id)):
        before = old[visit.visit_id]
        if before.therapist_id == visit.therapist_id and before.start_s != visit.start_s:
            yield said(
                "change.moved",
                booking_id=visit.booking_id,
                therapist_id=visit.therapist_id,
                start_s=visit.start_s,
                was_s=before.start_s,
            )


def _news(
    problem: DayProblem, was: Mapping[str, tuple[VisitTime, ...]], now: Mapping[str, tuple[VisitTime, ...]]
) -> Iterator[News]:
    """Say which clients know another start than the new one, beyond the grace of a promise, or lose their place.

    Known is what was promised, or where nothing was, what is published. Who is served as before needs no new message.
    """
    published = {} if problem.published is None else _starts(retime(problem, problem.published))
    grace_s = problem.weights.promise_grace_s
    for booking in problem.bookings:
        if booking.is_hold or _place(was, booking.id) == _place(now, booking.id):
            continue
        known_s = booking.promise_s
        if known_s is None and booking.id in published:
            known_s = published[booking.id][0].start_s
        if known_s is None:
            continue
        if booking.id not in now:
            yield News(booking_id=booking.id, said=said("news.dropped", booking_id=booking.id, known_s=known_s))
        elif abs(now[booking.id][0].start_s - known_s) > grace_s:
            start_s = now[booking.id][0].start_s
            yield News(
                booking_id=booking.id,
                said=said("news.moved", booking_id=booking.id, known_s=known_s, start_s=start_s),
            )
