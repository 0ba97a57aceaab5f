"""What the kit adds to a call, beside its goals and vcrpy: `./dev bench kit`.

Exits 1 when a goal is missed. The canary's simulations take minutes: `./dev bench canary`.
"""

import sys

from tests.bench import kit_bench, kit_chaos, kit_harness, kit_mock


def main() -> int:
    """Print each figure beside its goal."""
    rows = [*kit_harness.run(), *kit_mock.run(), *kit_chaos.run(), *kit_bench.run()]
    print("\n".join(row.line() for row in rows))
    return 0 if all(row.is_met for row in rows) else 1


if __name__ == "__main__":
    sys.exit(main())
