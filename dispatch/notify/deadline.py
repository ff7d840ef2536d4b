"""Cuts off whoever answers so slowly that no time-out of a single answer ever ends."""

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager


@contextmanager
def within(seconds: float, connection: Callable[[], socket.socket | None]) -> Iterator[None]:
    """Run an exchange; after so many seconds its connection is shut down under it, and it ends with an `OSError`."""
    too_late = threading.Event()

    def hang_up() -> None:
        too_late.set()
        open_one = connection()
        if open_one is not None:
            try:
                open_one.shutdown(socket.SHUT_RDWR)
            except OSError:
                return  # it has ended by itself

    cut = threading.Timer(seconds, hang_up)
    cut.daemon = True
    cut.start()
    try:
        yield
    finally:
        cut.cancel()
        cut.join()
    if too_late.is_set():
        # What was read up to then may look like a whole answer.
        raise TimeoutError
