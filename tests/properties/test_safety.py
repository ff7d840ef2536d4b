"""What is an alarm folds the same from whatever order and repetition the reports come in."""

from datetime import UTC, date, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from dispatch.model.facts import Event
from dispatch.model.safety import PinAnswer, SafetyRules, Signal, SignalKind, Watch
from dispatch.rules.safety import visit_safety
from tests.properties.test_events import MORNING, tapped

WATCH = Watch(
    id="b0/0",
    branch_id="kl",
    day=date(2026, 11, 25),
    therapist_id="aina",
    start_at=MORNING + timedelta(hours=6),
    end_at=MORNING + timedelta(hours=7),
    expected_start_at=MORNING + timedelta(hours=6),
    expected_end_at=MORNING + timedelta(hours=7),
    armed_at=MORNING,
    due_at=None,
)


@st.composite
def signalled(draw: st.DrawFn) -> list[Signal]:
    """Give what a phone signalled about a visit and another."""
    return [
        Signal(
            id=f"signal-{number:03}",
            branch_id="kl",
            day=WATCH.day,
            therapist_id=draw(st.sampled_from(("aina", "bee"))),
            kind=draw(st.sampled_from(SignalKind)),
            device_at=MORNING + timedelta(minutes=draw(st.integers(-300, 3_000))),
            server_at=MORNING + timedelta(minutes=draw(st.integers(0, 3_000))),
            visit_id=draw(st.sampled_from(("b0/0", "b1/0", ""))),
            pin=draw(st.sampled_from(PinAnswer)),
        )
        for number in range(draw(st.integers(0, 6)))
    ]


@given(events=tapped(), signals=signalled(), asks_pin=st.booleans(), data=st.data())
def test_any_order_and_repetition_is_the_same_alarm(
    events: list[Event], signals: list[Signal], asks_pin: bool, data: st.DataObject
) -> None:
    """When a visit's silence is an alarm, and what answered it, do not depend on how its reports arrived."""
    rules = SafetyRules()
    plain = visit_safety(WATCH, rules, events, signals, asks_pin=asks_pin)
    more = [*events, *(data.draw(st.lists(st.sampled_from(events), max_size=4)) if events else [])]
    again = [*signals, *(data.draw(st.lists(st.sampled_from(signals), max_size=3)) if signals else [])]
    mixed, mixed_again = data.draw(st.permutations(more)), data.draw(st.permutations(again))
    assert visit_safety(WATCH, rules, mixed, mixed_again, asks_pin=asks_pin) == plain


@given(events=tapped(), signals=signalled(), asks_pin=st.booleans())
def test_others_say_nothing_of_her(events: list[Event], signals: list[Signal], asks_pin: bool) -> None:
    """What is told of other visits, or by other therapists, never puts an alarm off."""
    rules = SafetyRules()
    others = [one for one in events if (one.visit_id, one.therapist_id) != ("b0/0", "aina")]
    theirs = [one for one in signals if (one.visit_id, one.therapist_id) != ("b0/0", "aina")]
    quiet = visit_safety(WATCH, rules, [], [], asks_pin=asks_pin)
    assert visit_safety(WATCH, rules, others, theirs, asks_pin=asks_pin) == quiet
    assert quiet.start_due_at == datetime(2026, 11, 25, 6, 15, tzinfo=UTC)
