"""The board shows the day as it happens: planned against actual, who is late, what was reported, what went astray."""

from dataclasses import replace
from datetime import timedelta

from dispatch.model.facts import EventPlace
from dispatch.model.kinds import EventKind, Role
from dispatch.model.plan import LeftOut
from dispatch.model.said import said
from dispatch.work.days import day_board
from dispatch.work.reporting import Tap, report
from tests.web.house import House, open_house
from tests.work.company import DAY, Office
from tests.work.plans import FULL, keep, keep_and_publish, route
from tests.work.test_reporting import tap


def told(office: Office, *taps: Tap) -> None:
    """Report for Aina."""
    assert all(one.new for one in report(office.services, office.therapist, taps))


def page(house: House, path: str = "") -> str:
    """Give a page of the board as the dispatcher sees it."""
    answer = house.signed_in(Role.DISPATCHER).get(f"/day/{DAY.isoformat()}{path}")
    assert answer.status_code == 200
    return answer.get_data(as_text=True)


def test_nothing_reported_shows_nothing(busy: Office) -> None:
    """A day as planned has no mark and no list, at any hour."""
    keep_and_publish(busy)
    house = open_house(busy)
    assert "road-actual" not in page(house)
    assert 'id="road"' not in page(house)


def test_a_late_start_is_drawn_and_its_followers_named(busy: Office) -> None:
    """A treatment begun late has its planned and actual time in the row, on its card, and those after it in the list."""
    keep_and_publish(busy)
    busy.clock.on(hours=10, minutes=30)
    told(busy, tap(1, EventKind.DEPARTED, minute=290), tap(2, EventKind.STARTED, minute=600))
    house = open_house(busy)
    board = page(house)
    assert "road-planned" in board
    assert "road-late" in board
    assert "From the road" in board
    card = page(house, "/visit/b1/0")
    assert "began 19:00" in card
    assert "began the treatment" in card
    assert "min late" in page(house, "/visit/b3/0")


def test_a_card_says_how_far_from_the_address_a_tap_was(busy: Office) -> None:
    """Where the phone told its place the card has the distance to the address and how exact that is; else nothing."""
    keep_and_publish(busy)
    busy.clock.on(hours=2)
    board = day_board(busy.services, busy.dispatcher, DAY)
    door = board.problem.locations[board.problem.booking("b1").location]
    north = EventPlace(lat=door.lat + 0.0018, lon=door.lon, accuracy_m=30)
    told(busy, tap(1, EventKind.DEPARTED, minute=1), tap(2, EventKind.ARRIVED, minute=60, place=north))
    card = page(open_house(busy), "/visit/b1/0")
    assert "200 m from the address, give or take 30 m" in card
    assert card.count("m from the address") == 1


def test_a_problem_and_an_astray_report_are_listed_and_taken_back(busy: Office) -> None:
    """What keeps her from going on is on the board, and a report of a visit given to another is, until it is taken back."""
    keep_and_publish(busy)
    told(busy, tap(1, EventKind.PROBLEM, payload="unsafe"), tap(2, EventKind.DEPARTED))
    house = open_house(busy)
    board = page(house)
    assert "it is unsafe" in board
    assert "road-astray" not in board
    client = house.signed_in(Role.DISPATCHER)
    for number in (1, 2):
        answer = client.post(f"/day/{DAY.isoformat()}/report/take-back", data={"report": f"tap-0000{number}"})
        assert answer.status_code == 303
    assert 'id="road"' not in page(house)
    assert client.post(f"/day/{DAY.isoformat()}/report/take-back", data={"report": "tap-00009"}).status_code == 400
    refused = house.signed_in(Role.BOOKING_TAKER).post(f"/day/{DAY.isoformat()}/report/take-back", data={"report": "x"})
    assert refused.status_code == 403


def test_a_tap_for_a_moved_stop_is_on_the_board(busy: Office) -> None:
    """Aina set out for a visit that the newer plan gave to Bee: the board names both and the dispatcher can take it back."""
    keep_and_publish(busy)
    routes = (route("t-aina", "meal", "b3/0"), route("t-bee", "b1/0", "meal", "b4/0"), FULL.routes[2])
    left = LeftOut(booking_id="b2", reason=said("plan.not_planned_yet", booking_id="b2"))
    keep(busy, replace(FULL, routes=routes, left_out=(left,)))
    told(busy, tap(1, EventKind.DEPARTED, minute=0))
    board = page(open_house(busy))
    assert "road-astray" in board
    assert "Aina reported of Lim Mei Ling" in board


def test_another_day_has_no_forecast(busy: Office) -> None:
    """Tomorrow's board is the plan's alone, and yesterday's shows what was reported without guessing anything."""
    keep_and_publish(busy)
    told(busy, tap(1, EventKind.DEPARTED))
    busy.clock.moment += timedelta(days=1)
    house = open_house(busy)
    assert "road-actual" not in page(house)
    assert "left" in page(house, "/visit/b1/0")


def test_a_late_client_has_a_ready_message_and_the_day_an_offer(busy: Office) -> None:
    """Who will start an hour late has her client's text ready, rounded to five minutes, and the board offers a repair."""
    keep_and_publish(busy)
    busy.clock.on(hours=8)
    told(busy, tap(1, EventKind.STARTED, minute=430))
    board = page(open_house(busy))
    assert "https://wa.me/60123456789?text=" in board
    assert "trouble/behind?look=1" in board
    assert "Visits that will start late" in board
    busy.clock.on(days=1)
    assert "trouble/behind" not in page(open_house(busy))


def test_the_offer_changes_nothing_before_it_is_chosen(busy: Office) -> None:
    """The offer opens the repair page of the day as it runs; opening it keeps nothing, and a stranger's day is refused."""
    keep_and_publish(busy)
    busy.clock.on(hours=8)
    told(busy, tap(1, EventKind.STARTED, minute=430))
    house = open_house(busy)
    with busy.services.store.reading() as tx:
        before = tx.pointers("main", DAY), len(tx.audit("main"))
    shown = page(house, "/trouble/behind?look=1")
    assert "If nobody does anything" in shown
    assert "Do this" in shown
    with busy.services.store.reading() as tx:
        assert (tx.pointers("main", DAY), len(tx.audit("main"))) == before
    tomorrow = (DAY + timedelta(days=1)).isoformat()
    refused = house.signed_in(Role.DISPATCHER).get(f"/day/{tomorrow}/trouble/behind?look=1")
    assert refused.status_code == 400
    assert house.signed_in(Role.BOOKING_TAKER).get(f"/day/{DAY.isoformat()}/trouble/behind?look=1").status_code == 403
