"""The rule table: every kind of finding, what it looks for, whom it can hurt, how grave it is.

One row drives the checks, `tally rules` and the reference page. `severity` is the one of mode
`guide`; the other modes judge by who is shown to be hurt (compatibility, section 2).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from client_sdk.contract.errors import Severity
from client_sdk.contract.report import Hurt, Side

_ERROR, _WARNING, _INFO = Severity.ERROR, Severity.WARNING, Severity.INFO
_IN, _OUT, _TOOL = Side.INPUT, Side.OUTPUT, Side.TOOL
_STATUS, _CONSTRAINT, _EXAMPLE = Side.STATUS, Side.CONSTRAINT, Side.EXAMPLE
_C, _P, _BOTH = (Hurt.CONSUMERS,), (Hurt.PRODUCERS,), (Hurt.CONSUMERS, Hurt.PRODUCERS)


@dataclass(frozen=True, slots=True)
class Rule:
    """One kind of finding; `hurts` names who can break, the evidence says who does."""

    id: str
    purpose: str
    side: Side
    hurts: tuple[Hurt, ...]
    severity: Severity


RULES: Final[tuple[Rule, ...]] = (
    Rule("tool-added", "The consumer uses one more tool.", _TOOL, _P, _INFO),
    Rule("tool-removed", "The consumer stopped using a tool.", _TOOL, (), _INFO),
    Rule("tool-version-changed", "The tool's interface version is another.", _TOOL, (), _INFO),
    Rule("tool-description-changed", "The prose of a tool changed.", _TOOL, (), _INFO),
    Rule("expectations-changed", "A non-functional clause changed.", _TOOL, (), _INFO),
    Rule("input-required-added", "An input must now be sent.", _IN, _C, _ERROR),
    Rule("input-required-removed", "An input may now be left out.", _IN, _P, _INFO),
    Rule("input-member-added", "An optional input is new.", _IN, _BOTH, _INFO),
    Rule("input-member-removed", "An input is no longer declared.", _IN, _C, _WARNING),
    Rule("input-type-changed", "An input has other types.", _IN, _BOTH, _INFO),
    Rule("input-enum-narrowed", "An input has fewer listed values.", _IN, _C, _INFO),
    Rule("input-enum-widened", "An input has more listed values.", _IN, _P, _INFO),
    Rule("input-bound-changed", "A bound of an input moved.", _IN, _BOTH, _INFO),
    Rule("input-pattern-changed", "The pattern of an input changed.", _IN, _BOTH, _INFO),
    Rule("input-members-changed", "Which further inputs are allowed changed.", _IN, _BOTH, _INFO),
    Rule("input-items-changed", "What an input list may hold changed.", _IN, _BOTH, _INFO),
    Rule("input-condition-changed", "A choice or condition on inputs changed.", _IN, _BOTH, _INFO),
    Rule("input-reference-changed", "A reference leads elsewhere.", _IN, _BOTH, _INFO),
    Rule("input-format-changed", "The format note of an input changed.", _IN, (), _INFO),
    Rule("input-annotation-changed", "Prose about an input changed.", _IN, (), _INFO),
    Rule("input-dialect-changed", "The input schema has another dialect.", _IN, _BOTH, _INFO),
    Rule("input-narrowed", "Fewer inputs are accepted, all changes together.", _IN, _C, _INFO),
    Rule("input-widened", "More inputs may be sent, all changes together.", _IN, _P, _INFO),
    Rule("output-required-removed", "A required field is no longer one.", _OUT, _C, _ERROR),
    Rule("output-required-to-optional", "A required field is now optional.", _OUT, _C, _WARNING),
    Rule("output-required-added", "One more field is required.", _OUT, _P, _INFO),
    Rule("output-optional-changed", "The list of optional fields changed.", _OUT, (), _INFO),
    Rule("output-member-added", "A field is new.", _OUT, _BOTH, _INFO),
    Rule("output-member-removed", "A field is no longer declared.", _OUT, _BOTH, _WARNING),
    Rule("output-type-changed", "A field has other types.", _OUT, _BOTH, _ERROR),
    Rule("output-enum-narrowed", "A field has fewer listed values.", _OUT, _P, _ERROR),
    Rule("output-enum-widened", "A field has more listed values.", _OUT, _C, _WARNING),
    Rule("output-bound-changed", "A bound of a field moved.", _OUT, _BOTH, _INFO),
    Rule("output-pattern-changed", "The pattern of a field changed.", _OUT, _BOTH, _INFO),
    Rule("output-members-changed", "Which further fields may come changed.", _OUT, _BOTH, _INFO),
    Rule("output-items-changed", "What a list may hold changed.", _OUT, _BOTH, _INFO),
    Rule("output-condition-changed", "A choice or condition changed.", _OUT, _BOTH, _INFO),
    Rule("output-reference-changed", "A reference leads elsewhere.", _OUT, _BOTH, _INFO),
    Rule("output-format-changed", "The format note of a field changed.", _OUT, (), _INFO),
    Rule("output-annotation-changed", "Prose about a field changed.", _OUT, (), _INFO),
    Rule("output-dialect-changed", "The output schema has another dialect.", _OUT, _BOTH, _INFO),
    Rule("output-narrowed", "Fewer bodies are understood, all together.", _OUT, _P, _INFO),
    Rule("output-widened", "More bodies may come, all together.", _OUT, _C, _WARNING),
    Rule("status-added", "One more status is handled.", _STATUS, _C, _WARNING),
    Rule("status-removed", "A status is no longer handled.", _STATUS, _P, _WARNING),
    Rule("response-added", "The body of a status is now described.", _OUT, _P, _INFO),
    Rule("response-removed", "The body of a status is no longer described.", _OUT, _C, _WARNING),
    Rule("constraint-added", "A constraint is new.", _CONSTRAINT, _P, _WARNING),
    Rule("constraint-removed", "A constraint is gone.", _CONSTRAINT, _C, _INFO),
    Rule("example-added", "An example is new: one more call to test.", _EXAMPLE, _P, _WARNING),
    Rule("example-removed", "An example is gone.", _EXAMPLE, (), _INFO),
    Rule("more-findings", "There are more findings than are listed.", _TOOL, _BOTH, _WARNING),
)
_BY_ID: Final = {rule.id: rule for rule in RULES}


def rule_of(identifier: str) -> Rule:
    """The row of a rule; asking for one that is not in the table is a bug."""
    return _BY_ID[identifier]


def rules_markdown() -> str:
    """The reference page's table."""
    lines = ["| rule | side | can hurt | in mode `guide` | looks for |", "|---|---|---|---|---|"]
    lines += [
        f"| `{rule.id}` | {rule.side} | {', '.join(rule.hurts) or 'nobody'} | {rule.severity} |"
        f" {rule.purpose} |"
        for rule in RULES
    ]
    return "\n".join(lines) + "\n"
