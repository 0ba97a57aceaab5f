"""The matrix of one integration: consumer versions down, producer versions across."""

from collections.abc import Sequence
from dataclasses import dataclass

from broker.domain.matrix import MatrixRow


@dataclass(frozen=True, slots=True)
class VersionRow:
    """One consumer version; `None` where nothing is known of a pair."""

    version: str
    digest: str | None
    cells: tuple[MatrixRow | None, ...]


@dataclass(frozen=True, slots=True)
class VersionGrid:
    """Versions against versions, in the order of the rows they came from."""

    producer_versions: tuple[str, ...]
    rows: tuple[VersionRow, ...]


def version_grid_of(rows: Sequence[MatrixRow]) -> VersionGrid:
    """The rows of one pair of participants as a grid."""
    numbers = tuple(dict.fromkeys(row.producer_version for row in rows if row.producer_version))
    cells = {(row.consumer.number, row.producer_version): row for row in rows}
    digests = {row.consumer.number: row.digest for row in rows}
    return VersionGrid(
        producer_versions=numbers,
        rows=tuple(
            VersionRow(number, digest, tuple(cells.get((number, other)) for other in numbers))
            for number, digest in digests.items()
        ),
    )
