"""The proposal on the pages: asked for with options, shown with its changes, taken over whole or in part, put away."""

import html
import re
from dataclasses import replace
from datetime import date

from dispatch.model.booking import TimeWindow
from dispatch.model.kinds import Role
from dispatch.model.options import Freedom, PlanOptions, Scope, Stability
from dispatch.model.plan import DayPointers, Plan
from dispatch.work.bookings import booking_page, cancel_booking, change_booking
from tests.web.house import House
from tests.work.company import DAY, H
from tests.work.plans import SOME, keep, propose, route

PAGE = f"/day/{DAY}/proposal"


def pointers(house: House, day: date = DAY) -> DayPointers:
    """Give the day's pointers."""
    with house.office.services.store.reading() as tx:
        return tx.pointers("main", day)


def proposed(house: House) -> tuple[str, str]:
    """Have a plan proposed that serves two more; give the ids of the head and of the proposal."""
    head = keep(house.office, SOME)
    return head.id, propose(house.office).id


def test_the_planner_is_told_what_may_change(busy_house: House) -> None:
    """What the form's panel says reaches the job, and a plain click asks for the whole day as before."""
    client = busy_house.signed_in(Role.DISPATCHER)
    keep(busy_house.office, SOME)
    panel = client.get(f"/day/{DAY}/plan/options").text
    for word in ("The whole day", "Only add", "Price of a change", "RM 10.00 per therapist", "Aina"):
        assert word in panel
    form = {
        "scope": "therapists",
        "therapist": ["t-bee", "t-aina"],
        "freedom": "keep_therapists",
        "stability": "strong",
    }
    assert client.post(f"/day/{DAY}/plan", data=form).status_code == 303
    with busy_house.office.services.store.reading() as tx:
        job = tx.running_job("main", DAY)
    assert job is not None
    assert job.options == PlanOptions(
        scope=Scope.THERAPISTS,
        freedom=Freedom.KEEP_THERAPISTS,
        stability=Stability.STRONG,
        therapist_ids=("t-bee", "t-aina"),
        keep_told=True,
    )


def test_a_selection_of_nothing_is_refused(busy_house: House) -> None:
    """Working on some bookings and naming none is refused with a sentence, as is a word that is no choice."""
    client = busy_house.signed_in(Role.DISPATCHER)
    answer = client.post(f"/day/{DAY}/plan", data={"scope": "bookings"})
    assert answer.status_code == 400
    assert "Choose at least one" in answer.text
    assert client.post(f"/day/{DAY}/plan", data={"scope": "moon"}).status_code == 400


def test_the_page_shows_every_change(busy_house: House) -> None:
    """Each change is a ticked box with a sentence for each seat, beside the figures and what was proven."""
    proposed(busy_house)
    board = busy_house.signed_in(Role.DISPATCHER).get(f"/day/{DAY}").text
    assert "Nothing has changed yet" in board
    assert PAGE in board
    page = busy_house.signed_in(Role.DISPATCHER).get(PAGE).text
    assert (page.count('name="change"'), page.count("newly served")) == (2, 3)
    assert page.count(" checked>") == 2
    assert "These changes together keep every rule" in page
    assert "Take all over" in page
    assert "how many a plan could serve at most was not worked out" in page
    assert "route-old" in page


def test_a_choice_is_judged_for_itself(busy_house: House) -> None:
    """The fragment for one of two changes counts only that one, and nothing chosen cannot be taken over."""
    proposed(busy_house)
    client = busy_house.signed_in(Role.DISPATCHER)
    some = client.get(f"{PAGE}/choice?some=1&change=booking:b2").text
    assert "Take 1 of 2 over" in some
    assert "disabled" not in some
    none = client.get(f"{PAGE}/choice?some=1").text
    assert "Choose at least one change" in none
    assert "disabled" in none


