"""Everything the fake store holds: plain dictionaries and lists, in order of arrival."""

import copy
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import count

from broker.domain.environment import Deployment, Environment, Placement, PlacementKind, Release
from broker.domain.paging import Slice, cursor_from_key
from broker.domain.participant import Participant, Version, VersionRef
from broker.domain.publication import Content, Integration, RecordedPublication
from broker.domain.verification import Verification
from client_sdk.contract.names import fold_name


@dataclass(frozen=True)
class Join:
    participant: str
    branch: str
    number: str
    at: datetime


@dataclass
class State:
    participants: dict[str, Participant] = field(default_factory=dict)
    versions: dict[VersionRef, Version] = field(default_factory=dict)
    joins: list[Join] = field(default_factory=list)
    contents: dict[str, Content] = field(default_factory=dict)
    reports: dict = field(default_factory=dict)
    publications: dict[int, RecordedPublication] = field(default_factory=dict)
    integrations: dict[tuple[str, str], Integration] = field(default_factory=dict)
    verifications: list[Verification] = field(default_factory=list)
    environments: dict[str, Environment] = field(default_factory=dict)
    deployments: dict[int, Deployment] = field(default_factory=dict)
    releases: dict[int, Release] = field(default_factory=dict)
    changes: list = field(default_factory=list)
    evidence: list = field(default_factory=list)
    keyed_requests: dict = field(default_factory=dict)
    as_of: int = 0
    ids: object = field(default_factory=lambda: count(1))

    def copy(self) -> "State":
        mutable = {
            name: copy.copy(value)
            for name, value in vars(self).items()
            if isinstance(value, dict | list)
        }
        return replace(self, **mutable)

    def spelled(self, name: str) -> str:
        found = self.participants.get(fold_name(name))
        return found.name if found else name

    def ref(self, ref: VersionRef) -> VersionRef:
        return VersionRef(self.spelled(ref.participant), ref.number)

    def version(self, ref: VersionRef) -> Version | None:
        stored = self.versions.get(self.ref(ref))
        if stored is None:
            return None
        said_so = stored.uses_nothing and not any(
            (each.publication.consumer, each.publication.version) == _pair(stored.ref)
            for each in self.publications.values()
        )
        branches = self.branches_of(stored.ref)
        return replace(stored, branches=branches, uses_nothing=said_so)

    def branches_of(self, ref: VersionRef) -> tuple[str, ...]:
        mine = (j.branch for j in self.joins if (j.participant, j.number) == _pair(ref))
        return tuple(sorted(mine))

    def newest_version(self, participant: str) -> str | None:
        mine = [v for v in self.versions.values() if v.participant == participant]
        return max(mine, key=lambda v: v.arrival).number if mine else None

    def head(self, participant: str, branch: str | None) -> str | None:
        mine = [j.number for j in self.joins if (j.participant, j.branch) == (participant, branch)]
        return mine[-1] if mine else None

    def main_head(self, participant: str) -> str | None:
        found = self.participants.get(fold_name(participant))
        return self.head(participant, found.main_branch) if found else None

    def heads(self) -> set[VersionRef]:
        branches = {(j.participant, j.branch) for j in self.joins}
        return {VersionRef(p, self.head(p, b)) for p, b in branches}

    def on_branch(self, participant: str, branch: str | None) -> list[str]:
        return [j.number for j in self.joins if (j.participant, j.branch) == (participant, branch)]

    def published(self, consumer: str, producer: str) -> list[RecordedPublication]:
        pair = (self.spelled(consumer), self.spelled(producer))
        recorded = (self.publications[key] for key in sorted(self.publications))
        return [
            self.shown(each)
            for each in recorded
            if (each.publication.consumer, each.publication.producer) == pair
        ]

    def shown(self, each: RecordedPublication) -> RecordedPublication:
        ref = VersionRef(each.publication.consumer, each.publication.version)
        shown = replace(each.publication, branches=self.branches_of(ref))
        return replace(each, publication=shown)

    def latest_results(self) -> dict[tuple[str, VersionRef], Verification]:
        """By content and producer version; later results overwrite earlier ones."""
        return {
            (each.contract_digest, VersionRef(each.producer, each.version)): each
            for each in self.verifications
        }

    def placements(self, at: datetime | None = None) -> list[Placement]:
        deployed = [(d.undeployed_at, _deployed(d)) for d in self.deployments.values()]
        released = [(r.support_ended_at, _released(r)) for r in self.releases.values()]
        return [
            placement
            for ended, placement in [*deployed, *released]
            if (ended is None if at is None else _stood(placement.since, ended, at))
        ]

    def standing(self, environment: str) -> list[VersionRef]:
        there = (p for p in self.placements() if p.environment == environment)
        return list(dict.fromkeys(VersionRef(p.participant, p.version) for p in there))


def page_of(items, page, key, *, descending):
    """Keyset paging over a list; `key` gives the sort key of an item."""
    ordered = sorted(items, key=key, reverse=descending)
    if ordered and page.cursor is not None:
        after = page.after(tuple(type(part) for part in key(ordered[0])))
        ordered = [i for i in ordered if (key(i) < after if descending else key(i) > after)]
    shown = ordered[: page.limit]
    more = len(ordered) > page.limit
    return Slice(tuple(shown), cursor_from_key(key(shown[-1])) if more else None)


def _pair(ref: VersionRef) -> tuple[str, str]:
    return (ref.participant, ref.number)


def _stood(since: datetime, ended: datetime | None, at: datetime) -> bool:
    return since <= at and (ended is None or at < ended)


def _deployed(d: Deployment) -> Placement:
    kind = PlacementKind.DEPLOYED
    return Placement(d.environment, d.participant, d.version, kind, d.deployed_at, d.instance)


def _released(r: Release) -> Placement:
    kind = PlacementKind.RELEASED
    return Placement(r.environment, r.participant, r.version, kind, r.released_at)
