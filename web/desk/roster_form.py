"""The roster form: a week of shifts and breaks as the values of its fields, and back.

A break is one row with the weekdays it holds on; the roster keeps it once for each of those days.
"""

from werkzeug.datastructures import MultiDict

from dispatch.errors import BadInput
from dispatch.model.kinds import BreakKind
from dispatch.model.therapist import Break, DayPattern, Roster, RosterException, Shift
from web.desk.reading import MOST_ROWS, DeskFields, Form
from web.forms import clock_value
from web.translate import sentence, translate

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
SHIFTS = 3
BREAKS = 3


def roster_form(roster: Roster, version: int) -> Form:
    """Give a weekly pattern as the values of its form."""
    form: Form = MultiDict({"version": str(version)})
    rows: dict[tuple[str, str, int, int, int], list[str]] = {}
    for pattern in roster.pattern:
        for number, shift in enumerate(pattern.shifts, start=1):
            form[f"from_{pattern.weekday}_{number}"] = clock_value(shift.start_s)
            form[f"to_{pattern.weekday}_{number}"] = clock_value(shift.end_s)
        for pause in pattern.breaks:
            key = (pause.id, pause.kind.value, pause.duration_s, pause.earliest_s, pause.latest_s)
            rows.setdefault(key, []).append(str(pattern.weekday))
    for number, (key, days) in enumerate(rows.items(), start=1):
        break_id, kind, duration_s, earliest_s, latest_s = key
        form[f"break_id_{number}"] = break_id
        form[f"break_kind_{number}"] = kind
        form[f"break_minutes_{number}"] = str(duration_s // 60)
        form[f"break_from_{number}"] = clock_value(earliest_s)
        form[f"break_to_{number}"] = clock_value(latest_s)
        form.setlist(f"break_days_{number}", days)
    return form


def break_rows(form: Form) -> range:
    """Give the numbers of the break rows to show: all that are filled, and one to fill."""
    filled = [
        n for n in range(1, 4 * MOST_ROWS) if form.get(f"break_kind_{n}", "") or form.get(f"break_minutes_{n}", "")
    ]
    return range(1, max(filled, default=0) + 2)


def read_pattern(fields: DeskFields) -> tuple[DayPattern, ...]:
    """Read the weekly pattern; a day without shifts is off. Raises every error found."""
    breaks: dict[int, list[Break]] = {weekday: [] for weekday in range(7)}
    shifts = {
        weekday: read_shifts(fields, f"from_{weekday}", f"to_{weekday}", label=WEEKDAYS[weekday])
        for weekday in range(7)
    }
    taken: set[str] = set()
    for number in break_rows(fields.form):
        pause = _read_break(fields, number, taken)
        if pause is None:
            continue
        days = [int(day) for day in fields.many(f"break_days_{number}") if day in {"0", "1", "2", "3", "4", "5", "6"}]
        if not days:
            fields.errors.append(BadInput("desk.break_days", field=f"break_days_{number}"))
        for weekday in days:
            # A day off has no break; the row goes on holding on the other days.
            if shifts[weekday]:
                breaks[weekday].append(pause)
    fields.finish()
    return tuple(
        DayPattern(weekday=weekday, shifts=shifts[weekday], breaks=tuple(breaks[weekday]))
        for weekday in range(7)
        if shifts[weekday]
    )


def read_exception(fields: DeskFields, usual: Roster) -> RosterException:
    """Read what differs on one date: off, or other shifts with those breaks of the usual day that fit into them."""
    day = fields.day("exception_day", label="Date")
    reason = fields.text("exception_reason", label="Reason", limit=2_000)
    off = fields.form.get("exception_kind", "off") == "off"
    shifts = () if off else read_shifts(fields, "exception_from", "exception_to", label="That day")
    if not off and not shifts and not fields.errors:
        fields.wrong("web.field_missing", "exception_from_1", "From")
    fields.finish()
    breaks = usual.usual_breaks(day.weekday(), shifts)
    return RosterException(day=day, shifts=shifts, breaks=breaks, reason=reason)


def read_shifts(fields: DeskFields, start: str, end: str, *, label: str) -> tuple[Shift, ...]:
    """Read the shifts of a day from their numbered fields; both of a pair are written, or neither."""
    shifts = []
    for number in range(1, SHIFTS + 1):
        first, last = f"{start}_{number}", f"{end}_{number}"
        if not fields.form.get(first, "").strip() and not fields.form.get(last, "").strip():
            continue
        start_s = fields.clock(first, label=sentence("desk.label_from", {"what": translate(label)}))
        end_s = fields.clock(last, label=sentence("desk.label_to", {"what": translate(label)}))
        shifts.append(Shift(start_s=start_s, end_s=end_s))
    return tuple(shifts)


def _read_break(fields: DeskFields, number: int, taken: set[str]) -> Break | None:
    """Read one row; one without minutes is no break, which is how a break is taken away."""
    if not fields.form.get(f"break_minutes_{number}", "").strip():
        return None
    label = sentence("desk.label_break", {"number": number})
    kind = fields.choice(f"break_kind_{number}", BreakKind, label=label)
    earliest_s = fields.clock(f"break_from_{number}", label=sentence("desk.label_earliest", {"what": label}))
    pause = Break(
        id=_break_id(fields.form.get(f"break_id_{number}", ""), kind, taken),
        kind=kind,
        duration_s=fields.minutes_s(f"break_minutes_{number}", label=sentence("desk.label_minutes", {"what": label})),
        earliest_s=earliest_s,
        latest_s=fields.clock(
            f"break_to_{number}", label=sentence("desk.label_latest", {"what": label}), default=earliest_s
        ),
    )
    taken.add(pause.id)
    return pause


def _break_id(known: str, kind: BreakKind, taken: set[str]) -> str:
    """Give a row's own id, or a new one; the same break on several rows (other hours on other days) keeps its id."""
    if known:
        return known
    free = (f"{kind.value}-{number}" for number in range(1, 100))
    return next(one for one in free if one not in taken)
