"""A sandbox on a real socket, and harnesses on a folder of their own."""

from contextlib import nullcontext, suppress

import pytest

from client_sdk.clock import VirtualClock
from client_sdk.exchange import Result
from client_sdk.harness import AgentTestHarness
from client_sdk.mock import GreenHelixMock, serve


@pytest.fixture
def sandbox():
    with serve(GreenHelixMock()) as running:
        yield running


@pytest.fixture
def harness(tmp_path):
    """Make harnesses; each is closed when the test ends."""
    made = []

    def make(mode="playback", **options):
        options.setdefault("clock", VirtualClock(1_700_000_000))
        one = AgentTestHarness(
            options.pop("api_key", "test-key"), "test-a", options.pop("base_url", "http://127.0.0.1:9/v1"),
            options.pop("cassette_dir", tmp_path), mode, **options,
        )  # fmt: skip
        made.append(one)
        return one

    yield make
    for one in made:
        one.close()


class Scripted:
    """A client that answers what it was told to, in order, and remembers what it was asked."""

    def __init__(self, *answers):
        self.answers = list(answers)
        self.calls = []

    def execute(self, tool, input_data):
        self.calls.append((tool, input_data))
        answer = self.answers.pop(0) if self.answers else {"ok": True}
        if isinstance(answer, Exception):
            raise answer
        return (
            answer
            if isinstance(answer, Result)
            else Result(200, answer, {"content-type": "application/json"}, 12.5)
        )


@pytest.fixture
def scripted():
    return Scripted


@pytest.fixture
def recorded(harness, scripted, tmp_path):
    """Record calls against a scripted client, and give the file."""

    def record(name, *exchanges, **options):
        one = harness("record", client=scripted(*[answer for _, _, answer in exchanges]), **options)
        with one.cassette(name):
            for tool, input_data, answer in exchanges:
                with suppress(type(answer)) if isinstance(answer, Exception) else nullcontext():
                    one.execute(tool, input_data)
        return tmp_path / f"{name}.json"

    return record
