"""Every use case is denied to whoever's role does not hold it, before anything is looked at or written."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from dispatch.errors import Forbidden
from dispatch.model.account import Account
from dispatch.model.api import Scope
from dispatch.model.booking import TimeWindow
from dispatch.model.care import CarePlan, CareStatus
from dispatch.model.catalogue import Complaint, Contraindication, PayRule, PriceRule, Technique
from dispatch.model.chat import ChatContent, ChatKind
from dispatch.model.decisions import Hold, Lock
from dispatch.model.health import Feeling, Health
from dispatch.model.kinds import BookingStatus, Role
from dispatch.model.lesson import LessonKind
from dispatch.model.message import MessageKind
from dispatch.model.move import Move, Placing
from dispatch.model.outcome import Budget
from dispatch.model.people import Client, Contact
from dispatch.model.places import Address
from dispatch.model.therapist import Roster, RosterException
from dispatch.model.trouble import Trouble, TroubleKind
from dispatch.words import sentence
from dispatch.work import (
    accounts,
    aftercare,
    bookings,
    branches,
    care,
    catalogue,
    clients,
    conditions,
    days,
    duplicates,
    feeds,
    health,
    holding,
    inbox,
    inserting,
    learned,
    locks,
    messages,
    offering,
    phone_news,
    phones,
    planning,
    privacy,
    proposals,
    proposing,
    pushing,
    repairs,
    report_sheets,
    reports,
    returns,
    shown_plans,
    slots,
    team,
    tokens,
    weeks,
)
from dispatch.work.permissions import PERMISSIONS, Permission, may
from tests.work.company import DAY, Office, booking, building, therapist, treatment

STAFF = {Role.OWNER, Role.DISPATCHER, Role.BOOKING_TAKER}
DISPATCH = {Role.OWNER, Role.DISPATCHER}
OWNERS = {Role.OWNER}

SOON = datetime(2026, 11, 25, 2, 0, tzinfo=UTC)
HOLD = Hold(id="h", branch_id="", day=DAY, booking_id="b", therapist_ids=(), start_s=0, expires_at=SOON, held_by="")
PRICE = PriceRule(id="p", branch_id="", treatment_id="relax", minutes=60, price_sen=1, valid_from=DAY)
PAY = PayRule(id="p", branch_id="", treatment_id="relax", minutes=60, pay_sen=1, valid_from=DAY)
CLIENT = Client(id="c", branch_id="", name="C", first_name="C")
CONTACT = Contact(id="k", branch_id="", name="K")
ADDRESS = Address(id="a", branch_id="", client_id="c-lim", building_id="b-klcc")
ACCOUNT = Account(id="x", branch_id="", email="x@y.example", name="X", role=Role.OWNER, password_hash="h", unique="")

WANTED = holding.Wanted(booking=booking("b"))
CHOSEN = holding.ChosenStart(start_s=50_400, therapist_ids=("t-aina",))
CARE = CarePlan(
    id="p",
    branch_id="",
    client_id="c",
    address_id="a",
    treatment_id="relax",
    minutes=60,
    every_days=7,
    visits=6,
    first_day=DAY,
    window=TimeWindow(start_s=0, end_s=1),
)

RAIN = Trouble(kind=TroubleKind.RAIN, from_s=36_000, to_s=40_000, factor_per_mille=1_500)

CASES: list[tuple[set[Role], Callable[..., Any], tuple[Any, ...], dict[str, Any]]] = [
    (STAFF, days.day_board, (DAY,), {}),
    (STAFF, planning.plan_job, ("j",), {}),
    (STAFF, planning.plan_so_far, ("j",), {}),
    (STAFF, proposals.proposal_page, (DAY,), {}),
    (STAFF, locks.locks_of_day, (DAY,), {}),
    (STAFF, bookings.list_bookings, (DAY,), {}),
    (STAFF, bookings.booking_page, ("b",), {}),
    (STAFF, bookings.booking_choices, (), {}),
    (STAFF, bookings.add_booking, (booking("b"),), {}),
    (STAFF, bookings.change_booking, (booking("b"),), {}),
    (STAFF, bookings.cancel_booking, ("b", 1, "why"), {}),
    (STAFF, bookings.set_status, ("b", 1, BookingStatus.DONE), {}),
    (STAFF, bookings.set_promise, ("b", 1, 40_000), {}),
    (STAFF, locks.hold_start, (HOLD,), {}),
    (STAFF, locks.release_hold, ("h", 1), {}),
    (STAFF, holding.hold_slot, (WANTED, CHOSEN), {}),
    (STAFF, holding.confirm_slot, (WANTED, CHOSEN), {}),
    (STAFF, holding.confirm_held, ("b",), {}),
    (STAFF, holding.let_go, ("b",), {}),
    (STAFF, holding.held_booking, ("b",), {}),
    (STAFF, slots.suggest_slots, (booking("b"),), {}),
    (STAFF, offering.make_ready, (), {}),
    (STAFF, offering.offer_slots, (booking("b"),), {}),
    (STAFF, messages.message_texts, (), {}),
    (DISPATCH, messages.change_message_text, (MessageKind.LATE, "en", "x", 0), {}),
    (STAFF, messages.messages_for, (booking("b"),), {}),
    (STAFF, messages.message_for, ("b", MessageKind.LATE), {}),
    (STAFF, clients.list_clients, (), {}),
    (STAFF, clients.find_clients, (), {}),
    (STAFF, clients.client_page, ("c",), {}),
    (STAFF, care.due_list, (), {}),
    (STAFF, care.care_page, ("p",), {}),
    (STAFF, care.care_choices, ("c",), {}),
    (STAFF, care.care_plans_of, ("c",), {}),
    (STAFF, care.add_care_plan, (CARE,), {}),
    (STAFF, care.change_care_plan, (CARE,), {}),
    (STAFF, care.set_care_status, ("p", CareStatus.PAUSED), {"version": 1}),
    (STAFF, proposing.propose_visits, ("p",), {"version": 1}),
    (STAFF, duplicates.find_duplicates, (), {}),
    (STAFF, duplicates.set_apart, ("c", "d"), {"first_version": 1, "second_version": 1}),
    (DISPATCH, duplicates.merge_clients, ("c", "d"), {"keep_version": 1, "drop_version": 1}),
    (DISPATCH, privacy.client_file, ("c",), {}),
    (DISPATCH, privacy.erase_client, ("c",), {"version": 1}),
    (STAFF, health.open_health, ("c",), {}),
    (STAFF, health.keep_health, ("c", Health()), {"version": 0}),
    (STAFF, health.note_feeling, ("b", Feeling(pain=3)), {"version": 0}),
    (STAFF, health.give_consent, ("c",), {"version": 1, "language": "en"}),
    (STAFF, health.withdraw_consent, ("c",), {"version": 1}),
    (STAFF, clients.add_client, (CLIENT,), {}),
    (STAFF, clients.change_client, (CLIENT,), {}),
    (STAFF, clients.list_contacts, (), {}),
    (STAFF, clients.add_contact, (CONTACT,), {}),
    (STAFF, clients.change_contact, (CONTACT,), {}),
    (STAFF, clients.add_address, (ADDRESS,), {}),
    (STAFF, clients.change_address, (ADDRESS,), {}),
    (STAFF, clients.list_buildings, (), {}),
    (STAFF, clients.get_building, ("b",), {}),
    (STAFF, clients.add_building, (building("b", "klcc"),), {}),
    (STAFF, clients.change_building, (building("b", "klcc"),), {}),
    (STAFF, clients.find_place, ("KLCC",), {}),
    (STAFF, team.list_therapists, (), {}),
    (STAFF, team.get_therapist, ("t",), {}),
    (STAFF, catalogue.catalogue, (), {}),
    (STAFF, catalogue.get_treatment, ("t",), {}),
    (STAFF, weeks.week_of, (DAY,), {}),
    ({Role.THERAPIST}, aftercare.visit_sheet, ("b/0",), {}),
    ({Role.THERAPIST}, aftercare.note_visit, ("b/0", Feeling(pain=1)), {"version": 0}),
    ({Role.THERAPIST}, aftercare.wish_again, ("b/0", 2), {}),
    (STAFF, returns.returning, (), {}),
    (STAFF, returns.book_return, ("b",), {"version": 1}),
    (STAFF, returns.let_return_go, ("b",), {"version": 1}),
    (DISPATCH, learned.learned_page, (), {}),
    (DISPATCH, learned.agree_lesson, (LessonKind.ACCESS, "b", (480,)), {"version": 1}),
    (DISPATCH, learned.refuse_lesson, (LessonKind.ACCESS, "b", (480,)), {"version": 1}),
    (DISPATCH, learned.undo_lesson, ("l",), {"version": 1}),
    (DISPATCH, reports.branch_report, (), {}),
    (DISPATCH, report_sheets.report_table, ("days", DAY, DAY), {}),
    (DISPATCH, report_sheets.report_workbook, (DAY, DAY), {}),
    (DISPATCH, planning.ask_for_plan, (DAY,), {}),
    (DISPATCH, planning.stop_plan, ("j",), {}),
    (DISPATCH, planning.plan_now, (DAY,), {"budget": Budget(rounds=0)}),
    (DISPATCH, proposals.accept_proposal, (DAY,), {"proposal_id": "r", "head_id": "h"}),
    (DISPATCH, proposals.drop_proposal, (DAY,), {"proposal_id": "r"}),
    (DISPATCH, planning.publish, (DAY,), {"head_id": "r"}),
    (STAFF, conditions.conditions_of_day, (DAY,), {}),
    (DISPATCH, conditions.end_condition, (DAY, "c"), {}),
    (DISPATCH, inserting.insertions, (DAY, "b"), {}),
    (DISPATCH, inserting.insert_booking, (DAY, Placing(move=Move(places=()))), {"start_s": 0, "head_id": ""}),
    (DISPATCH, repairs.look_at, (DAY, RAIN), {}),
    (DISPATCH, repairs.mend, (DAY, RAIN, None), {"head_id": ""}),
    (STAFF, repairs.to_tell, (DAY, "r"), {}),
    (DISPATCH, locks.lock_visit, (DAY, Lock(visit_id="b/0")), {}),
    (DISPATCH, locks.unlock_visit, (DAY, "b/0"), {}),
    (DISPATCH, locks.waive, (DAY,), {"rule": "gender", "subject_id": "b/0", "reason": "asked"}),
    (DISPATCH, locks.unwaive, (DAY,), {"rule": "gender", "subject_id": "b/0"}),
    (DISPATCH, team.add_therapist, (therapist("t", "T", "ttdi"),), {}),
    (DISPATCH, team.change_therapist, (therapist("t", "T", "ttdi"),), {}),
    (DISPATCH, team.change_roster, ("t", 1, Roster()), {}),
    (DISPATCH, team.set_exception, ("t", 1, RosterException(day=DAY)), {}),
    (DISPATCH, team.drop_exception, ("t", 1, DAY), {}),
    (DISPATCH, catalogue.add_treatment, (treatment("t", "swedish"),), {}),
    (DISPATCH, catalogue.change_treatment, (treatment("t", "swedish"),), {}),
    (DISPATCH, catalogue.add_technique, (Technique(id="t", name="T"),), {}),
    (DISPATCH, catalogue.add_complaint, (Complaint(id="t", name="T"),), {}),
    (DISPATCH, catalogue.add_contraindication, (Contraindication(id="t", name="T", question="?"),), {}),
    (DISPATCH, catalogue.add_price_rule, (PRICE,), {}),
    (DISPATCH, catalogue.change_price_rule, (PRICE,), {}),
    (DISPATCH, catalogue.remove_price_rule, ("p", 1), {}),
    (DISPATCH, catalogue.add_pay_rule, (PAY,), {}),
    (DISPATCH, catalogue.change_pay_rule, (PAY,), {}),
    (DISPATCH, catalogue.remove_pay_rule, ("p", 1), {}),
    (DISPATCH, phones.make_phone_link, ("t",), {}),
    (DISPATCH, phones.revoke_phone_links, ("t",), {}),
    (OWNERS, branches.change_branch, (None,), {}),
    (OWNERS, accounts.accounts, (), {}),
    (OWNERS, accounts.get_account, ("x",), {}),
    (OWNERS, accounts.add_account, (ACCOUNT,), {}),
    (OWNERS, accounts.change_account, (ACCOUNT,), {}),
    (OWNERS, accounts.set_password_hash, ("somebody", "h"), {}),
    (OWNERS, accounts.end_sessions, ("somebody",), {}),
    (OWNERS, tokens.tokens, (), {}),
    (OWNERS, tokens.make_token, ("Website", [Scope.SOLVE]), {}),
    (OWNERS, tokens.revoke_token, ("x",), {}),
    (STAFF, feeds.bookings_after, (), {"limit": 1}),
    (STAFF, feeds.events_after, (), {"limit": 1}),
    (STAFF, shown_plans.shown_plan, (DAY,), {"published": False}),
    (STAFF, inbox.inbox, (), {}),
    (STAFF, inbox.chat_page, ("x",), {}),
    (STAFF, inbox.write, ("x", ChatContent(kind=ChatKind.TEXT, text="hi")), {"message_id": "m"}),
    ({Role.THERAPIST}, phones.phone_day, (DAY,), {}),
    ({Role.THERAPIST}, phone_news.phone_page, (DAY,), {}),
    ({Role.THERAPIST}, phone_news.phone_mark, (), {}),
    ({Role.THERAPIST}, phone_news.phone_week, (), {}),
    ({Role.THERAPIST}, pushing.want_push, ("https://fcm.googleapis.com/x",), {}),
]


@pytest.mark.parametrize(
    ("allowed", "use_case", "given", "named"), CASES, ids=lambda value: getattr(value, "__name__", None)
)
def test_other_roles_are_denied(
    office: Office, allowed: set[Role], use_case: Callable[..., Any], given: tuple[Any, ...], named: dict[str, Any]
) -> None:
    """Each role without the permission gets a sentence saying who may, and not a row is written."""
    with office.services.store.reading() as tx:
        before = tx.audit("")
    actors = (office.owner, office.dispatcher, office.taker, office.therapist)
    for actor in actors:
        if actor.role in allowed:
            continue
        with pytest.raises(Forbidden) as denied:
            use_case(office.services, actor, *given, **named)
        assert sentence(denied.value.code, denied.value.values)
    with office.services.store.reading() as tx:
        assert tx.audit("") == before


def test_what_is_not_listed_is_denied() -> None:
    """Every permission is held by somebody, has a sentence, and a therapist holds her own day alone."""
    for permission in Permission:
        assert sentence(f"forbidden.{permission}", {"role": "x"})
        assert any(permission in held for held in PERMISSIONS.values())
    assert PERMISSIONS[Role.THERAPIST] == {Permission.OWN_DAY}
    assert PERMISSIONS[Role.BOOKING_TAKER] < PERMISSIONS[Role.DISPATCHER] < PERMISSIONS[Role.OWNER]


def test_a_permission_does_not_come_from_nowhere(office: Office) -> None:
    """`may` says no for every permission outside the role's row."""
    for permission in Permission:
        assert may(office.taker, permission) is (permission in PERMISSIONS[Role.BOOKING_TAKER])
