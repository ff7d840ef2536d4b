"""A therapist's own side: pay and kilometres of what was planned and done, in sums a hand can check, and nobody else's name."""

from dataclasses import replace
from datetime import date

from dispatch.explain.ledger import Tally, ranges
from dispatch.model.account import Actor
from dispatch.model.catalogue import PayRule
from dispatch.model.kinds import EventKind
from dispatch.rules.retime import retime
from dispatch.words import sentence
from dispatch.work.bookings import booking_page, cancel_booking
from dispatch.work.catalogue import add_pay_rule
from dispatch.work.hers import her_side
from dispatch.work.reporting import report
from tests.work.company import DAY, Office
from tests.work.plans import FULL, keep_and_publish, problem_of
from tests.work.test_reporting import tap


def paid(office: Office) -> None:
    """Sixty minutes of relaxing pay RM 70."""
    rule = PayRule(id="pay", branch_id="", treatment_id="relax", minutes=60, pay_sen=7_000, valid_from=date(2026, 1, 1))
    add_pay_rule(office.services, office.owner, rule)


def test_planned_and_done_are_told_apart(busy: Office) -> None:
    """Two visits planned are RM 140 and all their road; one reported finished is RM 70 and its own; a cancelled one is nothing."""
    paid(busy)
    keep_and_publish(busy)
    route = retime(problem_of(busy), FULL).route_of("t-aina")
    hers = her_side(busy.services, busy.therapist, DAY)
    assert (hers.of_day.pay_sen, hers.of_day.pay_done_sen, hers.of_day.unpriced) == (14_000, 0, 0)
    assert hers.of_day.distance_m == route.distance_m > 0
    assert hers.of_month == hers.of_day
    busy.clock.on(hours=7)
    steps = [tap(1, EventKind.STARTED, minute=300), tap(2, EventKind.FINISHED, minute=360)]
    report(busy.services, busy.therapist, steps, sent_at=busy.clock())
    hers = her_side(busy.services, busy.therapist, DAY)
    assert (hers.of_day.pay_sen, hers.of_day.pay_done_sen, hers.of_day.visits_done) == (14_000, 7_000, 1)
    assert hers.of_day.distance_done_m == route.visits()[0].distance_m
    version = booking_page(busy.services, busy.taker, "b3").booking.version
    cancel_booking(busy.services, busy.taker, "b3", version, "flu")
    hers = her_side(busy.services, busy.therapist, DAY)
    assert (hers.of_day.pay_sen, hers.of_day.visits) == (7_000, 1)


def test_what_no_rule_pays_is_counted_not_guessed(busy: Office) -> None:
    """Without a pay rule a visit adds nothing to the sum and is counted as such; unpublished days are nobody's yet."""
    assert her_side(busy.services, busy.therapist, DAY).of_month == Tally()
    keep_and_publish(busy)
    hers = her_side(busy.services, busy.therapist, DAY)
    assert (hers.of_day.pay_sen, hers.of_day.unpriced) == (0, 2)


def test_every_visit_has_its_reason_and_no_name(busy: Office) -> None:
    """Each visit of the day has one sentence, the order has one, and none of them names a colleague or a client."""
    keep_and_publish(busy)
    hers = her_side(busy.services, busy.therapist, DAY)
    assert [area for _, area, _ in hers.why] == ["BANGSAR", "TTDI"]
    said = [one for _, _, one in hers.why] + ([hers.order] if hers.order else [])
    assert len(said) == 3
    for one in said:
        text = sentence(one.code, one.named())
        assert not any(name in text for name in ("Bee", "Chandra", "t-", "Lim", "Siti"))


def test_a_range_of_few_tells_nothing() -> None:
    """Four people make a range with hers in it; three would tell her what a colleague earns."""
    team = [Tally(days=1, pay_sen=pay, treatment_s=3_600) for pay in (5_000, 7_000, 9_000, 20_000)]
    found = {one.name: one for one in ranges(team[1], team)}
    pay = found["pay_sen"]
    assert (pay.lowest, pay.hers, pay.middle, pay.highest) == (5_000, 7_000, 7_000, 20_000)
    assert ranges(team[1], team[:3]) == ()
    assert ranges(Tally(), team) == ()


def test_only_her_own(busy: Office) -> None:
    """Another therapist's page of the same day has other sums: nothing is shared between links."""
    paid(busy)
    keep_and_publish(busy)
    bee: Actor = replace(busy.therapist, id="t-bee", therapist_id="t-bee")
    assert her_side(busy.services, bee, DAY).of_day.visits == 2
    assert her_side(busy.services, bee, DAY).of_day.unpriced == 1
