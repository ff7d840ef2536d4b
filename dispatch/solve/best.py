"""The best draft so far: kept by the exact key, and by what the rules say wherever drafts may differ from them."""

from dispatch.solve.begin import draft_of
from dispatch.solve.certificate import served_by
from dispatch.solve.day import Day
from dispatch.solve.draft import Draft, Key
from dispatch.solve.judge import Judge
from dispatch.solve.routes import RouteBook


class Best:
    """Keeps the best draft; on days with couples each better one is confirmed before it is believed."""

    def __init__(self, day: Day, book: RouteBook, judge: Judge, draft: Draft) -> None:
        """Begin with a draft that is repaired where the rules refuse it."""
        self._book = book
        self._judge = judge
        self._day = day
        self._must_ask = any(day.coupled) or bool(day.problem.facts)
        answer, draft = judge.repaired(draft, book)
        self.draft = draft
        self.key: Key = answer.key() if self._must_ask else draft.key()

    def offer(self, draft: Draft) -> Draft | None:
        """Take a draft if it is better; give it, set to the times it has in truth, or None."""
        if draft.key() >= self.key:
            return None
        if not self._must_ask:
            self.draft, self.key = draft, draft.key()
            return draft
        answer = self._judge.answer(draft.plan(self._book))
        if answer is None or answer.key() >= self.key:
            return None
        settled = draft_of(self._day, self._book, answer.plan)
        # A draft that cannot be told with the true times is kept with its own.
        self.draft = settled if settled.out == draft.out else draft
        self.key = answer.key()
        return self.draft

    def figures(self) -> tuple[int, int, int]:
        """Give how many bookings, holds not counted, are served and left out, and the points."""
        return served_by(self._day, self.key)[1], self.key[2], self.key[3]
