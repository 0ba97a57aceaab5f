"""What a validator has judged so far, counted; nothing judged is never a pass."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Sequence
from typing import Final

from client_sdk.contract.errors import Severity
from client_sdk.contract.values import JsonObject
from client_sdk.validator.reports import Checked, Findings
from client_sdk.validator.violation import ContractViolation

MOST_LISTED: Final = 10_000


class Record:
    """Every call that was judged, with what was found; safe between threads."""

    def __init__(self) -> None:
        self._checked: list[Checked] = []
        self._judged = 0
        self._comparisons = 0
        self._lock = threading.Lock()

    @property
    def violations(self) -> tuple[ContractViolation, ...]:
        """Everything found, in its order."""
        with self._lock:
            return tuple(each for case in self._checked for each in case.violations)

    def add(self, name: str, found: Sequence[ContractViolation], *, judged: bool) -> None:
        """Note one call; it counts as a validation only when a contract judged it."""
        with self._lock:
            self._judged += judged
            # Live traffic never ends: of the sound calls the first thousands are listed.
            if found or (judged and len(self._checked) < MOST_LISTED):
                self._checked.append(Checked(name, tuple(found)))

    def add_comparison(self, found: Sequence[ContractViolation]) -> None:
        """Note one comparison of contracts; it shows nothing about a running producer."""
        with self._lock:
            self._comparisons += 1
            self._checked.append(Checked("backward compatibility", tuple(found)))

    def findings(self, violations: tuple[ContractViolation, ...]) -> Findings:
        """Give all that a report shows."""
        with self._lock:
            checked, judged, comparisons = tuple(self._checked), self._judged, self._comparisons
        counts = Counter(each.severity for each in violations)
        reason = "errors" if counts[Severity.ERROR] else "no_evidence" if not judged else None
        numbers: JsonObject = {
            "total_validations": judged,
            "total_violations": len(violations),
            "errors": counts[Severity.ERROR],
            "warnings": counts[Severity.WARNING],
            "infos": counts[Severity.INFO],
            "passed": reason is None,
            "reason": reason,
            "compatibility_checks": comparisons,
        }
        return Findings(numbers, checked, violations)
