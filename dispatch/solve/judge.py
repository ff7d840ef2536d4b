"""What a draft is worth in truth: `retime` says when, the referee whether, the cost how good.

Drafts of days without couples agree with it already; a couple may start earlier in truth than its option says, so a
draft that is confirmed is set to the true starts.
"""

from dataclasses import dataclass

from dispatch.model.plan import Plan
from dispatch.model.timetable import Cost, Timetable, Violation
from dispatch.rules.cost import plan_cost
from dispatch.rules.referee import check
from dispatch.rules.retime import retime
from dispatch.solve.day import Day
from dispatch.solve.draft import Draft, Key
from dispatch.solve.routes import RouteBook


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """A plan that the referee accepts, with its times and its cost."""

    plan: Plan
    timetable: Timetable
    cost: Cost

    def key(self) -> Key:
        """Give what plans are compared by."""
        return self.cost.key()


class Judge:
    """Asks the rules about plans of one day; what cannot be helped any more, because it has begun, is put up with."""

    def __init__(self, day: Day, unavoidable: Plan) -> None:
        """Take the plan of nothing but what has begun: what it breaks already, every plan of the day breaks."""
        self.day = day
        self._put_up_with = {(breach.rule, breach.subject_id) for breach in check(day.problem, unavoidable)}

    def breaches(self, plan: Plan, timetable: Timetable | None = None) -> list[Violation]:
        """Give what a plan breaks and need not."""
        found = check(self.day.problem, plan, timetable)
        return [breach for breach in found if (breach.rule, breach.subject_id) not in self._put_up_with]

    def answer(self, plan: Plan) -> Answer | None:
        """Give a plan with its times and cost; None where the referee refuses it."""
        timetable = retime(self.day.problem, plan)
        if self.breaches(plan, timetable):
            return None
        return Answer(plan=plan, timetable=timetable, cost=plan_cost(self.day.problem, plan, timetable))

    def repaired(self, draft: Draft, book: RouteBook) -> tuple[Answer, Draft]:
        """Give a draft's plan, bookings that break a rule taken out one after the other until the referee accepts."""
        draft = draft.copy()
        while True:
            plan = draft.plan(book)
            timetable = retime(self.day.problem, plan)
            breaches = self.breaches(plan, timetable)
            guilty = self._guilty(draft, breaches[0]) if breaches else None
            if guilty is None:
                cost = plan_cost(self.day.problem, plan, timetable)
                return Answer(plan=plan, timetable=timetable, cost=cost), draft
            draft.take_out({guilty}, book)

    def _guilty(self, draft: Draft, breach: Violation) -> int | None:
        """Give the booking to take out for a breach; None where nothing of what is left can be taken out."""
        day = self.day
        named = day.compiled.bookings.get(breach.booking_id)
        if named is not None and named not in draft.out and not day.entries[named].fixed:
            return named
        t = day.compiled.therapist_index.get(breach.therapist_id)
        columns = draft.columns if t is None else [draft.columns[t]]
        for column in columns:
            for option in reversed(column.options):
                number = day.entry_of[day.visit(option)]
                if not day.entries[number].fixed:
                    return number
        return None
