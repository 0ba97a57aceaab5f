"""Does an offer satisfy a contract, before any test ran?

`fits(offer, contract)` is the table's second row (contract format, section 3): what the consumer
sends is accepted and declared, what the tool may emit is understood, and every status it lists is
handled. Where the offer says nothing, only a test can tell.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final

from client_sdk.contract.compat.verdicts import DEFAULT_BUDGET, Budget, Proved
from client_sdk.contract.model import ANYTHING, Contract, Dialect, ToolContract, is_success
from client_sdk.contract.offers import Offer, OfferedTool
from client_sdk.contract.questions import INPUT_CONSUMERS, Ledger, ask, output_consumers
from client_sdk.contract.report import Hurt, Obligation, VerdictWord, gravest
from client_sdk.contract.shape import SchemaResource, Shape

CLOSED_OUTPUT: Final = "closed-output"
DECLARED_STATUS: Final = "declared-status"

_INPUT: Final = replace(INPUT_CONSUMERS, text="closed input(contract) ⊆ input(offer)")
_ANY: Final = SchemaResource(schema=True, dialect=Dialect.D2020)


@dataclass(frozen=True, slots=True)
class ToolFit:
    """Whether one tool of the contract is served by the offer, and what that rests on."""

    tool_name: str
    obligations: tuple[Obligation, ...]
    assumptions: tuple[str, ...] = (CLOSED_OUTPUT,)

    @property
    def verdict(self) -> VerdictWord:
        """The gravest of its obligations."""
        return gravest(tuple(each.verdict for each in self.obligations))


@dataclass(frozen=True, slots=True)
class Fit:
    """The verdict per tool of the contract, in its order."""

    tools: tuple[ToolFit, ...]

    @property
    def verdict(self) -> VerdictWord:
        """Proved only when every tool is."""
        return gravest(tuple(tool.verdict for tool in self.tools))

    @property
    def assumptions(self) -> tuple[str, ...]:
        """Everything that some tool's verdict takes for granted, each once."""
        return tuple(dict.fromkeys(each for tool in self.tools for each in tool.assumptions))


def fits(offer: Offer, contract: Contract, *, budget: Budget = DEFAULT_BUDGET) -> Fit:
    """Decide, tool by tool of `contract`, whether what `offer` says satisfies it.

    An absent or unconstrained schema on the offer's side is undecided (`unconstrained-input`,
    `unconstrained-output`), as is an input that would be accepted without being declared
    (`undeclared-input`). `closed-output` is assumed: a tool emits no member that it does not
    declare; `declared-status` where the offer lists no statuses: that it answers with those the
    contract handles.
    """
    ledger = Ledger(budget)
    return Fit(
        tuple(_tool_fit(offer.tool(tool.tool_name), tool, ledger) for tool in contract.tools)
    )


def _tool_fit(offered: OfferedTool | None, tool: ToolContract, ledger: Ledger) -> ToolFit:
    if offered is None:
        missing = Obligation(Hurt.CONSUMERS, "the tool is offered", "refuted")
        return ToolFit(tool.tool_name, (missing,), ())
    statuses = () if offered.status_codes is not None else (DECLARED_STATUS,)
    found = tuple(_obligations(offered, tool, ledger))
    return ToolFit(tool.tool_name, found, (CLOSED_OUTPUT, *statuses))


def _obligations(offered: OfferedTool, tool: ToolContract, ledger: Ledger) -> Iterator[Obligation]:
    producer = _as_contract(offered)
    if _says_nothing(offered.input_shape(), ledger):
        yield _untested(_INPUT.text, "unconstrained-input")
    else:
        yield ask(_INPUT, tool, producer, ledger)
    yield from _status_obligations(offered, tool)
    status = next(filter(is_success, tool.status_codes), None)
    if status is None:
        return
    question = replace(output_consumers(status), text="closed output(offer) ⊆ output(contract)")
    if ledger.contained(ANYTHING, tool.output_shape(status)) == Proved():
        yield Obligation(Hurt.CONSUMERS, question.text, "proved")  # any body is understood
    elif _says_nothing(offered.output_shape(), ledger):
        yield _untested(question.text, "unconstrained-output")
    else:
        yield ask(question, tool, producer, ledger)


def _status_obligations(offered: OfferedTool, tool: ToolContract) -> Iterator[Obligation]:
    text = "statuses(offer) ⊆ statuses(contract)"
    for status in offered.status_codes or ():
        if status not in tool.status_codes:
            yield Obligation(Hurt.CONSUMERS, text, "refuted", {"status_code": status})


def _says_nothing(shape: Shape, ledger: Ledger) -> bool:
    return ledger.contained(ANYTHING, shape) == Proved()


def _untested(text: str, reason: str) -> Obligation:
    return Obligation(Hurt.CONSUMERS, text, "undecided", reason=reason)


def _as_contract(offered: OfferedTool) -> ToolContract:
    """Read an offered tool as a contract's tool, so that the same questions can be asked of it."""
    output = offered.output or _ANY
    return ToolContract(
        tool_name=offered.tool_name,
        version=offered.version,
        input=offered.input,
        output=output,
        input_schema=offered.input.schema,
        output_schema=output.schema,
    )
