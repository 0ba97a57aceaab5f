"""Which pairs of versions a question is about, and what is known of each."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from broker.domain.can_i_deploy import AmongThemselves, DeployQuery, Ignore
from broker.domain.decision_facts import DecisionFacts, LatestResult, PublishedContent
from broker.domain.expectation import Expectation
from broker.domain.matrix import MatrixRow, RowOutcome
from broker.domain.participant import VersionRef
from broker.domain.verification import ToolOutcome


@dataclass(frozen=True, slots=True)
class FactRow:
    """A row with the facts its reason will speak of."""

    row: MatrixRow
    result: LatestResult | None = None
    breaking: bool = False
    expectations: tuple[Expectation, ...] = ()


def rows_asked_about(query: DeployQuery, facts: DecisionFacts) -> tuple[FactRow, ...]:
    """Every pair that counts for the question, by consumer then producer."""
    scene = _scene(query, facts)
    rows = [*_rows_of_contents(scene, facts), *_rows_without_contract(scene, facts)]
    marked = (_marked(row, query.ignores) for row in rows)
    return tuple(sorted(marked, key=_by_names))


@dataclass(frozen=True, slots=True)
class _Scene:
    """The destination as it would be: named versions in the place of their participants'."""

    named: frozenset[VersionRef]
    there: Mapping[str, tuple[VersionRef, ...]]  # by participant
    producers_may_miss: bool

    def concerns(self, consumer: VersionRef, producer: str) -> bool:
        """Both are part of the question: one side is named, the consumer is there."""
        present = consumer in self.there.get(consumer.participant, ())
        return present and (consumer in self.named or self.is_named(producer))

    def is_named(self, participant: str) -> bool:
        """The question names a version of this participant."""
        return any(ref in self.named for ref in self.there.get(participant, ()))

    def producers(self, name: str) -> tuple[VersionRef | None, ...]:
        """Versions of the producer that are there; `None` alone stands for a missing one."""
        there = self.there.get(name, ())
        return there or ((None,) if self.producers_may_miss else ())


def _scene(query: DeployQuery, facts: DecisionFacts) -> _Scene:
    named = frozenset(query.versions)
    replaced = {ref.participant for ref in named}
    standing = (ref for ref in facts.standing if ref.participant not in replaced)
    there: dict[str, tuple[VersionRef, ...]] = {}
    for ref in dict.fromkeys((*query.versions, *standing)):
        there[ref.participant] = (*there.get(ref.participant, ()), ref)
    return _Scene(named, there, not isinstance(query.destination, AmongThemselves))


def _rows_of_contents(scene: _Scene, facts: DecisionFacts) -> Iterator[FactRow]:
    results = {(result.digest, result.producer): result for result in facts.results}
    for content in facts.contents:
        if scene.concerns(content.consumer, content.producer):
            for producer in scene.producers(content.producer):
                yield _row(content, producer, results, facts)


def _row(
    content: PublishedContent,
    producer: VersionRef | None,
    results: Mapping[tuple[str, VersionRef], LatestResult],
    facts: DecisionFacts,
) -> FactRow:
    if producer is None:
        return FactRow(_missing(content), breaking=content.breaking)
    result = results.get((content.digest, producer))
    outcome = outcome_of(result)
    unknown = outcome is RowOutcome.UNKNOWN
    others = facts.verified_by.get(content.digest, ()) if unknown else ()
    row = MatrixRow(
        consumer=content.consumer,
        producer=content.producer,
        producer_version=producer.number,
        digest=content.digest,
        outcome=outcome,
        verification=result.ref if result else None,
        stale=unknown and (content.consumer.participant, producer) in facts.earlier_verified,
        verified_by=tuple(number for number in others if number != producer.number),
    )
    return FactRow(row, result, content.breaking, content.expectations)


def outcome_of(result: LatestResult | None) -> RowOutcome:
    """What the latest result says of its pair; no result and an incomplete one say nothing."""
    if result is None or result.outcome is ToolOutcome.NOT_TESTED:
        return RowOutcome.UNKNOWN
    passed = result.outcome is ToolOutcome.PASSED
    return RowOutcome.VERIFIED if passed else RowOutcome.FAILED


def _missing(content: PublishedContent) -> MatrixRow:
    return MatrixRow(content.consumer, content.producer, None, content.digest, RowOutcome.MISSING)


def _rows_without_contract(scene: _Scene, facts: DecisionFacts) -> Iterator[FactRow]:
    """A version that is there and said nothing, though others of its participant did."""
    silent = {v.ref for v in facts.versions if not (v.published or v.uses_nothing)}
    for consumer, producer in facts.integrations:
        for ref in scene.there.get(consumer, ()):
            if ref in silent and scene.concerns(ref, producer):
                for other in scene.producers(producer):
                    number = other.number if other else None
                    row = MatrixRow(ref, producer, number, None, RowOutcome.UNKNOWN)
                    yield FactRow(row)


def _marked(fact: FactRow, ignores: tuple[Ignore, ...]) -> FactRow:
    if not any(_matches(ignore, fact.row) for ignore in ignores):
        return fact
    return replace(fact, row=replace(fact.row, ignored=True))


def _matches(ignore: Ignore, row: MatrixRow) -> bool:
    sides = ((row.consumer.participant, row.consumer.number), (row.producer, row.producer_version))
    return any(
        name == ignore.participant and ignore.version in (None, number) for name, number in sides
    )


def _by_names(fact: FactRow) -> tuple[str, str, str, str]:
    row = fact.row
    sides = (row.consumer.participant, row.consumer.number, row.producer)
    return (*sides, row.producer_version or "")
