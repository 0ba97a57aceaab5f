"""What must be known before a version publishes, and which publication of a pair is the newest."""

from collections.abc import Collection, Mapping
from typing import Any

from sqlalchemy import (
    BindParameter,
    Row,
    Select,
    bindparam,
    exists,
    literal,
    select,
    union,
    union_all,
)

from broker.domain.participant import Participant, VersionRef
from broker.domain.publication import (
    PairFacts,
    Predecessor,
    Predecessors,
    PublishFacts,
    RecordedPublication,
)
from broker.storage import tables as t
from broker.storage.integrations import integration_from_row, pairs_of
from broker.storage.newest import at_most, newest_of
from broker.storage.participants import SqlParticipants
from broker.storage.publication_rows import (
    RECORDED,
    integration_id,
    recorded_from_rows,
    recorded_of_version,
)
from broker.storage.transaction import Transaction
from broker.storage.versions import SqlVersions

_P = t.publications.c
_V = t.versions.c
_J = t.publication_branches.c
_B = t.branches.c
_D = t.deployments.c
_R = t.releases.c
_NO_VERSION = 0

# By producer where versions come first, by integration where publications do: along an index each.
_OF_PRODUCER = _P.producer_id == bindparam("producer")
_OF_OTHERS = _P.version_id != bindparam("version")
_CANDIDATES = (
    select(_P.id, _V.number, t.contents.c.digest)
    .join_from(t.publications, t.versions, _P.version_id == _V.id)
    .join(t.contents, _P.content_id == t.contents.c.id)
    .where(_OF_OTHERS)
)
_INTEGRATION: BindParameter[int] = bindparam("integration")
_NEWEST = newest_of(_P.integration_id, _INTEGRATION).where(_OF_OTHERS).subquery("newest")
_LAST = _CANDIDATES.join(_NEWEST, _P.id == _NEWEST.c.id).where(_NEWEST.c.owner == _INTEGRATION)


def _newest_on(branch: str) -> Select[Any]:
    # The branch as one value, not as a joined table: so PostgreSQL takes the index's order too.
    which = select(_B.id).where(
        _B.participant_id == bindparam("consumer"), _B.name == bindparam(branch)
    )
    return (
        _CANDIDATES.join(t.publication_branches, _J.publication_id == _P.id)
        .where(
            _J.branch_id == which.scalar_subquery(),
            _J.producer_id == bindparam("producer"),
        )
        .order_by(_J.join_id.desc())
        .limit(at_most(1))
    )


def _called(why: str, candidates: Select[Any]) -> Select[Any]:
    # SQLite takes a limit inside a union only from a sub-select.
    found = candidates.subquery(why)
    return select(literal(why).label("why"), found.c.id, found.c.number, found.c.digest)


_PREDECESSORS = union_all(
    _called("branch", _newest_on("branch")), _called("main", _newest_on("main")),
    _called("last", _LAST),
)  # fmt: skip
_IN_USE = union(
    select(_B.head_id.label("version_id")).where(_B.participant_id == bindparam("consumer")),
    select(_D.version_id).where(
        _D.participant_id == bindparam("consumer"), _D.undeployed_at.is_(None)
    ),
    select(_R.version_id).where(
        _R.participant_id == bindparam("consumer"), _R.support_ended_at.is_(None)
    ),
)
_LIVE = _CANDIDATES.where(_OF_PRODUCER, _P.version_id.in_(_IN_USE)).order_by(_P.id.desc())
_STANDING_IN = union(
    select(_D.version_id).where(
        _D.environment_id == bindparam("environment"),
        _D.participant_id == bindparam("consumer"),
        _D.undeployed_at.is_(None),
    ),
    select(_R.version_id).where(
        _R.environment_id == bindparam("environment"),
        _R.participant_id == bindparam("consumer"),
        _R.support_ended_at.is_(None),
    ),
)
_STANDING = (
    _CANDIDATES.where(_OF_PRODUCER, _P.version_id.in_(_STANDING_IN))
    .order_by(_P.id.desc())
    .limit(at_most(1))
)
_RECORDED = RECORDED.where(_P.id == bindparam("which"))
_FROZEN = select(
    exists()
    .where(
        _P.version_id == bindparam("version"),
        t.latest_verifications.c.content_id == _P.content_id,
    )
    .label("verified"),
    exists()
    .where(_D.version_id == bindparam("version"), _D.undeployed_at.is_(None))
    .label("deployed"),
    exists()
    .where(_R.version_id == bindparam("version"), _R.support_ended_at.is_(None))
    .label("released"),
)


