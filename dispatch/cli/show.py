"""Shows plans as tables: a section for each therapist, the bookings left out with their reasons, the day's figures."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from dispatch.cli.saying import console, said_text
from dispatch.model.plan import Plan, visit_id
from dispatch.model.problem import DayProblem
from dispatch.model.timetable import BreakTime, RouteTimes, Timetable, VisitTime
from dispatch.words import clock, hours, sentence

if TYPE_CHECKING:
    from rich.table import Table

    from dispatch.explain.figures import Figures
    from dispatch.work.days import DayBoard


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """What a plan's table needs; `names` are display names by id, `treatments` those of treatments by visit id."""

    problem: DayProblem
    plan: Plan
    timetable: Timetable
    figures: "Figures"
    names: Mapping[str, str]
    treatments: Mapping[str, str]

    def name(self, noun_id: str) -> str:
        """Give the display name of an id, or the id itself."""
        return self.names.get(noun_id, noun_id)


def of_board(board: "DayBoard") -> Shown:
    """Give what is shown of a stored day."""
    return Shown(
        problem=board.problem,
        plan=board.plan,
        timetable=board.timetable,
        figures=board.figures,
        names=board.names,
        treatments={
            visit_id(booking.id, number): board.treatments[seat.treatment_id or booking.treatment_id].name
            for booking in board.bookings.values()
            for number, seat in enumerate(booking.seats)
        },
    )


def of_plan(problem: DayProblem, plan: Plan) -> Shown:
    """Give what is shown of a problem from a file, which knows ids and no names."""
    from dispatch.explain.figures import figures
    from dispatch.rules.retime import retime

    timetable = retime(problem, plan)
    return Shown(
        problem=problem,
        plan=plan,
        timetable=timetable,
        figures=figures(problem, plan, timetable),
        names={},
        treatments={},
    )


def show_plan(shown: Shown) -> None:
    """Write the plan as a table, then what is left out and why, then the day's figures."""
    terminal = console()
    table = _table(("therapist", "start", "end", "what", "treatment", "area", "travel"), right=("travel",))
    therapists = sorted(shown.problem.therapists, key=lambda one: (shown.name(one.id).casefold(), one.id))
    for therapist in therapists:
        route = shown.timetable.route_of(therapist.id)
        if route.visits():
            _add_route(table, shown, route)
    terminal.print(table)
    if shown.plan.left_out:
        left = _table(("booking", "window", "area", "reason"))
        for left_out in shown.plan.left_out:
            booking = shown.problem.booking(left_out.booking_id)
            windows = ", ".join(f"{clock(one.start_s)}–{clock(one.end_s)}" for one in booking.windows)
            left.add_row(
                _plain(_whom(shown, booking.id)),
                windows,
                _plain(shown.problem.locations[booking.location].area),
                _plain(said_text(left_out.reason, shown.names)),
            )
        terminal.print()
        terminal.print(_plain(sentence("cli.left_out", {"count": len(shown.plan.left_out)})))
        terminal.print(left)
    terminal.print()
    terminal.print(_plain(_figures(shown.figures)))


def _table(columns: tuple[str, ...], right: tuple[str, ...] = ()) -> "Table":
    """Give an empty table with its headings."""
    from rich import box
    from rich.table import Table

    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for column in columns:
        whole = column in {"start", "end", "window", "travel"}
        justify: Literal["left", "right"] = "right" if column in right else "left"
        table.add_column(sentence(f"cli.column.{column}"), justify=justify, no_wrap=whole)
    return table


def _add_route(table: "Table", shown: Shown, route: RouteTimes) -> None:
    """Add one therapist's stops and her way home."""
    name = _plain(shown.name(route.therapist_id))
    for stop in route.stops:
        if isinstance(stop, BreakTime):
            table.add_row(name, clock(stop.start_s), clock(stop.end_s), _break(shown, route, stop), "", "", "")
        else:
            table.add_row(name, *_visit(shown, stop))
        name = ""
    if route.home_travel_s:
        home = sentence("cli.home")
        at = clock(route.home_depart_s), clock(route.home_s)
        table.add_row("", *at, home, "", "", hours(route.home_travel_s))
    table.add_section()


def _visit(shown: Shown, visit: VisitTime) -> tuple[str, ...]:
    """Give the cells of one visit."""
    return (
        clock(visit.start_s),
        clock(visit.end_s),
        _plain(_whom(shown, visit.booking_id)),
        _plain(shown.treatments.get(visit.visit_id, "")),
        _plain(shown.problem.locations[visit.location].area),
        hours(visit.travel_s),
    )


def _whom(shown: Shown, booking_id: str) -> str:
    """Give whom a booking is for: a name where there is one, the id where not."""
    name = shown.name(booking_id)
    seats = len(shown.problem.booking(booking_id).seats)
    return name if seats == 1 else sentence("cli.together", {"name": name, "seats": seats})


def _break(shown: Shown, route: RouteTimes, stop: BreakTime) -> str:
    kinds = {pause.id: pause.kind for pause in shown.problem.therapist(route.therapist_id).breaks}
    return sentence(f"export.break.{kinds[stop.break_id]}")


def _figures(figures: "Figures") -> str:
    """Give the day's figures in one sentence."""
    return sentence(
        "cli.figures",
        {
            "served": figures.served,
            "bookings": figures.bookings,
            "visits": figures.visits,
            "travel_s": figures.travel_s,
            "wait_s": figures.wait_s,
            "utilisation": figures.utilisation_percent,
            "overtime_s": figures.overtime_s,
            "value_sen": figures.value_sen,
        },
    )


def _plain(text: str) -> str:
    """Give a text that the terminal's markup leaves alone, without characters that would move the cursor."""
    from rich.markup import escape

    return escape("".join(letter for letter in text if letter.isprintable() or letter == " "))
