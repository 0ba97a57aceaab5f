"""`./dev bench [kind]`: broker (the default), storage, compat, evolve, kit, canary or mutants."""

import runpy
import sys
from pathlib import Path

KINDS = {
    "broker": "broker.py",
    "storage": "storage_growth.py",
    "compat": "compat.py",
    "evolve": "evolve.py",
    "kit": "kit.py",
    "canary": "kit_canary.py",
    "mutants": "mutants.py",
}


def main(arguments: list[str]) -> int:
    """Run one kind of benchmark; its own arguments follow."""
    kind, *rest = arguments or ["broker"]
    if kind not in KINDS:
        sys.stderr.write(f"bench: {kind!r} is none of {', '.join(KINDS)}\n")
        return 2
    if kind == "broker":
        from tests.bench.broker import main as bench_broker  # noqa: PLC0415 - one kind at a time

        return bench_broker(rest)
    sys.argv = [KINDS[kind], *rest]
    runpy.run_path(str(Path(__file__).parent / KINDS[kind]), run_name="__main__")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
