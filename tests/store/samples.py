"""A small company: one noun of every kind the store keeps, in an order in which each names only earlier ones."""

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

from dispatch.model.account import Account, PhoneLink
from dispatch.model.again import ReturnWish
from dispatch.model.api import ApiToken, Scope
from dispatch.model.booking import Booking, TimeWindow
from dispatch.model.branch import Branch
from dispatch.model.care import CarePlan, CareVisit
from dispatch.model.catalogue import Complaint, Contraindication, PayRule, PriceRule, Technique, Treatment
from dispatch.model.chat import Chat, ChatKind, ChatMessage
from dispatch.model.condition import ConditionKind, DayCondition
from dispatch.model.decisions import Hold
from dispatch.model.facts import Event
from dispatch.model.health import HealthRecord, ProgressNote
from dispatch.model.job import Job, JobKind
from dispatch.model.kinds import Cause, EventKind, Gender, Role, TravelMode
from dispatch.model.lesson import Lesson, LessonKind, LessonState
from dispatch.model.message import MessageDraft, MessageKind, MessageTemplate
from dispatch.model.people import Client, Consent, Contact
from dispatch.model.places import Address, Building, Point
from dispatch.model.plan import Plan, Revision
from dispatch.model.problem import DayProblem, Location
from dispatch.model.publication import Publication, PublicationKind
from dispatch.model.push import PushSubscription
from dispatch.model.request import CalendarLink, RequestKind, TeamRequest
from dispatch.model.safety import (
    Alarm,
    AlarmKind,
    AlarmLine,
    Confirmed,
    LineKind,
    PinAnswer,
    PinKeys,
    PlaceFlag,
    Signal,
    SignalKind,
    Watch,
    Whom,
)
from dispatch.model.therapist import Therapist
from dispatch.model.travel import TravelMatrix

NOW = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
DAY = date(2026, 11, 24)
WINDOW = TimeWindow(start_s=36_000, end_s=39_600)


def company() -> tuple[Any, ...]:
    """Give the nouns of the company."""
    at: dict[str, Any] = {"branch_id": "kl"}
    return (
        Branch(id="kl", name="Kuala Lumpur"),
        Technique(id="deep_tissue", name="Deep tissue"),
        Complaint(id="back", name="Back pain"),
        Contraindication(id="clot", name="Blood clot", question="Have you ever had a blood clot?"),
        Treatment(id="deep", name="Deep tissue", techniques=("deep_tissue",), minutes=(60, 90), **at),
        PriceRule(id="price", treatment_id="deep", minutes=60, price_sen=18_000, valid_from=DAY, **at),
        PayRule(id="pay", treatment_id="deep", minutes=60, pay_sen=9_000, valid_from=DAY, **at),
        Client(id="c1", name="陈美玲 Tan Mei Ling", first_name="美玲", phone="+60123456789", consent=consent(), **at),
        Client(id="c2", name="Nur Aisyah binti Rahman", first_name="Aisyah", **at),
        Contact(id="k1", name="Concierge", client_id="c1", **at),
        Contact(id="k2", name="Front desk", **at),
        Building(id="b1", name="Menara Bangsar", area="Bangsar", point=Point(lat=3.13, lon=101.67), **at),
        Address(id="a1", client_id="c1", building_id="b1", unit="12-3", **at),
        Address(id="a2", client_id="c2", building_id="b1", active=False, **at),
        Therapist(id="t1", name="Siti", techniques=("deep_tissue",), gender=Gender.FEMALE, **at),
        booking("w1"),
        booking("w2", contact_id="k2"),
        HealthRecord(id="c1", sealed="s1.x", **at),
        CarePlan(
            id="cp1",
            client_id="c1",
            address_id="a1",
            treatment_id="deep",
            minutes=60,
            every_days=7,
            visits=6,
            first_day=DAY,
            window=WINDOW,
            **at,
        ),
        CareVisit(id="w2", care_plan_id="cp1", due_day=DAY, start_s=36_000, therapist_id="t1", **at),
        ProgressNote(id="w2", client_id="c1", day=DAY, sealed="s1.x", noted_by="u1", noted_at=NOW, **at),
        Hold(
            id="h1", day=DAY, booking_id="w2", therapist_ids=("t1",), start_s=36_000, expires_at=NOW, held_by="x", **at
        ),
        message_template(),
        message_draft(),
        lesson(),
        ReturnWish(id="w1", client_id="c1", therapist_id="t1", weeks=2, due_day=DAY, told_at=NOW, **at),
        PushSubscription(id="s1", therapist_id="t1", endpoint="https://fcm.googleapis.com/x", made_at=NOW, **at),
        DayCondition(id="d1", day=DAY, kind=ConditionKind.RAIN, noted_by="u1", noted_at=NOW, to_s=36_000, **at),
        Account(id="u1", email="owner@example.com", name="O", role=Role.OWNER, password_hash="h", unique="u", **at),
        Watch(
            id="w1/0",
            day=DAY,
            therapist_id="t1",
            start_at=NOW,
            end_at=NOW,
            expected_start_at=NOW,
            expected_end_at=NOW,
            armed_at=NOW,
            due_at=NOW,
            **at,
        ),
        Signal(
            id="s1",
            day=DAY,
            therapist_id="t1",
            kind=SignalKind.CHECKED,
            device_at=NOW,
            server_at=NOW,
            visit_id="w1/0",
            pin=PinAnswer.DURESS,
            **at,
        ),
        Alarm(
            id="sos:s1",
            day=DAY,
            kind=AlarmKind.SOS,
            therapist_id="t1",
            visit_id="w1/0",
            planned_at=NOW,
            raised_at=NOW,
            due_at=NOW,
            lines=(AlarmLine(at=NOW, what=LineKind.TOLD, whom=Whom.OWNER, told_at=NOW),),
            **at,
        ),
        PlaceFlag(
            id="f1",
            building_id="b1",
            address_id="a1",
            visit_id="w1/0",
            therapist_id="t1",
            at=NOW,
            confirmed=(Confirmed(booking_id="w1", by="u1", at=NOW),),
            **at,
        ),
        PinKeys(id="t1", right="r", duress="d", made_at=NOW, made_by="u1", **at),
        PhoneLink(id="p1", therapist_id="t1", token_hash="th", created_at=NOW, created_by="u1", **at),
        CalendarLink(id="cl1", therapist_id="t1", token_hash="ch", created_at=NOW, created_by="t1", **at),
        TeamRequest(id="tr1", therapist_id="t1", kind=RequestKind.DAY_OFF, day=DAY, asked_at=NOW, **at),
        api_token(),
        Chat(id="ch1", name="Mei", last_at=NOW, phone="+60123456789", **at),
        ChatMessage(id="cm1", chat_id="ch1", kind=ChatKind.TEXT, text="hi", at=NOW, kept_at=NOW, **at),
    )


