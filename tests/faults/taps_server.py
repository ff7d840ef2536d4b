"""The pages served on a data folder, as `laluan serve` does, dying with kill -9 after a tap is kept and before the answer.

Called with the data folder, the port, the real time at which the clock of the tests showed 09:00 (it is the services'
secret too), and after how many batches kept it kills itself; 0 means never.
"""

import os
import signal
import sys
from dataclasses import replace
from itertools import count
from pathlib import Path

from flask import request
from waitress.server import create_server
from werkzeug.wrappers import Response

from dispatch.wiring import build_services, load_settings
from tests.faults.server import clock
from web import create_app


def main(data_dir: str, port: str, began: str, deadly: str) -> None:
    """Serve until killed, by the tests or by itself."""
    services = build_services(load_settings(data_dir=Path(data_dir)), wake=lambda: None)
    services = replace(services, now=lambda: clock(float(began)), secret=began)
    app = create_app(services, secret_key=began)
    kept = count(1)

    @app.after_request
    def die(response: Response) -> Response:
        """Die as in a power cut: what is committed is committed, and nobody is told."""
        if request.endpoint == "taps.taps" and response.status_code == 200 and next(kept) == int(deadly):
            os.kill(os.getpid(), signal.SIGKILL)
        return response

    server = create_server(app, host="127.0.0.1", port=int(port), threads=4)
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    server.run()


if __name__ == "__main__":
    main(*sys.argv[1:])
