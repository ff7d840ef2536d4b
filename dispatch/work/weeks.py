"""The week view: the load of seven service days, from rosters, bookings and the plans that are stored."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from dispatch.model.account import Actor
from dispatch.model.booking import Booking
from dispatch.model.branch import Branch
from dispatch.model.decisions import Hold
from dispatch.model.kinds import BookingStatus
from dispatch.model.plan import Plan
from dispatch.model.therapist import Therapist
from dispatch.model.timetable import Timetable
from dispatch.work.doing import branch_of, by_name, today
from dispatch.work.keeping import Remembered
from dispatch.work.permissions import Permission, allow
from dispatch.work.services import Services

if TYPE_CHECKING:
    from dispatch.explain.week import DayLoad
    from dispatch.store import Reading

DAYS = 7

_TIMETABLES: Remembered[Timetable] = Remembered(8 * DAYS)


@dataclass(frozen=True, slots=True, kw_only=True)
class Week:
    """Seven days from a Monday on; `team` is everybody who works on any of them, by name."""

    first: date
    today: date
    days: tuple["DayLoad", ...]
    team: tuple[Therapist, ...]


def week_of(services: Services, actor: Actor, day: date) -> Week:
    """Give the load of the week a day lies in, Monday to Sunday; nothing is planned for it."""
    allow(actor, Permission.READ_DAY)
    first = day - timedelta(days=day.weekday())
    dates = [first + timedelta(days=number) for number in range(DAYS)]
    with services.store.reading() as tx:
        branch = branch_of(tx, actor)
        team = by_name(tx.list(Therapist, branch.id))
        holds = [one for one in tx.list(Hold, branch.id, day=dates) if one.expires_at > services.now()]
        bookings = [one for one in tx.list(Booking, branch.id, day=dates) if one.status is not BookingStatus.CANCELLED]
        held = {one.booking_id for one in holds} & {one.id for one in bookings}
        days = tuple(
            _load(
                tx,
                branch,
                day,
                tuple(one for one in bookings if one.day == day),
                frozenset(one.id for one in bookings if one.day == day and one.id in held),
                team,
            )
            for day in dates
        )
    seen = {load.therapist_id for load_of_day in days for load in load_of_day.therapists if load.works}
    return Week(
        first=first,
        today=today(services, branch),
        days=days,
        team=tuple(one for one in team if one.id in seen),
    )


def _load(
    tx: "Reading",
    branch: Branch,
    day: date,
    bookings: tuple[Booking, ...],
    held: frozenset[str],
    team: tuple[Therapist, ...],
) -> "DayLoad":
    from dispatch.explain.report_day import unplanned
    from dispatch.explain.week import day_load

    pointers = tx.pointers(branch.id, day)
    plan, timetable = None, Timetable()
    if pointers.head_id:
        head = tx.revision(pointers.head_id)
        known = {one.id for one in bookings}
        plan = unplanned(head.plan, frozenset(head.plan.served() - known))
        timetable = _times(tx, head.problem_hash, plan)
    return day_load(
        day,
        bookings,
        held,
        team,
        plan,
        timetable,
        published=pointers.published_id is not None,
        changed=pointers.published_id not in {None, pointers.head_id},
    )


def _times(tx: "Reading", problem_hash: str, plan: Plan) -> Timetable:
    """Give a stored plan's times; reading its problem is what takes long."""
    from dispatch.rules.retime import retime

    return _TIMETABLES.get((problem_hash, plan), lambda: retime(tx.problem(problem_hash), plan))
