"""Reading publications, comparing them, and configuring how those of a pair are judged."""

from dataclasses import replace

from broker.domain.change import Change, ChangeKind
from broker.domain.errors import (
    ChangedMeanwhile,
    ContentUnknown,
    ContractUnknown,
    IntegrationUnknown,
)
from broker.domain.paging import Page, Slice
from broker.domain.publication import (
    Comparison,
    Integration,
    OnBreaking,
    Publication,
    RecordedPublication,
    ReportKey,
    StoredPublication,
)
from broker.domain.publishing import combined
from broker.services.naming import known_environment, known_participants
from broker.services.ports import Clock, Store, UnitOfWork
from broker.services.reporting import compute_reports, nothing_changed, read_reports
from client_sdk.contract.evolve import Mode, Report


def get_publication(store: Store, consumer: str, producer: str, version: str) -> StoredPublication:
    """What the version published for the producer, or `ContractUnknown`."""
    with store.reading() as uow:
        recorded = _recorded(uow, consumer, producer, version)
        return _stored(uow, recorded)


def latest_publication(
    store: Store,
    consumer: str,
    producer: str,
    *,
    branch: str | None = None,
    environment: str | None = None,
) -> StoredPublication:
    """The newest on the branch, in the environment, or on the consumer's main branch.

    Without a main branch that published for the producer, the last by arrival.
    """
    with store.reading() as uow:
        known_participants(uow, (consumer, producer))
        if environment is not None:
            known_environment(uow, environment)
        recorded = uow.publications.latest(
            consumer, producer, branch=branch, environment=environment
        )
        if recorded is None:
            raise ContractUnknown(consumer, producer, _selection(branch, environment))
        return _stored(uow, recorded)


def list_publications(store: Store, consumer: str, producer: str, page: Page) -> Slice[Publication]:
    """Every publication of the pair, newest first; empty when there is none."""
    with store.reading() as uow:
        known_participants(uow, (consumer, producer))
        return uow.publications.page(consumer, producer, page)


def compare(  # noqa: PLR0913, PLR0917 - a pair, two versions and a mode are what is compared
    store: Store,
    consumer: str,
    producer: str,
    from_version: str,
    to_version: str,
    mode: Mode | None = None,
) -> Comparison:
    """What changed between two versions; `mode` is the integration's unless given."""
    with store.reading() as uow:
        old = _recorded(uow, consumer, producer, from_version).publication
        new = _recorded(uow, consumer, producer, to_version).publication
        wanted = mode or _integration(uow, consumer, producer).mode
        key = ReportKey(old.digest, new.digest, wanted)
        known = read_reports(uow, (key,))
    return Comparison(old, new, compute_reports((key,), known, {})[key])


def get_integration(store: Store, consumer: str, producer: str) -> Integration:
    """How publications of the pair are judged, or `IntegrationUnknown`."""
    with store.reading() as uow:
        return _integration(uow, consumer, producer)


def configure_integration(  # noqa: PLR0913 - a pair, and the two things to configure
    store: Store,
    consumer: str,
    producer: str,
    mode: Mode | None = None,
    on_breaking: OnBreaking | None = None,
    *,
    clock: Clock,
    expected: Integration | None = None,
) -> Integration:
    """Change what is given; the rest stays, and so does what was published before.

    Raises `ChangedMeanwhile` when the integration is not `expected`, if that is given.
    """
    with store.writing() as uow:
        uow.changes.hold()
        before = _integration(uow, consumer, producer)
        if expected is not None and expected != before:
            raise ChangedMeanwhile(f"The integration of {before.consumer} and {before.producer}")
        after = replace(
            before,
            mode=mode or before.mode,
            on_breaking=on_breaking or before.on_breaking,
        )
        if after != before:
            uow.integrations.save(after)
            kind = ChangeKind.INTEGRATION_CONFIGURED
            uow.changes.append(Change(kind, clock.now(), after.consumer, other=after.producer))
        return after


def content_by_digest(store: Store, digest: str) -> bytes:
    """The canonical JSON of a content, or `ContentUnknown`."""
    with store.reading() as uow:
        found = uow.contents.find((digest,)).get(digest)
    if found is None:
        raise ContentUnknown(digest)
    return found.document


def _recorded(uow: UnitOfWork, consumer: str, producer: str, version: str) -> RecordedPublication:
    names = known_participants(uow, (consumer, producer))
    recorded = uow.publications.get(consumer, producer, version)
    if recorded is None:
        sides = (names[consumer].name, names[producer].name)
        raise ContractUnknown(*sides, f"version {version} published none")
    return recorded


def _stored(uow: UnitOfWork, recorded: RecordedPublication) -> StoredPublication:
    publication, against = recorded.publication, recorded.judged.against
    results = uow.verifications.latest_of((publication.digest,))
    return StoredPublication(
        publication=publication,
        received=recorded.received,
        against=against[0] if against else None,
        report=report_of_recorded(uow, recorded),
        verifications=results.get(publication.digest, ()),
    )


def report_of_recorded(uow: UnitOfWork, recorded: RecordedPublication) -> Report:
    """The report a stored publication was judged by."""
    mode, digest = recorded.judged.mode, recorded.publication.digest
    keys = [ReportKey(old.digest, digest, mode) for old in recorded.judged.against]
    if not keys:
        return nothing_changed(mode)
    reports = compute_reports(keys, read_reports(uow, keys), {})
    return combined(mode, recorded.judged.against, reports, digest)


def _integration(uow: UnitOfWork, consumer: str, producer: str) -> Integration:
    known_participants(uow, (consumer, producer))
    found = uow.integrations.get(consumer, producer)
    if found is None:
        raise IntegrationUnknown(consumer, producer)
    return found


def _selection(branch: str | None, environment: str | None) -> str:
    if branch is not None:
        return f"none on the branch {branch}"
    return "none at all" if environment is None else f"none in {environment}"
