"""Playback overhead per call: this harness and vcrpy on the same recorded exchange, one process.

Both play one call of the sandbox, recorded over a real socket beforehand, from a cassette that
answers again and again.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median

import requests
import vcr

from client_sdk.harness import AgentTestHarness
from client_sdk.mock import GreenHelixMock, serve
from tests.bench.kit_rows import Row

CALLS, ROUNDS = 300, 7
GOAL = 0.2  # of vcrpy's time
TOOL, SENT = "create_escrow", {"payer": "test-a", "payee": "test-b", "amount": "5.00"}


def run() -> list[Row]:
    """Measure both in turns."""
    with tempfile.TemporaryDirectory() as folder, serve(GreenHelixMock()) as running:
        place = Path(folder)
        running.mock.set_balance("test-a", "100.00")
        _record_here(place, running.url)
        _record_by_vcrpy(place, running.url)
        with _played_here(place) as ours, _played_by_vcrpy(place, running.url) as theirs:
            rounds = [(_micros(ours), _micros(theirs)) for _ in range(ROUNDS)]
    here, there = (median(each[side] for each in rounds) for side in (0, 1))
    return [
        Row("playback, this harness", here, "µs", None),
        Row("playback, vcrpy", there, "µs", None),
        Row("playback, share of vcrpy's", here / there, "", GOAL),
    ]


def _record_here(place: Path, url: str) -> None:
    harness = AgentTestHarness("test-key", "test-a", url, place, "record")
    with harness, harness.cassette("one"):
        harness.execute(TOOL, SENT)


def _record_by_vcrpy(place: Path, url: str) -> None:
    with vcr.use_cassette(str(place / "vcrpy.yaml")):
        requests.post(url + "/v1", json={"tool": TOOL, "input": SENT}, timeout=5)


@contextmanager
def _played_here(place: Path) -> Iterator[Callable[[], object]]:
    with AgentTestHarness("test-key", "test-a", cassette_dir=place, allow_repeats=True) as harness:
        yield lambda: _inside(harness.cassette("one"), lambda: harness.execute(TOOL, SENT).body)


@contextmanager
def _played_by_vcrpy(place: Path, url: str) -> Iterator[Callable[[], object]]:
    body = {"tool": TOOL, "input": SENT}
    with requests.Session() as session:
        recorder = vcr.VCR(record_mode=vcr.mode.NONE, match_on=["method", "uri", "body"])
        yield lambda: _inside(
            recorder.use_cassette(str(place / "vcrpy.yaml"), allow_playback_repeats=True),
            lambda: session.post(url + "/v1", json=body, timeout=5).json(),
        )


def _inside(cassette: object, call: Callable[[], object]) -> Callable[[], object]:
    """Both open their cassette once a round: what is measured is the call."""
    with cassette:  # type: ignore[attr-defined]  # either library's context manager
        for _ in range(CALLS):
            call()
    return call


def _micros(play: Callable[[], object]) -> float:
    began = time.perf_counter()
    play()
    return (time.perf_counter() - began) / CALLS * 1e6
