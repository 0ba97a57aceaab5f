"""The fake store's port for publications, the one with the most questions."""

from dataclasses import replace

from fake_nouns import FakeIntegrations, FakeParticipants, Port
from fake_state import page_of

from broker.domain.participant import VersionRef
from broker.domain.publication import PairFacts, Predecessor, Predecessors, PublishFacts
from broker.domain.verification import NeededContent, ToolOutcome
from client_sdk.contract.names import fold_name


class FakePublications(Port):
    def facts(self, ref, producers, branch, *, live):
        s, ref = self.state, self.state.ref(ref)
        people = FakeParticipants(s)
        return PublishFacts(
            consumer=s.participants.get(fold_name(ref.participant)),
            version=s.version(ref),
            frozen_because=self._frozen(ref),
            producers=people.find(producers),
            pairs={name: self._pair_facts(ref, name, branch, live=live) for name in producers},
        )

    def _frozen(self, ref):
        digests = {p.digest for p in self.of_version(ref)}
        verified = any(v.contract_digest in digests for v in self.state.verifications)
        kinds = {
            d.kind.value
            for d in self.state.placements()
            if (d.participant, d.version) == (ref.participant, ref.number)
        }
        return (*(["verified"] if verified else []), *sorted(kinds))

    def _pair_facts(self, ref, producer, branch, *, live):
        s = self.state
        published = s.published(ref.participant, producer)
        others = {
            p.publication.version: Predecessor(p.publication.version, p.publication.digest)
            for p in published
            if p.publication.version != ref.number
        }
        consumer = s.participants.get(fold_name(ref.participant))
        main = consumer.main_branch if consumer else None
        return PairFacts(
            integration=FakeIntegrations(s).get(ref.participant, producer),
            existing=next((p for p in published if p.publication.version == ref.number), None),
            predecessors=Predecessors(
                on_branch=self._newest(others, s.on_branch(ref.participant, branch)),
                on_main=self._newest(others, s.on_branch(ref.participant, main)),
                last=next(reversed(others.values()), None),
            ),
            live=self._live(ref.participant, others) if live else (),
        )

    def _newest(self, others, numbers):
        return next((others[n] for n in reversed(numbers) if n in others), None)

    def _live(self, consumer, others):
        s = self.state
        used = s.heads() | {VersionRef(p.participant, p.version) for p in s.placements()}
        return tuple(o for n, o in reversed(others.items()) if VersionRef(consumer, n) in used)

    def add(self, publications):
        taken = {_key(each) for each in self.state.publications.values()}
        if any(_key(each) in taken for each in publications):
            return False
        for each in publications:
            self.state.publications[next(self.state.ids)] = each
        return True

    def replace(self, publication, expected_digest):
        for key, each in self.state.publications.items():
            if _key(each) == _key(publication) and each.publication.digest == expected_digest:
                self.state.publications[key] = publication
                return True
        return False

    def get(self, consumer, producer, version):
        found = self.state.published(consumer, producer)
        return next((p for p in found if p.publication.version == version), None)

    def latest(self, consumer, producer, *, branch, environment):
        s = self.state
        consumer = s.spelled(consumer)
        published = s.published(consumer, producer)
        if environment is not None:
            there = set(s.standing(s.environments[fold_name(environment)].name))
            published = [
                p for p in published if VersionRef(consumer, p.publication.version) in there
            ]
        by_number = {p.publication.version: p for p in published}
        if branch is not None:
            return self._newest(by_number, s.on_branch(consumer, branch))
        last = published[-1] if published else None
        if environment is not None:
            return last
        people = s.participants.get(fold_name(consumer))
        main = people.main_branch if people else None
        return self._newest(by_number, s.on_branch(consumer, main)) or last

    def page(self, consumer, producer, page):
        keys = {_key(each): key for key, each in self.state.publications.items()}
        found = self.state.published(consumer, producer)
        shown = page_of(found, page, lambda p: (keys[_key(p)],), descending=True)
        return replace(shown, items=tuple(p.publication for p in shown.items))

    def of_version(self, ref):
        ref = self.state.ref(ref)
        mine = [
            self.state.shown(each).publication
            for each in self.state.publications.values()
            if (each.publication.consumer, each.publication.version)
            == (ref.participant, ref.number)
        ]
        return tuple(sorted(mine, key=lambda p: fold_name(p.producer)))

    def of_content(self, digest):
        found = [
            self.state.shown(self.state.publications[key]).publication
            for key in sorted(self.state.publications)
            if self.state.publications[key].publication.digest == digest
        ]
        return found[-1] if found else None

    def needed_from(self, producer, *, branch, environment, consumer):
        s, name = self.state, self.state.spelled(producer)
        consumers = sorted((pair[0] for pair in s.integrations if pair[1] == name), key=fold_name)
        if consumer is not None:
            consumers = [each for each in consumers if each == s.spelled(consumer)]
        needed = []
        for each in consumers:
            needed.extend(self._needed(each, name, branch, environment))
        return tuple(needed)

    def _needed(self, consumer, producer, branch, environment):
        s = self.state
        by_digest = {}
        for each in reversed(s.published(consumer, producer)):
            number, digest = each.publication.version, each.publication.digest
            on_main = s.main_head(consumer) == number
            on_branch = branch is not None and s.head(consumer, branch) == number
            places = [
                p.environment
                for p in s.placements()
                if (p.participant, p.version) == (consumer, number)
            ]
            if environment is not None:
                wanted = s.environments[fold_name(environment)].name in places
            else:
                wanted = on_main or on_branch or bool(places)
            if wanted:
                by_digest.setdefault(digest, []).append((number, on_main, on_branch, places))
        return [
            self._needed_content((consumer, producer), digest, found, branch)
            for digest, found in by_digest.items()
        ]

    def _needed_content(self, pair, digest, found, branch):
        s, (consumer, producer) = self.state, pair
        passed = {
            ref.number
            for (of, ref), result in s.latest_results().items()
            if of == digest and ref.participant == producer and result.outcome is ToolOutcome.PASSED
        }
        people = s.participants[fold_name(producer)]
        return NeededContent(
            consumer=consumer,
            producer=producer,
            digest=digest,
            versions=tuple(number for number, *_ in found),
            on_main=any(on_main for _, on_main, _, _ in found),
            on_branch=any(on_branch for _, _, on_branch, _ in found),
            placed_in=tuple(sorted({p for *_, places in found for p in places})),
            passed_on_branch=branch is not None
            and not passed.isdisjoint(s.on_branch(producer, branch)),
            passed_on_main=people.main_branch is not None
            and not passed.isdisjoint(s.on_branch(producer, people.main_branch)),
        )


def _key(each):
    p = each.publication
    return (p.consumer, p.version, p.producer)
