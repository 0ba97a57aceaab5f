"""The overview as a grid: consumers down, producers across, one cell per integration."""

from collections.abc import Sequence
from dataclasses import dataclass

from broker.domain.overview import OverviewRow

LARGEST_SIDE = 200


@dataclass(frozen=True, slots=True)
class GridSide:
    """A participant at the head of a row or a column; `version` only when all cells agree."""

    name: str
    version: str | None


@dataclass(frozen=True, slots=True)
class GridRow:
    """One consumer with a cell for each producer; `None` where the two share nothing."""

    consumer: GridSide
    cells: tuple[OverviewRow | None, ...]


@dataclass(frozen=True, slots=True)
class Grid:
    """A table that fits into a page."""

    producers: tuple[GridSide, ...]
    rows: tuple[GridRow, ...]


def grid_of(rows: Sequence[OverviewRow]) -> Grid | None:
    """The rows as a grid, in their order; `None` when there are none or it would be too large."""
    consumers = tuple(dict.fromkeys(row.consumer for row in rows))
    producers = tuple(dict.fromkeys(row.producer for row in rows))
    if not rows or len(consumers) > LARGEST_SIDE or len(producers) > LARGEST_SIDE:
        return None
    cells = {(row.consumer, row.producer): row for row in rows}
    return Grid(
        producers=tuple(_side(name, _producer_versions(rows, name)) for name in producers),
        rows=tuple(
            GridRow(
                consumer=_side(consumer, _consumer_versions(rows, consumer)),
                cells=tuple(cells.get((consumer, producer)) for producer in producers),
            )
            for consumer in consumers
        ),
    )


def _side(name: str, versions: frozenset[str]) -> GridSide:
    return GridSide(name, next(iter(versions)) if len(versions) == 1 else None)


def _consumer_versions(rows: Sequence[OverviewRow], name: str) -> frozenset[str]:
    return frozenset(row.facts.newest.version for row in rows if row.consumer == name)


def _producer_versions(rows: Sequence[OverviewRow], name: str) -> frozenset[str]:
    found = (row.facts.producer_version for row in rows if row.producer == name)
    return frozenset(version for version in found if version is not None)
