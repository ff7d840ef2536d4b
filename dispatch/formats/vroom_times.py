"""When everything on a vehicle's route happens by VROOM's own rules, to the hundredth of a second.

They differ from the rules of the house (`docs/reference/rules.md`): a window binds the moment after arriving and
waiting, before set-up; there is no set-up where the task before was at the same place; a break may interrupt a drive.
A route leaves as late as still ends at its earliest end, and then does everything as soon as possible.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from dispatch.formats.vroom import HUNDREDTHS, VroomProblem, VroomSpan, VroomStep, VroomVehicle

NEVER = 1 << 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """One step in hundredths of a second: driving from the step before, arriving, waiting, set-up and service."""

    step: VroomStep
    drive: int
    arrive: int
    wait: int
    set_up: int
    service: int

    @property
    def free(self) -> int:
        """Give when the step is done."""
        return self.arrive + self.wait + self.set_up + self.service


@dataclass(frozen=True, slots=True, kw_only=True)
class RouteMoments:
    """A route in hundredths of a second; `last_drive` leads to its end."""

    start: int
    moments: tuple[Moment, ...]
    last_drive: int
    end: int

    @property
    def drive(self) -> int:
        """Give all driving."""
        return sum(moment.drive for moment in self.moments) + self.last_drive


def route_moments(problem: VroomProblem, vehicle: VroomVehicle, steps: Sequence[VroomStep]) -> RouteMoments | None:
    """Give the times of a vehicle's steps in this order; None where VROOM's rules do not allow them.

    Limits on tasks and travel, skills and missing breaks are told by `keeps_limits`, not here.
    """
    window = vehicle.window or VroomSpan(start_s=0, end_s=NEVER // HUNDREDTHS)
    earliest, latest = window.start_s * HUNDREDTHS, window.end_s * HUNDREDTHS
    first = _walk(problem, vehicle, steps, earliest)
    if first is None or first.end > latest:
        return None
    # A later start never ends earlier, so the latest one that ends no later is found by halving.
    low, high, best = earliest, first.end, first
    while low < high:
        middle = (low + high + 1) // 2
        later = _walk(problem, vehicle, steps, middle)
        if later is not None and later.end <= first.end:
            low, best = middle, later
        else:
            high = middle - 1
    return best


def keeps_limits(problem: VroomProblem, vehicle: VroomVehicle, steps: Sequence[VroomStep]) -> bool:
    """Tell whether skills, the limits on tasks and travel, and the number of breaks allow a vehicle these steps."""
    jobs = [problem.jobs[step.number] for step in steps if not step.is_break]
    if not jobs:
        return True
    if not all(vehicle.may_take(job) for job in jobs):
        return False
    if vehicle.max_tasks is not None and len(jobs) > vehicle.max_tasks:
        return False
    if vehicle.max_travel_s is not None and route_drive(problem, vehicle, steps) > HUNDREDTHS * vehicle.max_travel_s:
        return False
    return {step.number for step in steps if step.is_break} == set(range(len(vehicle.breaks)))


def route_drive(problem: VroomProblem, vehicle: VroomVehicle, steps: Sequence[VroomStep]) -> int:
    """Give the hundredths of a second a vehicle drives for these steps, home included; nought without a job."""
    places = [problem.jobs[step.number].place for step in steps if not step.is_break]
    if not places:
        return 0
    way = [
        *([vehicle.start] if vehicle.start is not None else []),
        *places,
        *([vehicle.end] if vehicle.end is not None else []),
    ]
    return sum(problem.leg_hundredths(vehicle, here, there) for here, there in pairwise(way))


def _walk(problem: VroomProblem, vehicle: VroomVehicle, steps: Sequence[VroomStep], start: int) -> RouteMoments | None:
    """Do the steps as soon as possible from a start on; None where a window is missed."""
    clock, at, left = start, vehicle.start, 0
    moments: list[Moment] = []
    ahead = _leg_to_next(problem, vehicle, steps, 0, at)
    left = ahead
    for n, step in enumerate(steps):
        if step.is_break:
            pause = vehicle.breaks[step.number]
            begin = _open(pause.windows, clock)
            if begin == NEVER:
                return None
            drive = min(left, begin - clock)
            moments.append(
                Moment(
                    step=step,
                    drive=drive,
                    arrive=clock + drive,
                    wait=begin - clock - drive,
                    set_up=0,
                    service=pause.service_s * HUNDREDTHS,
                )
            )
            left -= drive
        else:
            job = problem.jobs[step.number]
            arrive = clock + left
            begin = _open(job.windows, arrive)
            if begin == NEVER:
                return None
            set_up = 0 if at == job.place else job.set_up_s * HUNDREDTHS
            moments.append(
                Moment(
                    step=step,
                    drive=left,
                    arrive=arrive,
                    wait=begin - arrive,
                    set_up=set_up,
                    service=job.service_s * HUNDREDTHS,
                )
            )
            at = job.place
            left = _leg_to_next(problem, vehicle, steps, n + 1, at)
        clock = moments[-1].free
    return RouteMoments(start=start, moments=tuple(moments), last_drive=left, end=clock + left)


def _leg_to_next(
    problem: VroomProblem, vehicle: VroomVehicle, steps: Sequence[VroomStep], after: int, at: int | None
) -> int:
    """Give the drive from a place to the next job of a route, or to its end."""
    if at is None:
        return 0
    for step in steps[after:]:
        if not step.is_break:
            return problem.leg_hundredths(vehicle, at, problem.jobs[step.number].place)
    return 0 if vehicle.end is None else problem.leg_hundredths(vehicle, at, vehicle.end)


def _open(windows: Sequence[VroomSpan], ready: int) -> int:
    """Give the earliest moment of the windows from `ready` on, NEVER where they are over; no windows are always open."""
    if not windows:
        return ready
    for span in windows:
        if ready <= span.end_s * HUNDREDTHS:
            return max(ready, span.start_s * HUNDREDTHS)
    return NEVER
