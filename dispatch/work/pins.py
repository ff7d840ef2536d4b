"""A therapist's two PINs: one that ends a visit, and one that looks the same and raises a silent alarm."""

import hashlib
import hmac
import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING

from dispatch.model.account import Actor
from dispatch.model.safety import PinAnswer, PinKeys
from dispatch.model.therapist import Therapist
from dispatch.work.doing import fetch, find, record
from dispatch.work.permissions import Permission, allow
from dispatch.work.services import Services

if TYPE_CHECKING:
    from dispatch.store import Reading, Writing

DIGITS = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Pins:
    """A therapist's PINs, shown this once."""

    therapist_id: str
    right: str
    duress: str


def make_pins(services: Services, actor: Actor, therapist_id: str) -> Pins:
    """Give a therapist two new PINs, which are shown this once; from now on her phone asks for one at each finish."""
    allow(actor, Permission.PHONE_LINKS)
    right = f"{secrets.randbelow(10**DIGITS):0{DIGITS}}"
    duress = right
    # Far enough apart that one wrong digit never makes the one out of the other.
    while sum(a != b for a, b in zip(right, duress, strict=True)) < 3:
        duress = f"{secrets.randbelow(10**DIGITS):0{DIGITS}}"
    with services.store.writing() as tx:
        therapist = fetch(tx, actor, Therapist, therapist_id)
        _drop(tx, actor, therapist.id)
        tx.insert(
            PinKeys(
                id=therapist.id,
                branch_id=actor.branch_id,
                right=_key(services, therapist.id, right),
                duress=_key(services, therapist.id, duress),
                made_at=services.now(),
                made_by=actor.id,
            )
        )
        record(tx, services, actor, "pins.made", therapist.id)
    return Pins(therapist_id=therapist.id, right=right, duress=duress)


def drop_pins(services: Services, actor: Actor, therapist_id: str) -> bool:
    """Let a therapist's phone ask for no PIN any more; False where it asked for none."""
    allow(actor, Permission.PHONE_LINKS)
    with services.store.writing() as tx:
        therapist = fetch(tx, actor, Therapist, therapist_id)
        had = _drop(tx, actor, therapist.id)
        if had:
            record(tx, services, actor, "pins.dropped", therapist.id)
    return had


def pin_answer(tx: "Reading", services: Services, therapist_id: str, pin: str) -> PinAnswer:
    """Say what a PIN is; the same work is done whichever it is, so that no clock tells them apart."""
    keys = tx.find(PinKeys, therapist_id)
    typed = _key(services, therapist_id, pin)
    is_right = hmac.compare_digest(typed, keys.right if keys else "")
    is_duress = hmac.compare_digest(typed, keys.duress if keys else "-")
    if keys is None or not pin:
        return PinAnswer.NONE
    return {(True, False): PinAnswer.RIGHT, (False, True): PinAnswer.DURESS}.get((is_right, is_duress), PinAnswer.WRONG)


def _drop(tx: "Writing", actor: Actor, therapist_id: str) -> bool:
    before = find(tx, actor, PinKeys, therapist_id)
    if before is not None:
        tx.delete(before)
    return before is not None


def _key(services: Services, therapist_id: str, pin: str) -> str:
    """Give what a PIN is known by: four digits are soon guessed, but not without the installation's secret."""
    key = hashlib.sha256(b"laluan pin\0" + services.secret.encode()).digest()
    return hmac.new(key, f"{therapist_id}\0{pin}".encode(), hashlib.sha256).hexdigest()
