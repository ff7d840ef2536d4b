"""What the days teach becomes a proposal; plans use it only once a dispatcher has agreed, and no longer than she wants."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import pytest

from dispatch.errors import BadInput, Conflict
from dispatch.model.catalogue import Treatment
from dispatch.model.kinds import EventKind, TravelMode
from dispatch.model.lesson import LessonKind, LessonState
from dispatch.model.places import Building
from dispatch.model.plan import Plan
from dispatch.work.bookings import add_booking
from dispatch.work.clients import change_building
from dispatch.work.learned import Proposal, agree_lesson, learned_page, refuse_lesson, undo_lesson
from tests.work.company import DAY, H, Office, booking
from tests.work.past import report
from tests.work.plans import keep_and_publish, problem_of, route

WAY_S = 900


def live(office: Office, days: int, *, way_s: int = WAY_S, first: int = 0, published: bool = False) -> None:
    """Let Aina visit KLCC Residence on so many days, each time with the same way in, driving twice as long as thought."""
    for number in range(first, first + days):
        day = DAY + timedelta(days=number)
        key = f"day{number}"
        add_booking(office.services, office.taker, replace(booking(key, "c-tan", 10, 16), day=day))
        if published:
            keep_and_publish(office, Plan(routes=(route("t-aina", f"{key}/0", "meal"),)), day)
        leg_s = 2 * _planned_s(office)
        for kind, at_s in (
            (EventKind.DEPARTED, 12 * H),
            (EventKind.ARRIVED, 12 * H + leg_s),
            (EventKind.STARTED, 12 * H + leg_s + way_s + _set_up_s(office)),
            (EventKind.FINISHED, 13 * H + leg_s + way_s + _set_up_s(office)),
        ):
            report(office, f"{key}/0", "t-aina", kind, at_s, day)
        office.clock.on(days=1)


def _planned_s(office: Office) -> int:
    problem = problem_of(office)
    matrix = next(one for one in problem.matrices if one.mode is TravelMode.CAR)
    return max(matrix.reference_s) if matrix.size > 1 else 900


def _set_up_s(office: Office) -> int:
    with office.services.store.reading() as tx:
        return tx.get(Treatment, "relax").set_up_s


def proposals(office: Office, kind: LessonKind = LessonKind.ACCESS) -> Sequence[Proposal]:
    """Give what waits for an answer."""
    return [one for one in learned_page(office.services, office.dispatcher).proposals if one.kind is kind]


def agree(office: Office, one: Proposal) -> str:
    """Agree to a proposal as it is shown."""
    return agree_lesson(
        office.services, office.dispatcher, one.kind, one.subject_id, one.figures, version=one.version
    ).id


def access_of(office: Office) -> tuple[int, ...]:
    """Give the access a plan of tomorrow would be made with."""
    day = DAY + timedelta(days=60)
    with office.services.store.reading() as tx:
        known = tx.find(Building, "b-klcc")
    assert known is not None
    add_booking(office.services, office.taker, replace(booking(office.services.new_id(), "c-tan"), day=day))
    found = {one.access_s for one in problem_of(office, day).bookings}
    assert found == {known.access_s}
    return known.access_s


def codes(office: Office) -> list[str]:
    """Give what the audit says of lessons, newest last."""
    with office.services.store.reading() as tx:
        return [row.code for row in sorted(tx.audit("main"), key=lambda row: row.id) if row.code.startswith("lesson.")]


def test_a_proposal_is_used_only_once_agreed(office: Office) -> None:
    """Ten visits of 15 minutes are proposed with their number; plans reckon with 8 until the dispatcher agrees, then with more."""
    live(office, 10)
    (one,) = proposals(office)
    assert (one.subject_id, one.visits, one.now, one.usual) == ("b-klcc", 10, (480,), WAY_S)
    assert access_of(office) == (480,)
    agree(office, one)
    assert access_of(office) == one.figures
    assert 720 < max(one.figures) <= WAY_S
    assert not proposals(office)
    assert codes(office) == ["lesson.agreed"]


def test_agreeing_can_be_undone(office: Office) -> None:
    """Undoing puts back what held before, is audited, and does not ask again at once."""
    live(office, 6)
    lesson_id = agree(office, proposals(office)[0])
    undone = undo_lesson(office.services, office.dispatcher, lesson_id, version=1)
    assert undone.state is LessonState.UNDONE
    assert access_of(office) == (480,)
    assert not proposals(office)
    assert codes(office) == ["lesson.agreed", "lesson.undone"]
    with pytest.raises(Conflict):
        undo_lesson(office.services, office.dispatcher, lesson_id, version=1)


def test_what_was_refused_stays_away(office: Office) -> None:
    """A refused proposal changes nothing and comes back only after ten more visits; refusing twice is refusing once."""
    live(office, 6)
    (one,) = proposals(office)
    for _ in range(2):
        refuse_lesson(office.services, office.dispatcher, one.kind, one.subject_id, one.figures, version=one.version)
    assert access_of(office) == (480,)
    assert not proposals(office)
    live(office, 10, first=6)
    assert proposals(office)
    assert codes(office) == ["lesson.refused"]


def test_the_learned_figure_is_not_its_own_witness(office: Office) -> None:
    """After agreeing, the same visits still propose the same figure: they are drawn to what people set, not to what was learned."""
    live(office, 8)
    (one,) = proposals(office)
    agree(office, one)
    right = learned_page(office.services, office.dispatcher).right
    assert [(two.figures, two.now, two.basis) for two in right if two.subject_id == one.subject_id] == [
        (one.figures, one.figures, (480,))
    ]


def test_figures_that_changed_since_are_not_agreed_to(office: Office) -> None:
    """Agreeing to what was shown before new visits came, or before a colleague changed the building, is refused."""
    live(office, 6)
    (one,) = proposals(office)
    with office.services.store.reading() as tx:
        known = tx.get(Building, "b-klcc")
    change_building(office.services, office.dispatcher, replace(known, gate_note="New guard"))
    with pytest.raises(Conflict):
        agree(office, one)
    live(office, 4, way_s=1_500, first=6)
    with pytest.raises(Conflict):
        agree(office, replace(proposals(office)[0], figures=one.figures))
    with pytest.raises(BadInput):
        agree_lesson(office.services, office.dispatcher, LessonKind.ACCESS, "b-nowhere", (480,), version=1)


def test_a_building_set_by_hand_since_cannot_be_undone(office: Office) -> None:
    """What somebody typed after agreeing is hers; undoing would overwrite it."""
    live(office, 6)
    lesson_id = agree(office, proposals(office)[0])
    with office.services.store.reading() as tx:
        known = tx.get(Building, "b-klcc")
    change_building(office.services, office.dispatcher, replace(known, access_s=(1_200,)))
    with pytest.raises(Conflict, match=r"lesson\.set_by_hand"):
        undo_lesson(office.services, office.dispatcher, lesson_id, version=1)
    assert access_of(office) == (1_200,)


def test_travel_is_corrected_for_every_plan(office: Office) -> None:
    """Twenty drives that took far longer slow the hours of that mode once agreed; prices stay, and undoing gives them back."""
    live(office, 21, published=True)
    day = DAY + timedelta(days=60)
    add_booking(office.services, office.taker, replace(booking("later", "c-tan"), day=day))
    (before,) = problem_of(office, day).matrices
    (one,) = proposals(office, LessonKind.TRAVEL)
    assert (one.subject_id, one.visits) == ("car", 21)
    assert problem_of(office, day).matrices == (before,)
    lesson_id = agree(office, one)
    (after,) = problem_of(office, day).matrices
    assert after.reference_s == before.reference_s
    assert after.profile.rate_per_mille[12] < before.profile.rate_per_mille[12]
    assert after.engine == "great_circle+learned"
    undo_lesson(office.services, office.dispatcher, lesson_id, version=1)
    assert problem_of(office, day).matrices == (before,)


def test_real_minutes_of_treatments_are_shown(office: Office) -> None:
    """Booked and real minutes stand side by side, with how many visits reported both ends."""
    live(office, 3)
    (one,) = learned_page(office.services, office.dispatcher).treatments
    assert (one.minutes, one.visits, one.usual_s) == (60, 3, H)
