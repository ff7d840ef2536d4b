"""Keeps what outside services answered, until it is too old to trust, so that nobody is asked the same thing twice."""

from datetime import datetime

from sqlalchemy import delete, insert, select

from dispatch.store.convert import table_of
from dispatch.store.daytables import AnswerRow
from dispatch.store.nouns import Connected

_ANSWER = table_of(AnswerRow)


class ReadingAnswers(Connected):
    """Finds answers."""

    def answer(self, question: str, now: datetime) -> str | None:
        """Give the answer kept for a question; None where there is none, or it is too old."""
        query = select(_ANSWER.c.body).where(_ANSWER.c.question == question, _ANSWER.c.until > now)
        return self._connection.scalar(query)


class WritingAnswers(ReadingAnswers):
    """Keeps answers."""

    def keep_answer(self, question: str, text: str, *, until: datetime) -> None:
        """Keep an answer until a moment; an earlier answer to the same question gives way."""
        self._connection.execute(delete(_ANSWER).where(_ANSWER.c.question == question))
        self._connection.execute(insert(_ANSWER).values(question=question, until=until, body=text))
