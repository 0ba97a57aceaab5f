"""Participants: who calls and who answers."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row, bindparam, delete, select, update

from broker.domain.paging import Page, Slice
from broker.domain.participant import Participant
from broker.storage import tables as t
from broker.storage.failures import Vanished
from broker.storage.pages import page_of
from broker.storage.transaction import Transaction, known
from client_sdk.contract.names import fold_name

_P = t.participants.c
_BY_NAME = select(t.participants).where(_P.folded.in_(bindparam("folded", expanding=True)))
_PAGE = (
    select(t.participants)
    .where(_P.folded > bindparam("after"))
    .order_by(_P.folded)
    .limit(bindparam("limit"))
)
_SAVE = update(t.participants).where(_P.id == bindparam("which"))
_CLAIM_MAIN = (
    update(t.participants)
    .where(_P.id == bindparam("which"), _P.main_branch.is_(None))
    .values(main_branch=bindparam("branch"))
)
_DELETE = delete(t.participants).where(_P.id == bindparam("which"))


class SqlParticipants:
    """See `ports.Participants`."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    def find(self, names: Collection[str]) -> Mapping[str, Participant]:
        """Those that exist, keyed by the name as asked."""
        folded = {name: fold_name(name) for name in names}
        rows = self._transaction.rows_in(_BY_NAME, "folded", set(folded.values()))
        found = {row.folded: self._noted(row) for row in rows}
        return {name: found[key] for name, key in folded.items() if key in found}

    def ensure(self, names: Collection[str], at: datetime) -> Mapping[str, Participant]:
        """All of them, keyed by the name as asked; new ones keep the spelling given."""
        found = self._transaction.participants_read(names)
        found |= self.find(set(names) - found.keys())
        missing = {fold_name(name): name for name in reversed([*names]) if name not in found}
        if not missing:
            return found
        # In one order for everybody: two writers that wait for each other's names never end.
        rows = [
            {"name": missing[key], "folded": key, "created_at": at, "labels": {}}
            for key in sorted(missing)
        ]
        self._transaction.change(self._transaction.insert_new(t.participants), rows)
        made = self.find(names)
        if len(made) < len(set(names)):
            raise Vanished("a participant that was there has been deleted")
        return made

    def save(self, participant: Participant) -> None:
        """Replace everything but name and `created_at`."""
        values = {
            "main_branch": participant.main_branch,
            "display_name": participant.display_name,
            "repository_url": participant.repository_url,
            "labels": dict(participant.labels),
        }
        which = self._transaction.participant_id(participant.name)
        self._transaction.change(_SAVE.values(values), {"which": known(which)})
        self._transaction.forget_participant(participant.name)

    def claim_main_branch(self, name: str, branch: str) -> bool:
        """Set the main branch unless one is set."""
        read = self._transaction.participants_read((name,)).get(name)
        if read is not None and read.main_branch is not None:
            return False
        which = known(self._transaction.participant_id(name))
        claimed = self._transaction.change(_CLAIM_MAIN, {"which": which, "branch": branch}) == 1
        self._transaction.forget_participant(name)
        return claimed

    def delete(self, name: str) -> None:
        """Remove it with its versions, integrations, publications, results and placements."""
        which = self._transaction.participant_id(name)
        if which is not None:
            self._transaction.change(_DELETE, {"which": which})
            self._transaction.forget()

    def page(self, page: Page) -> Slice[Participant]:
        """By folded name."""
        after = page.after((str,))
        asked = {"after": "" if after is None else after[0], "limit": page.limit + 1}
        rows = self._transaction.rows(_PAGE, asked)
        return page_of(rows, page, lambda row: (row.folded,), _participants)

    def _noted(self, row: Row[Any]) -> Participant:
        participant = _participant(row)
        self._transaction.note_participant(row.folded, row.id, participant)
        return participant


def _participants(rows: Sequence[Row[Any]]) -> list[Participant]:
    return [_participant(row) for row in rows]


def _participant(row: Row[Any]) -> Participant:
    return Participant(
        name=row.name,
        created_at=row.created_at,
        main_branch=row.main_branch,
        display_name=row.display_name,
        repository_url=row.repository_url,
        labels=row.labels,
    )
