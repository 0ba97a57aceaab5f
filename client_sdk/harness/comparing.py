"""What changed between two recordings: entries lined up by tool and input, then field by field."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import TYPE_CHECKING, Any, Final

from client_sdk.contract.values import JsonObject
from client_sdk.harness.encoding import file_value
from client_sdk.harness.entry import CassetteEntry
from client_sdk.harness.matching import VOLATILE, Matcher, differences, shown

if TYPE_CHECKING:
    from client_sdk.harness.cassette import Cassette

VOLATILE_HEADERS: Final = frozenset({"age", "date", "etag", "x-request-id", "x-trace-id", "server"})


@dataclass(frozen=True, slots=True)
class EntryChange:
    """One entry that came (`added`), went (`removed`) or is another now (`changed`).

    `number` counts from 1: in the new recording, or in the old one when it went.
    """

    kind: str
    number: int
    tool: str
    details: tuple[str, ...] = ()

    def line(self) -> str:
        """Say it on one line."""
        said = f": {'; '.join(self.details)}" if self.details else ""
        return f"{self.kind} entry {self.number}, {self.tool}{said}"


@dataclass(frozen=True, slots=True)
class CassetteDiff:
    """Everything that changed; times, request ids and the like are no change."""

    changes: tuple[EntryChange, ...]

    @property
    def is_empty(self) -> bool:
        """Whether the recordings say the same."""
        return not self.changes

    def lines(self) -> list[str]:
        """Say what changed, a line per entry."""
        return [change.line() for change in self.changes]

    def to_json(self) -> JsonObject:
        """Give the changes as JSON."""
        return {
            "changes": [
                {
                    "kind": change.kind,
                    "number": change.number,
                    "tool": change.tool,
                    "details": list(change.details),
                }
                for change in self.changes
            ]
        }


def diff_of(old: Cassette, new: Cassette) -> CassetteDiff:
    """Compare two recordings."""
    return CassetteDiff(tuple(_changes(old.entries, new.entries)))


def _changes(old: Sequence[CassetteEntry], new: Sequence[CassetteEntry]) -> Iterator[EntryChange]:
    keys = [[_key(entry) for entry in entries] for entries in (old, new)]
    aligned = SequenceMatcher(None, keys[0], keys[1], autojunk=False)
    for kind, first, last, start, end in aligned.get_opcodes():
        if kind == "equal":
            for offset, entry in enumerate(new[start:end]):
                yield from _changed(old[first + offset], entry, start + offset + 1)
        else:
            yield from _replaced((old, first, last), (new, start, end))


def _replaced(
    before: tuple[Sequence[CassetteEntry], int, int],
    after: tuple[Sequence[CassetteEntry], int, int],
) -> Iterator[EntryChange]:
    """Pair what stands at the same place by tool, in order; the rest came or went."""
    old, first, last = before
    left = list(range(first, last))
    new, start, end = after
    for index in range(start, end):
        entry = new[index]
        twin = next((i for i in left if old[i].request_tool == entry.request_tool), None)
        if twin is None:
            yield EntryChange("added", index + 1, entry.request_tool, _summary(entry))
        else:
            left.remove(twin)
            yield from _changed(old[twin], entry, index + 1)
    for index in left:
        yield EntryChange("removed", index + 1, old[index].request_tool, _summary(old[index]))


def _changed(old: CassetteEntry, new: CassetteEntry, number: int) -> Iterator[EntryChange]:
    details = tuple(differences(_comparable(old), _comparable(new)))
    if details:
        yield EntryChange("changed", number, new.request_tool, details)


def _summary(entry: CassetteEntry) -> tuple[str, ...]:
    return (f"input {shown(entry.request_input)}", f"status {entry.response_status}")


def _key(entry: CassetteEntry) -> str:
    return Matcher().key(entry.request_tool, entry.request_input)


def _comparable(entry: CassetteEntry) -> JsonObject:
    error = entry.error
    headers = {
        name: value
        for name, value in entry.response_headers.items()
        if name.lower() not in VOLATILE_HEADERS
    }
    return {
        "input": _lasting(entry.request_input),
        "status": entry.response_status,
        "body": _lasting(file_value(entry.response_body)),
        "headers": headers,
        "error": f"{error.library}.{error.kind}" if error else None,
    }


def _lasting(value: Any) -> Any:  # noqa: ANN401 - a JSON value
    if isinstance(value, dict):
        return {name: _lasting(each) for name, each in value.items() if name not in VOLATILE}
    if isinstance(value, list):
        return [_lasting(each) for each in value]
    return value
