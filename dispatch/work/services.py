"""What the use cases stand on: the store, the clock, travel times, places and ids, handed in by the wiring."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # the store brings the database library along, which a command like --help must not wait for
    from dispatch.intake.address import Resolution
    from dispatch.store import Store
    from dispatch.travel import TravelEngine


@dataclass(frozen=True, slots=True, kw_only=True)
class Services:
    """Everything a use case may call; `now` gives aware UTC, `secret` signs phone links, `wake` says a job is due."""

    store: "Store"
    now: Callable[[], datetime]
    travel: "TravelEngine"
    resolve_address: "Callable[[str], Resolution]"
    new_id: Callable[[], str]
    wake: Callable[[], None]
    secret: str
