"""Read models for the screens: each gathers in one snapshot what one page shows."""

from collections import Counter
from collections.abc import Callable

from broker.domain.can_i_deploy import DeployQuery, ToEnvironment
from broker.domain.errors import IntegrationUnknown
from broker.domain.overview import (
    IntegrationPage,
    IntegrationSelection,
    Overview,
    OverviewFilter,
    OverviewRow,
    ParticipantPage,
    VersionPage,
    VersionSummary,
)
from broker.domain.paging import Key, Page, Slice, cursor_from_key
from broker.domain.participant import Version
from broker.domain.states import (
    NEEDS_ATTENTION,
    WORST_FIRST,
    by_names,
    gravity,
    passes,
    row_from_facts,
)
from broker.services.boards import board, environment_pairs
from broker.services.can_i_deploy import decide_within
from broker.services.naming import (
    known_environment,
    known_participant,
    known_participants,
    known_version,
)
from broker.services.ports import Store, UnitOfWork

__all__ = [
    "attention",
    "board",
    "current_as_of",
    "integration_page",
    "overview",
    "participant_page",
    "version_page",
]

_MOST_URGENT = 10


def overview(store: Store, wanted: OverviewFilter, page: Page) -> Overview:
    """One page of the integrations that pass the filter, and what of all needs attention."""
    with store.reading() as uow:
        rows = _rows(uow, wanted)
        matching = [row for row in rows if passes(row, wanted)]
        shown = _page_of(matching, page, worst_first=wanted.worst_first)
        states = Counter(row.state for row in rows)
        return Overview(
            rows=shown.items,
            next=shown.next,
            total=len(rows),
            matching=len(matching),
            counts=tuple((state, states[state]) for state in WORST_FIRST),
            attention=_urgent(rows),
            environments=uow.environments.list(),
            as_of=uow.changes.as_of(),
        )


def current_as_of(store: Store) -> int:
    """The number of the last write: what was read at this number is still true at it."""
    with store.reading() as uow:
        return uow.changes.as_of()


def attention(store: Store) -> tuple[OverviewRow, ...]:
    """The integrations that need somebody, worst first, at most ten."""
    with store.reading() as uow:
        return _urgent(_rows(uow, OverviewFilter()))


def participant_page(store: Store, name: str, page: Page) -> ParticipantPage:
    """A participant with its integrations and places, and one page of its versions."""
    with store.reading() as uow:
        participant = known_participant(uow, name)
        selected = _selected(uow, IntegrationSelection(participant=participant.name))
        rows = sorted(selected, key=gravity)
        versions = uow.versions.page(participant.name, page)
        return ParticipantPage(
            participant=participant,
            branches=uow.versions.branches(participant.name),
            placements=uow.environments.placements(participant=participant.name),
            as_consumer=tuple(row for row in rows if row.consumer == participant.name),
            as_producer=tuple(row for row in rows if row.producer == participant.name),
            versions=_summaries(uow, participant.name, versions.items),
            next=versions.next,
        )


def version_page(store: Store, participant: str, number: str) -> VersionPage:
    """A version with its contracts, results, places, and one decision per environment."""
    with store.reading() as uow:
        version = known_version(uow, participant, number)
        publications = uow.publications.of_version(version.ref)
        results = uow.verifications.latest_of([each.digest for each in publications])
        own = uow.verifications.page(
            Page(), consumer=None, producer=version.participant, version=version.number
        )
        environments = uow.environments.list()
        return VersionPage(
            version=version,
            publications=publications,
            published_results=tuple(results.get(each.digest, ()) for each in publications),
            verifications=own.items,
            placements=uow.environments.placements(
                participant=version.participant, version=version.number
            ),
            decisions=tuple(
                decide_within(uow, DeployQuery((version.ref,), ToEnvironment(each.name)))
                for each in environments
            ),
            evidence=uow.evidence.latest((version.ref,)),
        )


def integration_page(store: Store, consumer: str, producer: str, page: Page) -> IntegrationPage:
    """An integration with its newest state, how it stands everywhere, and its history."""
    with store.reading() as uow:
        names = known_participants(uow, (consumer, producer))
        pair = (names[consumer].name, names[producer].name)
        selected = _selected(uow, IntegrationSelection(consumer=pair[0], producer=pair[1]))
        if not selected:
            raise IntegrationUnknown(*pair)
        publications = uow.publications.page(*pair, page)
        verifications = uow.verifications.page(
            Page(), consumer=pair[0], producer=pair[1], version=None
        )
        return IntegrationPage(
            row=selected[0],
            publications=publications.items,
            publications_next=publications.next,
            verifications=verifications.items,
            environments=environment_pairs(uow, *pair),
        )


def _rows(uow: UnitOfWork, wanted: OverviewFilter) -> tuple[OverviewRow, ...]:
    """All integrations; the environment only names placements, the branch picks publications."""
    if wanted.environment is not None:
        known_environment(uow, wanted.environment)
    selection = IntegrationSelection(environment=wanted.environment, branch=wanted.branch)
    return _selected(uow, selection)


def _selected(uow: UnitOfWork, selection: IntegrationSelection) -> tuple[OverviewRow, ...]:
    return tuple(row_from_facts(facts) for facts in uow.overviews.integrations(selection))


def _urgent(rows: tuple[OverviewRow, ...]) -> tuple[OverviewRow, ...]:
    needy = (row for row in rows if row.state in NEEDS_ATTENTION)
    return tuple(sorted(needy, key=gravity)[:_MOST_URGENT])


def _page_of(rows: list[OverviewRow], page: Page, *, worst_first: bool) -> Slice[OverviewRow]:
    key: Callable[[OverviewRow], Key] = gravity if worst_first else by_names
    after = page.after((int, str, str) if worst_first else (str, str))
    ordered = sorted(rows, key=key)
    rest = ordered if after is None else [row for row in ordered if key(row) > after]
    shown = rest[: page.limit]
    more = len(rest) > page.limit
    return Slice(tuple(shown), cursor_from_key(key(shown[-1])) if more else None)


def _summaries(
    uow: UnitOfWork, participant: str, versions: tuple[Version, ...]
) -> tuple[VersionSummary, ...]:
    tallies = uow.overviews.tallies(participant, [version.number for version in versions])
    placements = uow.environments.placements(participant=participant)
    return tuple(
        VersionSummary(
            version=version,
            placements=tuple(each for each in placements if each.version == version.number),
            passed=tallies.get(version.number, (0, 0))[0],
            failed=tallies.get(version.number, (0, 0))[1],
        )
        for version in versions
    )
