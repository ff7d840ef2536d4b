"""One look of the watch over a data folder at a given moment, ended by kill -9 where it is told to.

Called with the data folder, the moment and when to die: `during` (after everything is written and before it is kept),
`after` (after it is kept) or `never`.
"""

import os
import signal
import sys
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from dispatch.model.outgoing import Channel
from dispatch.wiring import build_services, load_settings
from dispatch.work.watching import sweep
from tests.work.test_sending import Post


def main(data_dir: str, moment: str, deadly: str) -> None:
    """Look once."""
    services = build_services(load_settings(data_dir=Path(data_dir)), wake=lambda: None)
    new_id = services.new_id

    def id_or_death() -> str:
        """Give an id; the watch asks for one as the last thing of its transaction, for the audit row."""
        if deadly == "during":
            os.kill(os.getpid(), signal.SIGKILL)
        return new_id()

    out = Post(channel=Channel.EMAIL)
    ready = replace(
        services, now=lambda: datetime.fromisoformat(moment), new_id=id_or_death, channels={Channel.EMAIL: out}
    )
    sweep(ready)
    if deadly == "after":
        os.kill(os.getpid(), signal.SIGKILL)
    services.store.close()


if __name__ == "__main__":
    main(*sys.argv[1:])