def test_part_of_it_is_taken_over(busy_house: House) -> None:
    """The boxes that are ticked become the plan, the rest of the proposal is gone, and the board says so."""
    head_id, proposal_id = proposed(busy_house)
    client = busy_house.signed_in(Role.DISPATCHER)
    form = {"proposal_id": proposal_id, "head_id": head_id, "some": "1", "change": "booking:b2", "answer": "accept"}
    answer = client.post(PAGE, data=form, follow_redirects=True)
    assert "it serves 3" in answer.text
    assert pointers(busy_house).proposal_id is None
    gone = client.get(PAGE, follow_redirects=True)
    assert "There is no proposal for this day any more" in gone.text


def test_all_of_it_is_taken_over_from_the_board(busy_house: House) -> None:
    """The one button of the board takes the whole proposal over."""
    head_id, proposal_id = proposed(busy_house)
    client = busy_house.signed_in(Role.DISPATCHER)
    form = {"proposal_id": proposal_id, "head_id": head_id, "answer": "accept"}
    assert "it serves 4" in client.post(PAGE, data=form, follow_redirects=True).text


def test_a_stale_choice_is_a_conflict(busy_house: House) -> None:
    """A decision on a plan that was not shown changes nothing and is told in a sentence."""
    _, proposal_id = proposed(busy_house)
    client = busy_house.signed_in(Role.DISPATCHER)
    before = pointers(busy_house)
    form = {"proposal_id": proposal_id, "head_id": "older", "some": "1", "change": "booking:b2", "answer": "accept"}
    answer = client.post(PAGE, data=form)
    assert answer.status_code == 409
    assert "nothing was taken over" in answer.text
    assert "booking:b2" not in answer.text
    assert pointers(busy_house) == before


def test_it_is_put_away(busy_house: House) -> None:
    """A proposal that is put away leaves the plan as it was."""
    head_id, proposal_id = proposed(busy_house)
    client = busy_house.signed_in(Role.DISPATCHER)
    answer = client.post(PAGE, data={"proposal_id": proposal_id, "answer": "drop"}, follow_redirects=True)
    assert "put away" in answer.text
    assert (pointers(busy_house).head_id, pointers(busy_house).proposal_id) == (head_id, None)


def test_a_changed_day_is_said(busy_house: House) -> None:
    """Where a booking was cancelled since, the page says that the day has changed and shows what is left of it."""
    proposed(busy_house)
    cancel_booking(busy_house.office.services, busy_house.office.taker, "b2", 1, "fever")
    page = busy_house.signed_in(Role.DISPATCHER).get(PAGE).text
    assert "have changed since the planner began" in page
    assert page.count('name="change"') == 1


def test_who_may_not_plan_only_looks(busy_house: House) -> None:
    """A booking taker sees the proposal and has no button that decides on it."""
    proposed(busy_house)
    page = busy_house.signed_in(Role.BOOKING_TAKER).get(PAGE).text
    assert "newly served" in page
    assert 'name="answer"' not in page


def test_a_choice_that_breaks_a_rule_says_what_it_needs(busy_house: House) -> None:
    """Two at the same time with the same therapist cannot be: the page says so and names the change that makes room."""
    office = busy_house.office
    for name in ("b1", "b2"):
        shown = booking_page(office.services, office.taker, name).booking
        change_booking(
            office.services, office.taker, replace(shown, windows=(TimeWindow(start_s=14 * H, end_s=14 * H),))
        )
    head = keep(office, SOME)
    routes = (route("t-aina", "b2/0", "meal"), route("t-bee", "b1/0", "meal", "b4/0"))
    proposal = propose(office, Plan(routes=routes, left_out=SOME.left_out[1:]))
    client = busy_house.signed_in(Role.DISPATCHER)
    some = client.get(f"{PAGE}/choice?some=1&change=booking:b2").text
    assert "Rules that these changes alone would break" in some
    assert "disabled" in some
    assert "They need with them:" in some
    way_out = re.search(r'href="([^"]+)">[^A]*Take 1 more with them', some)
    assert way_out
    mended = client.get(html.unescape(way_out[1])).text
    assert "These changes together keep every rule" in mended
    form = {"proposal_id": proposal.id, "head_id": head.id, "some": "1", "change": "booking:b2", "answer": "accept"}
    refused = client.post(PAGE, data=form)
    assert refused.status_code == 409
    assert "These changes alone break" in refused.text
    assert pointers(busy_house).head_id == head.id
