"""Labels of the closed lists, as people read them."""

from collections.abc import Mapping
from enum import StrEnum

from dispatch.model.care import CareStatus, CourseState
from dispatch.model.kinds import BookingStatus, BreakKind, Gender, Precision, Role, TravelMode
from dispatch.model.lesson import LessonState
from dispatch.model.message import MessageKind
from dispatch.model.slot import Grade
from web.translate import translate

GENDERS: Mapping[StrEnum, str] = {Gender.FEMALE: "Woman", Gender.MALE: "Man"}
MODES: Mapping[StrEnum, str] = {
    TravelMode.CAR: "Car",
    TravelMode.MOTORBIKE: "Motorbike",
    TravelMode.TRANSIT: "Train and bus",
    TravelMode.WALK: "On foot",
}
STATUSES: Mapping[StrEnum, str] = {
    BookingStatus.REQUESTED: "Requested",
    BookingStatus.CONFIRMED: "Confirmed",
    BookingStatus.DONE: "Done",
    BookingStatus.NO_SHOW: "No-show",
    BookingStatus.CANCELLED: "Cancelled",
}
BREAKS: Mapping[StrEnum, str] = {
    BreakKind.MEAL: "Meal",
    BreakKind.PRAYER: "Prayer",
    BreakKind.REST: "Rest",
    BreakKind.PERSONAL: "Personal",
}
PRECISIONS: Mapping[StrEnum, str] = {
    Precision.ROOFTOP: "Exact point",
    Precision.BUILDING: "Building",
    Precision.STREET: "Street",
    Precision.AREA: "Area only",
    Precision.POSTCODE: "Postcode only",
    Precision.CITY: "City only",
}
GRADE_LABELS: Mapping[StrEnum, str] = {
    Grade.GOOD: "Fits well",
    Grade.FAIR: "Fits",
    Grade.TIGHT: "Tight",
}
MESSAGE_LABELS: Mapping[StrEnum, str] = {
    MessageKind.OFFER: "Offer of times",
    MessageKind.CONFIRMATION: "Confirmation",
    MessageKind.REMINDER: "Reminder",
    MessageKind.ON_THE_WAY: "On the way",
    MessageKind.LATE: "Running late",
    MessageKind.THANK_YOU: "Thank you",
    MessageKind.REBOOK: "Time to book again",
}
CARE_STATUS_LABELS: Mapping[StrEnum, str] = {
    CareStatus.ACTIVE: "Goes on",
    CareStatus.PAUSED: "Paused",
    CareStatus.ENDED: "Ended",
}
COURSE_STATE_LABELS: Mapping[StrEnum, str] = {
    CourseState.KEPT: "Kept",
    CourseState.COMING: "Confirmed",
    CourseState.PROPOSED: "Proposed",
    CourseState.MISSED: "Missed",
}
LESSON_LABELS: Mapping[StrEnum, str] = {
    LessonState.AGREED: "Agreed",
    LessonState.REFUSED: "Left as it was",
    LessonState.UNDONE: "Undone",
    LessonState.REPLACED: "Replaced",
}
ROLES: Mapping[StrEnum, str] = {
    Role.OWNER: "Owner",
    Role.DISPATCHER: "Dispatcher",
    Role.BOOKING_TAKER: "Booking taker",
    Role.THERAPIST: "Therapist",
}


def choices(labels: Mapping[StrEnum, str]) -> list[tuple[str, str]]:
    """Give a closed list as a form's choices."""
    return [(str(key), translate(label)) for key, label in labels.items()]


def label_of(word: StrEnum) -> str:
    """Give a word of a closed list as people read it."""
    for labels in (
        GENDERS,
        MODES,
        STATUSES,
        BREAKS,
        PRECISIONS,
        GRADE_LABELS,
        MESSAGE_LABELS,
        CARE_STATUS_LABELS,
        COURSE_STATE_LABELS,
        LESSON_LABELS,
        ROLES,
    ):
        if word in labels and type(word) is type(next(iter(labels))):
            return translate(labels[word])
    return str(word)
