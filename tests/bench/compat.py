"""Measures the engine on the corpora, beside jsonschema-rs: shares decided, and how long it takes.

Run as ``python tests/bench/compat.py [corpus …]``; ``--slow`` names the slowest pairs and
``--open`` the undecided ones.
"""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from time import perf_counter

import jsonschema_rs

from client_sdk.contract.compat import Proved, Refuted, is_contained

CORPUS = Path(__file__).parents[1] / "data" / "compat-corpus"
FILES = ("handwritten-open", "peer-tests-sample", "suite-derived-sample")
DRAFTS = {
    "draft4": jsonschema_rs.Draft4,
    "draft6": jsonschema_rs.Draft6,
    "draft7": jsonschema_rs.Draft7,
    "2019-09": jsonschema_rs.Draft201909,
    "2020-12": jsonschema_rs.Draft202012,
}


def ours(pair):
    verdict = is_contained(pair["a"], pair["b"], dialect=pair["draft"])
    return {Proved: True, Refuted: False}.get(type(verdict))


def theirs(pair):
    try:
        a, b = (
            jsonschema_rs.canonicalize(pair[side], draft=DRAFTS[pair["draft"]]) for side in "ab"
        )
        answer = str(b.covers(a))
    except Exception:  # noqa: BLE001 - whatever it refuses counts as open
        return None
    return {"yes": True, "no": False}.get(answer)


def measure(engine: Callable[[dict], bool | None], pairs: list[dict], flags: set[str]) -> str:
    outcomes: Counter[tuple[bool, bool | None]] = Counter()
    times = []
    for pair in pairs:
        began = perf_counter()
        answer = engine(pair)
        times.append((1000 * (perf_counter() - began), pair["id"]))
        outcomes[pair["expected"], answer] += 1
        if "--open" in flags and answer is None:
            print("    open:", pair["id"])
    times.sort()
    if "--slow" in flags:
        print("    slow:", times[-5:])
    contained = sum(pair["expected"] for pair in pairs) or 1
    others = len(pairs) - contained or 1
    at = {share: times[int(share * (len(times) - 1))][0] for share in (0.5, 0.95, 1)}
    return (
        f"proved {outcomes[True, True] / contained:6.1%}  refuted {outcomes[False, False] / others:6.1%}"
        f"  wrong yes {outcomes[False, True]}  wrong no {outcomes[True, False]}"
        f"  ms median {at[0.5]:.2f} p95 {at[0.95]:.2f} worst {at[1]:.1f}"
    )


def main(arguments: list[str]) -> None:
    flags = {each for each in arguments if each.startswith("--")}
    for file in [each for each in arguments if each not in flags] or FILES:
        lines = (CORPUS / f"{file}.jsonl").read_text(encoding="utf-8").splitlines()
        pairs = [json.loads(line) for line in lines]
        print(file, len(pairs))
        print("  ours         ", measure(ours, pairs, flags))
        print("  jsonschema-rs", measure(theirs, pairs, set()))


if __name__ == "__main__":
    main(sys.argv[1:])
