"""Requests that were named by their sender, with the answer once there is one."""

from datetime import datetime
from typing import Any

from sqlalchemy import Row, bindparam, delete, select, update

from broker.domain.idempotency import GivenAnswer, KeyedRequest
from broker.storage import tables as t
from broker.storage.transaction import Transaction

_K = t.keyed_requests.c
_WANTED = _K.key == bindparam("wanted")
_BY_KEY = select(t.keyed_requests).where(_WANTED)
_ANSWER = update(t.keyed_requests).where(_WANTED)
_DELETE = delete(t.keyed_requests).where(_WANTED)
_DELETE_OLDER = delete(t.keyed_requests).where(_K.claimed_at < bindparam("than"))


class SqlKeyedRequests:
    """See `ports.KeyedRequests`."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    def get(self, key: str) -> KeyedRequest | None:
        """The request under this key, whether or not it still holds."""
        row = self._transaction.row(_BY_KEY, {"wanted": key})
        if row is None:
            return None
        return KeyedRequest(row.key, row.fingerprint, row.claimed_at, _given(row))

    def add(self, request: KeyedRequest) -> bool:
        """Store it without an answer; `False` when the key is taken."""
        values = {
            "key": request.key,
            "fingerprint": request.fingerprint,
            "claimed_at": request.claimed_at,
        }
        insert = self._transaction.insert_new(t.keyed_requests).returning(_K.key)
        return self._transaction.row(insert, values) is not None

    def answer(self, key: str, answer: GivenAnswer) -> None:
        """Note what was answered."""
        given = {
            "status": answer.status,
            "content_type": answer.content_type,
            "body": answer.body,
            "location": answer.location,
        }
        self._transaction.change(_ANSWER.values(given), {"wanted": key})

    def delete(self, key: str) -> None:
        """Forget the key."""
        self._transaction.change(_DELETE, {"wanted": key})

    def delete_older(self, than: datetime) -> None:
        """Forget every request claimed before `than`."""
        self._transaction.change(_DELETE_OLDER, {"than": than})


def _given(row: Row[Any]) -> GivenAnswer | None:
    if row.status is None:
        return None
    return GivenAnswer(row.status, row.content_type, row.body, row.location)
