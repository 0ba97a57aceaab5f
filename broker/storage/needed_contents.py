"""Which contents a producer must honour, and on which of its branches they have passed."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Row, and_, bindparam, case, exists, or_, select, union_all

from broker.domain.verification import NeededContent
from broker.storage import tables as t
from broker.storage.integrations import CONSUMER
from broker.storage.transaction import Transaction
from client_sdk.contract.names import fold_name

_P = t.publications.c
_V = t.versions.c
_I = t.integrations.c
_B = t.branches.c
_D = t.deployments.c
_R = t.releases.c
_E = t.environments.c

_CONSUMERS = select(_I.consumer_id).where(_I.producer_id == bindparam("producer"))
_ON_MAIN = _B.name == CONSUMER.c.main_branch
_ON_BRANCH = _B.name == bindparam("branch")
_HEADS = (
    select(
        _B.head_id.label("version_id"),
        case((_ON_MAIN, 1), else_=0).label("on_main"),
        case((_ON_BRANCH, 1), else_=0).label("on_branch"),
    )
    .join_from(t.branches, CONSUMER, _B.participant_id == CONSUMER.c.id)
    .where(_B.participant_id.in_(_CONSUMERS), or_(_ON_MAIN, _ON_BRANCH))
)
_PLACED = union_all(
    select(_D.version_id, _E.name)
    .join_from(t.deployments, t.environments, _D.environment_id == _E.id)
    .where(_D.participant_id.in_(_CONSUMERS), _D.undeployed_at.is_(None)),
    select(_R.version_id, _E.name)
    .join_from(t.releases, t.environments, _R.environment_id == _E.id)
    .where(_R.participant_id.in_(_CONSUMERS), _R.support_ended_at.is_(None)),
)
_PUBLISHED = (
    select(
        _P.id,
        _P.version_id,
        _P.content_id,
        _V.number,
        CONSUMER.c.name.label("consumer"),
        CONSUMER.c.folded,
        t.contents.c.digest,
    )
    .join_from(t.publications, t.versions, _P.version_id == _V.id)
    .join(CONSUMER, _V.participant_id == CONSUMER.c.id)
    .join(t.contents, _P.content_id == t.contents.c.id)
    .where(
        _P.version_id.in_(bindparam("versions", expanding=True)),
        _P.producer_id == bindparam("producer"),
    )
    .order_by(_P.id.desc())
)
_PASSED_ON = select(t.contents.c.digest).where(
    t.contents.c.digest.in_(bindparam("digests", expanding=True)),
    exists().where(
        t.latest_verifications.c.content_id == t.contents.c.id,
        t.latest_verifications.c.outcome == "passed",
        t.version_branches.c.version_id == t.latest_verifications.c.version_id,
        t.version_branches.c.branch_id == bindparam("branch_id"),
    ),
)
_PRODUCER = (
    select(t.participants.c.name, t.participants.c.main_branch, _B.id, _B.name.label("branch"))
    .join_from(
        t.participants,
        t.branches,
        and_(
            _B.participant_id == t.participants.c.id,
            or_(_B.name == bindparam("branch"), _B.name == t.participants.c.main_branch),
        ),
        isouter=True,
    )
    .where(t.participants.c.id == bindparam("producer"))
)


@dataclass(slots=True)
class _Standing:
    """Why a consumer version counts."""

    on_main: bool = False
    on_branch: bool = False
    places: set[str] = field(default_factory=set)


def needed_contents(
    transaction: Transaction,
    producer: str,
    *,
    branch: str | None,
    environment: str | None,
    consumer: str | None,
) -> tuple[NeededContent, ...]:
    """Contents that consumer versions in use ask of the producer, by consumer then newest first."""
    producer_id = transaction.participant_id(producer)
    if producer_id is None:
        return ()
    standings = _standings(transaction, producer_id, branch)
    wanted = standings if environment is None else _only_in(standings, environment)
    published = transaction.rows_in(_PUBLISHED, "versions", wanted, producer=producer_id)
    rows = [row for row in published if consumer is None or row.folded == fold_name(consumer)]
    digests = {row.digest for row in rows}
    passed = _passed(transaction, producer_id, branch, digests)
    return tuple(_needed(same, wanted, passed) for same in _by_consumer_and_content(rows))


@dataclass(frozen=True, slots=True)
class _Passed:
    """The producer, and which contents have passed on two of its branches."""

    producer: str
    on_branch: Collection[str]
    on_main: Collection[str]


def _standings(transaction: Transaction, producer: int, branch: str | None) -> dict[int, _Standing]:
    found: dict[int, _Standing] = defaultdict(_Standing)
    asked = {"producer": producer, "branch": branch}
    for row in transaction.rows(_HEADS, asked):
        found[row.version_id].on_main |= bool(row.on_main)
        found[row.version_id].on_branch |= bool(row.on_branch)
    for row in transaction.rows(_PLACED, {"producer": producer}):
        found[row.version_id].places.add(row.name)
    return found


def _only_in(standings: Mapping[int, _Standing], environment: str) -> dict[int, _Standing]:
    folded = fold_name(environment)
    return {
        version: standing
        for version, standing in standings.items()
        if any(fold_name(place) == folded for place in standing.places)
    }


def _by_consumer_and_content(rows: Sequence[Row[Any]]) -> list[list[Row[Any]]]:
    groups: dict[tuple[str, str], list[Row[Any]]] = defaultdict(list)
    # Portions come newest first each; all of them together do not.
    for row in sorted(rows, key=lambda row: row.id, reverse=True):
        groups[(row.folded, row.digest)].append(row)
    return [groups[key] for key in sorted(groups, key=lambda key: key[0])]


def _passed(
    transaction: Transaction, producer: int, branch: str | None, digests: Collection[str]
) -> _Passed:
    on_branch: set[str] = set()
    on_main: set[str] = set()
    rows = transaction.rows(_PRODUCER, {"producer": producer, "branch": branch})
    for row in rows:
        if row.id is None:
            continue
        found = transaction.rows_in(_PASSED_ON, "digests", digests, branch_id=row.id)
        passed = {each.digest for each in found}
        on_branch |= passed if row.branch == branch else set()
        on_main |= passed if row.branch == row.main_branch else set()
    return _Passed(rows[0].name, on_branch, on_main)


def _needed(
    rows: Sequence[Row[Any]], standings: Mapping[int, _Standing], passed: _Passed
) -> NeededContent:
    reasons = [standings[row.version_id] for row in rows]
    digest = rows[0].digest
    return NeededContent(
        consumer=rows[0].consumer,
        producer=passed.producer,
        digest=digest,
        versions=tuple(row.number for row in rows),
        on_main=any(reason.on_main for reason in reasons),
        on_branch=any(reason.on_branch for reason in reasons),
        placed_in=tuple(sorted({place for reason in reasons for place in reason.places})),
        passed_on_branch=digest in passed.on_branch,
        passed_on_main=digest in passed.on_main,
    )
