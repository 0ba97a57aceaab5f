"""What runs said tool by tool; violations may be large, and one answer holds so many of them."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import Integer, Row, bindparam, func, select

from broker.domain.verification import Coverage, ToolOutcome, ToolResult
from broker.storage import tables as t
from broker.storage.transaction import Transaction

MOST_VIOLATIONS = 4 * 1024 * 1024  # characters in one answer, unless one result alone has more

_EMPTY = len("[]")
_WITHOUT_VIOLATIONS = 200  # about as many characters as a result has besides them

_T = t.verification_tools.c
_SIZE = func.length(_T.violations, type_=Integer)
_TOOLS = (
    select(
        _T.verification_id,
        _T.position,
        _T.tool_name,
        _T.outcome,
        _T.checks,
        _T.coverage,
        _SIZE.label("size"),
    )
    .where(_T.verification_id.in_(bindparam("ids", expanding=True)))
    .order_by(_T.verification_id, _T.position)
)
_VIOLATIONS = select(_T.verification_id, _T.position, _T.violations).where(
    _T.verification_id.in_(bindparam("ids", expanding=True)), _SIZE > _EMPTY
)
_SIZES = (
    select(_T.verification_id, func.sum(_SIZE + _WITHOUT_VIOLATIONS, type_=Integer).label("size"))
    .where(_T.verification_id.in_(bindparam("ids", expanding=True)))
    .group_by(_T.verification_id)
)


def row_from_tool_result(verification: int, position: int, tool: ToolResult) -> dict[str, Any]:
    """The row of the result at that place of a verification."""
    return {
        "verification_id": verification,
        "position": position,
        "tool_name": tool.tool_name,
        "outcome": tool.outcome.value,
        "checks": tool.checks,
        "coverage": tool.coverage.value,
        "violations": [dict(violation) for violation in tool.violations],
    }


def tool_results(
    transaction: Transaction, verifications: Sequence[int]
) -> Mapping[int, tuple[ToolResult, ...]]:
    """By verification; those that do not fit with the ones before come without violations."""
    rows = [*transaction.rows_in(_TOOLS, "ids", set(verifications))]
    sizes: dict[int, int] = defaultdict(int)
    for row in rows:
        sizes[row.verification_id] += row.size - _EMPTY
    told = [each for each in verifications if sizes[each]]
    whole = set(_fitting(told, sizes))
    found = transaction.rows_in(_VIOLATIONS, "ids", whole)
    violations = {(row.verification_id, row.position): row.violations for row in found}
    results: dict[int, list[ToolResult]] = {each: [] for each in verifications}
    for row in rows:
        left_out = row.size > _EMPTY and row.verification_id not in whole
        said = violations.get((row.verification_id, row.position), ())
        results[row.verification_id].append(_tool_result(row, said, left_out=left_out))
    return {each: tuple(tools) for each, tools in results.items()}


def fitting_on_a_page(transaction: Transaction, verifications: Sequence[int]) -> int:
    """How many of them go on one page together; at least one."""
    rows = transaction.rows_in(_SIZES, "ids", set(verifications))
    sizes = {row.verification_id: row.size for row in rows}
    return max(sum(1 for _ in _fitting(verifications, sizes)), 1)


def _fitting(verifications: Iterable[int], sizes: Mapping[int, int]) -> Iterator[int]:
    total = 0
    for count, each in enumerate(verifications):
        total += sizes.get(each, 0)
        if count and total > MOST_VIOLATIONS:
            return
        yield each


def _tool_result(
    row: Row[Any], violations: Iterable[Mapping[str, Any]], *, left_out: bool
) -> ToolResult:
    return ToolResult(
        tool_name=row.tool_name,
        outcome=ToolOutcome(row.outcome),
        checks=row.checks,
        coverage=Coverage(row.coverage),
        violations=tuple(violations),
        violations_left_out=left_out,
    )
