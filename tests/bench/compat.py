"""Measures the engine on the corpora, beside its peers: shares decided, and how long it takes.

Run as ``python tests/bench/compat.py [corpus …]``; ``--slow`` names the slowest pairs and
``--open`` the undecided ones. jsonsubschema is measured too where it is installed, or where
``JSONSUBSCHEMA_PYTHON`` names an interpreter that has it.

A label is wrong where a witness of ours, judged by the plain `jsonschema` library alone, contradicts
it; such labels are named and corrected for every engine.
"""

from __future__ import annotations

import importlib.util
import json
import os
import subprocess
import sys
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from time import perf_counter

import jsonschema
import jsonschema_rs

from client_sdk.contract.compat import Proved, Refuted, is_contained

HERE = Path(__file__).parent
CORPORA = {
    "handwritten-open": HERE.parent / "data/compat-corpus/handwritten-open.jsonl",
    "peer-tests-sample": HERE.parent / "data/compat-corpus/peer-tests-sample.jsonl",
    "suite-derived-sample": HERE.parent / "data/compat-corpus/suite-derived-sample.jsonl",
    "handwritten-more": HERE.parent / "data/compat-more/handwritten.jsonl",
}
PEER_DRAFTS = {
    "draft4": jsonschema_rs.Draft4,
    "draft6": jsonschema_rs.Draft6,
    "draft7": jsonschema_rs.Draft7,
    "2019-09": jsonschema_rs.Draft201909,
    "2020-12": jsonschema_rs.Draft202012,
}
JUDGES = {
    "draft4": jsonschema.Draft4Validator,
    "draft6": jsonschema.Draft6Validator,
    "draft7": jsonschema.Draft7Validator,
    "2019-09": jsonschema.Draft201909Validator,
    "2020-12": jsonschema.Draft202012Validator,
}


def ours(pair):
    verdict = is_contained(pair["a"], pair["b"], dialect=pair["draft"])
    return {Proved: True, Refuted: False}.get(type(verdict))


def theirs(pair):
    try:
        a, b = (
            jsonschema_rs.canonicalize(pair[side], draft=PEER_DRAFTS[pair["draft"]])
            for side in "ab"
        )
        answer = str(b.covers(a))
    except Exception:  # noqa: BLE001 - whatever it refuses counts as open
        return None
    return {"yes": True, "no": False}.get(answer)


def jsonsubschema():
    """Give an engine that asks jsonsubschema in a process of its own, or None without it."""
    here = importlib.util.find_spec("jsonsubschema") is not None
    python = os.environ.get("JSONSUBSCHEMA_PYTHON") or (sys.executable if here else "")
    if not python:
        return None
    worker = subprocess.Popen(
        [python, str(HERE / "jsonsubschema_worker.py")],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    if worker.stdout.readline() != "ready\n":
        return None

    def ask(pair):
        worker.stdin.write(json.dumps({"a": pair["a"], "b": pair["b"]}) + "\n")
        worker.stdin.flush()
        return json.loads(worker.stdout.readline() or "null")

    return ask


def contradicted(pairs: list[dict]) -> list[str]:
    """Name the pairs labelled contained for which a witness stands before the plain library."""
    found = []
    for pair in pairs:
        verdict = is_contained(pair["a"], pair["b"], dialect=pair["draft"])
        if pair["expected"] and isinstance(verdict, Refuted):
            judge = JUDGES[pair["draft"]]
            fits, escapes = judge(pair["a"]), judge(pair["b"])
            if fits.is_valid(verdict.witness) and not escapes.is_valid(verdict.witness):
                found.append(pair["id"])
    return found


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
    engines = {"ours": ours, "jsonschema-rs": theirs, "jsonsubschema": jsonsubschema()}
    for name in [each for each in arguments if each not in flags] or CORPORA:
        lines = CORPORA[name].read_text(encoding="utf-8").splitlines()
        pairs = [json.loads(line) for line in lines]
        wrong = contradicted(pairs)
        pairs = [
            {**each, "expected": each["expected"] and each["id"] not in wrong} for each in pairs
        ]
        print(name, len(pairs))
        for engine, ask in engines.items():
            if ask is None:
                print(f"  {engine:13} not installed; JSONSUBSCHEMA_PYTHON names one that has it")
            else:
                print(f"  {engine:13}", measure(ask, pairs, flags if ask is ours else set()))
        for each in wrong:
            print("  label contradicted by a re-checked witness:", each)


if __name__ == "__main__":
    main(sys.argv[1:])
