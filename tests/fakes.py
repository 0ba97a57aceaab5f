"""A store in memory that keeps every promise of the ports, for tests of what stands on them."""

import threading
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

from fake_evidence import FakeEvidenceRecords
from fake_keyed import FakeKeyedRequests
from fake_nouns import (
    FakeContents,
    FakeIntegrations,
    FakeParticipants,
    FakeReports,
    FakeVerifications,
    FakeVersions,
)
from fake_places import FakeChanges, FakeDeployments, FakeEnvironments, FakeReleases
from fake_publications import FakePublications
from fake_reading import FakeDecisions, FakeMatrix, FakeOverviews
from fake_state import State


class FakeUnitOfWork:
    def __init__(self, state: State) -> None:
        self.participants = FakeParticipants(state)
        self.versions = FakeVersions(state)
        self.contents = FakeContents(state)
        self.reports = FakeReports(state)
        self.publications = FakePublications(state)
        self.integrations = FakeIntegrations(state)
        self.verifications = FakeVerifications(state)
        self.environments = FakeEnvironments(state)
        self.deployments = FakeDeployments(state)
        self.releases = FakeReleases(state)
        self.evidence = FakeEvidenceRecords(state)
        self.changes = FakeChanges(state)
        self.decisions = FakeDecisions(state)
        self.matrix = FakeMatrix(state)
        self.overviews = FakeOverviews(state)
        self.keyed_requests = FakeKeyedRequests(state)


class FakeStore:
    """`before_writing` is called, when set, before each transaction: a place for somebody else."""

    def __init__(self) -> None:
        self._state = State()
        self._writer = threading.RLock()
        self.before_writing = None

    @contextmanager
    def reading(self):
        yield FakeUnitOfWork(self._state.copy())

    @contextmanager
    def writing(self):
        if self.before_writing is not None:
            self.before_writing()
        with self._writer:
            state = self._state.copy()
            uow = FakeUnitOfWork(state)
            yield uow
            uow.changes.number()
            self._state = state


class FakeClock:
    """Stands still between questions: each one is a second later than the last."""

    def __init__(self, start: datetime = datetime(2026, 1, 1, tzinfo=UTC)) -> None:
        self._next = start

    def now(self) -> datetime:
        moment, self._next = self._next, self._next + timedelta(seconds=1)
        return moment
