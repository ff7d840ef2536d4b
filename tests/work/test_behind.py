"""A day that runs late is mended by the same steps as everything that happens, as a proposal a person takes or leaves."""

import pytest

from dispatch.errors import BadInput
from dispatch.model.kinds import Cause, EventKind
from dispatch.model.plan import LeftOut, Plan
from dispatch.model.said import said
from dispatch.model.trouble import Trouble, TroubleKind
from dispatch.notify.messages import default_text
from dispatch.rules.referee import check
from dispatch.work.bookings import add_booking
from dispatch.work.days import day_board
from dispatch.work.repairing import Way
from dispatch.work.repairs import look_at, mend
from dispatch.work.reporting import report
from dispatch.work.road import road_day
from tests.work.company import DAY, Office, booking
from tests.work.plans import keep_and_publish, route
from tests.work.test_repairs import QUICK, everything
from tests.work.test_reporting import tap

BEHIND = Trouble(kind=TroubleKind.BEHIND)


def late_day(office: Office) -> None:
    """Aina begins her first treatment so late that her next client would wait past her window."""
    add_booking(office.services, office.taker, booking("b5", "c-siti", 16, 17))
    routes = (route("t-aina", "b1/0", "meal", "b5/0"), route("t-bee", "b2/0", "meal", "b4/0"))
    left = LeftOut(booking_id="b3", reason=said("plan.not_planned_yet", booking_id="b3"))
    keep_and_publish(office, Plan(routes=routes, left_out=(left,)))
    office.clock.on(hours=6, minutes=45)
    report(office.services, office.therapist, [tap(1, EventKind.STARTED, minute=390)], sent_at=office.clock())


def test_the_smallest_repair_serves_whom_lateness_would_lose(busy: Office) -> None:
    """Somebody else takes the visit that a late therapist cannot reach; looking keeps nothing, mending all of it."""
    late_day(busy)
    before = everything(busy)
    shown = look_at(busy.services, busy.dispatcher, DAY, BEHIND, budget=QUICK)
    assert everything(busy) == before
    assert shown.weighing.damage.late or shown.weighing.damage.breaches or shown.weighing.damage.later
    best = shown.weighing.options[0]
    as_it_is = next(one for one in shown.weighing.options if one.way is Way.AS_IT_IS)
    assert best.rank() <= as_it_is.rank()
    assert best.late_s <= as_it_is.late_s
    assert not best.breaches
    assert {one.therapist_id for one in best.mended.routes if "b5/0" in one.visit_ids()} == {"t-chandra"}
    made = mend(busy.services, busy.dispatcher, DAY, BEHIND, best.mended, head_id=shown.head_id)
    assert made is not None
    assert made.cause is Cause.REPAIR
    board = day_board(busy.services, busy.dispatcher, DAY)
    assert board.head == made
    assert not check(board.problem, board.plan)


def test_told_lateness_counts_as_much_as_taps(busy: Office) -> None:
    """Thirty minutes told for a visit not begun show in the damage, and no plan that is kept holds the hour she has not."""
    keep_and_publish(busy)
    busy.clock.on(hours=4, minutes=20)
    late = tap(1, EventKind.RUNNING_LATE, minute=258, payload="30")
    report(busy.services, busy.therapist, [late], sent_at=busy.clock())
    shown = look_at(busy.services, busy.dispatcher, DAY, BEHIND, budget=QUICK)
    damage = shown.weighing.damage
    assert {one.visit_id for one in (*damage.late, *damage.later)} >= {"b1/0"}
    stops = {stop.id for one in shown.weighing.options for route in one.mended.routes for stop in route.stops}
    assert stops <= {"b1/0", "b2/0", "b3/0", "b3/1", "b4/0", "meal"}


def test_another_day_cannot_run_late(busy: Office) -> None:
    """Tomorrow has no reports and no clock, so nothing of it can be mended as late."""
    keep_and_publish(busy)
    with pytest.raises(BadInput) as refused:
        look_at(busy.services, busy.dispatcher, DAY.replace(day=26), BEHIND)
    assert refused.value.code == "trouble.not_today"


def test_messages_speak_of_what_the_client_knows(busy: Office) -> None:
    """Who is late against what her client knows has a late text; who has left on time has the one that says so."""
    late_day(busy)
    board = day_board(busy.services, busy.dispatcher, DAY)
    road = road_day(busy.services, busy.dispatcher, board)
    assert "b1" not in road.messages
    message = road.messages["b5"]
    assert message.kind is not None
    assert message.kind.value == "late"
    assert message.link.startswith("https://wa.me/60123456789?text=")
    assert default_text(message.kind, "en").split("{")[0] in message.text
    assert road.offers
    busy.clock.moment = busy.clock.moment.replace(hour=4, minute=0)
    report(busy.services, busy.therapist, [tap(9, EventKind.RETRACTED, retracts="tap-00001")], sent_at=busy.clock())
    report(busy.services, busy.therapist, [tap(2, EventKind.DEPARTED, minute=170)], sent_at=busy.clock())
    road = road_day(busy.services, busy.dispatcher, day_board(busy.services, busy.dispatcher, DAY))
    kinds = {name: one.kind.value for name, one in road.messages.items() if one.kind}
    assert kinds == {"b1": "on_the_way"}
    assert not road.offers
