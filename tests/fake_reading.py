"""The fake store's bulk reads: facts for decisions, rows of the matrix, facts for the screens."""

from fake_nouns import Port
from fake_places import FakeEnvironments
from fake_state import page_of

from broker.domain.can_i_deploy import ToEnvironment, ToMain
from broker.domain.decision_facts import (
    DecisionFacts,
    LatestResult,
    PublishedContent,
    VersionFacts,
)
from broker.domain.matrix import MatrixRow, RowOutcome, VerificationRef
from broker.domain.overview import IntegrationFacts
from broker.domain.participant import VersionRef
from broker.domain.rows import outcome_of
from broker.domain.verification import ToolOutcome
from client_sdk.contract.names import fold_name


class FakeDecisions(Port):
    def facts(self, named, destination):
        s = self.state
        names = {ref.participant for ref in named}
        pairs = frozenset(pair for pair in s.integrations if names & set(pair))
        partners = {name for pair in pairs for name in pair} | names
        standing = [r for r in self._standing(destination) if r.participant in partners]
        refs = dict.fromkeys([*(r for r in named if r in s.versions), *standing])
        contents = [c for ref in refs for c in self._contents(ref, names)]
        results = s.latest_results()
        digests = {content.digest for content in contents}
        return DecisionFacts(
            as_of=s.as_of,
            versions=tuple(self._version(ref) for ref in refs),
            standing=tuple(standing),
            contents=tuple(contents),
            results=tuple(
                latest_result(result)
                for (digest, ref), result in results.items()
                if digest in digests and ref in refs
            ),
            integrations=pairs,
            verified_by={digest: verified_by(s, digest) for digest in digests},
            earlier_verified=frozenset(
                (content.consumer.participant, ref)
                for content in contents
                for ref in refs
                if ref.participant == content.producer
                and verified_another(s, content.consumer.participant, ref, content.digest)
            ),
        )

    def _standing(self, destination):
        s = self.state
        if isinstance(destination, ToEnvironment):
            return s.standing(destination.name)
        if isinstance(destination, ToMain):
            heads = [(p.name, s.main_head(p.name)) for p in s.participants.values()]
            return [VersionRef(name, head) for name, head in heads if head is not None]
        return []

    def _version(self, ref):
        published = any(
            (p.publication.consumer, p.publication.version) == (ref.participant, ref.number)
            for p in self.state.publications.values()
        )
        return VersionFacts(ref, published, self.state.versions[ref].uses_nothing)

    def _contents(self, ref, names):
        mine = (
            each.publication
            for each in self.state.publications.values()
            if (each.publication.consumer, each.publication.version)
            == (ref.participant, ref.number)
        )
        return [
            PublishedContent(
                ref,
                p.producer,
                p.digest,
                p.severity == "error",
                self.state.contents[p.digest].expectations,
            )
            for p in mine
            if ref.participant in names or p.producer in names
        ]


class FakeMatrix(Port):
    def page(self, query):
        rows = [
            (key, row)
            for key, publication in self._publications(query)
            for row in self._rows(publication, query)
            if query.outcome in (None, row.outcome)
        ]
        keyed = [(self._key(key, row), row) for key, row in rows]
        shown = page_of(keyed, query.page, lambda pair: pair[0], descending=True)
        return type(shown)(tuple(row for _, row in shown.items), shown.next)

    def _publications(self, query):
        s = self.state
        there = set(s.standing(self._place(query))) if query.environment else None
        for key, each in s.publications.items():
            p = s.shown(each).publication
            if query.consumer is not None and p.consumer != s.spelled(query.consumer):
                continue
            if query.producer is not None and p.producer != s.spelled(query.producer):
                continue
            if query.branch is not None and query.branch not in p.branches:
                continue
            if there is None or VersionRef(p.consumer, p.version) in there:
                yield key, p

    def _place(self, query):
        return FakeEnvironments(self.state).get(query.environment).name

    def _rows(self, p, query):
        s = self.state
        of_content = {r: v for (d, r), v in s.latest_results().items() if d == p.digest}
        if query.environment is None:
            return [_row(p, ref, result) for ref, result in of_content.items()] or [
                _row(p, None, None)
            ]
        there = [r for r in s.standing(self._place(query)) if r.participant == p.producer]
        if not there:
            consumer = VersionRef(p.consumer, p.version)
            return [MatrixRow(consumer, p.producer, None, p.digest, RowOutcome.MISSING)]
        return [_row(p, ref, of_content.get(ref)) for ref in there]

    def _key(self, publication_key, row):
        if row.producer_version is None:
            return (publication_key, 0)
        ref = VersionRef(row.producer, row.producer_version)
        return (publication_key, self.state.versions[ref].arrival)


