"""What a step changes of a day's locks and waivers, noted so that the step can be taken back."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from dispatch.model.decisions import Lock, LockChange, Waiver, WaiverChange
from dispatch.model.plan import Revision

if TYPE_CHECKING:
    from dispatch.store import Writing


@dataclass(frozen=True, slots=True, kw_only=True)
class Decided:
    """The locks and waivers that one step changed."""

    locks: tuple[LockChange, ...] = ()
    waivers: tuple[WaiverChange, ...] = ()

    def subjects(self) -> frozenset[str]:
        """Give the ids of everything that was fixed, set free, or set aside."""
        return frozenset((*(one.visit_id for one in self.locks), *(one.subject_id for one in self.waivers)))

    def inverse(self) -> "Decided":
        """Give the step back."""
        return Decided(
            locks=tuple(LockChange(visit_id=one.visit_id, before=one.after, after=one.before) for one in self.locks),
            waivers=tuple(
                WaiverChange(rule=one.rule, subject_id=one.subject_id, before=one.after, after=one.before)
                for one in self.waivers
            ),
        )


NOTHING = Decided()


def decided_in(revision: Revision) -> Decided:
    """Give what a revision changed of locks and waivers."""
    return Decided(locks=revision.locks, waivers=revision.waivers)


def decide(
    tx: "Writing",
    branch_id: str,
    day: date,
    *,
    locks: Iterable[Lock] = (),
    freed: Iterable[str] = (),
    waivers: Iterable[Waiver] = (),
) -> Decided:
    """Set locks and waivers, set visits free, and give what that changed."""
    had = {lock.visit_id: lock for lock in tx.locks(branch_id, day)}
    held = {(one.rule, one.subject_id): one for one in tx.waivers(branch_id, day)}
    wanted: dict[str, Lock | None] = {**dict.fromkeys(freed), **{lock.visit_id: lock for lock in locks}}
    decided = Decided(
        locks=tuple(
            LockChange(visit_id=visit, before=had.get(visit), after=lock)
            for visit, lock in wanted.items()
            if had.get(visit) != lock
        ),
        waivers=tuple(
            WaiverChange(
                rule=one.rule, subject_id=one.subject_id, before=held.get((one.rule, one.subject_id)), after=one
            )
            for one in waivers
        ),
    )
    make(tx, branch_id, day, decided)
    return decided


def make(tx: "Writing", branch_id: str, day: date, decided: Decided) -> None:
    """Bring a day's locks and waivers to what they are after a step, whatever they are now."""
    for lock in decided.locks:
        if lock.after is None:
            tx.drop_lock(branch_id, day, lock.visit_id)
        else:
            tx.set_lock(branch_id, day, lock.after)
    for waiver in decided.waivers:
        if waiver.after is None:
            tx.drop_waiver(branch_id, day, waiver.rule, waiver.subject_id)
        else:
            tx.set_waiver(branch_id, day, waiver.after)


def stands(tx: "Writing", branch_id: str, day: date, decided: Decided) -> bool:
    """Tell whether a day's locks and waivers are still as a step left them, as far as it changed them."""
    locks = {lock.visit_id: lock for lock in tx.locks(branch_id, day)}
    waivers = {(one.rule, one.subject_id): one for one in tx.waivers(branch_id, day)}
    return all(locks.get(one.visit_id) == one.after for one in decided.locks) and all(
        waivers.get((one.rule, one.subject_id)) == one.after for one in decided.waivers
    )
