"""Days that cannot be right are refused by name; days that cannot be served are planned, and the reasons told."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from dispatch.model.booking import Seat
from dispatch.model.codec import to_json
from dispatch.model.kinds import Role
from dispatch.model.outcome import Budget
from dispatch.model.therapist import Roster
from dispatch.words import sentence
from dispatch.work.bookings import add_booking
from dispatch.work.days import day_board
from dispatch.work.planning import plan_now
from dispatch.work.team import change_therapist, list_therapists
from tests.faults.doors import Doors, command, is_plain, soon, written
from tests.strategies import day_booking, day_problem, day_therapist
from tests.work.company import COUPLE, DAY, booking, take_bookings


def solved(tmp_path: Path, *, bookings: list[Any], therapists: list[Any], size: int = 5) -> tuple[int, str]:
    """Solve a day from a file with a counted budget."""
    problem = day_problem(bookings, therapists, size=size)
    return command("solve", written(tmp_path / "day.json", to_json(problem)), "--rounds", "1")


@pytest.mark.parametrize(
    ("bookings", "therapists", "named"),
    [
        ([day_booking(hours=(12, 10))], [day_therapist()], ("b1", "12:00", "10:00")),
        ([day_booking()], [day_therapist(hours=(9, 9))], ("t1", "09:00")),
        ([day_booking()], [day_therapist(start=None)], ("t1", "start place")),
        ([day_booking(), day_booking()], [day_therapist()], ("b1", "2 times")),
        ([day_booking()], [day_therapist(), day_therapist()], ("t1", "2 times")),
        ([day_booking(location=7)], [day_therapist()], ("b1", "location 7")),
        ([day_booking(seats=7)], [day_therapist()], ("bookings[b1].seats", "from 1 to 6")),
        ([day_booking("")], [day_therapist()], ("no id",)),
    ],
)
def test_a_problem_file_is_refused(
    tmp_path: Path, bookings: list[Any], therapists: list[Any], named: tuple[str, ...]
) -> None:
    """A day's problem that cannot be right is refused by `laluan solve` in sentences that name what to mend."""
    code, told = solved(tmp_path, bookings=bookings, therapists=therapists)
    assert code == 2
    is_plain(told, *named)


@pytest.mark.parametrize(
    ("bookings", "therapists", "named"),
    [
        ([], [], ("nothing to plan",)),
        ([], [day_therapist()], ("nothing to plan",)),
        ([day_booking()], [], ("Left out: 1", "No therapist")),
        ([day_booking(seats=2)], [day_therapist()], ("Left out: 1", "2 therapists at once")),
        ([day_booking(seats=[Seat(techniques=("voodoo",))])], [day_therapist()], ("Left out: 1", "voodoo")),
    ],
)
def test_what_cannot_be_served_is_no_mistake(
    tmp_path: Path, bookings: list[Any], therapists: list[Any], named: tuple[str, ...]
) -> None:
    """Nothing to plan, nobody on duty, a couple with one therapist and an unknown technique are answered with reasons."""
    code, told = solved(tmp_path, bookings=bookings, therapists=therapists)
    assert code == 0
    is_plain(" ".join(told.split()), *named)


def off_duty(doors: Doors, but: str = "") -> None:
    """Send the whole team home, all but one."""
    services, owner = doors.office.services, doors.office.owner
    for one in list_therapists(services, owner):
        if one.id != but:
            change_therapist(services, owner, replace(one, roster=Roster()))


def test_a_couple_with_one_therapist_on_duty_is_left_out_with_the_reason(doors: Doors) -> None:
    """A couple's booking with one therapist on duty is taken, left out of the plan, and the reason says how many came."""
    services, owner = doors.office.services, doors.office.owner
    off_duty(doors, but="t-aina")
    add_booking(services, owner, booking("pair", seats=COUPLE))
    assert plan_now(services, owner, DAY, budget=Budget(rounds=1)).left_out == 1
    [left_out] = day_board(services, owner, DAY).left_out
    reason = sentence(left_out.reason.code, left_out.reason.named(), names={"pair": "Lim Mei Ling"})
    is_plain(reason, "Lim Mei Ling", "2 therapists at once")
    assert "2 therapists at once" in " ".join(doors.house.signed_in(Role.OWNER).get(f"/day/{DAY}").text.split())


@pytest.mark.parametrize("taken", [False, True])
def test_a_day_without_bookings_or_without_therapists_is_planned(doors: Doors, *, taken: bool) -> None:
    """No bookings, and bookings with nobody on duty, give a plan by use case and command, and a board that says so."""
    services, owner = doors.office.services, doors.office.owner
    if taken:
        take_bookings(doors.office)
        off_duty(doors)
    revision = plan_now(services, owner, DAY, budget=Budget(rounds=1))
    assert (revision.served, revision.left_out) == (0, 4 if taken else 0)
    assert doors.house.signed_in(Role.OWNER).get(f"/day/{DAY}").status_code == 200
    code, told = doors.run("plan", soon().isoformat(), "--rounds", "1")
    assert (code, "0 of 0 bookings served" in told) == (0, True)
