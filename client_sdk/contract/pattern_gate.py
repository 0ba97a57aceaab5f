"""The patterns of one document: which of them the kernel can match, and how much they may cost."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Final

from client_sdk.contract.members import shown
from client_sdk.contract.patterns import PatternInvalid, PatternUnsupported, compile_pattern
from client_sdk.contract.values import DEFAULT_LIMITS, Limits

_EVERY_PATTERN: Final = 20  # what compiling any pattern costs, in characters


@dataclass(slots=True)
class PatternGate:
    """Checks patterns; each different one counts once against the limit of the document."""

    limits: Limits = DEFAULT_LIMITS
    _spent: int = 0
    _known: dict[str, tuple[str, str] | None] = field(default_factory=dict)
    _asked: dict[str, None] | None = None

    def trouble(self, source: str) -> tuple[str, str] | None:
        """Say why a pattern is refused, as a code and a sentence; None when it is not."""
        if self._asked is not None:
            self._asked[source] = None
        if source not in self._known:
            self._known[source] = self._trouble(source)
        return self._known[source]

    @contextmanager
    def noting(self) -> Iterator[dict[str, None]]:
        """Give the patterns that are asked about meanwhile, in order, each once."""
        asked: dict[str, None] = {}
        self._asked = asked
        try:
            yield asked
        finally:
            self._asked = None

    def _trouble(self, source: str) -> tuple[str, str] | None:
        most = self.limits.max_pattern_length
        if len(source) > most:
            return "pattern-too-long", f"A pattern has at most {most} characters."
        self._spent += len(source) + _EVERY_PATTERN
        if self._spent > self.limits.max_pattern_total:
            most = self.limits.max_pattern_total
            return (
                "too-many-patterns",
                f"The patterns of a document have at most {most} characters.",
            )
        try:
            compile_pattern(source)
        except (PatternInvalid, PatternUnsupported) as refusal:
            return refusal.code, f"The pattern {shown(source)} is refused: {refusal}"
        return None
