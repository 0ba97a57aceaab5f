"""Compares two versions of a contract: what changed, whether it matters, who is hurt.

`changes` names what changed, `questions` are the containments that decide whether it matters,
`evidence` joins the two, `findings` says it in words and grades it by mode.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from client_sdk.contract.canonical import equality_key
from client_sdk.contract.changes.tools import tool_changes
from client_sdk.contract.compat.verdicts import DEFAULT_BUDGET, Budget
from client_sdk.contract.errors import Severity
from client_sdk.contract.evidence import Evidence
from client_sdk.contract.findings import (
    finding_of,
    more_findings,
    tool_added,
    tool_removed,
    unexplained_finding,
)
from client_sdk.contract.model import Contract, ToolContract
from client_sdk.contract.questions import Ledger
from client_sdk.contract.report import (
    NO_WITNESS,
    Finding,
    Hurt,
    Mode,
    Obligation,
    Report,
    Side,
    report_from_json,
)
from client_sdk.contract.values import JsonValue

__all__ = [
    "NO_WITNESS",
    "Finding",
    "Hurt",
    "Mode",
    "Obligation",
    "Report",
    "Side",
    "evolve",
    "report_from_json",
]

MAX_FINDINGS: Final = 500
_ORDER: Final = (Severity.ERROR, Severity.WARNING, Severity.INFO)


def evolve(
    old: Contract | None,
    new: Contract,
    mode: Mode = Mode.GUIDE,
    *,
    budget: Budget = DEFAULT_BUDGET,
    literal: bool = False,
) -> Report:
    """Compare `new` with `old`: every difference, graded by `mode`, with its evidence.

    Without an old contract, or with equal content, nothing is found. Every refuted containment
    has a finding with a witness that was judged; an undecided one has a finding that says so.
    At most 500 findings; a last one says how many more there are. `literal` leaves the closed
    reading out: values with members that nobody wrote down are asked about too.
    """
    if old is None or old.digest == new.digest:
        return Report(mode)
    ledger = Ledger(budget)
    found = list(_findings(old, new, mode, ledger, literal=literal))
    found.sort(key=lambda finding: _ORDER.index(finding.severity))
    if len(found) > MAX_FINDINGS:
        found[MAX_FINDINGS:] = [more_findings(len(found) - MAX_FINDINGS)]
    return Report(mode, tuple(found))


def _findings(
    old: Contract, new: Contract, mode: Mode, ledger: Ledger, *, literal: bool
) -> Iterator[Finding]:
    for tool in sorted(new.tools, key=lambda tool: tool.tool_name):
        before = old.tool(tool.tool_name)
        if before is None:
            yield tool_added(tool, mode)
        elif not _is_same(before, tool, old, new):
            yield from _tool_findings(before, tool, mode, ledger, literal=literal)
    for tool in sorted(old.tools, key=lambda tool: tool.tool_name):
        if new.tool(tool.tool_name) is None:
            yield tool_removed(tool, mode)


def _tool_findings(
    old: ToolContract, new: ToolContract, mode: Mode, ledger: Ledger, *, literal: bool
) -> Iterator[Finding]:
    changes = tool_changes(old, new)
    evidence = Evidence(old, new, changes, ledger, literal=literal)
    for change in changes:
        yield finding_of(new.tool_name, change, evidence.about(change), mode)
    for question, obligation in evidence.unexplained():
        yield unexplained_finding(new.tool_name, question, obligation, mode)


def _is_same(before: ToolContract, after: ToolContract, old: Contract, new: Contract) -> bool:
    if old.dialect is not new.dialect:
        return False
    one, other = _document(before.tool_name, old), _document(after.tool_name, new)
    # What Python writes alike is alike; most tools of a new version are, to the letter.
    return repr(one) == repr(other) or equality_key(one) == equality_key(other)


def _document(name: str, contract: Contract) -> JsonValue:
    tools = contract.document["tools"]
    named = tools if isinstance(tools, list) else []
    return next(each for each in named if isinstance(each, dict) and each["tool_name"] == name)
