"""What the services need from a store, as small protocols: one per noun, methods are questions.

Names given to a port are looked up by `fold_name`; names it answers with are stored spellings.
Everything inside one `reading()` is one snapshot. Everything inside one `writing()` is one
transaction: committed when the block ends, rolled back when it raises. A method that says
`bool` tells whether it won: a unique constraint decides, never an earlier read.
"""

from contextlib import AbstractContextManager
from datetime import datetime
from typing import Protocol

from broker.services.ports.environments import Deployments, Environments, Releases
from broker.services.ports.evidence import EvidenceRecords
from broker.services.ports.idempotency import KeyedRequests
from broker.services.ports.participants import Participants, Versions
from broker.services.ports.publishing import Contents, Integrations, Publications, Reports
from broker.services.ports.reading import Changes, Decisions, Matrix, Overviews, Verifications

__all__ = [
    "Changes",
    "Clock",
    "Contents",
    "Decisions",
    "Deployments",
    "Environments",
    "EvidenceRecords",
    "Integrations",
    "KeyedRequests",
    "Matrix",
    "Overviews",
    "Participants",
    "Publications",
    "Releases",
    "Reports",
    "Store",
    "UnitOfWork",
    "Verifications",
    "Versions",
]


class Clock(Protocol):
    """Tells the time; a test's clock stands still."""

    def now(self) -> datetime:
        """This moment, aware, in UTC."""
        ...


class UnitOfWork(Protocol):
    """One snapshot, or one transaction."""

    @property
    def participants(self) -> Participants: ...  # noqa: D102 - the protocol says it
    @property
    def versions(self) -> Versions: ...  # noqa: D102
    @property
    def contents(self) -> Contents: ...  # noqa: D102
    @property
    def reports(self) -> Reports: ...  # noqa: D102
    @property
    def publications(self) -> Publications: ...  # noqa: D102
    @property
    def integrations(self) -> Integrations: ...  # noqa: D102
    @property
    def verifications(self) -> Verifications: ...  # noqa: D102
    @property
    def environments(self) -> Environments: ...  # noqa: D102
    @property
    def evidence(self) -> EvidenceRecords: ...  # noqa: D102
    @property
    def deployments(self) -> Deployments: ...  # noqa: D102
    @property
    def releases(self) -> Releases: ...  # noqa: D102
    @property
    def changes(self) -> Changes: ...  # noqa: D102
    @property
    def decisions(self) -> Decisions: ...  # noqa: D102
    @property
    def matrix(self) -> Matrix: ...  # noqa: D102
    @property
    def overviews(self) -> Overviews: ...  # noqa: D102
    @property
    def keyed_requests(self) -> KeyedRequests: ...  # noqa: D102


class Store(Protocol):
    """Where everything is kept."""

    def reading(self) -> AbstractContextManager[UnitOfWork]:
        """One snapshot; writing inside it is a bug."""
        ...

    def writing(self) -> AbstractContextManager[UnitOfWork]:
        """One transaction."""
        ...
