"""Files that were checked and wait for a yes, in this process's memory for half an hour.

A restart forgets them, and the page then asks for the file again; nothing was taken in before the yes.
"""

import secrets
import threading
from collections import OrderedDict
from dataclasses import dataclass
from datetime import datetime, timedelta

KEPT_FOR = timedelta(minutes=30)
MOST_KEPT = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Upload:
    """A file as it was sent: by whom, as what, its name and its bytes."""

    actor_id: str
    kind: str
    filename: str
    data: bytes
    at: datetime


class Uploads:
    """Keeps the newest few files under keys nobody can guess; `now` is always handed in."""

    def __init__(self) -> None:
        """Start with none."""
        self._lock = threading.Lock()
        self._kept: OrderedDict[str, Upload] = OrderedDict()

    def keep(self, upload: Upload) -> str:
        """Keep a file and give its key; the oldest gives way where there are too many."""
        key = secrets.token_urlsafe(16)
        with self._lock:
            self._kept[key] = upload
            while len(self._kept) > MOST_KEPT:
                self._kept.popitem(last=False)
        return key

    def take(self, key: str, actor_id: str, now: datetime) -> Upload | None:
        """Give a file back to who sent it, once; None where it is not here any more."""
        with self._lock:
            upload = self._kept.get(key)
            if upload is None or upload.actor_id != actor_id:
                return None
            del self._kept[key]
        return upload if now - upload.at < KEPT_FOR else None
