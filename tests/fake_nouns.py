"""The fake store's ports for nouns: straightforward code over `State`, no cleverness."""

from dataclasses import dataclass, replace

from fake_state import Join, State, page_of

from broker.domain.participant import Branch, Participant, Version
from broker.domain.verification import Verification
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
        s.evidence = [e for e in s.evidence if e.about.participant != name]
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

    def delete_branch(self, participant, branch):
        gone = (self.state.spelled(participant), branch)
        self.state.joins = [j for j in self.state.joins if (j.participant, j.branch) != gone]

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
        s.evidence = [e for e in s.evidence if (e.about.participant, e.about.version) != mine]
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
        kept = {key: report for key, report in reports.items() if report.is_repeatable}
        self.state.reports.update(kept)

    def find(self, keys):
        return {key: self.state.reports[key] for key in keys if key in self.state.reports}


class FakeIntegrations(Port):
    def get(self, consumer, producer):
        return self.state.integrations.get(self._pair(consumer, producer))

    def consumers_of(self, producer):
        producer = self.state.spelled(producer)
        found = {
            each.publication.consumer
            for each in self.state.publications.values()
            if each.publication.producer == producer
        }
        return tuple(sorted(found - {producer}))

    def ensure(self, integrations):
        for each in integrations:
            self.state.integrations.setdefault(self._pair(each.consumer, each.producer), each)

    def save(self, integration):
        self.state.integrations[self._pair(integration.consumer, integration.producer)] = (
            integration
        )

    def _pair(self, consumer, producer):
        return (self.state.spelled(consumer), self.state.spelled(producer))


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
