"""How sure a visit's times are, as the board and the phone show it."""

from dataclasses import replace

from dispatch.model.booking import TimeWindow
from dispatch.model.kinds import Role
from dispatch.model.outcome import Budget
from dispatch.rules.chance import chances
from dispatch.words import sentence
from dispatch.work.bookings import change_booking
from dispatch.work.days import day_board
from dispatch.work.phones import PhoneVisit, make_phone_link, phone_actor, phone_day
from dispatch.work.planning import plan_now, publish
from tests.web.house import House
from tests.work.company import DAY, H, Office
from web.board.timeline import VisitBar, rows

PAGE = f"/day/{DAY.isoformat()}"


def planned_to_the_minute(office: Office) -> VisitBar:
    """Plan a day with a booking that may start at one moment only, and give its bar on the board."""
    booking = day_board(office.services, office.dispatcher, DAY).bookings["b1"]
    # Bee lives elsewhere, so the leg to this client can take longer than planned.
    moment = TimeWindow(start_s=11 * H, end_s=11 * H)
    change_booking(office.services, office.taker, replace(booking, windows=(moment,), only_therapists=("t-bee",)))
    plan_now(office.services, office.dispatcher, DAY, budget=Budget(rounds=2), seed=1)
    board = day_board(office.services, office.dispatcher, DAY)
    bars = [item for row in rows(board) for item in row.items if isinstance(item, VisitBar)]
    return next(bar for bar in bars if bar.booking_id == "b1")


def test_a_visit_that_real_days_make_late_is_marked(busy: Office, busy_house: House) -> None:
    """A start without any leeway is planned on time, and marked on its bar and in its details with its chance."""
    bar = planned_to_the_minute(busy)
    assert bar.late_s == 0
    assert bar.on_time_percent < 80
    assert bar.risky
    assert bar.likely is not None
    assert bar.likely.start_s == 11 * H < bar.likely.end_s
    page = busy_house.signed_in(Role.DISPATCHER).get(PAGE).text
    assert sentence("web.risk_label", {"percent": bar.on_time_percent}) in page
    assert f'data-late="{bar.on_time_percent}%"' in page
    detail = busy_house.signed_in(Role.DISPATCHER).get(f"{PAGE}/visit/b1/0").text
    assert sentence("web.risk", {"percent": bar.on_time_percent}) in detail
    assert sentence("web.step_likely", {"early_s": bar.likely.start_s, "late_s": bar.likely.end_s}) in detail


def test_the_board_knows_the_chance_of_every_visit(busy: Office) -> None:
    """Each visit of the plan has the chance that the rules give it, and none that is sure is marked."""
    planned_to_the_minute(busy)
    board = day_board(busy.services, busy.dispatcher, DAY)
    assert board.chances == {one.visit_id: one for one in chances(board.problem, board.plan)}
    for row in rows(board):
        for bar in row.items:
            if isinstance(bar, VisitBar):
                assert bar.risky == (board.chances[bar.visit_id].on_time_percent < 80 and bar.late_s == 0)


def test_the_phone_tells_when_a_treatment_is_likely_to_start(busy: Office, busy_house: House) -> None:
    """A visit that may begin later than planned says from when to when, in the card and in the list."""
    bar = planned_to_the_minute(busy)
    board = day_board(busy.services, busy.dispatcher, DAY)
    assert board.head is not None
    publish(busy.services, busy.dispatcher, DAY, head_id=board.head.id)
    therapist_id = board.chances[bar.visit_id].therapist_id
    token = make_phone_link(busy.services, busy.dispatcher, therapist_id)
    stops = phone_day(busy.services, phone_actor(busy.services, token), DAY).stops
    likely = {stop.visit_id: (stop.early_s, stop.late_s) for stop in stops if isinstance(stop, PhoneVisit)}
    assert bar.likely is not None
    assert likely[bar.visit_id] == (bar.likely.start_s, bar.likely.end_s)
    text = busy_house.stranger().get(f"/p/{token}").text
    assert sentence("phone.likely", {"early_s": bar.likely.start_s, "late_s": bar.likely.end_s}) in text
