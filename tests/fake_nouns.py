"""The fake store's ports for nouns: straightforward code over `State`, no cleverness."""

from dataclasses import dataclass, replace

from fake_state import Join, State, page_of

from broker.domain.participant import Branch, Participant, Version, VersionRef
from broker.domain.publication import PairFacts, Predecessor, Predecessors, PublishFacts
from broker.domain.verification import NeededContent, ToolOutcome, Verification
from client_sdk.contract.names import fold_name


@dataclass
class Port:
    state: State


class FakeParticipants(Port):
    def find(self, names):
        known = self.state.participants
        return {name: known[fold_name(name)] for name in names if fold_name(name) in known}

    def ensure(self, names, at):
        for name in names:
            self.state.participants.setdefault(fold_name(name), Participant(name, at))
        return self.find(names)

    def save(self, participant):
        before = self.state.participants[fold_name(participant.name)]
        kept = replace(participant, name=before.name, created_at=before.created_at)
        self.state.participants[fold_name(participant.name)] = kept

    def claim_main_branch(self, name, branch):
        before = self.state.participants[fold_name(name)]
        if before.main_branch is not None:
            return False
        self.state.participants[fold_name(name)] = replace(before, main_branch=branch)
        return True

    def delete(self, name):
        s, name = self.state, self.state.spelled(name)
        del s.participants[fold_name(name)]
        s.versions = {ref: v for ref, v in s.versions.items() if ref.participant != name}
        s.joins = [j for j in s.joins if j.participant != name]
        s.publications = {
            key: each
            for key, each in s.publications.items()
            if name not in (each.publication.consumer, each.publication.producer)
        }
        s.integrations = {pair: i for pair, i in s.integrations.items() if name not in pair}
        s.verifications = [v for v in s.verifications if name not in (v.consumer, v.producer)]
        s.deployments = {k: d for k, d in s.deployments.items() if d.participant != name}
        s.releases = {k: r for k, r in s.releases.items() if r.participant != name}

    def page(self, page):
        found = self.state.participants.values()
        return page_of(found, page, lambda p: (fold_name(p.name),), descending=False)


class FakeVersions(Port):
    def find(self, refs):
        found = {ref: self.state.version(ref) for ref in refs}
        return {ref: version for ref, version in found.items() if version is not None}

    def ensure(self, ref, at, build_url):
        ref = self.state.ref(ref)
        before = self.state.versions.get(ref)
        arrival = next(self.state.ids)
        version = before or Version(ref.participant, ref.number, arrival, at)
        self.state.versions[ref] = replace(version, build_url=version.build_url or build_url)
        return self.state.version(ref), before is None

    def mark_uses_nothing(self, ref):
        before = self.state.versions[self.state.ref(ref)]
        self.state.versions[before.ref] = replace(before, uses_nothing=True)
        return not before.uses_nothing

    def join_branch(self, ref, branch, at):
        ref = self.state.ref(ref)
        if ref.number in self.state.on_branch(ref.participant, branch):
            return False
        self.state.joins.append(Join(ref.participant, branch, ref.number, at))
        return True

    def page(self, participant, page, *, branch=None):
        name = self.state.spelled(participant)
        mine = [self.state.version(ref) for ref in self.state.versions if ref.participant == name]
        if branch is not None:
            mine = [version for version in mine if branch in version.branches]
        return page_of(mine, page, lambda v: (v.arrival,), descending=True)

    def branches(self, participant):
        name = self.state.spelled(participant)
        newest = {j.branch: j for j in self.state.joins if j.participant == name}
        return tuple(Branch(name, b, j.number, j.at) for b, j in sorted(newest.items()))

    def delete(self, ref):
        s, ref = self.state, self.state.ref(ref)
        mine = (ref.participant, ref.number)
        del s.versions[ref]
        s.joins = [j for j in s.joins if (j.participant, j.number) != mine]
        s.publications = {
            key: each
            for key, each in s.publications.items()
            if (each.publication.consumer, each.publication.version) != mine
        }
        s.verifications = [v for v in s.verifications if (v.producer, v.version) != mine]
        s.deployments = {
            k: d for k, d in s.deployments.items() if (d.participant, d.version) != mine
        }
        s.releases = {k: r for k, r in s.releases.items() if (r.participant, r.version) != mine}


class FakeContents(Port):
    def add(self, contents):
        for content in contents:
            self.state.contents.setdefault(content.digest, content)

    def find(self, digests):
        return {d: self.state.contents[d] for d in digests if d in self.state.contents}


class FakeReports(Port):
    def add(self, reports):
        for key, report in reports.items():
            self.state.reports.setdefault(key, report)

    def find(self, keys):
        return {key: self.state.reports[key] for key in keys if key in self.state.reports}


class FakeIntegrations(Port):
    def get(self, consumer, producer):
        return self.state.integrations.get(self._pair(consumer, producer))

    def ensure(self, integrations):
        for each in integrations:
            self.state.integrations.setdefault(self._pair(each.consumer, each.producer), each)

    def save(self, integration):
        self.state.integrations[self._pair(integration.consumer, integration.producer)] = (
            integration
        )

    def _pair(self, consumer, producer):
        return (self.state.spelled(consumer), self.state.spelled(producer))


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


class FakeVerifications(Port):
    def add(self, verification):
        pair = (verification.consumer, verification.producer)
        number = 1 + sum((v.consumer, v.producer) == pair for v in self.state.verifications)
        fields = {name: getattr(verification, name) for name in verification.__slots__}
        stored = Verification(id=next(self.state.ids), number=number, **fields)
        self.state.verifications.append(stored)
        return stored

    def get(self, identifier):
        return next((v for v in self.state.verifications if v.id == identifier), None)

    def latest_of(self, digests):
        latest = sorted(self.state.latest_results().values(), key=lambda v: v.id, reverse=True)
        found = {d: tuple(v for v in latest if v.contract_digest == d)[:100] for d in digests}
        return {digest: results for digest, results in found.items() if results}

    def page(self, page, *, consumer, producer, version):
        s = self.state
        found = [
            v
            for v in s.verifications
            if (consumer is None or v.consumer == s.spelled(consumer))
            and (producer is None or v.producer == s.spelled(producer))
            and version in (None, v.version)
        ]
        return page_of(found, page, lambda v: (v.id,), descending=True)


def _key(each):
    p = each.publication
    return (p.consumer, p.version, p.producer)