def api_token() -> ApiToken:
    """Give a program's token."""
    return ApiToken(
        id="x1",
        branch_id="kl",
        name="Website",
        scopes=(Scope.BOOKINGS_READ, Scope.SLOTS_READ),
        token_hash="ah",
        ends_with="wxyz",
        created_at=NOW,
        created_by="u1",
    )


def lesson() -> Lesson:
    """Give what visits to the building have taught, agreed."""
    return Lesson(
        id="l1",
        branch_id="kl",
        kind=LessonKind.ACCESS,
        subject_id="b1",
        figures=(600,),
        before=(480,),
        basis=(480,),
        visits=20,
        state=LessonState.AGREED,
        decided_by="u1",
        decided_at=NOW,
    )


def message_template() -> MessageTemplate:
    """Give a text of the company's own."""
    return MessageTemplate(
        id="m1", branch_id="kl", kind=MessageKind.THANK_YOU, language="ms", text="Terima kasih {client}!"
    )


def message_draft() -> MessageDraft:
    """Give a text that waits to be sent."""
    return MessageDraft(
        id="d1",
        branch_id="kl",
        booking_id="w1",
        kind=MessageKind.CONFIRMATION,
        language="en",
        phone="+60123456789",
        text="Hello",
        made_by="u1",
        made_at=NOW,
    )


def consent() -> Consent:
    """Give a consent with every field set."""
    return Consent(given_at=NOW, text_version="1", recorded_by="u1", withdrawn_at=NOW, withdrawn_by="u1")


def booking(key: str, **changes: Any) -> Booking:
    """Give a booking of the first client."""
    plain = Booking(
        id=key,
        branch_id="kl",
        day=DAY,
        client_id="c1",
        address_id="a1",
        treatment_id="deep",
        minutes=60,
        windows=(WINDOW,),
    )
    return replace(plain, **changes)


def problem(key: str = "day", *, shift_s: int = 0) -> DayProblem:
    """Give a problem of two places with the matrices of two modes; `shift_s` makes another content."""
    matrices = tuple(
        TravelMatrix(mode=mode, size=2, reference_s=(0, 900 + shift_s, 900, 0), distance_m=(0, 9_000, 9_000, 0))
        for mode in (TravelMode.CAR, TravelMode.MOTORBIKE)
    )
    places = (Location(id="b1", lat=3.13, lon=101.67), Location(id="home", lat=3.1, lon=101.6))
    return DayProblem(id=key, day=DAY, locations=places, matrices=matrices)


def revision(key: str, number: int, problem_hash: str, **changes: Any) -> Revision:
    """Give a revision of the sample day."""
    plain = Revision(
        id=key,
        branch_id="kl",
        day=DAY,
        number=number,
        parent_id=None,
        author="u1",
        cause=Cause.PLANNER,
        plan=Plan(),
        problem_hash=problem_hash,
        created_at=NOW,
        served=0,
        left_out=0,
        cost_points=2**40,
    )
    return replace(plain, **changes)


def event(key: str, kind: EventKind = EventKind.ARRIVED) -> Event:
    """Give an event of the first booking's visit."""
    return Event(
        id=key,
        branch_id="kl",
        visit_id="w1/0",
        therapist_id="t1",
        kind=kind,
        at_s=36_000,
        device_at=NOW,
        server_at=NOW,
        actor="t1",
    )


def job(key: str, **changes: Any) -> Job:
    """Give a job that plans the sample day, due now."""
    plain = Job(
        id=key, branch_id="kl", kind=JobKind.PLAN, day=DAY, asked_by="u1", asked_at=NOW, due_at=NOW, seconds=2.5, seed=7
    )
    return replace(plain, **changes)


def publication(key: str, number: int, revision_id: str = "r1") -> Publication:
    """Give a version of the sample day that therapists were shown."""
    return Publication(
        id=key,
        branch_id="kl",
        day=DAY,
        number=number,
        kind=PublicationKind.PUBLISHED if revision_id else PublicationKind.WITHDRAWN,
        revision_id=revision_id,
        by="u1",
        at=NOW,
    )
