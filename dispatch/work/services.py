"""What the use cases stand on: the store, the clock, travel times, places and ids, handed in by the wiring."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any, TypeAlias

if TYPE_CHECKING:  # the store brings the database library along, which a command like --help must not wait for
    from dispatch.intake.address import Resolution
    from dispatch.model.outcome import Budget
    from dispatch.model.outgoing import Channel
    from dispatch.notify.channel import ChannelOut
    from dispatch.store import Store
    from dispatch.travel import TravelEngine

SolveApart: TypeAlias = Callable[[str, "Budget", int], dict[str, Any]]
"""Answers a document that a program sent, with a budget and a seed; one at a time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Services:
    """Everything a use case may call; `now` gives aware UTC, `secret` signs phone links, `wake` says a job is due.

    `solve_apart` solves in a process of its own what programs send; where there is none, this process does. `channels`
    are the ways out that the settings name, `public_url` is where links in messages lead. From
    `late_offer_s` on, a visit that will start so late makes the board offer to mend the day.
    """

    store: "Store"
    now: Callable[[], datetime]
    travel: "TravelEngine"
    resolve_address: "Callable[[str], Resolution]"
    new_id: Callable[[], str]
    wake: Callable[[], None]
    secret: str
    solve_apart: SolveApart | None = None
    channels: "Mapping[Channel, ChannelOut]" = field(default_factory=dict)
    public_url: str = ""
    late_offer_s: int = 900
