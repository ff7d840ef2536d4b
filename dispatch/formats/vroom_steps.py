"""Reads a vehicle's `steps`: the plan to begin with."""

from collections.abc import Mapping
from typing import Any

from dispatch.errors import BadInput
from dispatch.formats.vroom import VroomStep, VroomVehicle
from dispatch.formats.vroom_fields import flag_keys, number, object_list, text

STEP_KEYS = frozenset({"type", "id"})
STEP_REFUSED = frozenset({"service_at", "service_after", "service_before"})


def steps_of(
    found: object, path: str, vehicle: VroomVehicle, jobs: Mapping[int, int], taken: dict[int, str]
) -> tuple[VroomStep, ...]:
    """Give a vehicle's steps between start and end; each job stands in one route, once, and may be taken by it.

    `jobs` are the jobs' numbers by id; `taken` remembers, over all vehicles, where a job already stands.
    """
    breaks = {one.id: n for n, one in enumerate(vehicle.breaks)}
    steps: list[VroomStep] = []
    whole = object_list(found, path)
    for n, one in enumerate(whole):
        here = f"{path}[{n}]"
        flag_keys(one, here, STEP_KEYS, STEP_REFUSED)
        kind = text(one, "type", here)
        if kind in {"start", "end"}:
            if n != (0 if kind == "start" else len(whole) - 1):
                raise BadInput("vroom.step_order", path=here, kind=kind)
            continue
        if kind not in {"job", "break"}:
            raise BadInput("vroom.step_type", path=here)
        steps.append(_step(one, here, kind, jobs if kind == "job" else breaks))
    for step in steps:
        if step.is_break:
            continue
        if step.number in taken:
            raise BadInput("vroom.step_twice", path=path, other=taken[step.number])
        taken[step.number] = path
    pauses = [step.number for step in steps if step.is_break]
    if len(set(pauses)) < len(pauses):
        raise BadInput("vroom.step_twice", path=path, other=path)
    return tuple(steps)


def _step(one: Mapping[str, Any], path: str, kind: str, known: Mapping[int, int]) -> VroomStep:
    name = number(one, "id", path)
    if name is None:
        raise BadInput("vroom.missing", path=path, key="id")
    if name not in known:
        raise BadInput("vroom.step_unknown", path=path, kind=kind, id=name)
    return VroomStep(is_break=kind == "break", number=known[name])
