"""Events fold to the same facts however they arrive: in any order, repeated, late, taken back before they are there."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from dispatch.model.facts import Event, fold, standing
from dispatch.model.kinds import EventKind, Trouble, VisitState
from dispatch.model.told import LATE_MINUTES, fold_told

MORNING = datetime(2026, 11, 25, 0, tzinfo=UTC)
STEPS = (EventKind.DEPARTED, EventKind.ARRIVED, EventKind.STARTED, EventKind.FINISHED)


@st.composite
def tapped(draw: st.DrawFn) -> list[Event]:
    """Give what two therapists tapped about three visits, some of it taken back."""
    events: list[Event] = []
    for number in range(draw(st.integers(0, 14))):
        kind = draw(st.sampled_from(EventKind))
        minute = draw(st.integers(-300, 3_000))
        target = draw(st.sampled_from(events)) if events and kind is EventKind.RETRACTED else None
        if kind is EventKind.RETRACTED and target is None:
            kind = EventKind.ACKNOWLEDGED
        payload = ""
        if kind is EventKind.RUNNING_LATE:
            payload = str(draw(st.sampled_from(LATE_MINUTES)))
        elif kind is EventKind.PROBLEM:
            payload = draw(st.sampled_from(Trouble)).value
        told = MORNING + timedelta(minutes=minute)
        events.append(
            Event(
                id=f"event-{number:03}",
                branch_id="kl",
                visit_id=target.visit_id if target else f"b{draw(st.integers(0, 2))}/0",
                therapist_id=target.therapist_id if target else draw(st.sampled_from(("aina", "bee"))),
                kind=kind,
                at_s=minute * 60,
                device_at=told,
                server_at=told,
                actor="aina",
                payload=payload,
                retracts=target.id if target else None,
            )
        )
    return events


@given(events=tapped(), data=st.data())
def test_any_order_and_repetition_folds_to_the_same(events: list[Event], data: st.DataObject) -> None:
    """Whatever arrives in whatever order and however often, the facts and what was told beside them are the same."""
    repeated = events + data.draw(st.lists(st.sampled_from(events), max_size=6)) if events else []
    shuffled = data.draw(st.permutations(repeated))
    assert fold(shuffled) == fold(events)
    assert fold_told(shuffled) == fold_told(events)
    assert standing(shuffled) == standing(events)


@given(events=tapped(), cut=st.integers(0, 14), data=st.data())
def test_a_delay_ends_in_the_same_state(events: list[Event], cut: int, data: st.DataObject) -> None:
    """Events that arrive late change nothing of where it ends: what was kept first and the rest after it are the whole."""
    early, late = events[:cut], data.draw(st.permutations(events[cut:]))
    assert fold([*early, *late]) == fold([*late, *early]) == fold(events)


@given(events=tapped())
def test_facts_run_forward_and_name_each_visit_once(events: list[Event]) -> None:
    """Every visit has one fact, its times never run backwards, and none of them lies on another day."""
    facts = fold(events)
    assert len({fact.visit_id for fact in facts}) == len(facts)
    for fact in facts:
        known = [time_s for time_s in fact.times() if time_s is not None]
        assert known == sorted(known)
        assert all(0 <= time_s <= 48 * 3_600 for time_s in known)


@given(events=tapped())
def test_what_is_told_beside_the_facts_moves_no_fact(events: list[Event]) -> None:
    """Seen, running late and a problem never change a fact, and a report taken back leaves nothing behind."""
    beside = {EventKind.ACKNOWLEDGED, EventKind.RUNNING_LATE, EventKind.PROBLEM}
    assert fold(one for one in events if one.kind not in beside) == fold(events)
    back = [
        Event(
            id=f"back-{one.id}",
            branch_id=one.branch_id,
            visit_id=one.visit_id,
            therapist_id=one.therapist_id,
            kind=EventKind.RETRACTED,
            at_s=one.at_s,
            device_at=one.device_at,
            server_at=one.server_at,
            actor="aina",
            retracts=one.id,
        )
        for one in events
    ]
    assert not fold([*back, *events])
    assert not fold_told([*back, *events])


def test_the_one_who_came_further_has_the_visit() -> None:
    """A visit moved after one therapist left for it belongs to the one who treated, not to the one who turned round."""

    def event(name: str, kind: EventKind, minute: int) -> Event:
        told = MORNING + timedelta(minutes=minute)
        return Event(
            id=f"{name}-{kind}",
            branch_id="kl",
            visit_id="b/0",
            therapist_id=name,
            kind=kind,
            at_s=minute * 60,
            device_at=told,
            server_at=told,
            actor=name,
        )

    steps = [event("aina", EventKind.DEPARTED, 10), *(event("bee", kind, 30 + n) for n, kind in enumerate(STEPS[:3]))]
    (fact,) = fold(steps)
    assert (fact.therapist_id, fact.state, fact.departed_s) == ("bee", VisitState.STARTED, 30 * 60)
    (fact,) = fold(steps[:2])
    assert (fact.therapist_id, fact.departed_s) == ("aina", 600)
