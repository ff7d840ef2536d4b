"""What every use case does: reach things of its own branch, refuse bad nouns, write the audit row."""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import fields, is_dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, Any, Protocol, TypeVar, cast

from dispatch.errors import LaluanError, NotFound, Several
from dispatch.model.account import Actor
from dispatch.model.audit import AuditRow
from dispatch.model.branch import Branch
from dispatch.model.day import service_day_of
from dispatch.work.services import Services

if TYPE_CHECKING:
    from dispatch.store import Reading, Writing


class HasId(Protocol):
    """Any noun with an id."""

    @property
    def id(self) -> str: ...


class HasName(HasId, Protocol):
    """Any noun with an id and a name."""

    @property
    def name(self) -> str: ...


N = TypeVar("N")
Identified = TypeVar("Identified", bound=HasId)
Named = TypeVar("Named", bound=HasName)

_REORDERING = re.compile("[\u202a-\u202e\u2066-\u2069\ufeff]")
"""Characters that turn the order of the text around them (or mark bytes); marks for right-to-left words stay."""


def record(tx: "Writing", services: Services, actor: Actor, code: str, *subject_ids: str) -> None:
    """Write the audit row of this transaction: who did what to which ids."""
    tx.append_audit(
        AuditRow(
            id=services.new_id(),
            at=services.now(),
            actor=actor.id,
            code=code,
            subject_ids=subject_ids,
            branch_id=actor.branch_id,
        )
    )


def fetch(tx: "Reading", actor: Actor, cls: type[N], noun_id: str) -> N:
    """Give a noun of the actor's branch; `NotFound` for another branch's, as if it did not exist."""
    noun = tx.get(cls, noun_id)
    if getattr(noun, "branch_id", actor.branch_id) != actor.branch_id:
        raise NotFound("store.not_found", kind=_kind(cls), id=noun_id)
    return noun


def _kind(cls: type) -> str:
    """Give a noun's class as sentences name it: `PriceRule` is `price_rule`."""
    return re.sub(r"(?<!^)(?=[A-Z])", "_", cls.__name__).lower()


def find(tx: "Reading", actor: Actor, cls: type[N], noun_id: str) -> N | None:
    """Give a noun of the actor's branch, or None where there is none."""
    noun = tx.find(cls, noun_id) if noun_id else None
    return noun if getattr(noun, "branch_id", actor.branch_id) == actor.branch_id else None


def branch_of(tx: "Reading", actor: Actor) -> Branch:
    """Give the actor's branch."""
    return tx.get(Branch, actor.branch_id)


def today(services: Services, branch: Branch) -> date:
    """Give the branch's service day of this moment."""
    return service_day_of(services.now(), branch.time_zone)


def refuse(errors: Sequence[LaluanError]) -> None:
    """Raise what was found wrong: one error as itself, several together; nothing found passes."""
    if len(errors) == 1:
        raise errors[0]
    if errors:
        raise Several(tuple(errors))


def by_id(nouns: Iterable[Identified]) -> dict[str, Identified]:
    """Give nouns by their id."""
    return {noun.id: noun for noun in nouns}


def by_name(nouns: Iterable[Named]) -> tuple[Named, ...]:
    """Give nouns in the order people look for them: by name whatever its case, then by id."""
    return tuple(sorted(nouns, key=lambda noun: (noun.name.casefold(), noun.id)))


def tidy(noun: N) -> N:
    """Give the noun with its texts as people mean them: NFC, no control or reordering characters, no outer blanks."""
    return cast(N, _tidy(noun))


def _tidy(value: Any) -> Any:
    if type(value) is str:  # enums are strings too, and stay what they are
        return _tidy_text(value)
    if isinstance(value, tuple):
        return tuple(_tidy(item) for item in value)
    if is_dataclass(value) and not isinstance(value, type):
        before = {field.name: getattr(value, field.name) for field in fields(value)}
        after = {name: _tidy(item) for name, item in before.items()}
        changed = {name: item for name, item in after.items() if item != before[name]}
        return replace(value, **changed) if changed else value
    return value


def _tidy_text(text: str) -> str:
    text = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n").replace("\t", " "))
    text = _REORDERING.sub("", text)
    return "".join(c for c in text if c == "\n" or unicodedata.category(c) != "Cc").strip()
