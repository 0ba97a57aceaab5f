"""Remembers schemas that passed the gate without a fault: versions of a contract share most."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass
from threading import Lock
from typing import Final

from client_sdk.contract.dialect import Dialect
from client_sdk.contract.pattern_gate import PatternGate
from client_sdk.contract.schema_gate import Passage, pass_gate
from client_sdk.contract.values import JsonValue

_MOST_REMEMBERED: Final = 2_048
_LONGEST_REMEMBERED: Final = 4_096  # characters as Python writes it

_Key = tuple[str, Dialect, int, int]


def passed(schema: JsonValue, dialect: Dialect, patterns: PatternGate) -> Passage:
    """Give what `pass_gate` finds in a schema of a parsed document.

    What a faultless schema counts for in its document, schemas and patterns, is counted again.
    """
    text = repr(schema)  # what Python writes alike is alike, to the order of members
    limits = patterns.limits
    key = (text, dialect, limits.max_depth, limits.max_pattern_length)
    known = _PASSED.get(key)
    if known is not None and known.fits(patterns):
        return Passage((), known.schema_count)
    with patterns.noting() as asked:
        passage = pass_gate(schema, dialect, patterns)
    if not passage.faults and len(text) <= _LONGEST_REMEMBERED:
        _PASSED.keep(key, _Faultless(passage.schema_count, tuple(asked)))
    return passage


@dataclass(frozen=True, slots=True)
class _Faultless:
    """How many schemas a schema is made of, and the patterns in it."""

    schema_count: int
    patterns: tuple[str, ...]

    def fits(self, gate: PatternGate) -> bool:
        """Count its patterns, and say whether the document has room for all of it."""
        if self.schema_count > gate.limits.max_schema_nodes:
            return False
        return all(gate.trouble(source) is None for source in self.patterns)


class _Latest:
    """The latest faultless schemas; safe to share between threads."""

    def __init__(self) -> None:
        self._known: OrderedDict[_Key, _Faultless] = OrderedDict()
        self._lock = Lock()

    def get(self, key: _Key) -> _Faultless | None:
        with self._lock:
            known = self._known.get(key)
            if known is not None:
                self._known.move_to_end(key)
            return known

    def keep(self, key: _Key, faultless: _Faultless) -> None:
        with self._lock:
            self._known[key] = faultless
            if len(self._known) > _MOST_REMEMBERED:
                self._known.popitem(last=False)


_PASSED: Final = _Latest()
