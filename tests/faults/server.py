"""What `laluan serve` runs behind its pages: services on a data folder and a runner; killed by the tests.

Called with the data folder and the real time at which the clock of the tests showed 09:00 of the company's day.
"""

import sys
import threading
import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from dispatch.jobs import Runner
from dispatch.wiring import build_services, load_settings

MORNING = datetime(2026, 11, 25, 1, 0, tzinfo=UTC)
LEASE_S = 2


def clock(began: float) -> datetime:
    """Give the tests' time, the same in every process."""
    return MORNING + timedelta(seconds=time.time() - began)


def main(data_dir: str, began: str) -> None:
    """Work until killed."""
    wake = threading.Event()
    services = build_services(load_settings(data_dir=Path(data_dir)), wake=wake.set)
    services = replace(services, now=lambda: clock(float(began)))
    Runner(services, wake=wake, lease_s=LEASE_S, beat_s=0.5, sweep_s=0.1).start()
    threading.Event().wait()


if __name__ == "__main__":
    main(*sys.argv[1:])
