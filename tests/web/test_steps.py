"""The board's undo, redo and locks: forms that do what they say, and say why when they cannot."""

import html
import re
from dataclasses import replace

from dispatch.model.booking import TimeWindow
from dispatch.model.kinds import Role
from dispatch.model.outcome import Budget
from dispatch.work.bookings import add_booking
from dispatch.work.days import day_board
from dispatch.work.locks import locks_of_day
from dispatch.work.planning import plan_now
from tests.web.house import House
from tests.work.company import DAY, booking

PAGE = f"/day/{DAY}"


def board_of(house: House) -> str:
    """Plan the day and give the head's id."""
    office = house.office
    return plan_now(office.services, office.dispatcher, DAY, budget=Budget(rounds=2)).id


def shown(page: str, name: str) -> str:
    """Give the button of a step, as it stands on the page."""
    found = re.search(rf'data-step="{name}".*?(<button.*?</button>)', page, re.DOTALL)
    assert found
    return html.unescape(found[1])


def test_undo_and_redo_by_their_buttons(busy_house: House) -> None:
    """The buttons name the step they are for, take it back and make it again, and are off where there is none."""
    head = board_of(busy_house)
    client = busy_house.signed_in(Role.DISPATCHER)
    page = client.get(PAGE).text
    assert "disabled" not in shown(page, "undo")
    assert "planning (plan 1)" in shown(page, "undo")
    assert "disabled" in shown(page, "redo")
    answer = client.post(f"{PAGE}/undo", data={"head_id": head}, follow_redirects=True)
    assert "Your step was taken back; this is plan 2." in html.unescape(answer.text)
    assert "disabled" in shown(answer.text, "undo")
    office = busy_house.office
    new = day_board(office.services, office.dispatcher, DAY).head
    assert new is not None
    assert not new.plan.routes
    answer = client.post(f"{PAGE}/redo", data={"head_id": new.id}, follow_redirects=True)
    assert "Your step was made again; this is plan 3." in html.unescape(answer.text)


def test_an_undo_of_an_old_board_says_so(busy_house: House) -> None:
    """A step back on a plan that is no longer the newest is a conflict with its sentence, and changes nothing."""
    head = board_of(busy_house)
    newest = board_of(busy_house)
    client = busy_house.signed_in(Role.DISPATCHER)
    answer = client.post(f"{PAGE}/undo", data={"head_id": head})
    assert answer.status_code == 409
    assert "A colleague has changed the plan" in html.unescape(answer.text)
    office = busy_house.office
    now = day_board(office.services, office.dispatcher, DAY).head
    assert now is not None
    assert now.id == newest


def test_a_visit_is_fixed_on_its_card(busy_house: House) -> None:
    """The card's buttons fix a visit, show what is fixed, and set it free; an unknown word is refused."""
    head = board_of(busy_house)
    office = busy_house.office
    visit = next(
        visit for route in day_board(office.services, office.dispatcher, DAY).plan.routes for visit in route.visit_ids()
    )
    card = f"{PAGE}/visit/{visit}"
    client = busy_house.signed_in(Role.DISPATCHER)
    assert 'value="nothing" aria-pressed="true"' in client.get(card).text
    answer = client.post(f"{card}/lock", data={"head_id": head, "fix": "therapist"}, follow_redirects=True)
    assert "The therapist is fixed" in html.unescape(answer.text)
    assert 'value="therapist" aria-pressed="true"' in client.get(card).text
    locks, _ = locks_of_day(office.services, office.dispatcher, DAY)
    assert [lock.visit_id for lock in locks] == [visit]
    newest = day_board(office.services, office.dispatcher, DAY).head
    assert newest is not None
    assert client.post(f"{card}/lock", data={"head_id": newest.id, "fix": "all"}).status_code == 400
    client.post(f"{card}/lock", data={"head_id": newest.id, "fix": "nothing"})
    assert locks_of_day(office.services, office.dispatcher, DAY)[0] == ()


def test_who_may_not_plan_sees_no_steps(busy_house: House) -> None:
    """A booking taker reads the board without undo and locks, and is refused where she sends the forms all the same."""
    head = board_of(busy_house)
    client = busy_house.signed_in(Role.BOOKING_TAKER)
    assert "data-step" not in client.get(PAGE).text
    assert client.post(f"{PAGE}/undo", data={"head_id": head}).status_code == 403


def test_a_remedy_is_done_from_the_list_of_those_left_out(busy_house: House) -> None:
    """Each remedy says what it changes and has a button that does it; the booking then has its place."""
    office = busy_house.office
    wish = replace(booking("b9"), windows=(TimeWindow(start_s=21 * 3_600, end_s=21 * 3_600 + 900),))
    add_booking(office.services, office.dispatcher, wish)
    board_of(busy_house)
    client = busy_house.signed_in(Role.DISPATCHER)
    why = html.unescape(client.get(f"{PAGE}/booking/b9/why").text)
    assert "The time becomes one the client wishes for: ask first." in why
    form = re.search(
        r'name="head_id" value="([^"]+)".*?name="start_s" value="(\d+)".*?name="kind" value="(\w+)"', why, re.DOTALL
    )
    assert form
    sent = {"head_id": form[1], "start_s": form[2], "kind": form[3]}
    refused = client.post(f"{PAGE}/booking/b9/remedy", data={**sent, "start_s": "-5"})
    assert refused.status_code == 400
    done = client.post(f"{PAGE}/booking/b9/remedy", data=sent, follow_redirects=True)
    assert "Done: the booking has its place in plan 2." in html.unescape(done.text)
    assert "b9" in day_board(office.services, office.dispatcher, DAY).plan.served()
    again = client.post(f"{PAGE}/booking/b9/remedy", data=sent)
    assert again.status_code == 409
