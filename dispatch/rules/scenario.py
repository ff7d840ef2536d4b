"""The route walk of a day that strays from its plan: slower or quicker legs, treatments that run over.

The same functions of the compiled step give arrival, access, permitted start and breaks, so that a day with no
straying has exactly the times of `retime`. What differs is only what real life differs in: the clock time of a leg is
multiplied by its factor, a treatment is longer by its overrun, and nobody waits for the next shift because she is late.
"""

from dispatch.rules.machine import machine
from dispatch.rules.step import (
    ARRIVED,
    BREAK_DURATION,
    DURATION,
    FINISHED,
    FIRST_BREAK,
    LOCATION,
    MODE,
    NEVER,
    NOW,
    PACK_UP,
    PAST,
    START,
    STARTED,
    Ints,
    Tables,
    arrival,
    break_step,
    past_step,
    permitted,
    ready_after,
)


@machine
def strayed(tables: Tables, mode: int, origin: int, destination: int, depart: int, factor: int) -> int:
    """Give when a leg ends that takes `factor` thousandths of its time by the clock."""
    return int(depart + (arrival(tables, mode, origin, destination, depart) - depart) * factor // 1000)


@machine
def begun(
    tables: Tables, t: int, origin: int, free: int, v: int, pin: int, factor: int, overrun: int
) -> tuple[int, int, int]:
    """Give (start, end, free) of a visit that has begun: what is known wins, only the rest strays."""
    visit = tables.visits[v]
    depart, arrive, ready, start, end, done, _ = past_step(tables, t, origin, free, v)
    if visit[FINISHED] >= 0:
        return start, end, done
    if visit[STARTED] < 0:
        if visit[ARRIVED] < 0:
            arrive = strayed(tables, tables.therapists[t, MODE], origin, visit[LOCATION], depart, factor)
            arrive = max(arrive, tables.prices[NOW])
            ready = max(ready_after(tables, v, arrive), tables.prices[NOW])
            start = permitted(tables, v, ready)
            if start == NEVER:
                start = ready
        start = max(start, pin)
    end = start + visit[DURATION] + overrun
    if visit[STARTED] >= 0:
        end = max(end, tables.prices[NOW])
    return start, end, end + visit[PACK_UP]


@machine
def walk_scenarios(
    tables: Tables,
    t: int,
    stops: Ints,
    opens: Ints,
    pins: Ints,
    factors: Ints,
    overruns: Ints,
    starts: Ints,
    ends: Ints,
) -> None:
    """Write the starts and ends of a route's stops (rows) on every day drawn (columns); a break's are not written.

    `opens` holds by stop the time she leaves no earlier than. `pins`, `factors` and `overruns` have a row a visit and a
    column a day.
    """
    she = tables.therapists[t]
    for day in range(starts.shape[1]):
        free, at = 0, she[START]
        for i in range(len(stops)):
            v = stops[i]
            if v < 0:
                b = she[FIRST_BREAK] - 1 - v
                start, _ = break_step(tables, t, free, b)
                free = start + tables.breaks[b, BREAK_DURATION]
                continue
            visit = tables.visits[v]
            pin = pins[v, day]
            if visit[PAST] == 1:
                start, end, free = begun(tables, t, at, free, v, pin, factors[v, day], overruns[v, day])
            else:
                depart = max(free, tables.prices[NOW], opens[i])
                arrive = strayed(tables, she[MODE], at, visit[LOCATION], depart, factors[v, day])
                ready = ready_after(tables, v, arrive)
                if pin >= 0:
                    start = max(ready, pin)
                else:
                    start = permitted(tables, v, ready)
                    if start == NEVER:
                        start = ready
                end = start + visit[DURATION] + overruns[v, day]
                free = end + visit[PACK_UP]
            starts[i, day], ends[i, day] = start, end
            at = visit[LOCATION]
