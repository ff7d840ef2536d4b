"""Turns nouns into rows and back: the noun's JSON into `body`, its queried fields into columns of the same names."""

import re
from dataclasses import dataclass, fields
from enum import Enum
from typing import Any, cast

from sqlalchemy import Table

from dispatch.errors import BadInput
from dispatch.model.account import Account, PhoneLink
from dispatch.model.again import ReturnWish
from dispatch.model.api import ApiToken
from dispatch.model.audit import AuditRow
from dispatch.model.booking import Booking
from dispatch.model.branch import Branch
from dispatch.model.care import CarePlan, CareVisit
from dispatch.model.catalogue import Complaint, Contraindication, PayRule, PriceRule, Technique, Treatment
from dispatch.model.chat import Chat, ChatMessage
from dispatch.model.codec import dumps
from dispatch.model.condition import DayCondition
from dispatch.model.decisions import Hold
from dispatch.model.facts import Event
from dispatch.model.health import HealthRecord, ProgressNote
from dispatch.model.lesson import Lesson
from dispatch.model.message import MessageDraft, MessageTemplate
from dispatch.model.people import Client, Contact
from dispatch.model.places import Address, Building
from dispatch.model.plan import Revision, booking_of
from dispatch.model.publication import Publication
from dispatch.model.push import PushSubscription
from dispatch.model.request import CalendarLink, TeamRequest
from dispatch.model.safety import Alarm, PinKeys, PlaceFlag, Signal, Watch
from dispatch.model.therapist import Therapist
from dispatch.store import (
    apitables,
    caretables,
    chattables,
    daytables,
    livetables,
    messagetables,
    requesttables,
    safetytables,
    tables,
)
from dispatch.store.base import Base, NounRow
from dispatch.store.learntables import LessonRow, ReturnWishRow
from dispatch.store.outgoingtables import OutgoingRow
from dispatch.store.pushtables import PushSubscriptionRow

METADATA = OutgoingRow.metadata
"""Every table: whoever reads it here has all files of tables imported."""

_ROWS: dict[type, type[NounRow]] = {
    Account: tables.AccountRow,
    Address: tables.AddressRow,
    Alarm: safetytables.AlarmRow,
    ApiToken: apitables.ApiTokenRow,
    AuditRow: daytables.AuditRows,
    Booking: tables.BookingRow,
    Branch: tables.BranchRow,
    Building: tables.BuildingRow,
    CalendarLink: requesttables.CalendarLinkRow,
    CarePlan: caretables.CarePlanRow,
    CareVisit: caretables.CareVisitRow,
    Chat: chattables.ChatRow,
    ChatMessage: chattables.ChatMessageRow,
    Client: tables.ClientRow,
    Complaint: tables.ComplaintRow,
    Contact: tables.ContactRow,
    Contraindication: tables.ContraindicationRow,
    DayCondition: tables.DayConditionRow,
    Event: daytables.EventRow,
    HealthRecord: tables.HealthRecordRow,
    Hold: tables.HoldRow,
    Lesson: LessonRow,
    MessageDraft: messagetables.MessageDraftRow,
    MessageTemplate: messagetables.MessageTemplateRow,
    PayRule: tables.PayRuleRow,
    PhoneLink: tables.PhoneLinkRow,
    PinKeys: safetytables.PinKeysRow,
    PlaceFlag: safetytables.PlaceFlagRow,
    PriceRule: tables.PriceRuleRow,
    ProgressNote: caretables.ProgressNoteRow,
    Publication: livetables.PublicationRow,
    ReturnWish: ReturnWishRow,
    PushSubscription: PushSubscriptionRow,
    Revision: daytables.RevisionRow,
    Signal: safetytables.SignalRow,
    TeamRequest: requesttables.TeamRequestRow,
    Technique: tables.TechniqueRow,
    Therapist: tables.TherapistRow,
    Treatment: tables.TreatmentRow,
    Watch: safetytables.WatchRow,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """How nouns of one class are kept: the table, and what the class has that the store cares about."""

    noun: type
    table: Table
    has_branch: bool
    has_version: bool

    @property
    def kind(self) -> str:
        """Give the noun's name as sentences and tables have it."""
        return self.table.name


def table_of(row: type[Base]) -> Table:
    """Give the table of a declared row class."""
    return cast("Table", row.__table__)


def _how(noun: type, row: type[NounRow]) -> Kept:
    names = {field.name for field in fields(noun)}
    return Kept(noun=noun, table=table_of(row), has_branch="branch_id" in names, has_version="version" in names)


_KEPT = {noun: _how(noun, row) for noun, row in _ROWS.items()}


def kept(noun: type) -> Kept:
    """Tell how a noun is kept; `TypeError` for classes that have no table of their own."""
    if noun not in _KEPT:
        raise TypeError(f"{noun.__name__} is not kept in a table of its own.")
    return _KEPT[noun]


_UNKEEPABLE = re.compile(r"(?<!\\)(?:\\\\)*\\u0000|[\ud800-\udfff]")
"""In JSON text: the escape of NUL, which PostgreSQL refuses, and halves of characters, which are no UTF-8."""


def columns_of(noun: Any) -> dict[str, Any]:
    """Give a noun's row: one value for every column of its table."""
    how = kept(type(noun))
    values = {name: column_value(_field(noun, name)) for name in how.table.columns.keys() if name != "body"}  # noqa: SIM118
    return values | {"body": body_of(noun, how.kind, noun.id)}


def column_value(value: object) -> object:
    """Give a field as its column has it: words of a closed list as text, an empty text as NULL."""
    if isinstance(value, Enum):
        return value.value
    return None if value == "" else value


def body_of(noun: object, kind: str, key: str) -> str:
    """Write a noun's JSON; `BadInput` where it holds characters that no database keeps."""
    text = dumps(noun)
    if _UNKEEPABLE.search(text):
        raise BadInput("store.unkeepable_text", kind=kind, id=key.encode("ascii", "replace").decode())
    return text


def _field(noun: Any, name: str) -> object:
    """Give the value of a column; an event's booking is read from its visit, a client's name also kept as searched."""
    if isinstance(noun, Event) and name == "booking_id":
        return booking_of(noun.visit_id)[0]
    if isinstance(noun, Client) and name == "folded":
        return noun.name.casefold()
    return getattr(noun, name)
