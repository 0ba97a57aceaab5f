"""Facts for the screens: every integration at its newest versions."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    Column,
    Row,
    ScalarSelect,
    Select,
    bindparam,
    exists,
    func,
    or_,
    select,
    union,
)

from broker.domain.decision_facts import LatestResult
from broker.domain.overview import IntegrationFacts, IntegrationSelection
from broker.domain.participant import VersionRef
from broker.domain.publication import Publication
from broker.storage import tables as t
from broker.storage.integrations import CONSUMER, PRODUCER, integration_from_row
from broker.storage.latest_results import (
    MOST_VERIFIERS,
    ContentAndVersion,
    passed_contents,
    results_of,
    verifiers_of,
)
from broker.storage.newest import at_most, newest_of
from broker.storage.publication_rows import PUBLISHED, publications_from_rows
from broker.storage.standing import versions_in
from broker.storage.transaction import Transaction

_I = t.integrations.c
_P = t.publications.c
_V = t.versions.c
_B = t.branches.c
_J = t.version_branches.c
_L = t.latest_verifications.c
_R = t.verifications.c


def _newest_on(branch: Any) -> ScalarSelect[Any]:  # noqa: ANN401 - a column or a parameter
    placed = t.publication_branches.c
    # The branch as one value, not as a joined table: so PostgreSQL takes the index's order too.
    which = (
        select(_B.id)
        .where(_B.participant_id == _I.consumer_id, _B.name == branch)
        .correlate(t.integrations, CONSUMER)
        .scalar_subquery()
    )
    return (
        select(placed.publication_id)
        .where(placed.branch_id == which, placed.producer_id == _I.producer_id)
        .order_by(placed.join_id.desc())
        .limit(at_most(1))
        .correlate(t.integrations, CONSUMER)
        .scalar_subquery()
    )


def _newest_id(owner: Column[Any], which: Column[Any]) -> ScalarSelect[Any]:
    newest = newest_of(owner, which).correlate(t.integrations).subquery()
    same = newest.c.owner == which
    return select(newest.c.id).where(same).correlate(t.integrations).scalar_subquery()


_LAST = _newest_id(_P.integration_id, _I.id)
_LAST_RESULT = (
    select(_R.verified_at)
    .where(_R.integration_id == _I.id)
    .order_by(_R.id.desc())
    .limit(at_most(1))
    .scalar_subquery()
)
_MAIN_HEAD = (
    select(_B.head_id)
    .where(_B.participant_id == _I.producer_id, _B.name == PRODUCER.c.main_branch)
    .scalar_subquery()
)
_NEWEST_VERSION = _newest_id(_V.participant_id, _I.producer_id)
_INTEGRATIONS = (
    select(
        _I.id,
        _I.consumer_id,
        _I.producer_id,
        _I.mode,
        _I.on_breaking,
        CONSUMER.c.name.label("consumer"),
        PRODUCER.c.name.label("producer"),
        PRODUCER.c.main_branch,
        _LAST_RESULT.label("last_verified_at"),
        func.coalesce(_MAIN_HEAD, _NEWEST_VERSION).label("producer_version_id"),
    )
    .join_from(t.integrations, CONSUMER, _I.consumer_id == CONSUMER.c.id)
    .join(PRODUCER, _I.producer_id == PRODUCER.c.id)
    .order_by(CONSUMER.c.folded, PRODUCER.c.folded)
)
_AT_MAIN = _INTEGRATIONS.add_columns(
    func.coalesce(_newest_on(CONSUMER.c.main_branch), _LAST).label("newest")
)
_AT_BRANCH = _INTEGRATIONS.add_columns(_newest_on(bindparam("branch")).label("newest"))
_PUBLICATIONS = PUBLISHED.where(_P.id.in_(bindparam("ids", expanding=True)))
_NUMBERS = (
    select(_V.id, _V.number, _V.participant_id)
    .where(_V.id.in_(bindparam("ids", expanding=True)))
    .order_by(_V.id.desc())
)
_PASSED_ON_MAIN = select(_P.id).where(
    _P.id.in_(bindparam("ids", expanding=True)),
    exists().where(
        _L.content_id == _P.content_id,
        _L.outcome == "passed",
        _J.version_id == _L.version_id,
        _J.branch_id == _B.id,
        _B.participant_id == _P.producer_id,
        _B.name == PRODUCER.c.main_branch,
        PRODUCER.c.id == _P.producer_id,
    ),
)
_AS_PRODUCER = select(_L.version_id.label("which"), _L.content_id, _L.version_id, _L.outcome).where(
    _L.version_id.in_(bindparam("versions", expanding=True))
)
_AS_CONSUMER = (
    select(_P.version_id, _L.content_id, _L.version_id, _L.outcome)
    .join_from(t.publications, t.latest_verifications, _L.content_id == _P.content_id)
    .where(_P.version_id.in_(bindparam("versions", expanding=True)))
)
_PART_IN = union(_AS_PRODUCER, _AS_CONSUMER).subquery("part_in")
_TALLIES = select(_PART_IN.c.which, _PART_IN.c.outcome, func.count().label("number")).group_by(
    _PART_IN.c.which, _PART_IN.c.outcome
)


class SqlOverviews:
    """See `ports.Overviews`."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    def integrations(self, selection: IntegrationSelection) -> tuple[IntegrationFacts, ...]:
        """Every selected integration at its newest versions, by consumer then producer."""
        rows = self._integrations(selection)
        scene = self._scene(rows, selection.environment)
        return tuple(self._facts(row, scene) for row in rows)

    def tallies(self, participant: str, numbers: Collection[str]) -> Mapping[str, tuple[int, int]]:
        """Per version number (passed, failed) among the latest results it has part in."""
        identify = self._transaction.version_id
        ids = {number: identify(VersionRef(participant, number)) for number in numbers}
        rows = self._transaction.rows_in(_TALLIES, "versions", set(ids.values()) - {None})
        counts = {(row.which, row.outcome): row.number for row in rows}
        return {
            number: (counts.get((which, "passed"), 0), counts.get((which, "failed"), 0))
            for number, which in ids.items()
        }

    def _integrations(self, selection: IntegrationSelection) -> list[Row[Any]]:
        statement = _AT_MAIN if selection.branch is None else _AT_BRANCH
        asked = {} if selection.branch is None else {"branch": selection.branch}
        rows = self._transaction.rows(self._selected(statement, selection), asked)
        return [row for row in rows if row.newest is not None]

    def _selected(self, statement: Select[Any], selection: IntegrationSelection) -> Select[Any]:
        identify = self._transaction.participant_id
        if selection.participant is not None:
            either = identify(selection.participant)
            statement = statement.where(or_(_I.consumer_id == either, _I.producer_id == either))
        if selection.consumer is not None:
            statement = statement.where(_I.consumer_id == identify(selection.consumer))
        if selection.producer is not None:
            statement = statement.where(_I.producer_id == identify(selection.producer))
        return statement

    def _scene(self, rows: Sequence[Row[Any]], environment: str | None) -> "_Scene":
        newest = [*self._transaction.rows_in(_PUBLICATIONS, "ids", {row.newest for row in rows})]
        content = {row.id: row.content_id for row in newest}
        asked = {
            (content[row.newest], row.producer_version_id)
            for row in rows
            if row.producer_version_id is not None
        }
        there = [] if environment is None else versions_in(self._transaction, environment)
        versions = {row.producer_version_id for row in rows} - {None}
        numbers = [*self._transaction.rows_in(_NUMBERS, "ids", {*versions, *there})]
        publications = publications_from_rows(self._transaction, newest)
        passed = self._transaction.rows_in(_PASSED_ON_MAIN, "ids", set(content))
        pairs = {(row.producer_version_id, row.id) for row in rows} - {None}
        return _Scene(
            publications=dict(zip(content, publications, strict=True)),
            content=content,
            results=results_of(self._transaction, asked),
            passed=passed_contents(
                self._transaction, {pair for pair in pairs if pair[0] is not None}
            ),
            verifiers=verifiers_of(self._transaction, set(content.values())),
            passed_on_main={row.id for row in passed},
            numbers={row.id: row.number for row in numbers},
            there=_by_participant(numbers, set(there)),
        )

    def _facts(self, row: Row[Any], scene: "_Scene") -> IntegrationFacts:
        content, version = scene.content[row.newest], row.producer_version_id
        passed = scene.passed.get((version, row.id), set())
        return IntegrationFacts(
            integration=integration_from_row(row),
            newest=scene.publications[row.newest],
            producer_version=scene.numbers.get(version),
            result=scene.results.get((content, version)),
            earlier_verified=bool(passed - {content}),
            verified_by=_others(scene.verifiers[content], version),
            passed_on_main=row.newest in scene.passed_on_main,
            last_verified_at=row.last_verified_at,
            consumer_in_environment=scene.there.get(row.consumer_id, ()),
            producer_in_environment=scene.there.get(row.producer_id, ()),
        )


@dataclass(frozen=True, slots=True)
class _Scene:
    """What several integrations share, read in bulk."""

    publications: Mapping[int, Publication]
    content: Mapping[int, int]
    results: Mapping[ContentAndVersion, LatestResult]
    passed: Mapping[tuple[int, int], set[int]]
    verifiers: Mapping[int, Mapping[int, str]]
    passed_on_main: Collection[int]
    numbers: Mapping[int, str]
    there: Mapping[int, tuple[str, ...]]


def _others(verifiers: Mapping[int, str], apart_from: int | None) -> tuple[str, ...]:
    numbers = [number for which, number in verifiers.items() if which != apart_from]
    return tuple(numbers[:MOST_VERIFIERS])


def _by_participant(
    versions: Iterable[Row[Any]], there: Collection[int]
) -> Mapping[int, tuple[str, ...]]:
    found: dict[int, tuple[str, ...]] = {}
    for row in sorted(versions, key=lambda row: row.id, reverse=True):
        if row.id in there:
            found[row.participant_id] = (*found.get(row.participant_id, ()), row.number)
    return found