def publish_facts(
    transaction: Transaction,
    ref: VersionRef,
    producers: Collection[str],
    branch: str | None,
    *,
    live: bool,
) -> PublishFacts:
    """All that must be known before `ref` publishes for `producers`."""
    found = SqlParticipants(transaction).find({ref.participant, *producers})
    consumer = found.get(ref.participant)
    known = {name: found[name] for name in producers if name in found}
    if consumer is None:
        nothing = {name: PairFacts() for name in producers}
        return PublishFacts(producers=known, pairs=nothing)
    version = SqlVersions(transaction).find((ref,)).get(ref)
    which = _NO_VERSION if version is None else version.arrival
    pairs = _Pairs(transaction, consumer, which, branch, live=live).facts(producers)
    frozen = () if version is None else _frozen_because(transaction, which)
    return PublishFacts(consumer, version, frozen, known, pairs)


def latest_publication(
    transaction: Transaction,
    consumer: str,
    producer: str,
    *,
    branch: str | None,
    environment: str | None,
) -> RecordedPublication | None:
    """The newest publication of a pair on a branch, in an environment, or of all."""
    integration = integration_id(transaction, consumer, producer)
    participant = SqlParticipants(transaction).find((consumer,)).get(consumer)
    if integration is None or participant is None:
        return None
    asked: dict[str, object] = {
        "integration": integration,
        "version": _NO_VERSION,
        "consumer": transaction.participant_id(consumer),
        "producer": transaction.participant_id(producer),
    }
    if environment is not None:
        asked["environment"] = transaction.environment_id(environment)
        return _recorded(transaction, _STANDING, asked)
    asked |= {"branch": branch, "main": participant.main_branch}
    if branch is not None:
        return _recorded(transaction, _newest_on("branch"), asked)
    newest_on_main = _recorded(transaction, _newest_on("main"), asked)
    return newest_on_main or _recorded(transaction, _LAST, asked)


class _Pairs:
    def __init__(
        self,
        transaction: Transaction,
        consumer: Participant,
        version: int,
        branch: str | None,
        *,
        live: bool,
    ) -> None:
        self._transaction = transaction
        self._consumer_id = transaction.participant_ids((consumer.name,))[consumer.name]
        self._version = version
        self._branches = {"branch": branch, "main": consumer.main_branch}
        self._live = live

    def facts(self, producers: Collection[str]) -> Mapping[str, PairFacts]:
        """What is known about each pair, by the producer as asked."""
        ids = self._transaction.participant_ids(producers)
        pairs = pairs_of(self._transaction, self._consumer_id, ids.values())
        by_producer = {row.producer_id: row for row in pairs}
        existing = self._recorded(ids.values())
        facts = {}
        for name in producers:
            row = by_producer.get(ids.get(name, 0))
            if row is None:
                facts[name] = PairFacts()
                continue
            facts[name] = PairFacts(
                integration=integration_from_row(row),
                existing=existing.get(row.producer_id),
                predecessors=self._predecessors(row),
                live=self._live_ones(row) if self._live else (),
            )
        return facts

    def _recorded(self, producers: Collection[int]) -> Mapping[int, RecordedPublication]:
        if self._version == _NO_VERSION:
            return {}
        return recorded_of_version(self._transaction, self._version, producers)

    def _predecessors(self, pair: Row[Any]) -> Predecessors:
        asked = self._asked(pair) | self._branches
        rows = self._transaction.rows(_PREDECESSORS, asked)
        found = {row.why: Predecessor(row.number, row.digest) for row in rows}
        return Predecessors(found.get("branch"), found.get("main"), found.get("last"))

    def _live_ones(self, pair: Row[Any]) -> tuple[Predecessor, ...]:
        rows = self._transaction.rows(_LIVE, self._asked(pair))
        return tuple(Predecessor(row.number, row.digest) for row in rows)

    def _asked(self, pair: Row[Any]) -> dict[str, object]:
        return {
            "integration": pair.id,
            "consumer": pair.consumer_id,
            "producer": pair.producer_id,
            "version": self._version,
        }


def _frozen_because(transaction: Transaction, version: int) -> tuple[str, ...]:
    row = transaction.row(_FROZEN, {"version": version})
    if row is None:
        return ()
    reasons = (("verified", row.verified), ("deployed", row.deployed), ("released", row.released))
    return tuple(why for why, holds in reasons if holds)


def _recorded(
    transaction: Transaction, candidates: Select[Any], asked: Mapping[str, object]
) -> RecordedPublication | None:
    row = transaction.row(candidates, asked)
    if row is None:
        return None
    rows = transaction.rows(_RECORDED, {"which": row.id})
    return recorded_from_rows(transaction, rows)[0]
