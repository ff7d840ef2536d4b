"""What every channel out can do; a new one is a file of its own with a class of this shape, made by the wiring."""

from datetime import datetime
from typing import Protocol

from dispatch.model.outgoing import Channel, Outgoing
from dispatch.model.said import Said


class ChannelOut(Protocol):
    """Sends one message at a time; safe to call from many threads."""

    @property
    def channel(self) -> Channel:
        """Give which channel this is."""

    def refuses(self, to: str) -> Said | None:
        """Say why nothing can ever be sent to an address, or None; nobody is asked over the network."""

    def send(self, message: Outgoing, *, now: datetime) -> None:
        """Send a message and return when it was taken; the same message may be sent twice, told by its id.

        Raises `Unavailable` where the same message may be taken later, `BadInput` where it never will be. It returns or
        raises within a time of its own, whatever the other side does.
        """
