"""Which contracts apply to a call: by producer and tool, of each consumer the newest version.

A consumer may have several versions of a tool's contract at hand. Versions made of numbers are
ordered and only the newest is enforced; where a version cannot be ordered, all are.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from client_sdk.contract.model import Contract, ToolContract
from client_sdk.contract.names import fold_name
from client_sdk.contract.spelling import near_miss

NUMBERS: Final = re.compile(r"v?([0-9]{1,9}(?:\.[0-9]{1,9}){0,8})", re.ASCII)


@dataclass(frozen=True, slots=True)
class Call:
    """Whose call it is: the tool, who answers, and if it is known who asks."""

    tool: str
    producer: str
    consumer: str | None = None


@dataclass(frozen=True, slots=True)
class Match:
    """A contract that applies to a call, and its tool."""

    contract: Contract
    tool: ToolContract


def matches_of(
    contracts: Iterable[Contract], call: Call, *, all_versions: bool
) -> tuple[Match, ...]:
    """Give what applies to a call, in the order the contracts have."""
    found = tuple(
        Match(contract, tool)
        for contract in contracts
        if _is_between(contract, call) and (tool := contract.tool(call.tool)) is not None
    )
    return found if all_versions else _newest(found)


def why_unmatched(contracts: Iterable[Contract], call: Call) -> str:
    """Say why nothing applies to a call, with the name that was probably meant."""
    known = tuple(contracts)
    if not known:
        return "no contract is loaded"
    names = {
        "producer": (call.producer, {each.producer for each in known}),
        "consumer": (call.consumer or "", {each.consumer for each in known}),
        "tool": (call.tool, {tool.tool_name for each in known for tool in each.tools}),
    }
    for noun, (name, candidates) in names.items():
        if name and fold_name(name) not in map(fold_name, candidates):
            meant = near_miss(name, candidates)
            hint = f": did you mean {meant}?" if meant else f"; known: {_listed(candidates)}"
            return f"no contract names the {noun} {name}{hint}"
    return f"no contract has the tool {call.tool} between these participants"


def order_of(version: str) -> tuple[int, ...] | None:
    """Give what a version of numbers is ordered by, or None: `1.0` and `1` are the same."""
    found = NUMBERS.fullmatch(version)
    if found is None:
        return None
    numbers = [int(part) for part in found[1].split(".")]
    while numbers and not numbers[-1]:
        numbers.pop()
    return tuple(numbers)


def _is_between(contract: Contract, call: Call) -> bool:
    if fold_name(contract.producer) != fold_name(call.producer):
        return False
    return call.consumer is None or fold_name(contract.consumer) == fold_name(call.consumer)


def _newest(found: tuple[Match, ...]) -> tuple[Match, ...]:
    orders: dict[str, list[tuple[int, ...] | None]] = {}
    for match in found:
        consumer = fold_name(match.contract.consumer)
        orders.setdefault(consumer, []).append(order_of(match.tool.version))
    return tuple(match for match in found if _is_newest(match, orders))


def _is_newest(match: Match, orders: dict[str, list[tuple[int, ...] | None]]) -> bool:
    others = orders[fold_name(match.contract.consumer)]
    ordered = [order for order in others if order is not None]
    return len(ordered) < len(others) or order_of(match.tool.version) == max(ordered)


def _listed(names: Iterable[str]) -> str:
    return ", ".join(sorted(names)[:10])
