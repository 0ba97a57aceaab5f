"""The fake store's ports for environments, deployments, releases and changes."""

from dataclasses import dataclass, field, replace

from fake_nouns import Port
from fake_state import page_of

from broker.domain.change import NumberedChange
from client_sdk.contract.names import fold_name


class FakeEnvironments(Port):
    def add(self, environment):
        key = fold_name(environment.name)
        if key in self.state.environments:
            return False
        self.state.environments[key] = environment
        return True

    def save(self, environment):
        key = fold_name(environment.name)
        before = self.state.environments[key]
        kept = replace(environment, name=before.name, created_at=before.created_at)
        self.state.environments[key] = kept

    def get(self, name):
        return self.state.environments.get(fold_name(name))

    def list(self):
        found = self.state.environments.values()
        return tuple(sorted(found, key=lambda e: (not e.production, fold_name(e.name))))

    def placements(self, *, environment=None, participant=None, version=None, at=None):
        s = self.state
        place = self.get(environment).name if environment is not None else None
        name = s.spelled(participant) if participant is not None else None
        found = [
            p
            for p in s.placements(at)
            if place in (None, p.environment)
            and name in (None, p.participant)
            and version in (None, p.version)
        ]
        newest_first = sorted(found, key=lambda p: p.since, reverse=True)
        return tuple(sorted(newest_first, key=lambda p: fold_name(p.participant)))


class FakeDeployments(Port):
    def current(self, environment, participant):
        s = self.state
        return tuple(
            d
            for d in s.deployments.values()
            if d.undeployed_at is None
            and d.environment == environment
            and d.participant == s.spelled(participant)
        )

    def add(self, deployment):
        stored = replace(deployment, id=next(self.state.ids))
        self.state.deployments[stored.id] = stored
        return stored

    def get(self, environment, identifier):
        found = self.state.deployments.get(identifier)
        return found if found and found.environment == environment else None

    def end(self, identifiers, at):
        for key in identifiers:
            if self.state.deployments[key].undeployed_at is None:
                ended = replace(self.state.deployments[key], undeployed_at=at)
                self.state.deployments[key] = ended

    def page(self, environment, page, *, participant, ended):
        name = self.state.spelled(participant) if participant is not None else None
        found = [
            d
            for d in self.state.deployments.values()
            if d.environment == environment
            and name in (None, d.participant)
            and (ended or d.undeployed_at is None)
        ]
        return page_of(found, page, lambda d: (d.id,), descending=True)


class FakeReleases(Port):
    def current(self, environment, ref):
        wanted = (environment, self.state.ref(ref))
        return next(
            (
                r
                for r in self.state.releases.values()
                if r.support_ended_at is None
                and (r.environment, r.participant, r.version)
                == (wanted[0], wanted[1].participant, wanted[1].number)
            ),
            None,
        )

    def add(self, release):
        stored = replace(release, id=next(self.state.ids))
        self.state.releases[stored.id] = stored
        return stored

    def get(self, environment, identifier):
        found = self.state.releases.get(identifier)
        return found if found and found.environment == environment else None

    def end(self, identifier, at):
        if self.state.releases[identifier].support_ended_at is None:
            ended = replace(self.state.releases[identifier], support_ended_at=at)
            self.state.releases[identifier] = ended

    def page(self, environment, page, *, participant, ended):
        name = self.state.spelled(participant) if participant is not None else None
        found = [
            r
            for r in self.state.releases.values()
            if r.environment == environment
            and name in (None, r.participant)
            and (ended or r.support_ended_at is None)
        ]
        return page_of(found, page, lambda r: (r.id,), descending=True)


@dataclass
class FakeChanges(Port):
    noted: list = field(default_factory=list)

    def as_of(self):
        return self.state.as_of

    def hold(self):
        return self.state.as_of

    def hold_last(self):
        return self.state.as_of

    def exclude_others(self):
        pass

    def append(self, *changes):
        self.noted.extend(changes)

    def number(self):
        """The last statement of a transaction."""
        if self.noted:
            self.state.as_of += 1
            now = self.state.as_of
            self.state.changes.extend(NumberedChange(now, change) for change in self.noted)

    def page(self, page):
        keyed = list(enumerate(self.state.changes))
        shown = page_of(keyed, page, lambda pair: (pair[1].as_of, pair[0]), descending=True)
        return replace(shown, items=tuple(change for _, change in shown.items))
