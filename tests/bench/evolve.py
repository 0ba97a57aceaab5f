"""Measures comparisons of contracts: processor time, each made anew.

Run as ``python tests/bench/evolve.py``; ``--profile`` shows where the time goes.
"""

from __future__ import annotations

import cProfile
import json
import pstats
import sys
from pathlib import Path
from statistics import median
from time import process_time

from client_sdk.contract.evolve import evolve
from client_sdk.contract.reading import parse_contract

CONTRACT = Path(__file__).parents[2] / "contracts/buyer-agent-v2--gateway.contract.json"
ROUNDS = 60


def tool(number: int, round_: int, *, changed: bool) -> dict:
    """A tool of everyday size; `round_` keeps the caches from knowing it."""
    currencies = ["USD", "EUR", "GBP"]
    properties = {
        "payer": {"type": "string", "minLength": 1},
        "payee": {"type": "string", "minLength": 1},
        "amount": {"type": "string", "pattern": "^[0-9]+\\.[0-9]{2}$"},
        "currency": {"enum": [*currencies, "CHF"] if changed else currencies},
        f"memo_{round_}_{number}": {"type": "string", "maxLength": 200},
    }
    output = {
        f"id_{number}": {"type": "string"},
        "status": {"enum": ["pending", "done"] + (["expired"] if changed else [])},
    }
    return {
        "tool_name": f"tool_{number}",
        "version": "1",
        "input_schema": {"type": "object", "properties": properties, "required": ["payer"]},
        "output_schema": output,
        "required_output_fields": [f"id_{number}", "status"] if changed else [f"id_{number}"],
    }


def pair(round_: int, count: int, changed: int):
    """An old and a new contract of `count` tools, the first `changed` of which differ."""
    texts = (
        {
            "consumer": "buyer",
            "producer": "gateway",
            "tools": [
                tool(number, round_, changed=new and number < changed) for number in range(count)
            ],
        }
        for new in (False, True)
    )
    return tuple(json.dumps(text).encode() for text in texts)


def measure(count: int, changed: int) -> None:
    """Print the processor time of a comparison, without reading the contracts."""
    times = []
    for round_ in range(ROUNDS):
        old, new = (parse_contract(raw) for raw in pair(round_, count, changed))
        began = process_time()
        evolve(old, new)
        times.append(1000 * (process_time() - began))
    size = len(pair(0, count, changed)[0]) / 1000
    times.sort()
    print(
        f"{size:5.1f} kB, {changed:2} of {count:2} tools changed: median {median(times):6.2f} ms, p90 {times[int(0.9 * ROUNDS)]:6.2f} ms"
    )


def main(arguments: list[str]) -> None:
    """Measure the sizes that a publish meets every day."""
    profile = cProfile.Profile() if "--profile" in arguments else None
    if profile:
        profile.enable()
    for count, changed in ((1, 1), (10, 1), (10, 10)):
        measure(count, changed)
    if profile:
        profile.disable()
        pstats.Stats(profile).sort_stats("cumulative").print_stats(45)


if __name__ == "__main__":
    main(sys.argv[1:])
