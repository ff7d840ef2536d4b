"""The closed lists of words the nouns are made with."""

from enum import StrEnum


class Gender(StrEnum):
    """The gender of a therapist or a client, as far as bookings ask for it."""

    FEMALE = "female"
    MALE = "male"


class TravelMode(StrEnum):
    """How a therapist travels; each mode has its own matrix in a day's problem."""

    CAR = "car"
    MOTORBIKE = "motorbike"
    TRANSIT = "transit"
    WALK = "walk"


class Precision(StrEnum):
    """How exactly coordinates are known, best first."""

    ROOFTOP = "rooftop"
    BUILDING = "building"
    STREET = "street"
    AREA = "area"
    POSTCODE = "postcode"
    CITY = "city"


class BookingStatus(StrEnum):
    """Where a booking stands in its life; `dispatch.model.booking.may_become` knows the steps allowed."""

    REQUESTED = "requested"
    CONFIRMED = "confirmed"
    DONE = "done"
    NO_SHOW = "no_show"
    CANCELLED = "cancelled"


class BreakKind(StrEnum):
    """What a break is for."""

    MEAL = "meal"
    PRAYER = "prayer"
    REST = "rest"
    PERSONAL = "personal"


class LinkKind(StrEnum):
    """How two bookings hang together in time."""

    SAME_START = "same_start"
    GAP = "gap"


class StopKind(StrEnum):
    """What a stop of a route is."""

    VISIT = "visit"
    BREAK = "break"


class EventKind(StrEnum):
    """What can happen to a visit on the day; `retracted` takes an earlier event back.

    `acknowledged`, `running_late` and `problem` are told and shown, but are no facts: no time follows from them.
    """

    ACKNOWLEDGED = "acknowledged"
    DEPARTED = "departed"
    ARRIVED = "arrived"
    STARTED = "started"
    FINISHED = "finished"
    NO_SHOW = "no_show"
    RUNNING_LATE = "running_late"
    PROBLEM = "problem"
    RETRACTED = "retracted"


class Trouble(StrEnum):
    """What keeps a therapist from going on with a visit."""

    NO_ANSWER = "no_answer"
    UNSAFE = "unsafe"
    REFUSED = "refused"
    ILL = "ill"
    OTHER = "other"


class VisitState(StrEnum):
    """What the facts say of a visit so far."""

    DEPARTED = "departed"
    ARRIVED = "arrived"
    STARTED = "started"
    FINISHED = "finished"
    NO_SHOW = "no_show"


class Role(StrEnum):
    """What a person with an account may do; `OWNER` may all that `DISPATCHER` may, and so on down to `BOOKING_TAKER`."""

    OWNER = "owner"
    DISPATCHER = "dispatcher"
    BOOKING_TAKER = "booking_taker"
    THERAPIST = "therapist"


class Cause(StrEnum):
    """Why a revision of a plan was appended."""

    CREATED = "created"
    PLANNER = "planner"
    DRAG = "drag"
    EDIT = "edit"
    UNDO = "undo"
    REDO = "redo"
    ACCEPT = "accept"
    REPAIR = "repair"
    IMPORT = "import"


class StopReason(StrEnum):
    """Why a solve ended."""

    PROVEN = "proven"
    BUDGET = "budget"
    ASKED = "asked"
    NOTHING_TO_DO = "nothing_to_do"
