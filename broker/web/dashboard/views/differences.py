"""What changed between two versions of a contract, whom it hurts, and the proof."""

from dataclasses import dataclass
from itertools import islice

from flask import Response

from broker.domain.paging import LARGEST_LIMIT, Page
from broker.domain.publication import Comparison, Publication
from broker.services.publications import compare, content_by_digest, list_publications
from broker.web.context import context
from broker.web.dashboard.addresses import origin
from broker.web.dashboard.answers import Shown
from broker.web.dashboard.queries import choice_in_query, name_in_query, text_in_query
from broker.web.dashboard.routing import Screen
from broker.web.dashboard.view_models.commands import call_command, diff_command
from broker.web.dashboard.view_models.differences import (
    Edit,
    Line,
    canonical_lines,
    edits_between,
    lines_between,
)
from client_sdk.contract.document import JsonValue, dumps, parse_untrusted
from client_sdk.contract.evolve import NO_WITNESS, Finding

_VIEWS = ("semantic", "split", "unified")
_MOST_EDITS = 500


@dataclass(frozen=True, slots=True)
class ShownFinding:
    """A finding with its evidence ready to copy; `curl` only where the witness is an input."""

    finding: Finding
    place: str
    witness: str | None
    curl: str | None


@dataclass(frozen=True, slots=True)
class DiffScreen:
    """`comparison` is `None` until there are two versions; `lines` only for the text views."""

    consumer: str
    producer: str
    versions: tuple[Publication, ...]
    view: str
    comparison: Comparison | None = None
    findings: tuple[ShownFinding, ...] = ()
    edits: tuple[Edit, ...] = ()
    lines: tuple[Line, ...] | None = ()
    command: str = ""

    @property
    def earlier(self) -> tuple[str, str] | None:
        """The pair of neighbours before the newer side, as (from, to)."""
        return self._neighbours(1)

    @property
    def later(self) -> tuple[str, str] | None:
        """The pair of neighbours after the newer side, as (from, to)."""
        return self._neighbours(-1)

    def _neighbours(self, by: int) -> tuple[str, str] | None:
        numbers = [each.version for each in self.versions]
        if self.comparison is None or self.comparison.new.version not in numbers:
            return None
        index = numbers.index(self.comparison.new.version) + by
        return (numbers[index + 1], numbers[index]) if 0 <= index < len(numbers) - 1 else None


def integration_diff(consumer: str, producer: str) -> Shown:
    """GET what changed between two versions."""
    versions = _versions(consumer, producer)
    view = choice_in_query("view", _VIEWS)
    comparison = _comparison(versions, consumer, producer)
    if comparison is None:
        return Shown("integration_diff.html", DiffScreen(consumer, producer, versions, view))
    return Shown("integration_diff.html", _screen(comparison, versions, view))


def integration_patch(consumer: str, producer: str) -> Response:
    """GET the same step as a JSON Patch."""
    comparison = _comparison(_versions(consumer, producer), consumer, producer)
    edits = () if comparison is None else edits_between(*_contents(comparison))
    text = dumps([edit.to_patch() for edit in edits])
    return Response(text, content_type="application/json-patch+json")


def _versions(consumer: str, producer: str) -> tuple[Publication, ...]:
    page = Page(limit=LARGEST_LIMIT)
    return list_publications(context().store, consumer, producer, page).items


def _comparison(
    versions: tuple[Publication, ...], consumer: str, producer: str
) -> Comparison | None:
    """The versions asked for; by default the newest and the one before it."""
    numbers = [each.version for each in versions]
    new = name_in_query("to") or (numbers[0] if numbers else None)
    before = islice(numbers, numbers.index(new) + 1, None) if new in numbers else iter(())
    old = name_in_query("from") or next(before, None)
    if old is None or new is None:
        return None
    return compare(context().store, consumer, producer, old, new)


def _screen(comparison: Comparison, versions: tuple[Publication, ...], view: str) -> DiffScreen:
    old, new = _contents(comparison)
    lines: tuple[Line, ...] | None = ()
    if view != "semantic":
        expand = text_in_query("expand") == "all"
        lines = lines_between(canonical_lines(old), canonical_lines(new), expand=expand)
    pair = (comparison.new.consumer, comparison.new.producer)
    return DiffScreen(
        consumer=pair[0],
        producer=pair[1],
        versions=versions,
        view=view,
        comparison=comparison,
        findings=tuple(shown_finding(each) for each in comparison.report.findings),
        edits=tuple(islice(edits_between(old, new), _MOST_EDITS)),
        lines=lines,
        command=diff_command(origin(), pair, (comparison.old.version, comparison.new.version)),
    )


def shown_finding(finding: Finding) -> ShownFinding:
    """The finding with its evidence ready to copy."""
    given = finding.witness
    if given is NO_WITNESS:
        return ShownFinding(finding, _place(finding), None, None)
    curl = None
    if finding.side in {"input", "example", "tool"} and isinstance(given, dict):
        curl = call_command(finding.tool, given)
    return ShownFinding(finding, _place(finding), dumps(given, indent=2), curl)


def _place(finding: Finding) -> str:
    return f"{finding.tool}{finding.path}" if finding.tool else finding.path or "contract"


def _contents(comparison: Comparison) -> tuple[JsonValue, JsonValue]:
    store = context().store
    old, new = (
        parse_untrusted(content_by_digest(store, each.digest))
        for each in (comparison.old, comparison.new)
    )
    return old, new


_PAIR = "/integrations/<consumer>/<producer>"
SCREENS = (Screen(f"{_PAIR}/diff", integration_diff),)
EXPORTS = ((f"{_PAIR}/diff.patch", integration_patch),)
