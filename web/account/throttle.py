"""A brake on guessing passwords: too many wrong tries, and an account or an address has to wait.

Kept in this process's memory: a restart forgets it, and several processes count on their own. That slows a guesser down
enough beside Argon2; what must survive a restart is nothing here.
"""

import threading
from collections import OrderedDict, deque
from datetime import datetime, timedelta

WITHIN = timedelta(minutes=15)
TRIES_PER_ACCOUNT = 6
TRIES_PER_ADDRESS = 30
_KEPT = 10_000


class Throttle:
    """Counts wrong tries by key over the last quarter of an hour; `now` is always handed in."""

    def __init__(self) -> None:
        """Start with nothing counted."""
        self._lock = threading.Lock()
        self._wrong: OrderedDict[str, deque[datetime]] = OrderedDict()

    def wait_s(self, email: str, address: str, now: datetime) -> int:
        """Give the seconds to wait before the next try: nought where one is free."""
        with self._lock:
            return max(
                self._wait_s(f"account {email}", TRIES_PER_ACCOUNT, now),
                self._wait_s(f"address {address}", TRIES_PER_ADDRESS, now),
            )

    def count_wrong(self, email: str, address: str, now: datetime) -> None:
        """Count a wrong try against the account and the address."""
        with self._lock:
            for key in (f"account {email}", f"address {address}"):
                self._wrong.setdefault(key, deque()).append(now)
                self._wrong.move_to_end(key)
            while len(self._wrong) > _KEPT:
                self._wrong.popitem(last=False)

    def forget(self, email: str) -> None:
        """Forget an account's wrong tries after a right one; the address keeps its own."""
        with self._lock:
            self._wrong.pop(f"account {email}", None)

    def _wait_s(self, key: str, tries: int, now: datetime) -> int:
        wrong = self._wrong.get(key)
        if wrong is None:
            return 0
        while wrong and now - wrong[0] >= WITHIN:
            wrong.popleft()
        if not wrong:
            del self._wrong[key]
        if len(wrong) < tries:
            return 0
        return max(1, int((wrong[-tries] + WITHIN - now).total_seconds()))
