"""Evidence: what test runs found about versions, and one finding with its payload."""

from dataclasses import dataclass

from broker.domain.evidence import Evidence, EvidenceQuery, EvidenceRef
from broker.services.evidence import get_evidence, list_evidence
from broker.web.context import context
from broker.web.dashboard.answers import Shown
from broker.web.dashboard.queries import name_in_query, page_in_query
from broker.web.dashboard.routing import Screen
from broker.web.dashboard.view_models.tree import Node, tree_of
from broker.web.refusals import PathNameInvalid

_ID_DIGITS = 18


@dataclass(frozen=True, slots=True)
class EvidenceListScreen:
    """One page of evidence, newest first, and what it was filtered by."""

    asked: EvidenceQuery
    evidence: tuple[EvidenceRef, ...]
    next: str | None


@dataclass(frozen=True, slots=True)
class EvidenceScreen:
    """One piece of evidence; `tree` is `None` when the payload is too large to be folded."""

    evidence: Evidence
    tree: Node | None


def evidence_list() -> Shown:
    """GET evidence, of everybody or of what the filters name."""
    asked = EvidenceQuery(
        name_in_query("participant"), name_in_query("version"), name_in_query("kind")
    )
    found = list_evidence(context().store, page_in_query(), asked)
    refs = tuple(each.about for each in found.items)
    return Shown("evidence_list.html", EvidenceListScreen(asked, refs, found.next))


def evidence(number: str) -> Shown:
    """GET one piece of evidence."""
    if not (number.isascii() and number.isdigit() and len(number) <= _ID_DIGITS):
        raise PathNameInvalid("number", "must be a whole number")
    found = get_evidence(context().store, int(number))
    return Shown("evidence.html", EvidenceScreen(found, tree_of(found.payload, "", "payload")))


SCREENS = (
    Screen("/evidence", evidence_list),
    Screen("/evidence/<number>", evidence),
)
