"""Finds clients by what a caller says, among however many there are."""

from sqlalchemy import ColumnElement, case, func, select

from dispatch.model.people import Client
from dispatch.store.convert import table_of
from dispatch.store.decoded import noun_of
from dispatch.store.nouns import Connected
from dispatch.store.tables import ClientRow

_CLIENT = table_of(ClientRow)


class ReadingPeople(Connected):
    """Searches the clients in the database, so that only those found are read."""

    def search_clients(
        self, branch_id: str, text: str, digits: str, *, limit: int, active_only: bool = False
    ) -> tuple[Client, ...]:
        """Give at most so many clients by name, those first whose name begins with the text.

        `text` is any part of a name, folded; `digits` any part of a phone number, or empty.
        """
        query = select(_CLIENT.c.id, _CLIENT.c.body).where(*_found(branch_id, text, digits, active_only=active_only))
        begins = case((_CLIENT.c.folded.startswith(text, autoescape=True), 0), else_=1)
        # PostgreSQL would sort by the server's language; SQLite, and the lists made in Python, sort by letters.
        name = _CLIENT.c.folded if self._connection.dialect.name == "sqlite" else _CLIENT.c.folded.collate("C")
        rows = self._connection.execute(query.order_by(begins, name, _CLIENT.c.id).limit(limit))
        return tuple(noun_of(Client, body) for _, body in rows)

    def count_clients(self, branch_id: str, text: str, digits: str, *, active_only: bool = False) -> int:
        """Tell how many clients a search finds."""
        conditions = _found(branch_id, text, digits, active_only=active_only)
        query = select(func.count()).select_from(_CLIENT).where(*conditions)
        return self._connection.scalar(query) or 0


def _found(branch_id: str, text: str, digits: str, *, active_only: bool = False) -> list[ColumnElement[bool]]:
    conditions = [_CLIENT.c.branch_id == branch_id]
    if active_only:
        conditions.append(_CLIENT.c.active)
    if text:
        named = _CLIENT.c.folded.contains(text, autoescape=True)
        conditions.append(named | _CLIENT.c.phone.contains(digits, autoescape=True) if digits else named)
    return conditions
