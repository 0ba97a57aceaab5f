"""Field ablation: a test runs once for each recorded field, with that field taken out.

What the test passes without is not needed. Nothing of the test is looked into, so this is exact
also where a view of the body would be lost.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from client_sdk.contract.pointer import join
from client_sdk.harness.cassette import Cassette
from client_sdk.harness.encoding import copied
from client_sdk.harness.harness import AgentTestHarness
from client_sdk.harness.matching import ANY_ITEM
from client_sdk.harness.reads import ROOT, FieldReads


@dataclass(frozen=True, slots=True)
class FieldVerdict:
    """One field of a tool's answers: `needed` when the test failed without it, and how."""

    tool: str
    pointer: str
    needed: bool
    failure: str | None = None


@dataclass(frozen=True, slots=True)
class Ablation:
    """What a test needs of the recorded answers, field by field."""

    verdicts: tuple[FieldVerdict, ...]

    @property
    def reads(self) -> Mapping[str, FieldReads]:
        """The needed fields of each tool, as `infer_contract` takes them."""
        fields: dict[str, set[str]] = {}
        for verdict in self.verdicts:
            found = fields.setdefault(verdict.tool, set())
            if verdict.needed:
                found.add(verdict.pointer)
        return {tool: FieldReads(frozenset(found)) for tool, found in fields.items()}

    def needed(self, tool: str) -> list[str]:
        """Give the JSON Pointers of a tool's needed fields, `*` for every item."""
        return sorted(each.pointer for each in self.verdicts if each.tool == tool and each.needed)


def ablate(
    test: Callable[[AgentTestHarness], object],
    cassette: Cassette,
    *,
    harness: Callable[[], AgentTestHarness] = AgentTestHarness,
) -> Ablation:
    """Run a test on a cassette with one field removed at a time.

    Args:
        test: Gets a harness whose cassette is running; it fails by raising, or by a failed
            assertion of the harness.
        cassette: What was recorded.
        harness: Makes the harness of each run, in playback.

    Raises:
        ValueError: the test fails on the whole cassette, so nothing could be learnt.
    """
    failure = _failure(test, cassette, harness)
    if failure is not None:
        raise ValueError(f"the test fails on the whole recording already: {failure}")
    verdicts: list[FieldVerdict] = []
    for tool, pointer in _fields(cassette):
        failed = _failure(test, _without(cassette, tool, pointer), harness)
        verdicts.append(FieldVerdict(tool, pointer, failed is not None, failed))
    return Ablation(tuple(verdicts))


def _failure(
    test: Callable[[AgentTestHarness], object],
    cassette: Cassette,
    harness: Callable[[], AgentTestHarness],
) -> str | None:
    with harness() as playing:
        try:
            with playing.cassette(cassette):
                test(playing)
        except Exception as error:  # noqa: BLE001 - any failure of the test is the answer
            return f"{type(error).__name__}: {error}"
        return playing.failures[0] if playing.failures else None


def _fields(cassette: Cassette) -> list[tuple[str, str]]:
    found: dict[tuple[str, str], None] = {}
    for entry in cassette.entries:
        for pointer in _pointers(entry.response_body, ROOT):
            found[entry.request_tool, pointer] = None
    return list(found)


def _pointers(value: Any, at: str) -> Iterator[str]:  # noqa: ANN401 - a JSON value
    if isinstance(value, dict):
        for name, each in value.items():
            yield join(at, name)
            yield from _pointers(each, join(at, name))
    elif isinstance(value, list):
        for each in value:
            yield from _pointers(each, join(at, ANY_ITEM))


def _without(cassette: Cassette, tool: str, pointer: str) -> Cassette:
    entries = [
        replace(entry, response_body=_cut(copied(entry.response_body), pointer, ROOT))
        if entry.request_tool == tool
        else entry
        for entry in cassette.entries
    ]
    return Cassette(cassette.name, entries, cassette.metadata)


def _cut(value: Any, pointer: str, at: str) -> Any:  # noqa: ANN401 - a JSON value
    if isinstance(value, dict):
        return {
            name: _cut(each, pointer, join(at, name))
            for name, each in value.items()
            if join(at, name) != pointer
        }
    if isinstance(value, list):
        return [_cut(each, pointer, join(at, ANY_ITEM)) for each in value]
    return value
