"""What a step changes beside the plan: locks and waivers, bookings and shifts, noted so that it can be taken back."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING

from dispatch.model.booking import Booking
from dispatch.model.decisions import BookingChange, Lock, LockChange, TherapistChange, Waiver, WaiverChange
from dispatch.model.plan import Revision
from dispatch.model.therapist import Therapist
from dispatch.work.history import visits_of

if TYPE_CHECKING:
    from dispatch.store import Reading, Writing


@dataclass(frozen=True, slots=True, kw_only=True)
class Decided:
    """The locks, waivers, bookings and therapists that one step changed."""

    locks: tuple[LockChange, ...] = ()
    waivers: tuple[WaiverChange, ...] = ()
    bookings: tuple[BookingChange, ...] = ()
    therapists: tuple[TherapistChange, ...] = ()

    def subjects(self) -> frozenset[str]:
        """Give the ids of all visits and therapists the step concerned beside the plan."""
        return frozenset(
            (
                *(one.visit_id for one in self.locks),
                *(one.subject_id for one in self.waivers),
                *(visit for one in self.bookings for visit in visits_of(one.after)),
                *(one.after.id for one in self.therapists),
            )
        )

    def inverse(self) -> "Decided":
        """Give the step back."""
        return Decided(
            locks=tuple(LockChange(visit_id=one.visit_id, before=one.after, after=one.before) for one in self.locks),
            waivers=tuple(
                WaiverChange(rule=one.rule, subject_id=one.subject_id, before=one.after, after=one.before)
                for one in self.waivers
            ),
            bookings=tuple(BookingChange(before=one.after, after=one.before) for one in self.bookings),
            therapists=tuple(TherapistChange(before=one.after, after=one.before) for one in self.therapists),
        )


NOTHING = Decided()


def decided_in(revision: Revision) -> Decided:
    """Give what a revision changed beside the plan."""
    return Decided(
        locks=revision.locks,
        waivers=revision.waivers,
        bookings=revision.bookings,
        therapists=revision.therapists,
    )


def decide(
    tx: "Writing",
    branch_id: str,
    day: date,
    *,
    locks: Iterable[Lock] = (),
    freed: Iterable[str] = (),
    waivers: Iterable[Waiver] = (),
    bookings: Iterable[Booking] = (),
    therapists: Iterable[Therapist] = (),
) -> Decided:
    """Set locks and waivers, set visits free, change bookings and therapists, and give what that changed.

    A booking and a therapist carry the version that was read; `Conflict` where somebody was faster.
    """
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
        bookings=tuple(BookingChange(before=tx.get(Booking, one.id), after=tx.update(one)) for one in bookings),
        therapists=tuple(TherapistChange(before=tx.get(Therapist, one.id), after=tx.update(one)) for one in therapists),
    )
    _fix(tx, branch_id, day, decided)
    return decided


def make(tx: "Writing", branch_id: str, day: date, decided: Decided) -> None:
    """Bring a day to what it is after a step beside the plan, whatever it is now."""
    for booking in decided.bookings:
        tx.update(replace(booking.after, version=tx.get(Booking, booking.after.id).version))
    for therapist in decided.therapists:
        tx.update(replace(therapist.after, version=tx.get(Therapist, therapist.after.id).version))
    _fix(tx, branch_id, day, decided)


def stands(tx: "Reading", branch_id: str, day: date, decided: Decided) -> bool:
    """Tell whether everything a step changed beside the plan is still as the step left it."""
    locks = {lock.visit_id: lock for lock in tx.locks(branch_id, day)}
    waivers = {(one.rule, one.subject_id): one for one in tx.waivers(branch_id, day)}
    return (
        all(locks.get(one.visit_id) == one.after for one in decided.locks)
        and all(waivers.get((one.rule, one.subject_id)) == one.after for one in decided.waivers)
        and all(_same(tx.find(Booking, one.after.id), one.after) for one in decided.bookings)
        and all(_same(tx.find(Therapist, one.after.id), one.after) for one in decided.therapists)
    )


def _same(now: Booking | Therapist | None, then: Booking | Therapist) -> bool:
    return now is not None and replace(now, version=0) == replace(then, version=0)


def _fix(tx: "Writing", branch_id: str, day: date, decided: Decided) -> None:
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
