"""Does a producer that was verified against one contract satisfy another?

`implies(a, b)` is the table's first row (contract format, section 3): nothing is sent that was not
tested, every body that was understood is understood still, every status is handled, and every
example of `b` is one of `a`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from client_sdk.contract.changes.tools import example_key
from client_sdk.contract.compat.verdicts import DEFAULT_BUDGET, Budget
from client_sdk.contract.model import Contract, ToolContract
from client_sdk.contract.questions import INPUT_PRODUCERS, Ledger, ask, output_producers
from client_sdk.contract.report import Hurt, Obligation, VerdictWord, gravest

ASSUMPTIONS: Final = ("closed-output", "declared-status")


@dataclass(frozen=True, slots=True)
class ToolImplication:
    """Whether one tool of the second contract is covered by the first, and by what."""

    tool_name: str
    obligations: tuple[Obligation, ...]

    @property
    def verdict(self) -> VerdictWord:
        """The gravest of its obligations."""
        return gravest(tuple(each.verdict for each in self.obligations))


@dataclass(frozen=True, slots=True)
class Implication:
    """The verdict per tool, and what it takes for granted."""

    tools: tuple[ToolImplication, ...]
    assumptions: tuple[str, ...] = ASSUMPTIONS

    @property
    def verdict(self) -> VerdictWord:
        """Proved only when every tool is; a contract without tools asks for nothing."""
        return gravest(tuple(tool.verdict for tool in self.tools))


def implies(a: Contract, b: Contract, *, budget: Budget = DEFAULT_BUDGET) -> Implication:
    """Decide, tool by tool of `b`, whether a producer that satisfies `a` satisfies `b`."""
    ledger = Ledger(budget)
    tools = (_tool_implication(a.tool(tool.tool_name), tool, ledger) for tool in b.tools)
    return Implication(tuple(tools))


def _tool_implication(a: ToolContract | None, b: ToolContract, ledger: Ledger) -> ToolImplication:
    if a is None:
        missing = Obligation(Hurt.PRODUCERS, "the tool was tested", "refuted")
        return ToolImplication(b.tool_name, (missing,))
    return ToolImplication(b.tool_name, tuple(_obligations(a, b, ledger)))


def _obligations(a: ToolContract, b: ToolContract, ledger: Ledger) -> Iterator[Obligation]:
    yield ask(INPUT_PRODUCERS, a, b, ledger)
    for status in a.status_codes:
        if status in b.status_codes:
            yield ask(output_producers(status), a, b, ledger)
        else:
            text = "statuses(a) ⊆ statuses(b)"
            yield Obligation(Hurt.PRODUCERS, text, "refuted", {"status_code": status})
    tested = {example_key(example) for example in a.examples}
    for example in b.examples:
        if example_key(example) not in tested:
            text = "examples(b) ⊆ examples(a)"
            yield Obligation(Hurt.PRODUCERS, text, "refuted", example.input)
