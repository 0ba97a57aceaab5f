"""Participants: the list, one of them with its versions and partners, and one version."""

from dataclasses import dataclass

from broker.domain.network import connection_from_row, weight
from broker.domain.overview import OverviewFilter, OverviewRow, ParticipantPage, State, VersionPage
from broker.domain.paging import LARGEST_LIMIT, Page, Slice
from broker.domain.participant import Participant
from broker.domain.states import WORST_FIRST
from broker.services.overview import overview, participant_page, version_page
from broker.services.participants import list_participants
from broker.services.ports import Store
from broker.web.context import context
from broker.web.dashboard.answers import Shown
from broker.web.dashboard.exports import every_item
from broker.web.dashboard.queries import choice_in_query, page_in_query, text_in_query
from broker.web.dashboard.routing import Screen
from broker.web.dashboard.view_models.network import Drawing, drawing_of

_TABS = ("versions", "integrations", "environments")
_MOST_FOUND = 200
_MOST_DRAWN = 24


@dataclass(frozen=True, slots=True)
class ListedParticipant:
    """A participant with how many partners it has, and the worst that stands between them."""

    participant: Participant
    producers: int
    consumers: int
    worst: State | None


@dataclass(frozen=True, slots=True)
class ParticipantsScreen:
    """One page of participants, or those whose name holds `searched`."""

    searched: str | None
    participants: tuple[ListedParticipant, ...]
    next: str | None


@dataclass(frozen=True, slots=True)
class ParticipantScreen:
    """A participant on one of its tabs."""

    tab: str
    participant: ParticipantPage

    @property
    def drawing(self) -> Drawing | None:
        """The participant among its direct partners; `None` when it has none."""
        found, name = self.participant, self.participant.participant.name
        others = (row for row in found.as_producer if row.consumer != name)
        connections = map(connection_from_row, (*found.as_consumer, *others))
        return drawing_of(sorted(connections, key=weight), focus=name, most_lines=_MOST_DRAWN)


def participants() -> Shown:
    """GET the participants, or those a search finds."""
    store, searched = context().store, text_in_query("q")
    if searched is None:
        page = list_participants(store, page_in_query())
        found, following = page.items, page.next
    else:
        found, following = _found(store, searched.casefold()), None
    screen = ParticipantsScreen(searched, _listed(store, found), following)
    return Shown("participants.html", screen)


def participant(participant: str) -> Shown:
    """GET one participant."""
    found = participant_page(context().store, participant, page_in_query())
    tab = choice_in_query("tab", _TABS)
    return Shown("participant.html", ParticipantScreen(tab, found))


def version(participant: str, version: str) -> Shown:
    """GET one version."""
    found: VersionPage = version_page(context().store, participant, version)
    return Shown("version.html", found)


def _found(store: Store, searched: str) -> tuple[Participant, ...]:
    """Those whose name or display name holds the text, by name, at most 200."""
    found: list[Participant] = []
    page: Page | None = Page(limit=LARGEST_LIMIT)
    while page is not None and len(found) < _MOST_FOUND:
        part = list_participants(store, page)
        found += [each for each in part.items if searched in _names(each)]
        page = Page(part.next, LARGEST_LIMIT) if part.next else None
    return tuple(found[:_MOST_FOUND])


def _names(each: Participant) -> str:
    return f"{each.name}\n{each.display_name or ''}".casefold()


def _listed(store: Store, found: tuple[Participant, ...]) -> tuple[ListedParticipant, ...]:
    rows = tuple(every_item(lambda page: _integrations(store, page)))
    listed = []
    for each in found:
        states = {row.state for row in rows if each.name in (row.consumer, row.producer)}
        listed.append(
            ListedParticipant(
                participant=each,
                producers=sum(row.consumer == each.name for row in rows),
                consumers=sum(row.producer == each.name for row in rows),
                worst=next((state for state in WORST_FIRST if state in states), None),
            )
        )
    return tuple(listed)


def _integrations(store: Store, page: Page) -> Slice[OverviewRow]:
    found = overview(store, OverviewFilter(), page)
    return Slice(found.rows, found.next)


SCREENS = (
    Screen("/participants", participants),
    Screen("/participants/<participant>", participant),
    Screen("/participants/<participant>/versions/<version>", version),
)
