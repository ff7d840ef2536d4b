"""What goes in and comes out of the API, as dataclasses: the document's schemas are made from them, and bodies read by them.

A field's `metadata` adds to its schema (`items` to that of a list's items). Times are moments; a service day is named by its
date. Names and meanings are those of the model.
"""

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from dispatch.model.booking import Link, Seat
from dispatch.model.job import JobState
from dispatch.model.kinds import BookingStatus, EventKind, Gender, StopKind

ID = r"^[A-Za-z0-9][A-Za-z0-9._:-]{0,63}$"
ID_OR_NONE = r"^([A-Za-z0-9][A-Za-z0-9._:-]{0,63})?$"
PHONE_OR_NONE = r"^(\+[1-9][0-9]{6,14})?$"
NAME_LENGTH = 80
NOTE_LENGTH = 2_000
MOST_PEOPLE = 200


def _id(about: str) -> dict[str, Any]:
    return {"pattern": ID, "description": about}


def _maybe_id(about: str) -> dict[str, Any]:
    return {"pattern": ID_OR_NONE, "description": about}


def _ids(about: str) -> dict[str, Any]:
    return {"maxItems": MOST_PEOPLE, "items": {"pattern": ID}, "description": about}


def _name(about: str) -> dict[str, Any]:
    return {"minLength": 1, "maxLength": NAME_LENGTH, "description": about}


def _number(about: str, least: int, most: int) -> dict[str, Any]:
    return {"minimum": least, "maximum": most, "description": about}


def _said(about: str) -> dict[str, Any]:
    return {"description": about}


@dataclass(frozen=True, slots=True, kw_only=True)
class WindowTimes:
    """A span for the treatment's start, both ends included."""

    start: datetime = field(metadata=_said("The earliest start, with its offset."))
    end: datetime = field(metadata=_said("The latest start, with its offset."))


@dataclass(frozen=True, slots=True, kw_only=True)
class BookingWish:
    """What a client wishes for; every seat is one therapist, and all seats start together."""

    day: date = field(metadata=_said("The service day: 06:00 of this date to 06:00 of the next, local time."))
    client_id: str = field(metadata=_id("Who is treated."))
    address_id: str = field(metadata=_id("Where: one of the client's addresses."))
    treatment_id: str = field(metadata=_id("An entry of the catalogue."))
    minutes: int = field(metadata={"minimum": 1, "maximum": 1_440, "description": "How long the treatment lasts."})
    windows: tuple[WindowTimes, ...] = field(
        metadata={"minItems": 1, "maxItems": 20, "description": "When the treatment may start; all on the service day."}
    )
    seats: tuple[Seat, ...] = field(
        default=(Seat(),), metadata={"minItems": 1, "maxItems": 6, "description": "One for each therapist who comes."}
    )
    contact_id: str = field(
        default="", metadata=_maybe_id("Who books or opens the door; empty for the client herself.")
    )
    late_tolerance_s: int = field(
        default=0, metadata=_number("Seconds after a window's end in which the start is still accepted.", 0, 14_400)
    )
    only_therapists: tuple[str, ...] = field(default=(), metadata=_ids("Nobody else may come; empty for anybody."))
    preferred_therapists: tuple[str, ...] = field(default=(), metadata=_ids("Whom the client likes best."))
    never_therapists: tuple[str, ...] = field(default=(), metadata=_ids("Whom the client refuses."))
    preferred_gender: Gender | None = None
    priority: int = field(default=0, metadata=_number("0 to 100, higher first.", 0, 100))
    value_sen: int = field(
        default=0, metadata=_number("An agreed price in sen; nought takes the price list's.", 0, 10_000_000)
    )
    links: tuple[Link, ...] = field(default=(), metadata={"maxItems": 20, "description": "Bookings this one hangs on."})
    note: str = field(default="", metadata={"maxLength": NOTE_LENGTH, "description": "For those who plan and go."})


@dataclass(frozen=True, slots=True, kw_only=True)
class NewClient:
    """Somebody who has not been treated here before."""

    name: str = field(metadata=_name("As she writes it."))
    phone: str = field(default="", metadata={"pattern": PHONE_OR_NONE, "description": "In E.164 form, +60123456789."})
    language: str = field(default="en", metadata={"enum": ["en", "ms", "zh"], "description": "What she reads."})
    gender: Gender | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class NewAddress:
    """A place inside a building: a known one, or the one that stands in `building`."""

    building_id: str = field(default="", metadata=_maybe_id("A building that is known; empty for a new one."))
    tower: str = field(default="", metadata={"maxLength": NAME_LENGTH})
    floor: str = field(default="", metadata={"maxLength": NAME_LENGTH})
    unit: str = field(default="", metadata={"maxLength": NAME_LENGTH})
    note: str = field(default="", metadata={"maxLength": NOTE_LENGTH, "description": "How to get in."})


@dataclass(frozen=True, slots=True, kw_only=True)
class NewBuilding:
    """A building that is not known yet; its coordinates are those of the entrance."""

    name: str = field(metadata=_name("As people call it."))
    lat: float = field(metadata={"minimum": -90, "maximum": 90})
    lon: float = field(metadata={"minimum": -180, "maximum": 180})
    area: str = field(default="", metadata={"maxLength": NAME_LENGTH})
    street: str = field(default="", metadata={"maxLength": NAME_LENGTH})
    postcode: str = field(default="", metadata={"maxLength": 10})
    city: str = field(default="", metadata={"maxLength": NAME_LENGTH})


