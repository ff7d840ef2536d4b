"""Keeps what was worked out of things that never change, such as a stored problem and a plan: the so many asked for last."""

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

V = TypeVar("V")


class Remembered(Generic[V]):
    """Values by key, from any thread; the key holds all that the value depends on, so nothing here is ever stale."""

    def __init__(self, most: int) -> None:
        """Keep at most so many values, those asked for last."""
        self._most = most
        self._values: OrderedDict[Hashable, V] = OrderedDict()
        self._turn = threading.Lock()

    def get(self, key: Hashable, make: Callable[[], V]) -> V:
        """Give the value of a key; it is made where it is not known. Two threads may make the same one."""
        with self._turn:
            if key in self._values:
                self._values.move_to_end(key)
                return self._values[key]
        value = make()
        with self._turn:
            self._values[key] = value
            while len(self._values) > self._most:
                self._values.popitem(last=False)
        return value
