"""Facts for can-i-deploy: a fixed number of questions, each along an index.

Their cost grows with the partners at the destination, never with history.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, bindparam, exists, or_, select

from broker.domain.can_i_deploy import Destination
from broker.domain.decision_facts import (
    DecisionFacts,
    PublishedContent,
    VersionFacts,
)
from broker.domain.participant import VersionRef
from broker.domain.verification import ToolOutcome
from broker.storage import tables as t
from broker.storage.changes import SqlChanges
from broker.storage.contents import expectations_from
from broker.storage.integrations import PAIRS
from broker.storage.latest_results import (
    MOST_VERIFIERS,
    ContentAndVersion,
    passed_contents,
    results_of,
    verifiers_of,
)
from broker.storage.standing import standing_versions
from broker.storage.transaction import Transaction

_I = t.integrations.c
_P = t.publications.c
_V = t.versions.c

_PAIRS_OF = PAIRS.where(
    or_(
        _I.consumer_id.in_(bindparam("participants", expanding=True)),
        _I.producer_id.in_(bindparam("participants", expanding=True)),
    )
)
_VERSIONS = (
    select(
        _V.id,
        _V.number,
        _V.participant_id,
        _V.uses_nothing,
        t.participants.c.name.label("participant"),
        exists().where(_P.version_id == _V.id).label("published"),
    )
    .join_from(t.versions, t.participants)
    .where(_V.id.in_(bindparam("versions", expanding=True)))
)
_CONTENTS = (
    select(
        _P.id,
        _P.version_id,
        _P.producer_id,
        _P.integration_id,
        _P.content_id,
        _P.severity,
        t.contents.c.digest,
        t.contents.c.expectations,
    )
    .join_from(t.publications, t.contents)
    .where(_P.version_id.in_(bindparam("versions", expanding=True)))
)
_CONTENTS_FOR = _CONTENTS.where(_P.producer_id.in_(bindparam("producers", expanding=True)))


@dataclass(frozen=True, slots=True)
class _Scene:
    """What the question is about, as rows."""

    versions: Mapping[int, Row[Any]]
    contents: Sequence[Row[Any]]
    pairs: Mapping[int, Row[Any]]

    def ref(self, version: int) -> VersionRef:
        """The name of a version."""
        row = self.versions[version]
        return VersionRef(row.participant, row.number)

    def asked(self) -> set[ContentAndVersion]:
        """Every content with every version of its producer."""
        of_producer: dict[int, list[int]] = defaultdict(list)
        for row in self.versions.values():
            of_producer[row.participant_id].append(row.id)
        return {
            (content.content_id, version)
            for content in self.contents
            for version in of_producer[content.producer_id]
        }


class SqlDecisions:
    """See `ports.Decisions`."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    def facts(self, named: Collection[VersionRef], destination: Destination) -> DecisionFacts:
        """See `DecisionFacts`; `named` have stored spellings and may not exist as versions."""
        ids = set(self._transaction.participant_ids({ref.participant for ref in named}).values())
        pairs = {row.id: row for row in self._pairs(ids)}
        partners = {p for row in pairs.values() for p in (row.consumer_id, row.producer_id)} | ids
        standing = standing_versions(self._transaction, destination, partners)
        mentioned = {self._transaction.version_id(ref) for ref in named} - {None}
        versions = self._versions({*standing, *mentioned})
        scene = _Scene(versions, self._contents(versions, ids), pairs)
        results = results_of(self._transaction, scene.asked())
        unsettled = scene.asked() - {
            pair for pair, result in results.items() if result.outcome is ToolOutcome.PASSED
        }
        return DecisionFacts(
            as_of=SqlChanges(self._transaction).as_of(),
            versions=tuple(_version_facts(row) for row in versions.values()),
            standing=tuple(scene.ref(version) for version in standing),
            contents=tuple(_published(scene, row) for row in scene.contents),
            results=tuple(results.values()),
            integrations=frozenset((row.consumer, row.producer) for row in pairs.values()),
            verified_by=self._verified_by(scene, unsettled),
            earlier_verified=self._earlier_verified(scene, unsettled),
        )

    def _pairs(self, participants: Collection[int]) -> Sequence[Row[Any]]:
        return [*self._transaction.rows_in(_PAIRS_OF, "participants", participants)]

    def _versions(self, ids: Collection[Any]) -> dict[int, Row[Any]]:
        rows = self._transaction.rows_in(_VERSIONS, "versions", ids)
        return {row.id: row for row in rows}

    def _contents(
        self, versions: Mapping[int, Row[Any]], named: Collection[int]
    ) -> Sequence[Row[Any]]:
        own = {row.id for row in versions.values() if row.participant_id in named}
        others = versions.keys() - own
        rows = [
            *self._transaction.rows_in(_CONTENTS, "versions", own),
            *self._transaction.rows_in(_CONTENTS_FOR, "versions", others, producers=sorted(named)),
        ]
        return sorted(rows, key=lambda row: row.id)

    def _verified_by(
        self, scene: _Scene, unsettled: Collection[ContentAndVersion]
    ) -> Mapping[str, tuple[str, ...]]:
        open_contents = {content for content, _ in unsettled}
        digests = {row.content_id: row.digest for row in scene.contents}
        return {
            digests[content]: tuple(verifiers.values())[:MOST_VERIFIERS]
            for content, verifiers in verifiers_of(self._transaction, open_contents).items()
        }

    def _earlier_verified(
        self, scene: _Scene, unsettled: Collection[ContentAndVersion]
    ) -> frozenset[tuple[str, VersionRef]]:
        integrations = defaultdict(set)
        for row in scene.contents:
            integrations[row.content_id].add(row.integration_id)
        asked = {
            (version, integration, content)
            for content, version in unsettled
            for integration in integrations[content]
        }
        passed = passed_contents(self._transaction, {key[:2] for key in asked})
        return frozenset(
            (scene.pairs[integration].consumer, scene.ref(version))
            for version, integration, content in asked
            if passed.get((version, integration), set()) - {content}
        )


def _version_facts(row: Row[Any]) -> VersionFacts:
    return VersionFacts(
        VersionRef(row.participant, row.number), bool(row.published), row.uses_nothing
    )


def _published(scene: _Scene, row: Row[Any]) -> PublishedContent:
    return PublishedContent(
        consumer=scene.ref(row.version_id),
        producer=scene.pairs[row.integration_id].producer,
        digest=row.digest,
        breaking=row.severity == "error",
        expectations=expectations_from(row.expectations),
    )
