"""Serves an app to Chromium as `laluan serve` does, in a thread, and ends at once however many connections stay open."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any

from flask import Flask


@contextmanager
def served(app: Flask) -> Iterator[str]:
    """Serve an app on a port of its own until the end of the block; give its address."""
    from waitress.server import create_server
    from waitress.trigger import trigger
    from waitress.wasyncore import close_all

    listener = socket.create_server(("127.0.0.1", 0))
    connections: Any = {}
    server = create_server(app, map=connections, sockets=[listener], threads=8)
    bell = trigger(connections)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    # A browser keeps its connections, and the loop ends when the last is closed: it closes them itself, in its thread.
    bell.pull_trigger(partial(close_all, connections))
    thread.join()
    server.task_dispatcher.shutdown()