class FakeOverviews(Port):
    def integrations(self, selection):
        s = self.state
        place = None
        if selection.environment is not None:
            place = FakeEnvironments(s).get(selection.environment).name
        wanted = [
            self._facts(consumer, producer, selection.branch, place)
            for consumer, producer in sorted(s.integrations, key=_folded)
            if s.spelled(selection.participant or consumer) in (consumer, producer)
            and s.spelled(selection.consumer or consumer) == consumer
            and s.spelled(selection.producer or producer) == producer
        ]
        return tuple(facts for facts in wanted if facts is not None)

    def _facts(self, consumer, producer, branch, place):
        s = self.state
        published = s.published(consumer, producer)
        newest = self._newest(consumer, published, branch)
        if newest is None:
            return None
        version = s.main_head(producer) or s.newest_version(producer)
        digest = newest.digest
        result = s.latest_results().get((digest, VersionRef(producer, version or "")))
        main = s.participants[fold_name(producer)].main_branch
        passed = set(verified_by(s, digest))
        times = [
            v.verified_at
            for v in s.verifications
            if (v.consumer, v.producer) == (consumer, producer)
        ]
        return IntegrationFacts(
            integration=s.integrations[consumer, producer],
            newest=newest,
            producer_version=version,
            result=latest_result(result) if result else None,
            earlier_verified=version is not None
            and verified_another(s, consumer, VersionRef(producer, version), digest),
            verified_by=tuple(n for n in verified_by(s, digest) if n != version),
            passed_on_main=main is not None and bool(passed & set(s.on_branch(producer, main))),
            last_verified_at=max(times, default=None),
            consumer_in_environment=self._there(consumer, place),
            producer_in_environment=self._there(producer, place),
        )

    def _newest(self, consumer, published, branch):
        s = self.state
        by_number = {p.publication.version: p.publication for p in published}
        if branch is not None:
            joined = reversed(s.on_branch(consumer, branch))
            return next((by_number[n] for n in joined if n in by_number), None)
        main = s.participants[fold_name(consumer)].main_branch
        joined = reversed(s.on_branch(consumer, main))
        on_main = next((by_number[n] for n in joined if n in by_number), None)
        return on_main or (published[-1].publication if published else None)

    def _there(self, name, place):
        there = self.state.standing(place) if place is not None else []
        newest_first = sorted(
            (r for r in there if r.participant == name),
            key=lambda r: self.state.versions[r].arrival,
            reverse=True,
        )
        return tuple(r.number for r in newest_first)

    def tallies(self, participant, numbers):
        s, name = self.state, self.state.spelled(participant)
        found = {}
        for number in numbers:
            digests = {
                p.publication.digest
                for p in s.publications.values()
                if (p.publication.consumer, p.publication.version) == (name, number)
            }
            outcomes = [
                result.outcome
                for (digest, ref), result in s.latest_results().items()
                if digest in digests or ref == VersionRef(name, number)
            ]
            passed = outcomes.count(ToolOutcome.PASSED)
            found[number] = (passed, outcomes.count(ToolOutcome.FAILED))
        return found


def latest_result(v):
    bad = ToolOutcome.FAILED if v.outcome is ToolOutcome.FAILED else ToolOutcome.NOT_TESTED
    return LatestResult(
        digest=v.contract_digest,
        producer=VersionRef(v.producer, v.version),
        outcome=v.outcome,
        ref=VerificationRef(v.id, v.number, v.verified_at),
        tools=tuple(tool.tool_name for tool in v.tools if tool.outcome is bad),
    )


def verified_by(s, digest):
    """Newest producer version first."""
    passed = [
        ref
        for (of, ref), result in s.latest_results().items()
        if of == digest and result.outcome is ToolOutcome.PASSED
    ]
    newest_first = sorted(passed, key=lambda ref: s.versions[ref].arrival, reverse=True)
    return tuple(ref.number for ref in newest_first)[:20]


def verified_another(s, consumer, ref, digest):
    return any(
        result.consumer == consumer and of != digest and result.outcome is ToolOutcome.PASSED
        for (of, by), result in s.latest_results().items()
        if by == ref
    )


def _row(p, ref, result):
    found = latest_result(result) if result else None
    return MatrixRow(
        consumer=VersionRef(p.consumer, p.version),
        producer=p.producer,
        producer_version=ref.number if ref else None,
        digest=p.digest,
        outcome=outcome_of(found),
        verification=found.ref if found else None,
    )


def _folded(pair):
    return tuple(fold_name(name) for name in pair)
