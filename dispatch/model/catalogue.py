"""The treatment catalogue: techniques, the complaints they suit, what to ask about, prices and pay."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True, kw_only=True)
class Technique:
    """A skill a therapist is trained in, and a treatment needs."""

    id: str
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Complaint:
    """What a client suffers from, in the words of the booking desk."""

    id: str
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Contraindication:
    """A condition to ask about before a treatment, with the question to ask."""

    id: str
    name: str
    question: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Treatment:
    """An entry of the catalogue: the techniques it needs and the minutes it may last.

    `set_up_s` lies between the door and the treatment's start (table, oil, talk), `pack_up_s` after its end.
    """

    id: str
    branch_id: str
    name: str
    techniques: tuple[str, ...]
    minutes: tuple[int, ...]
    suits: tuple[str, ...] = ()
    ask_about: tuple[str, ...] = ()
    set_up_s: int = 600
    pack_up_s: int = 480
    active: bool = True
    version: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class PriceRule:
    """What one seat of a treatment costs; the newest valid rule that matches the minutes and the hour wins.

    The hours bound the treatment's start in seconds of the service day, from inclusive to exclusive.
    """

    id: str
    branch_id: str
    treatment_id: str
    minutes: int
    price_sen: int
    valid_from: date
    from_s: int = 0
    to_s: int = 108_000
    version: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class PayRule:
    """What a therapist is paid for one seat of a treatment; chosen like a price rule."""

    id: str
    branch_id: str
    treatment_id: str
    minutes: int
    pay_sen: int
    valid_from: date
    from_s: int = 0
    to_s: int = 108_000
    version: int = 1
