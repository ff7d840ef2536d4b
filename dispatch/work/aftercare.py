"""What a therapist knows and notes around her visit: the client's health while it is needed, her note, and the wish to come again."""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import TYPE_CHECKING

from dispatch.errors import BadInput, Conflict, Forbidden, NotFound
from dispatch.model.account import Actor
from dispatch.model.again import ReturnState, ReturnWish
from dispatch.model.booking import Booking
from dispatch.model.catalogue import Complaint, Contraindication, Treatment
from dispatch.model.day import HOUR_S, seconds_of
from dispatch.model.facts import VisitFact, fold
from dispatch.model.health import Feeling, ProgressNote
from dispatch.model.kinds import VisitState
from dispatch.model.people import Client
from dispatch.model.plan import booking_of
from dispatch.work.doing import branch_of, find, record
from dispatch.work.health import FeltVisit, agrees, keep_feeling, read_health
from dispatch.work.permissions import Permission, allow
from dispatch.work.services import Services

if TYPE_CHECKING:
    from dispatch.store import Reading

BEFORE_S = 2 * HOUR_S
"""So long before a visit's planned start its therapist may read of the client's health ..."""
AFTER_S = 2 * HOUR_S
"""... and so long after its end, planned or reported, whichever is later."""
LONGEST_WEEKS = 26
SHOWN_VISITS = 5
"""How many earlier visits a therapist sees."""


@dataclass(frozen=True, slots=True, kw_only=True)
class VisitSheet:
    """A visit as its therapist's phone shows it for notes; of the client's health nothing unless `is_open`.

    From `from_s` to `until_s` of the service day it is open. `questions` are what must be asked first, `felt` her earlier
    visits, newest first, `own` what was noted of this one. `took_s` is how long the treatment really took, where that is known.
    """

    visit_id: str
    day: date
    client_first_name: str
    treatment: str
    minutes: int
    start_s: int
    from_s: int
    until_s: int
    is_open: bool
    agrees: bool
    done: bool
    took_s: int | None = None
    complaints: tuple[str, ...] = ()
    questions: tuple[tuple[str, str], ...] = ()
    health_note: str = ""
    felt: tuple[FeltVisit, ...] = ()
    own: Feeling | None = None
    own_version: int = 0
    wish: ReturnWish | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Hers:
    """A visit that is its therapist's in the published plan, when it is, and what was reported of it."""

    booking: Booking
    start_s: int
    end_s: int
    fact: VisitFact | None
    now_s: int

    @property
    def until_s(self) -> int:
        done_s = self.fact.finished_s if self.fact and self.fact.finished_s is not None else 0
        return max(self.end_s, done_s) + AFTER_S

    @property
    def is_open(self) -> bool:
        """Tell whether this moment is around the visit; one under way stays open until it is over."""
        under_way = self.fact is not None and self.fact.started_s is not None and self.fact.finished_s is None
        until_s = self.until_s + (AFTER_S if under_way else 0)
        return self.start_s - BEFORE_S <= self.now_s <= until_s


def visit_sheet(services: Services, actor: Actor, visit_id: str) -> VisitSheet:
    """Give a therapist her own published visit; what she reads of the client's health is noted in the audit each time."""
    allow(actor, Permission.OWN_DAY)
    with services.store.writing() as tx:
        hers = _hers(tx, services, actor, visit_id)
        booking = hers.booking
        client = tx.get(Client, booking.client_id)
        seat = booking.seats[booking_of(visit_id)[1]]
        took_s = None
        if hers.fact and hers.fact.started_s is not None and hers.fact.finished_s is not None:
            took_s = hers.fact.finished_s - hers.fact.started_s
        sheet = VisitSheet(
            visit_id=visit_id,
            day=booking.day,
            client_first_name=client.first_name,
            treatment=tx.get(Treatment, seat.treatment_id or booking.treatment_id).name,
            minutes=booking.minutes,
            start_s=hers.start_s,
            from_s=hers.start_s - BEFORE_S,
            until_s=hers.until_s,
            is_open=hers.is_open,
            agrees=agrees(client),
            done=hers.fact is not None and hers.fact.state is VisitState.FINISHED,
            took_s=took_s,
            wish=find(tx, actor, ReturnWish, booking.id),
        )
        if not sheet.is_open or not sheet.agrees:
            return sheet
        known = read_health(tx, services, client)
        record(tx, services, actor, "health.read", client.id, visit_id)
        own = next((one for one in known.visits if one.booking.id == booking.id), None)
        names = {one.id: one.name for one in tx.list(Complaint, "")}
        asks = {one.id: (one.name, one.question) for one in tx.list(Contraindication, "")}
        earlier = [one for one in known.visits if one.feeling and one.booking.day < booking.day]
    return replace(
        sheet,
        complaints=tuple(names.get(one, one) for one in known.health.complaints),
        questions=tuple(asks.get(one, (one, "")) for one in known.health.contraindications),
        health_note=known.health.note,
        felt=tuple(earlier[::-1][:SHOWN_VISITS]),
        own=own.feeling if own else None,
        own_version=own.version if own else 0,
    )


