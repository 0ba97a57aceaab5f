"""Runs the sandbox as a process: `python -m client_sdk.mock --port 0` prints its address."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence

from client_sdk.errors import SettingsFault
from client_sdk.mock.behaviours import BEHAVIOURS
from client_sdk.mock.greenhelix import GreenHelixMock
from client_sdk.mock.running import Place, Wire, run


def main(arguments: Sequence[str] | None = None) -> int:
    """Serve until SIGTERM or Ctrl-C; the first line says the address."""
    options = _parser().parse_args(arguments)
    mock = GreenHelixMock(behaviours=options.behaviour)
    try:
        run(mock, Wire(options.wire), Place(options.host, options.port, options.key))
    except SettingsFault as fault:
        sys.stderr.write(f"{fault}\n")
        return 2
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m client_sdk.mock", description=__doc__)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=0, help="0 takes a free one")
    parser.add_argument("--key", help="ask callers for this bearer key (or TALLY_SANDBOX_KEY)")
    parser.add_argument("--wire", default=Wire.HTTP.value, choices=[each.value for each in Wire])
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
