"""The generator of days, and how the benchmark judges and ranks what solvers answer."""

from pathlib import Path

import pytest

from benchmarks.generate import vroom_day
from benchmarks.peers import aims, vroom
from benchmarks.report import markers, put_into
from benchmarks.run import judged, median_key
from dispatch.formats.vroom_read import read_vroom

BEGIN, END = markers("peers")


def test_a_day_is_drawn_from_its_seed() -> None:
    """The same figures give the same day, another seed another one."""
    assert vroom_day(3, bookings=20, therapists=5) == vroom_day(3, bookings=20, therapists=5)
    assert vroom_day(3, bookings=20, therapists=5) != vroom_day(4, bookings=20, therapists=5)


def test_a_day_is_a_problem_as_described() -> None:
    """A day reads as VROOM's problem: a window each, one skill a job, two to five a therapist, all legs there."""
    problem = read_vroom(vroom_day(1, bookings=100, therapists=20))
    assert (len(problem.jobs), len(problem.vehicles), len(problem.durations_s)) == (100, 20, 120)
    assert {job.priority for job in problem.jobs} == {0, 10, 50}
    for job in problem.jobs:
        (window,) = job.windows
        assert 10 * 3600 <= window.start_s <= window.end_s <= 22 * 3600
        assert len(job.skills) == 1
        assert job.service_s in {4200, 6000, 7800}
    for vehicle in problem.vehicles:
        assert 2 <= len(vehicle.skills) <= 5
        assert 1 in vehicle.skills
        assert vehicle.start == vehicle.end


def test_every_answer_is_judged_alike() -> None:
    """A peer's plan gets its figures by VROOM's rules, and one that breaks them is an error."""
    day = vroom_day(2, bookings=8, therapists=3)
    routes = vroom(day, 1.0, 0, 1)
    lost, left_out, travel = judged(day, routes)
    assert left_out == 8 - sum(map(len, routes))
    assert lost >= 0
    assert travel > 0
    served = next(route for route in routes if route)
    with pytest.raises(ValueError, match="twice"):
        judged(day, [served, served, []])
    with pytest.raises(ValueError, match="cannot drive"):
        judged(day, [list(range(8)), [], []])


def test_aims_keep_their_order() -> None:
    """A job outweighs the longest way there and back, and priority outweighs jobs."""
    problem = read_vroom(vroom_day(2, bookings=12, therapists=3))
    longest = max(map(max, problem.durations_s))
    for job, price in zip(problem.jobs, aims(problem), strict=True):
        assert price > 2 * longest
        assert (price > 20 * 4 * longest) == (job.priority >= 10)


def test_the_middle_result_counts() -> None:
    """The median is a result that was reached, the worse one of two in the middle."""
    assert median_key([(0, 3, 9), (0, 2, 50), (10, 0, 0)]) == (0, 3, 9)
    assert median_key([(0, 3, 9), (0, 2, 50)]) == (0, 3, 9)


def test_a_section_is_replaced_and_the_rest_kept(tmp_path: Path) -> None:
    """A new run takes the place of the old one in RESULTS.md; what people wrote around it stays."""
    path = tmp_path / "RESULTS.md"
    path.write_text(f"# Results\n\n{BEGIN}\nold\n{END}\n\nWhat it means.\n", encoding="utf-8")
    put_into(path, f"{BEGIN}\nnew\n{END}")
    assert path.read_text(encoding="utf-8") == f"# Results\n\n{BEGIN}\nnew\n{END}\n\nWhat it means.\n"
    other = tmp_path / "OTHER.md"
    put_into(other, f"{BEGIN}\nnew\n{END}")
    assert other.read_text(encoding="utf-8") == f"# Results\n\n{BEGIN}\nnew\n{END}\n"
