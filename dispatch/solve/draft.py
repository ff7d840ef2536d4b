"""A draft: one route per therapist while the planner works on it, with the bookings it leaves out."""

from dispatch.model.plan import LeftOut, Plan, Route
from dispatch.model.said import said
from dispatch.solve.day import Day
from dispatch.solve.routes import Column, RouteBook

Key = tuple[int, int, int, int]
"""What drafts are compared by, smaller is better: locked left out, priority lost, bookings left out, points."""


class Draft:
    """The planner's working plan; `starts` are the starts of coupled bookings it serves, `out` what it leaves out.

    Its figures agree with `rules.plan_cost` as long as no coupled booking could start earlier than its option says.
    """

    __slots__ = ("columns", "day", "holder", "locked", "out", "points", "priority", "starts", "uncounted")

    def __init__(self, day: Day, columns: list[Column]) -> None:
        """Begin with these routes and every booking that is in none of them left out."""
        self.day = day
        self.columns = columns
        self.holder = [-1] * len(day.entry_of)
        self.starts: dict[int, int] = {}
        for column in columns:
            for option in column.options:
                visit = day.visit(option)
                self.holder[visit] = column.therapist
                if day.coupled[visit]:
                    self.starts[day.entry_of[visit]] = day.start_s(option)
        self.points = sum(column.points for column in columns)
        self.out: set[int] = set()
        self.locked = self.priority = self.uncounted = 0
        for number, entry in enumerate(day.entries):
            if not entry.fixed and self.holder[entry.visits[0]] < 0:
                self._leave_out(number)

    def copy(self) -> "Draft":
        """Give a draft that can be changed on its own."""
        twin = object.__new__(Draft)
        twin.day = self.day
        twin.columns = self.columns.copy()
        twin.holder = self.holder.copy()
        twin.starts = self.starts.copy()
        twin.out = self.out.copy()
        twin.points = self.points
        twin.locked, twin.priority, twin.uncounted = self.locked, self.priority, self.uncounted
        return twin

    def key(self) -> Key:
        """Give what drafts are compared by."""
        return (self.locked, self.priority, self.uncounted, self.points)

    def _leave_out(self, number: int) -> None:
        locked, priority, counted = self.day.entries[number].gains
        self.out.add(number)
        self.locked += locked
        self.priority += priority
        self.uncounted += counted

    def put_in(self, number: int, places: list[tuple[int, Column]]) -> None:
        """Serve a booking: the options of its seats, each with the route that now holds it."""
        locked, priority, counted = self.day.entries[number].gains
        self.out.discard(number)
        self.locked -= locked
        self.priority -= priority
        self.uncounted -= counted
        for option, column in places:
            visit = self.day.visit(option)
            self.points += column.points - self.columns[column.therapist].points
            self.columns[column.therapist] = column
            self.holder[visit] = column.therapist
            if self.day.coupled[visit]:
                self.starts[number] = self.day.start_s(option)

    def take_out(self, numbers: set[int], book: RouteBook) -> set[int]:
        """Leave these bookings out, and whatever else the routes that lose them cannot keep; give all taken out.

        A route may lose more than asked where a shorter way round does not exist (travel is not always shortest).
        """
        day = self.day
        waiting, taken = sorted(numbers), set(numbers)
        while waiting:
            touched = sorted({self.holder[v] for number in waiting for v in day.entries[number].visits})
            for number in waiting:
                self._leave_out(number)
                self.starts.pop(number, None)
                for visit in day.entries[number].visits:
                    self.holder[visit] = -1
            waiting = []
            for t in touched:
                column = self.columns[t]
                kept = tuple(option for option in column.options if self.holder[day.visit(option)] == t)
                new = book.column(t, kept)
                if new is None:
                    extra = {day.entry_of[day.visit(option)] for option in kept}
                    extra = {number for number in extra if not day.entries[number].fixed} - taken
                    taken |= extra
                    waiting = sorted({*waiting, *extra})
                    head = tuple(option for option in kept if day.entries[day.entry_of[day.visit(option)]].fixed)
                    new = book.column(t, head) or book.bare(t, head)
                self.points += new.points - column.points
                self.columns[t] = new
        return taken

    def plan(self, book: RouteBook) -> Plan:
        """Give the draft as a plan, breaks placed by the rules; why a booking is left out is not yet said."""
        day = self.day
        routes = tuple(
            Route(therapist_id=day.compiled.therapists[column.therapist], stops=book.stops(column))
            for column in self.columns
            if column.options
        )
        left_out = tuple(
            LeftOut(booking_id=day.entries[number].id, reason=said("plan.not_planned_yet"))
            for number in sorted(self.out)
        )
        return Plan(routes=routes, left_out=left_out)


def is_free(day: Day, column: Column) -> bool:
    """Tell whether a route may be planned anew: nothing but its head has begun, and no couple waits in that."""
    begun = len(day.heads[column.therapist])
    return not any(day.coupled[v] for v in day.heads[column.therapist]) and not any(
        day.entries[day.entry_of[day.visit(option)]].fixed for option in column.options[begun:]
    )


def united(day: Day, columns: list[Column], book: RouteBook) -> Draft:
    """Give the draft of routes that were chosen apart: a booking that has lost a seat loses all its seats."""
    columns = columns.copy()
    while True:
        held = {day.visit(option): column.therapist for column in columns for option in column.options}
        torn = {
            held[visit]
            for entry in day.entries
            if not entry.fixed and len({visit in held for visit in entry.visits}) > 1
            for visit in entry.visits
            if visit in held
        }
        if not torn:
            return Draft(day, columns)
        for t in torn:
            options = columns[t].options
            kept = tuple(option for option in options if _is_whole(day, day.visit(option), held))
            head = options[: len(day.heads[t])]
            columns[t] = book.column(t, kept) or book.column(t, head) or book.bare(t, head)


def _is_whole(day: Day, visit: int, held: dict[int, int]) -> bool:
    """Tell whether a visit's booking has all its seats, or has begun."""
    entry = day.entries[day.entry_of[visit]]
    return entry.fixed or all(other in held for other in entry.visits)
