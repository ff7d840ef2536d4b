"""The pages of putting bookings in and of mending a day: shown without changing anything, done with one button."""

from __future__ import annotations

import html
import re

import pytest

from dispatch.model.kinds import BookingStatus, Role
from dispatch.work.bookings import add_booking, list_bookings
from dispatch.work.conditions import conditions_of_day
from dispatch.work.days import DayBoard, day_board
from tests.web.house import House
from tests.work.company import DAY, Office, booking
from tests.work.plans import FULL, SOME, keep

PAGE = f"/day/{DAY.isoformat()}"
HOSTILE = (
    "</script><script>alert(1)</script>",
    "{{7*7}}<img src=x onerror=alert(1)>",
    "null",
    "'; DROP TABLE booking; --",
)
RAIN = {"look": "1", "from": "13:00", "to": "19:00", "percent": "60"}


def board_of(office: Office) -> DayBoard:
    """The day's board."""
    return day_board(office.services, office.dispatcher, DAY)


def forms_of(text: str, action: str) -> list[dict[str, str]]:
    """The hidden fields of every form that is sent to an address."""
    found = re.findall(rf'<form method="post" action="{re.escape(action)}".*?</form>', text, re.DOTALL)
    fields = [re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', form) for form in found]
    return [{name: html.unescape(value) for name, value in one} for one in fields]


def test_the_card_of_a_left_out_booking_leads_to_its_ways(busy: Office, busy_house: House) -> None:
    """The card asks for the ways, each shows who, when and what it does, and one button puts the booking in."""
    keep(busy, SOME)
    client = busy_house.signed_in(Role.DISPATCHER)
    assert f'hx-get="{PAGE}/booking/b2/insert"' in client.get(f"{PAGE}/booking/b2").text
    assert f'hx-get="{PAGE}/booking/b2/insert"' in client.get(f"{PAGE}/booking/b2/why").text
    forms: list[dict[str, str]] = []
    for headers in ({}, {"HX-Request": "true"}):
        text = client.get(f"{PAGE}/booking/b2/insert", headers=headers).text
        assert ("<html" in text) == (not headers)
        forms = forms_of(text, f"{PAGE}/booking/b2/insert")
        assert forms
    assert client.post(f"{PAGE}/booking/b2/insert", data=forms[0]).status_code == 303
    board = board_of(busy)
    assert board.timetable.visit("b2/0").start_s == int(forms[0]["shown_s"])
    again = client.post(f"{PAGE}/booking/b2/insert", data=forms[0])
    assert again.status_code == 409
    assert board_of(busy).head == board.head


def test_whom_an_urgent_booking_would_bump_is_named(busy: Office, busy_house: House) -> None:
    """A way that bumps somebody out names her with her priority, and the left-out list says afterwards why."""
    for number in range(12):
        urgent = booking(f"u{number}", "c-siti", 14, 14, treatment_id="deep", minutes=90, priority=9)
        add_booking(busy.services, busy.taker, urgent)
    keep(busy, FULL)
    client = busy_house.signed_in(Role.DISPATCHER)
    text = client.get(f"{PAGE}/booking/u0/insert").text
    assert re.search(r"Instead of (Lim Mei Ling|Tan Wei) \(priority 0\)", text)
    form = next(one for one in forms_of(text, f"{PAGE}/booking/u0/insert") if "bumped" in one)
    assert client.post(f"{PAGE}/booking/u0/insert", data=form).status_code == 303
    assert "made room for Siti Aminah" in client.get(PAGE).text


@pytest.mark.parametrize(
    ("kind", "asked"),
    [
        ("rain", RAIN),
        ("traffic", {**RAIN, "area": "KLCC"}),
        ("ill", {"look": "1", "therapist": "t-aina", "from": "13:00"}),
        ("ill", {"look": "1", "therapist": "t-aina", "all_day": "1"}),
        ("running_over", {"look": "1", "booking": "b1", "minutes": "90"}),
        ("cancel", {"look": "1", "booking": "b2", "version": "1", "reason": "<b>cold</b>"}),
    ],
)
def test_each_dialog_shows_the_damage_and_mends_it(
    busy: Office, busy_house: House, kind: str, asked: dict[str, str]
) -> None:
    """The form alone changes nothing, the answer proposes, its button keeps exactly that, and an old one is refused."""
    keep(busy, FULL)
    client = busy_house.signed_in(Role.DISPATCHER)
    address = f"{PAGE}/trouble/{kind}"
    before = board_of(busy)
    empty = client.get(address, query_string={name: asked[name] for name in ("booking", "therapist") if name in asked})
    assert empty.status_code == 200
    assert "Show what happens" in empty.text
    shown = client.get(address, query_string=asked)
    assert shown.status_code == 200
    assert "If nobody does anything" in shown.text
    assert "<b>cold</b>" not in shown.text
    assert board_of(busy).head == before.head
    assert board_of(busy).problem == before.problem
    assert "<html" not in client.get(address, query_string=asked, headers={"HX-Request": "true"}).text
    form = forms_of(shown.text, address)[0]
    assert form["plan"]
    assert client.post(address, data=form).status_code == 303
    after = board_of(busy)
    assert after.head is not None
    assert (after.head.cause.value, after.violations) == ("repair", ())
    again = client.post(address, data=form)
    assert again.status_code == 409
    assert '"routes"' not in html.unescape(again.text)
    assert board_of(busy).head == after.head


def test_who_is_to_be_told_is_shown_after_the_repair(busy: Office, busy_house: House) -> None:
    """After a repair that moves people, the page lists each client to be told with the number to call."""
    keep(busy, FULL)
    client = busy_house.signed_in(Role.DISPATCHER)
    address = f"{PAGE}/trouble/ill"
    asked = {"look": "1", "therapist": "t-aina", "from": "13:00"}
    form = forms_of(client.get(address, query_string=asked).text, address)[0]
    answer = client.post(address, data=form)
    page = client.get(answer.headers["Location"]).text
    assert "tell these clients" in page
    assert "Lim Mei Ling" in page
    assert 'href="tel:+60123456789"' in page
    assert client.get(answer.headers["Location"].replace(DAY.isoformat(), "2026-11-26")).status_code == 404


def test_a_condition_is_listed_and_ended(busy: Office, busy_house: House) -> None:
    """Rain stands in the board's bar with its hours, and ending it there takes it away."""
    keep(busy, FULL)
    client = busy_house.signed_in(Role.DISPATCHER)
    form = forms_of(client.get(f"{PAGE}/trouble/rain", query_string=RAIN).text, f"{PAGE}/trouble/rain")[0]
    client.post(f"{PAGE}/trouble/rain", data=form)
    assert "Rain 13:00–19:00, 60 % slower" in client.get(PAGE).text
    (one,) = conditions_of_day(busy.services, busy.dispatcher, DAY)
    assert client.post(f"/day/2026-11-26/condition/{one.id}/end").status_code == 400
    assert client.post(f"{PAGE}/condition/{one.id}/end").status_code == 303
    assert "60 % slower" not in client.get(PAGE).text
    assert client.post(f"{PAGE}/condition/{one.id}/end").status_code == 404


def test_noting_alone_leaves_the_plan(busy: Office, busy_house: House) -> None:
    """Without a plan the form notes what happened and leaves the head as it is."""
    head = keep(busy, FULL)
    client = busy_house.signed_in(Role.DISPATCHER)
    sent = {"booking": "b1", "minutes": "180", "head_id": head.id}
    assert client.post(f"{PAGE}/trouble/running_over", data=sent).status_code == 303
    board = board_of(busy)
    assert board.head == head
    assert board.problem.booking("b1").duration_s == 4 * 3_600
    assert "runs over by 180 min" in client.get(PAGE).text


@pytest.mark.parametrize("plan", ["[", "{}", '{"routes":[],"locks":7}', "9" * 500_000, *HOSTILE])
def test_a_hostile_plan_keeps_nothing(busy: Office, busy_house: House, plan: str) -> None:
    """What is no plan is refused with a sentence, and neither day nor plan is changed."""
    head = keep(busy, FULL)
    client = busy_house.signed_in(Role.DISPATCHER)
    sent = {"from": "13:00", "to": "19:00", "percent": "60", "head_id": head.id, "plan": plan}
    answer = client.post(f"{PAGE}/trouble/rain", data=sent)
    assert answer.status_code in {400, 409}
    assert "<script>alert" not in answer.text
    assert conditions_of_day(busy.services, busy.dispatcher, DAY) == ()
    assert board_of(busy).head == head


@pytest.mark.parametrize(
    ("kind", "asked"),
    [
        ("rain", {**RAIN, "from": "noon"}),
        ("rain", {**RAIN, "percent": "1e9"}),
        ("traffic", {**RAIN, "area": HOSTILE[0][:80]}),
        ("ill", {"look": "1", "therapist": "nobody", "from": "13:00"}),
        ("cancel", {"look": "1", "booking": "nobody", "reason": "x"}),
        ("cancel", {}),
        ("running_over", {"look": "1", "booking": "b1", "minutes": "-3"}),
        ("flood", {}),
    ],
)
def test_what_makes_no_sense_is_answered_with_a_sentence(
    busy: Office, busy_house: House, kind: str, asked: dict[str, str]
) -> None:
    """Unknown kinds, people, places and numbers are refused, and what was sent is never shown as markup."""
    keep(busy, FULL)
    answer = busy_house.signed_in(Role.DISPATCHER).get(f"{PAGE}/trouble/{kind}", query_string=asked)
    assert answer.status_code in {400, 404}
    assert "<script>alert" not in answer.text


def test_who_may_not_plan_sees_none_of_it(busy: Office, busy_house: House) -> None:
    """A booking taker's card has no trouble to report and no ways, and the addresses are shut."""
    head = keep(busy, SOME)
    client = busy_house.signed_in(Role.BOOKING_TAKER)
    assert "/trouble/" not in client.get(f"{PAGE}/booking/b1").text + client.get(PAGE).text
    assert "/insert" not in client.get(f"{PAGE}/booking/b2").text
    assert client.get(f"{PAGE}/booking/b2/insert").status_code == 403
    assert client.get(f"{PAGE}/trouble/rain").status_code == 403
    assert client.post(f"{PAGE}/trouble/rain", data={"head_id": head.id}).status_code == 403


def test_a_cancelled_booking_is_no_longer_planned(busy: Office, busy_house: House) -> None:
    """Cancelling by the dialog cancels the booking with its reason, and its card offers nothing more."""
    keep(busy, FULL)
    client = busy_house.signed_in(Role.DISPATCHER)
    address = f"{PAGE}/trouble/cancel"
    asked = {"look": "1", "booking": "b2", "version": "1", "reason": "a cold"}
    client.post(address, data=forms_of(client.get(address, query_string=asked).text, address)[0])
    (kept,) = [one for one in list_bookings(busy.services, busy.taker, DAY).bookings if one.id == "b2"]
    assert (kept.status, kept.cancelled_reason) == (BookingStatus.CANCELLED, "a cold")
    assert "/trouble/" not in client.get(f"{PAGE}/booking/b2").text
