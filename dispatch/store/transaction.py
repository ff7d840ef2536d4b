"""What one transaction can do, put together from its parts; `WritingLive` comes along with `WritingDays`."""

from typing import Any, TypeVar, cast

from sqlalchemy import Connection

from dispatch.store.answers import ReadingAnswers, WritingAnswers
from dispatch.store.api import ReadingApi, WritingApi
from dispatch.store.chats import ReadingChats
from dispatch.store.days import ReadingDays, WritingDays
from dispatch.store.jobs import ReadingJobs, WritingJobs
from dispatch.store.live import ReadingLive
from dispatch.store.outgoing import ReadingOutgoing, WritingOutgoing
from dispatch.store.people import ReadingPeople
from dispatch.store.problems import ReadingProblems, WritingProblems
from dispatch.store.safety import ReadingSafety, WritingSafety

N = TypeVar("N")


class Reading(
    ReadingDays,
    ReadingSafety,
    ReadingProblems,
    ReadingJobs,
    ReadingLive,
    ReadingOutgoing,
    ReadingAnswers,
    ReadingPeople,
    ReadingApi,
    ReadingChats,
):
    """A transaction that reads: everything it sees belongs to one moment."""

    def supposing(self, *nouns: Any) -> "Reading":
        """Give the same transaction as it would be if these nouns were kept already; nothing is written."""
        return _Supposing(self._connection, nouns)


class _Supposing(Reading):
    """Reads as if some nouns were kept."""

    def __init__(self, connection: Connection, nouns: tuple[Any, ...]) -> None:
        super().__init__(connection)
        self._nouns = nouns

    def find(self, cls: type[N], key: str) -> N | None:
        """Give a supposed noun before a kept one."""
        supposed = [one for one in self._nouns if type(one) is cls and cast("Any", one).id == key]
        return supposed[0] if supposed else super().find(cls, key)

    def list(self, cls: type[N], branch_id: str, **filters: object) -> tuple[N, ...]:
        """Give the kept nouns with the supposed ones that the filters let pass."""
        supposed = {
            cast("Any", one).id: one
            for one in self._nouns
            if type(one) is cls and all(_passes(getattr(one, name), wanted) for name, wanted in filters.items())
        }
        known: dict[str, Any] = {cast("Any", one).id: one for one in super().list(cls, branch_id, **filters)}
        return tuple(cast("N", one) for _, one in sorted((known | supposed).items()))


def _passes(value: object, wanted: object) -> bool:
    return value in wanted if isinstance(wanted, tuple | list | set | frozenset) else value == wanted


class Writing(
    WritingDays,
    WritingSafety,
    WritingProblems,
    WritingJobs,
    WritingOutgoing,
    WritingAnswers,
    WritingApi,
    Reading,
):
    """A transaction that writes: all of it is kept, or nothing; no other one writes at the same time."""
