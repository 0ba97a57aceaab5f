"""Runs the sandbox as a process: `python -m client_sdk.mock --port 0` prints its address."""

from __future__ import annotations

import argparse
import os
import signal
import sys
import threading
from collections.abc import Sequence

from client_sdk.errors import SettingsFault
from client_sdk.mock.behaviours import BEHAVIOURS
from client_sdk.mock.greenhelix import GreenHelixMock
from client_sdk.mock.server import serve


def main(arguments: Sequence[str] | None = None) -> int:
    """Serve until SIGTERM or Ctrl-C; the first line says the address."""
    options = _parser().parse_args(arguments)
    stopped = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stopped.set())
    mock = GreenHelixMock(behaviours=options.behaviour)
    key = options.key or os.environ.get("TALLY_SANDBOX_KEY")
    try:
        with serve(mock, host=options.host, port=options.port, key=key) as running:
            sys.stdout.write(f"The sandbox listens on {running.url}\n")
            sys.stdout.flush()
            stopped.wait()
    except SettingsFault as fault:
        sys.stderr.write(f"{fault}\n")
        return 2
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m client_sdk.mock", description=__doc__)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=0, help="0 takes a free one")
    parser.add_argument("--key", help="ask callers for this bearer key (or TALLY_SANDBOX_KEY)")
    parser.add_argument(
        "--behaviour",
        action="append",
        default=[],
        choices=sorted(BEHAVIOURS),
        help="break the build in this way; may be given several times",
    )
    return parser


if __name__ == "__main__":
    sys.exit(main())
