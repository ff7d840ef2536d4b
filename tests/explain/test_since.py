"""What differs between two plans is said visit by visit: to the dispatcher, and to each therapist only hers."""

import pytest

from dispatch.explain.since import differences, hers, told
from dispatch.model.timetable import RouteTimes, Timetable, VisitTime
from dispatch.words import sentence

H = 3_600


def visit(visit_id: str, therapist_id: str, start_s: int) -> VisitTime:
    """Give a visit that starts at a time; nothing else of it is looked at."""
    numbers = dict.fromkeys(
        ("from_location", "location", "depart_s", "travel_s", "reference_s", "distance_m", "arrive_s", "ready_s"), 0
    )
    rest = dict.fromkeys(("wait_s", "end_s", "free_s", "leave_by_s"), 0)
    return VisitTime(
        visit_id=visit_id,
        booking_id=visit_id.rpartition("/")[0],
        therapist_id=therapist_id,
        start_s=start_s,
        **numbers,
        **rest,
    )


def timetable(*visits: VisitTime) -> Timetable:
    """Give a timetable of visits, a route for each therapist."""
    names = sorted({one.therapist_id for one in visits})
    return Timetable(
        routes=tuple(
            RouteTimes(therapist_id=name, stops=tuple(one for one in visits if one.therapist_id == name))
            for name in names
        )
    )


BEFORE = timetable(
    visit("stays/0", "aina", 10 * H),
    visit("later/0", "aina", 12 * H),
    visit("handed/0", "aina", 15 * H),
    visit("gone/0", "bee", 16 * H),
)
AFTER = timetable(
    visit("stays/0", "aina", 10 * H + 59),
    visit("later/0", "aina", 12 * H + 600),
    visit("handed/0", "bee", 15 * H),
    visit("new/0", "bee", 18 * H),
)


def test_every_change_is_found_once_by_time_of_day() -> None:
    """A visit elsewhere, later, new or gone is a difference; one that moved by seconds is none."""
    found = differences(BEFORE, AFTER)
    assert [one.visit_id for one in found] == ["later/0", "handed/0", "gone/0", "new/0"]
    assert differences(AFTER, AFTER) == ()
    assert [one.therapist_ids() for one in found] == [("aina",), ("aina", "bee"), ("bee",), ("bee",)]


@pytest.mark.parametrize(
    ("visit_id", "text"),
    [
        ("later/0", "Aina's 12:00 with Lim moved to 12:10."),
        ("handed/0", "Aina's 15:00 with Lim went to Bee, at 15:00."),
        ("gone/0", "Lim, Bee's 16:00, is no longer in the plan."),
        ("new/0", "Lim is now served by Bee at 18:00."),
    ],
)
def test_the_dispatcher_is_told_in_a_sentence(visit_id: str, text: str) -> None:
    """Each kind of difference has a whole sentence with names and times."""
    one = next(one for one in differences(BEFORE, AFTER) if one.visit_id == visit_id)
    said = told(one)
    assert sentence(said.code, said.named(), names={"aina": "Aina", "bee": "Bee", visit_id: "Lim"}) == text


def test_a_therapist_is_told_only_what_is_hers() -> None:
    """A visit handed over is gone for the one and new for the other; nobody hears of a colleague's other visits."""
    found = differences(BEFORE, AFTER)
    assert [one.code for one in hers(found, "aina")] == ["since.hers_moved", "since.hers_gone"]
    assert [one.code for one in hers(found, "bee")] == ["since.hers_new", "since.hers_gone", "since.hers_new"]
    assert hers(found, "chandra") == ()
