"""The results that count: the newest per content and producer version."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from functools import cache
from typing import Any

from sqlalchemy import Row, Select, String, bindparam, cast, func, select

from broker.domain.decision_facts import LatestResult
from broker.domain.matrix import VerificationRef
from broker.domain.participant import VersionRef
from broker.domain.verification import ToolOutcome
from broker.storage import tables as t
from broker.storage.newest import at_most
from broker.storage.pairs import PAIRS, pairs_parameter, pairs_table
from broker.storage.transaction import Transaction

MOST_VERIFIERS = 20

ContentAndVersion = tuple[int, int]

_L = t.latest_verifications.c
_R = t.verifications.c
_RESULTS = (
    select(
        _L.content_id,
        _L.version_id,
        _L.outcome,
        t.contents.c.digest,
        t.participants.c.name.label("producer"),
        t.versions.c.number.label("producer_version"),
        _R.id,
        _R.number,
        _R.verified_at,
    )
    .join_from(t.latest_verifications, t.verifications, _L.verification_id == _R.id)
    .join(t.contents, _L.content_id == t.contents.c.id)
    .join(t.versions, _L.version_id == t.versions.c.id)
    .join(t.participants, t.versions.c.participant_id == t.participants.c.id)
)
_TOOLS = (
    select(
        t.verification_tools.c.verification_id,
        t.verification_tools.c.tool_name,
        t.verification_tools.c.outcome,
    )
    .where(
        t.verification_tools.c.verification_id.in_(bindparam("ids", expanding=True)),
        t.verification_tools.c.outcome != "passed",
    )
    .order_by(t.verification_tools.c.verification_id, t.verification_tools.c.position)
)
_NEWEST_PASSES = (
    select(t.versions.c.id, t.versions.c.number)
    .join_from(t.latest_verifications, t.versions, _L.version_id == t.versions.c.id)
    .where(_L.content_id == t.contents.c.id, _L.outcome == "passed")
    .order_by(_L.version_id.desc())
    .limit(at_most(MOST_VERIFIERS + 1))
    .correlate(t.contents)
    .subquery("newest")
)
# A list per content in one value each: so every content is a look into the index, and one
# statement asks about all. A number holds no comma.
_VERIFIERS = select(
    t.contents.c.id,
    select(
        func.aggregate_strings(
            cast(_NEWEST_PASSES.c.id, String).concat(" ").concat(_NEWEST_PASSES.c.number), ","
        )
    )
    .correlate(t.contents)
    .scalar_subquery()
    .label("verifiers"),
).where(t.contents.c.id.in_(bindparam("contents", expanding=True)))
_PASSED_CONTENTS = select(_L.version_id, _L.integration_id, _L.content_id).where(
    _L.outcome == "passed"
)


def results_of(
    transaction: Transaction, pairs: Collection[ContentAndVersion]
) -> dict[ContentAndVersion, LatestResult]:
    """The result of each pair that has one."""
    if not pairs:
        return {}
    rows = transaction.rows(_results(transaction.dialect), {PAIRS: pairs_parameter(pairs)})
    tools = _tools_that_did_not_pass(transaction, rows)
    return {(row.content_id, row.version_id): _result(row, tools) for row in rows}


def verifiers_of(
    transaction: Transaction, contents: Collection[int]
) -> Mapping[int, Mapping[int, str]]:
    """Per content, id and number of the producer versions whose latest result passed.

    Newest first, at most 21: twenty, and one that the caller may want to leave out.
    """
    rows = transaction.rows_in(_VERIFIERS, "contents", contents)
    return {row.id: _listed(row.verifiers) for row in rows}


def passed_contents(
    transaction: Transaction, pairs: Collection[tuple[int, int]]
) -> Mapping[tuple[int, int], set[int]]:
    """Per producer version and integration, the contents that the version has passed."""
    found: dict[tuple[int, int], set[int]] = defaultdict(set)
    if not pairs:
        return found
    statement = _passed_contents(transaction.dialect)
    for row in transaction.rows(statement, {PAIRS: pairs_parameter(pairs)}):
        found[(row.version_id, row.integration_id)].add(row.content_id)
    return found


@cache
def _results(dialect: str) -> Select[Any]:
    asked = pairs_table(dialect).c
    return _RESULTS.where(_L.content_id == asked.first, _L.version_id == asked.second)


@cache
def _passed_contents(dialect: str) -> Select[Any]:
    asked = pairs_table(dialect).c
    return _PASSED_CONTENTS.where(_L.version_id == asked.first, _L.integration_id == asked.second)


def _tools_that_did_not_pass(
    transaction: Transaction, rows: Iterable[Row[Any]]
) -> Mapping[int, Mapping[str, list[str]]]:
    ids = {row.id for row in rows if row.outcome != "passed"}
    found: dict[int, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for tool in transaction.rows_in(_TOOLS, "ids", ids):
        found[tool.verification_id][tool.outcome].append(tool.tool_name)
    return found


def _listed(verifiers: str | None) -> dict[int, str]:
    """Read `id number,id number`; the order is made again, since an aggregate promises none."""
    pairs = (each.split(" ") for each in verifiers.split(",")) if verifiers else ()
    return {int(which): number for which, number in sorted(pairs, key=lambda p: -int(p[0]))}


def _result(row: Row[Any], tools: Mapping[int, Mapping[str, list[str]]]) -> LatestResult:
    bad = tools[row.id].get(row.outcome, []) if row.outcome != "passed" else []
    return LatestResult(
        digest=row.digest,
        producer=VersionRef(row.producer, row.producer_version),
        outcome=ToolOutcome(row.outcome),
        ref=VerificationRef(row.id, row.number, row.verified_at),
        tools=tuple(bad),
    )
