"""Small work that must not wait for the planner: each kind in a thread of its own, done again and again until told to stop."""

import logging
import threading
from collections.abc import Callable, Mapping
from datetime import timedelta
from functools import partial

from dispatch.errors import LaluanError
from dispatch.work.sending import send_one
from dispatch.work.services import Services
from dispatch.work.watching import sweep

_log = logging.getLogger(__name__)

SWEEP_S = 1.0
"""How long an idle loop waits before it looks again, in seconds."""

THOROUGH_S = 60
"""How often the watch derives the days around today anew, whatever stirred them or did not."""


class Loops:
    """Runs each piece of work whenever it has something to do; `work` tells whether it had.

    All of it is rows with due times, so whatever kills a loop loses nothing. One that fails waits and goes on.
    """

    def __init__(self, work: Mapping[str, Callable[[], bool]], *, sweep_s: float = SWEEP_S) -> None:
        """Prepare; `start` starts."""
        self._work = dict(work)
        self._sweep_s = sweep_s
        self._ending = threading.Event()
        self._threads: list[threading.Thread] = []

    def start(self) -> None:
        """Start a thread for each."""
        self._ending.clear()
        for name, work in self._work.items():
            thread = threading.Thread(target=self._run, args=(name, work), name=f"laluan-{name}", daemon=True)
            thread.start()
            self._threads.append(thread)

    def stop(self) -> None:
        """Let each end what it is at, and wait for it."""
        self._ending.set()
        while self._threads:
            self._threads.pop().join()

    def _run(self, name: str, work: Callable[[], bool]) -> None:
        while not self._ending.is_set():
            try:
                if work():
                    continue
            except LaluanError as error:
                _log.warning("The loop %s could not do its work, and will try again: %s", name, error)
            except Exception:  # noqa: BLE001 - no fault of one piece of work may end the thread that all of it needs
                _log.exception("The loop %s met a fault, and goes on.", name)
            self._ending.wait(self._sweep_s)


def loops_of(services: Services, *, sweep_s: float = SWEEP_S) -> Loops:
    """Give the loops that a server runs beside the planner: one for each channel out, and the watch over visits."""
    work: dict[str, Callable[[], bool]] = {
        f"send-{channel.value}": partial(send_one, services, channel) for channel in services.channels
    }
    work["watch"] = _Watchman(services)
    return Loops(work, sweep_s=sweep_s)


class _Watchman:
    """Sweeps what is due, and thoroughly at its start and once a minute."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._thorough_at = services.now()

    def __call__(self) -> bool:
        """Sweep once; nothing more is due right after it."""
        now = self._services.now()
        thorough = now >= self._thorough_at
        sweep(self._services, thorough=thorough)
        if thorough:
            self._thorough_at = now + timedelta(seconds=THOROUGH_S)
        return False
