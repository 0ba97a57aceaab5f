"""One open transaction, and what was come across in it: nobody asks for an id twice."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from functools import cache
from typing import Any

from sqlalchemy import Connection, Executable, Row, Table, bindparam, select
from sqlalchemy.dialects import postgresql, sqlite

from broker.domain.participant import Participant, VersionRef
from broker.storage import tables as t
from broker.storage.failures import Vanished
from client_sdk.contract.names import fold_name

# Far below what either database takes as parameters of one statement.
MOST_PARAMETERS = 500

DialectInsert = sqlite.Insert | postgresql.Insert
_INSERTS: Mapping[str, Callable[[Table], DialectInsert]] = {
    "sqlite": sqlite.insert,
    "postgresql": postgresql.insert,
}

_PARTICIPANT_IDS = select(t.participants.c.folded, t.participants.c.id).where(
    t.participants.c.folded.in_(bindparam("folded", expanding=True))
)
_VERSION_ID = select(t.versions.c.id).where(
    t.versions.c.participant_id == bindparam("participant_id"),
    t.versions.c.number == bindparam("number"),
)
_ENVIRONMENT_ID = select(t.environments.c.id).where(t.environments.c.folded == bindparam("folded"))
_CONTENT_IDS = select(t.contents.c.digest, t.contents.c.id).where(
    t.contents.c.digest.in_(bindparam("digests", expanding=True))
)


class Transaction:
    """What the questions of one unit of work share."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._participants: dict[str, int] = {}
        self._versions: dict[tuple[int, str], int] = {}
        self._contents: dict[str, int] = {}
        self._pairs: dict[tuple[int, int], int] = {}
        self._read: dict[str, Participant] = {}
        self._new_versions: set[int] = set()

    @property
    def dialect(self) -> str:
        """`sqlite` or `postgresql`."""
        return self._connection.dialect.name

    def rows(
        self, statement: Executable, values: Mapping[str, Any] | None = None
    ) -> Sequence[Row[Any]]:
        """Every row of the answer."""
        return self._connection.execute(statement, values).all()

    def row(
        self, statement: Executable, values: Mapping[str, Any] | None = None
    ) -> Row[Any] | None:
        """The first row of the answer."""
        return self._connection.execute(statement, values).first()

    def change(
        self,
        statement: Executable,
        values: Mapping[str, Any] | Sequence[Mapping[str, Any]] | None = None,
    ) -> int:
        """Do it; how many rows it touched, when it is one statement."""
        return self._connection.execute(statement, values).rowcount

    def rows_in(
        self, statement: Executable, name: str, values: Collection[Any], **others: object
    ) -> Iterator[Row[Any]]:
        """Every row, for a question that takes a list called `name`, asked in portions."""
        for portion in portions(values):
            yield from self.rows(statement, {name: portion, **others})

    def insert_new(self, table: Table) -> DialectInsert:
        """An insert that does nothing where a unique constraint says it is there."""
        return _insert_new(self.dialect, table)

    def insert_or_update(self, table: Table) -> DialectInsert:
        """An insert that replaces the row that has its primary key."""
        return _insert_or_update(self.dialect, table)

    def participant_id(self, name: str) -> int | None:
        """The id of a participant in any spelling."""
        return self.participant_ids((name,)).get(name)

    def participant_ids(self, names: Collection[str]) -> dict[str, int]:
        """The ids of those that exist, by name as asked."""
        folded = {name: fold_name(name) for name in names}
        unknown = set(folded.values()) - self._participants.keys()
        for row in self.rows_in(_PARTICIPANT_IDS, "folded", unknown):
            self._participants[row.folded] = row.id
        known = self._participants
        return {name: known[key] for name, key in folded.items() if key in known}

    def note_participant(self, folded: str, identifier: int, read: Participant) -> None:
        """Remember one that another question came across, as it was read."""
        self._participants[folded] = identifier
        self._read[folded] = read

    def participants_read(self, names: Collection[str]) -> dict[str, Participant]:
        """Those that were read in this transaction, by name as asked."""
        folded = {name: fold_name(name) for name in names}
        return {name: self._read[key] for name, key in folded.items() if key in self._read}

    def forget_participant(self, name: str) -> None:
        """Drop how it was read, after it was changed."""
        self._read.pop(fold_name(name), None)

    def version_id(self, ref: VersionRef) -> int | None:
        """The id of a version."""
        participant = self.participant_id(ref.participant)
        if participant is None:
            return None
        key = (participant, ref.number)
        if key not in self._versions:
            asked = {"participant_id": participant, "number": ref.number}
            row = self.row(_VERSION_ID, asked)
            if row is None:
                return None
            self._versions[key] = row.id
        return self._versions[key]

    def note_version(
        self, participant_id: int, number: str, identifier: int, *, is_new: bool = False
    ) -> None:
        """Remember an id that another question came across, and whether it was made here."""
        self._versions[(participant_id, number)] = identifier
        if is_new:
            self._new_versions.add(identifier)

    def is_new(self, version: int) -> bool:
        """Whether the version was made in this transaction and has published nothing yet."""
        return version in self._new_versions

    def note_publishing(self, version: int) -> None:
        """Remember that it has published something."""
        self._new_versions.discard(version)

    def environment_id(self, name: str) -> int | None:
        """The id of an environment in any spelling."""
        row = self.row(_ENVIRONMENT_ID, {"folded": fold_name(name)})
        return None if row is None else row.id

    def content_ids(self, digests: Collection[str]) -> dict[str, int]:
        """The ids of those that exist, by digest."""
        unknown = set(digests) - self._contents.keys()
        for row in self.rows_in(_CONTENT_IDS, "digests", unknown):
            self._contents[row.digest] = row.id
        return {each: self._contents[each] for each in digests if each in self._contents}

    def note_content(self, digest: str, identifier: int) -> None:
        """Remember an id that another question came across."""
        self._contents[digest] = identifier

    def pair_id(self, consumer_id: int, producer_id: int) -> int | None:
        """The id of an integration that was come across; nothing is asked for it."""
        return self._pairs.get((consumer_id, producer_id))

    def note_pair(self, consumer_id: int, producer_id: int, identifier: int) -> None:
        """Remember an id that another question came across."""
        self._pairs[(consumer_id, producer_id)] = identifier

    def forget(self) -> None:
        """Drop what was remembered, after something was deleted."""
        for remembered in (self._participants, self._versions, self._contents, self._pairs):
            remembered.clear()
        self._read.clear()
        self._new_versions.clear()


def known(identifier: int | None) -> int:
    """An id that the service has made sure of before it came here."""
    if identifier is None:
        raise Vanished("a row is written for something that is not recorded")
    return identifier


def portions(values: Collection[Any]) -> Iterator[list[Any]]:
    """The values in portions that fit a statement; none for none."""
    listed = sorted(values)
    for start in range(0, len(listed), MOST_PARAMETERS):
        yield listed[start : start + MOST_PARAMETERS]


# Kept, because SQLAlchemy finds a statement it has seen much faster than one that is equal.
@cache
def _insert_new(dialect: str, table: Table) -> DialectInsert:
    return _INSERTS[dialect](table).on_conflict_do_nothing()


@cache
def _insert_or_update(dialect: str, table: Table) -> DialectInsert:
    insert = _INSERTS[dialect](table)
    keys = [column.name for column in table.primary_key]
    others = [column.name for column in table.columns if column.name not in keys]
    return insert.on_conflict_do_update(
        index_elements=keys, set_={name: insert.excluded[name] for name in others}
    )