def note_visit(services: Services, actor: Actor, visit_id: str, feeling: Feeling, *, version: int) -> ProgressNote:
    """Keep a therapist's note of her own visit, sealed; only around the visit, and only where the client agrees to it."""
    allow(actor, Permission.OWN_DAY)
    with services.store.writing() as tx:
        hers = _hers(tx, services, actor, visit_id)
        if not hers.is_open:
            raise Forbidden("aftercare.shut", from_s=hers.start_s - BEFORE_S, until_s=hers.until_s)
        return keep_feeling(tx, services, actor, hers.booking, feeling, version=version)


def wish_again(services: Services, actor: Actor, visit_id: str, weeks: int) -> ReturnWish:
    """Note that the client wants to be treated again in so many weeks; telling it twice is telling it once, other weeks change it."""
    allow(actor, Permission.OWN_DAY)
    if not 1 <= weeks <= LONGEST_WEEKS:
        raise BadInput("aftercare.weeks", field="weeks", most=LONGEST_WEEKS)
    with services.store.writing() as tx:
        hers = _hers(tx, services, actor, visit_id)
        if not hers.is_open:
            raise Forbidden("aftercare.shut", from_s=hers.start_s - BEFORE_S, until_s=hers.until_s)
        before = tx.find(ReturnWish, hers.booking.id)
        if before is not None and before.state is ReturnState.BOOKED:
            raise Conflict("aftercare.booked", day=before.due_day.isoformat())
        if before is not None and (before.weeks, before.state) == (weeks, ReturnState.WAITING):
            return before
        wish = ReturnWish(
            id=hers.booking.id,
            branch_id=actor.branch_id,
            client_id=hers.booking.client_id,
            therapist_id=actor.therapist_id,
            weeks=weeks,
            due_day=hers.booking.day + timedelta(weeks=weeks),
            told_at=services.now(),
            version=before.version if before else 1,
        )
        wish = tx.update(wish) if before else tx.insert(wish)
        record(tx, services, actor, "return.wished", wish.id, wish.client_id)
    return wish


def _hers(tx: "Reading", services: Services, actor: Actor, visit_id: str) -> _Hers:
    """Give a visit of the therapist's published day; `NotFound` for anybody else's, as if it did not exist."""
    from dispatch.rules.retime import retime

    booking = find(tx, actor, Booking, visit_id.rpartition("/")[0])
    branch = branch_of(tx, actor)
    published_id = tx.pointers(branch.id, booking.day).published_id if booking else None
    if booking is None or published_id is None:
        raise NotFound("aftercare.not_hers")
    revision = tx.revision(published_id)
    if visit_id not in revision.plan.route_of(actor.therapist_id).visit_ids():
        raise NotFound("aftercare.not_hers")
    times = retime(tx.problem(revision.problem_hash), revision.plan).route_of(actor.therapist_id)
    time = next(one for one in times.visits() if one.visit_id == visit_id)
    facts = [one for one in fold(tx.events(branch.id, (visit_id,))) if one.therapist_id == actor.therapist_id]
    return _Hers(
        booking=booking,
        start_s=time.start_s,
        end_s=time.end_s,
        fact=facts[0] if facts else None,
        now_s=seconds_of(services.now(), booking.day, branch.time_zone),
    )
