"""How grave a broken rule is: the kernel's word, unless a team decided otherwise."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from client_sdk.contract.dialect import Dialect
from client_sdk.contract.errors import Severity
from client_sdk.contract.keywords import keywords_of
from client_sdk.contract.spelling import near_miss
from client_sdk.validator.violation import REMEDIES

CONSTRAINTS: Final = (
    "field_equals",
    "field_present_if",
    "field_absent_if",
    "field_matches",
    "schema",
)


class Strictness(StrEnum):
    """What becomes of a doubtful case: nothing, a warning, or an error."""

    IGNORE = "ignore"
    WARN = "warn"
    ERROR = "error"

    @property
    def severity(self) -> Severity | None:
        """The severity it means, or None for nothing."""
        return {"warn": Severity.WARNING, "error": Severity.ERROR}.get(self.value)


@dataclass(frozen=True, slots=True)
class SeverityPolicy:
    """Severities by rule; a rule that is not named keeps the severity it came with.

    Every broken schema keyword is an error by itself, a constraint has the severity its contract
    gives it.

    Raises:
        ValueError: a rule is unknown, so that naming it would change nothing.

    Example:
        >>> SeverityPolicy({"pattern": "warning"}).severity_of("pattern", Severity.ERROR).value
        'warning'
    """

    severities: Mapping[str, Severity | str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        known = known_rules()
        for rule in self.severities:
            if rule not in known:
                meant = near_miss(rule, known)
                hint = f": did you mean {meant!r}?" if meant else ""
                raise ValueError(f"severities: there is no rule {rule!r}{hint}")
        read = {rule: _severity(rule, given) for rule, given in self.severities.items()}
        object.__setattr__(self, "severities", read)

    @classmethod
    def guide(cls) -> SeverityPolicy:
        """Give the policy in which a pattern that does not match is a warning only."""
        return cls({"pattern": Severity.WARNING})

    def severity_of(self, rule: str, given: Severity) -> Severity:
        """Give the severity of a broken rule that comes with the severity `given`."""
        return Severity(self.severities.get(rule, given))


def known_rules() -> frozenset[str]:
    """Give every rule a violation may carry: keywords, constraint types, the validator's own."""
    keywords = {name for dialect in Dialect for name in keywords_of(dialect)}
    return frozenset({*keywords, "false", *CONSTRAINTS, *REMEDIES})


def _severity(rule: str, given: Severity | str) -> Severity:
    try:
        return Severity(given)
    except ValueError:
        words = ", ".join(each.value for each in Severity)
        raise ValueError(f"severities: {given!r} for {rule} is none of {words}") from None


def strictness_of(name: str, given: str) -> Strictness:
    """Read an argument called `name`.

    Raises:
        ValueError: it is none of the three words.
    """
    try:
        return Strictness(given)
    except ValueError:
        words = ", ".join(each.value for each in Strictness)
        raise ValueError(f"{name}: {given!r} is none of {words}") from None
