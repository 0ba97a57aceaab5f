"""Publications by branch: kept up when one is added, and when its version joins a branch."""

from sqlalchemy import bindparam, insert, select

from broker.storage import tables as t
from broker.storage.transaction import Transaction

_P = t.publications.c
_J = t.version_branches.c
_COLUMNS = ["branch_id", "producer_id", "join_id", "publication_id"]
_PLACES = select(_J.branch_id, _P.producer_id, _J.id, _P.id).join_from(
    t.version_branches, t.publications, _P.version_id == _J.version_id
)
_NOTE_PUBLICATION = insert(t.publication_branches).from_select(
    _COLUMNS, _PLACES.where(_P.id == bindparam("publication"))
)
_NOTE_JOIN = insert(t.publication_branches).from_select(
    _COLUMNS, _PLACES.where(_J.id == bindparam("joined"))
)


def note_publication(transaction: Transaction, publication: int) -> None:
    """Put a new publication on every branch its version stands on."""
    transaction.change(_NOTE_PUBLICATION, {"publication": publication})


def note_join(transaction: Transaction, joined: int) -> None:
    """Put everything a version has published on the branch it has just joined."""
    transaction.change(_NOTE_JOIN, {"joined": joined})
