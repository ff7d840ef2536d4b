"""A brake on a phone that sends without end; kept in this process's memory, which is enough for one that misbehaves."""

import threading
from collections import OrderedDict, deque
from datetime import datetime, timedelta

WITHIN = timedelta(minutes=1)
MOST = 120
"""Requests of one link within that time; a phone that sends its whole day of taps needs two or three."""

_KEPT = 5_000


class Pace:
    """Counts the requests of each key over the last minute; `now` is always handed in."""

    def __init__(self, most: int = MOST) -> None:
        """Start with nothing counted; more than `most` within the minute are too many."""
        self._most = most
        self._lock = threading.Lock()
        self._seen: OrderedDict[str, deque[datetime]] = OrderedDict()

    def too_fast(self, key: str, now: datetime) -> bool:
        """Count a request, and tell whether it is one too many."""
        with self._lock:
            seen = self._seen.setdefault(key, deque())
            self._seen.move_to_end(key)
            while len(self._seen) > _KEPT:
                self._seen.popitem(last=False)
            while seen and now - seen[0] >= WITHIN:
                seen.popleft()
            if len(seen) >= self._most:
                return True
            seen.append(now)
            return False

    def wait_s(self, key: str, now: datetime) -> int:
        """Give the seconds until the next request of a key is taken: nought where one is taken now."""
        with self._lock:
            seen = self._seen.get(key)
            if seen is None or len(seen) < self._most:
                return 0
            return max(0, -int((now - seen[0] - WITHIN).total_seconds() // 1))
