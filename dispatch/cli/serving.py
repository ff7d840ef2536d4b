"""Serves the dashboard, with the planners that work in the background, until somebody ends it."""

import errno
import signal
import socket
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from multiprocessing import resource_tracker
from types import FrameType
from typing import TYPE_CHECKING, NoReturn

from dispatch.cli.saying import say
from dispatch.errors import Unavailable

if TYPE_CHECKING:
    from dispatch.jobs import Runner
    from dispatch.settings import Settings
    from dispatch.work.services import Services

LARGEST_REQUEST = 8 * 1024 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Door:
    """The socket that browsers come to, taken before anything else is done."""

    listener: socket.socket
    settings: "Settings"

    @property
    def url(self) -> str:
        """Give the address people type."""
        return self.settings.url


@contextmanager
def listening() -> Iterator[Door]:
    """Take the host and port of the settings; `Unavailable` in one sentence where another program has them."""
    from dispatch.wiring import load_settings

    settings = load_settings()
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as listener:
        # A port that was served a moment ago can be taken again at once.
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((settings.host, settings.port))
            listener.listen(128)
        except OSError as error:
            if error.errno == errno.EADDRINUSE:
                raise Unavailable("cli.port_taken", host=settings.host, port=settings.port) from error
            detail = (error.strerror or str(error)).lower()
            raise Unavailable("cli.port_refused", host=settings.host, port=settings.port, detail=detail) from error
        yield Door(listener=listener, settings=settings)


def serve_until_stopped(door: Door, services: "Services", wake: threading.Event) -> None:
    """Answer requests and work jobs off until Ctrl-C or SIGTERM, then end what is running in order.

    `wake` is what the services set when a job is due.
    """
    from waitress.server import create_server

    from dispatch.jobs import AskedPlanner, Runner, loops_of
    from web import create_app

    asked = AskedPlanner()
    app = create_app(
        replace(services, solve_apart=asked),
        secret_key=services.secret,
        public_url=door.url,
        tiles_url=door.settings.tiles_url,
        tiles_attribution=door.settings.tiles_attribution,
        api_per_minute=door.settings.api_per_minute,
    )
    server = create_server(
        app,
        sockets=[door.listener],
        threads=door.settings.threads,
        max_request_body_size=LARGEST_REQUEST,
        ident=None,
    )
    runner = Runner(services, wake=wake)
    loops = loops_of(services)

    def end(number: int, frame: FrameType | None) -> NoReturn:
        """End the process the orderly way; a program that waits for an answer is told at once."""
        del number, frame
        asked.give_up()
        raise SystemExit(0)

    # Ctrl-C is set too: a shell that starts a program in the background lets it ignore that signal.
    before = {number: signal.signal(number, end) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        _start_deaf(runner)
        loops.start()
        say("cli.serving", url=door.url)
        sys.stdout.flush()
        # It returns when a signal ends it, after the requests under way have been answered.
        server.run()
    finally:
        server.close()
        asked.end()
        runner.stop()
        loops.stop()
        for number, handler in before.items():
            signal.signal(number, handler)
    say("cli.ended")


def _start_deaf(runner: "Runner") -> None:
    """Start the runner so that Ctrl-C does not reach the planner's process, which the runner itself ends.

    A terminal sends Ctrl-C to every process it started. A new thread, and a process started by it, begin with those
    signals blocked that their maker has blocked.
    """
    # Python's own tracker of shared resources lets the signal through again when it starts; so it starts first.
    resource_tracker.ensure_running()
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        runner.start()
    finally:
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})