@dataclass(frozen=True, slots=True, kw_only=True)
class NewBooking(BookingWish):
    """A booking to be taken, as requested or as confirmed already; a new client, address and building may come with it."""

    client_id: str = field(default="", metadata=_maybe_id("Who is treated; empty where `client` is a new one."))
    address_id: str = field(default="", metadata=_maybe_id("Where; empty where `address` is a new one."))
    client: NewClient | None = None
    address: NewAddress | None = None
    building: NewBuilding | None = None
    status: BookingStatus = field(default=BookingStatus.REQUESTED, metadata={"enum": ["requested", "confirmed"]})


@dataclass(frozen=True, slots=True, kw_only=True)
class PromiseTimes:
    """The start told to the client; lateness is measured against it."""

    start: datetime
    told_at: datetime
    told_by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BookingShown(BookingWish):
    """A booking as it stands; `version` is what its ETag holds."""

    id: str
    status: BookingStatus
    version: int
    promise: PromiseTimes | None = None
    cancelled_reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class BookingPage:
    """Bookings in the order of service day and id; `next` is the cursor of the page after, null on the last one."""

    items: tuple[BookingShown, ...]
    next: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Cancellation:
    """Why a booking is cancelled."""

    reason: str = field(metadata={"minLength": 1, "maxLength": NOTE_LENGTH})


@dataclass(frozen=True, slots=True, kw_only=True)
class StatusStep:
    """Where a booking goes next; cancelling has its own request, because it needs a reason."""

    status: BookingStatus = field(metadata={"enum": ["requested", "confirmed", "done", "no_show"]})


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """The start that was told to the client."""

    start: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class SlotWish(BookingWish):
    """A booking that is not taken yet, for which starts are looked for; with `booking_id`, one that is to be moved."""

    booking_id: str = field(default="", metadata=_maybe_id("The booking to be moved; empty for a new one."))
    limit: int = field(default=3, metadata=_number("How many starts are wanted.", 1, 20))


@dataclass(frozen=True, slots=True, kw_only=True)
class TherapistNamed:
    """A therapist by id and name."""

    id: str
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DelayShown:
    """A visit that would start later than planned."""

    visit_id: str
    minutes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SlotShown:
    """A start that can be offered; `extra_travel_s` and `added_points` are what it costs the plan, nought or less is free."""

    start: datetime
    end: datetime
    therapists: tuple[TherapistNamed, ...]
    extra_travel_s: int
    added_points: int
    delayed: tuple[DelayShown, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SlotList:
    """The best starts, the cheapest for the plan first; none where nobody can come in the windows."""

    slots: tuple[SlotShown, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class StopShown:
    """A visit or a break of a route; `depart` to `late_s` are of visits alone."""

    kind: StopKind
    id: str
    start: datetime
    end: datetime
    booking_id: str | None = None
    depart: datetime | None = None
    arrive: datetime | None = None
    leave_by: datetime | None = None
    travel_s: int | None = None
    distance_m: int | None = None
    late_s: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RouteShown:
    """One therapist's day in order; `leave` and `home` are null where she has no visits."""

    therapist: TherapistNamed
    stops: tuple[StopShown, ...]
    leave: datetime | None
    home: datetime | None
    travel_s: int
    distance_m: int


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftOutShown:
    """A booking the plan does not serve, and why."""

    booking_id: str
    code: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BrokenRule:
    """A rule the plan breaks on the day as it is now; `subject_id` is a visit, a therapist or a booking."""

    rule: str
    subject_id: str
    sentence: str
    waivable: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanShown:
    """A plan of a service day, fitted to the day as it is now, with the times that follow from it."""

    day: date
    time_zone: str
    revision_id: str
    number: int
    made_at: datetime
    made_by: str
    published: bool
    routes: tuple[RouteShown, ...]
    left_out: tuple[LeftOutShown, ...]
    broken: tuple[BrokenRule, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanWish:
    """How long the planner may look for a plan, and the seed of its draws."""

    seconds: float = field(default=20.0, metadata={"minimum": 0.1, "maximum": 600})
    seed: int = field(default=0, metadata=_number("The same seed on the same day begins the same way.", 0, 2**31 - 1))


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanJob:
    """The planner's work on a day; `revision_id` names the plan it made, `failure` says why it made none."""

    id: str
    day: date
    state: JobState
    asked_at: datetime
    finished_at: datetime | None
    percent: int
    revision_id: str | None
    failure: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Publishing:
    """That the day's plan was published, and which."""

    day: date
    revision_id: str
    number: int


@dataclass(frozen=True, slots=True, kw_only=True)
class EventShown:
    """Something reported of a visit; `at` is when it happened, `server_at` when it was kept, `retracts` what it takes back."""

    id: str
    kind: EventKind
    day: date
    visit_id: str
    booking_id: str
    therapist_id: str
    at: datetime
    server_at: datetime
    actor: str
    payload: str
    retracts: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class EventPage:
    """Events in the order they were kept; `next` is the cursor to go on from, now or later; `more` that it gives some now."""

    items: tuple[EventShown, ...]
    next: str
    more: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ProblemPart:
    """One of several things wrong with a request; `pointer` is the JSON pointer into the body, where there is one."""

    code: str
    detail: str
    pointer: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """What went wrong, after RFC 9457; `code` is for programs, `detail` for people, `errors` says each thing apart."""

    type: str
    title: str
    status: int
    detail: str
    code: str
    errors: tuple[ProblemPart, ...] = ()
