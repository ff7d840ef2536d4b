"""Reads and writes nouns one by one, each change checked against the version the writer had seen."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any, TypeVar, cast

from sqlalchemy import ColumnElement, Connection, Table, delete, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import IntegrityError

from dispatch.errors import Conflict, NotFound
from dispatch.store.convert import Kept, column_value, columns_of, kept
from dispatch.store.decoded import noun_of

N = TypeVar("N")


class Connected:
    """What every part of a transaction has: its connection."""

    def __init__(self, connection: Connection) -> None:
        """Work inside the transaction that is open on this connection."""
        self._connection = connection

    def _insert_or_skip(self, table: Table, values: dict[str, Any]) -> bool:
        """Insert a row unless one of the same key is there; tell whether it was inserted."""
        make = postgresql.insert if self._connection.dialect.name == "postgresql" else sqlite.insert
        key = list(table.primary_key.columns)
        statement = make(table).values(values).on_conflict_do_nothing(index_elements=key).returning(*key)
        return self._connection.execute(statement).first() is not None

    @contextmanager
    def _constrained(self, kind: str, key: str) -> Iterator[None]:
        """Run one statement; where a constraint forbids it, nothing of it stays and the transaction may go on."""
        try:
            with self._connection.begin_nested():
                yield
        except IntegrityError as error:
            raise Conflict(_broken(error), kind=kind, id=key) from error


class ReadingNouns(Connected):
    """Finds nouns."""

    def find(self, cls: type[N], key: str) -> N | None:
        """Give the noun of an id, or None where there is none."""
        table = kept(cls).table
        body = self._connection.scalar(select(table.c.body).where(table.c.id == key))
        return None if body is None else noun_of(cls, body)

    def get(self, cls: type[N], key: str) -> N:
        """Give the noun of an id; `NotFound` where there is none."""
        noun = self.find(cls, key)
        if noun is None:
            raise NotFound("store.not_found", kind=kept(cls).kind, id=key)
        return noun

    def list(self, cls: type[N], branch_id: str, **filters: object) -> tuple[N, ...]:
        """Give a branch's nouns sorted by id, those whose columns have the values asked for.

        An empty branch id means all branches. A filter names a column of the table; a tuple, list or set of values
        means any of them. `TypeError` for a filter that is no column.
        """
        how = kept(cls)
        query = select(how.table.c.id, how.table.c.body)
        for condition in _conditions(how, branch_id, filters):
            query = query.where(condition)
        rows = sorted((key, body) for key, body in self._connection.execute(query))
        return tuple(noun_of(cls, body) for _, body in rows)


class WritingNouns(ReadingNouns):
    """Adds, changes and deletes nouns."""

    def insert(self, noun: N) -> N:
        """Add a noun; `Conflict` where its id or another unique value is taken, or where it names what is not there."""
        how = kept(type(noun))
        with self._constrained(how.kind, _id(noun)):
            self._connection.execute(insert(how.table).values(columns_of(noun)))
        return noun

    def update(self, noun: N) -> N:
        """Change a noun and give it back with its next version; `Conflict` where somebody changed it meanwhile."""
        how = kept(type(noun))
        changed = replace(cast("Any", noun), version=cast("Any", noun).version + 1) if how.has_version else noun
        values = columns_of(changed)
        with self._constrained(how.kind, _id(noun)):
            statement = update(how.table).where(*_same(how, noun)).values(values)
            self._changed_one(how, noun, self._connection.execute(statement).rowcount)
        return cast("N", changed)

    def delete(self, noun: object) -> None:
        """Delete a noun; `Conflict` where somebody changed it meanwhile, or where other things still name it."""
        how = kept(type(noun))
        try:
            with self._connection.begin_nested():
                statement = delete(how.table).where(*_same(how, noun))
                self._changed_one(how, noun, self._connection.execute(statement).rowcount)
        except IntegrityError as error:
            raise Conflict("store.still_used", kind=how.kind, id=_id(noun)) from error

    def _changed_one(self, how: Kept, noun: object, rows: int) -> None:
        """Say why no row was changed, if none was."""
        if rows == 1:
            return
        where = [how.table.c.id == _id(noun)]
        if how.has_branch:
            where.append(how.table.c.branch_id == cast("Any", noun).branch_id)
        if self._connection.scalar(select(how.table.c.id).where(*where)) is None:
            raise NotFound("store.not_found", kind=how.kind, id=_id(noun))
        raise Conflict("store.changed_meanwhile", kind=how.kind, id=_id(noun))


def _id(noun: object) -> str:
    return str(cast("Any", noun).id)


def _same(how: Kept, noun: object) -> Iterator[ColumnElement[bool]]:
    """Give the conditions under which a row is the one the writer had seen."""
    given = cast("Any", noun)
    yield how.table.c.id == given.id
    if how.has_branch:
        yield how.table.c.branch_id == given.branch_id
    if how.has_version:
        yield how.table.c.version == given.version


def _conditions(how: Kept, branch_id: str, filters: dict[str, object]) -> Iterator[ColumnElement[bool]]:
    if branch_id and how.has_branch:
        yield how.table.c.branch_id == branch_id
    for name, wanted in filters.items():
        if name not in how.table.c or name == "body":
            raise TypeError(f"{how.kind} has no column {name} to filter by.")
        column = how.table.c[name]
        if isinstance(wanted, tuple | list | set | frozenset):
            yield column.in_([column_value(value) for value in cast("Iterable[object]", wanted)])
        else:
            value = column_value(wanted)
            yield column.is_(None) if value is None else column == value


def _broken(error: IntegrityError) -> str:
    """Tell which kind of constraint forbade a write, in the code of its sentence."""
    # PostgreSQL names the constraint, SQLite (whose messages hold no values) the columns.
    broken = getattr(getattr(error.orig, "diag", None), "constraint_name", None) or str(error.orig)
    if broken.startswith(("fk_", "FOREIGN KEY")):
        return "store.names_nothing"
    return "store.exists" if broken.startswith("pk_") or broken.endswith(".id") else "store.taken"
