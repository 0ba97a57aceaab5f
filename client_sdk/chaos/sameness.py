"""Any answer and input compared, measured and copied, also one that is no JSON.

A client may answer bytes, dates or what else Python has; chaos must not stumble over them.
"""

from __future__ import annotations

from copy import deepcopy
from typing import Any, TypeVar

from client_sdk.contract.document import dumps, equality_key, json_equal
from client_sdk.contract.errors import ContractError

Kept = TypeVar("Kept")


def is_same(first: Any, second: Any) -> bool:  # noqa: ANN401 - any answer
    """Say whether two values are equal: as JSON where both are JSON, else as Python has it."""
    try:
        return json_equal(first, second)
    except (ContractError, TypeError):
        return bool(first == second)


def key_of(value: Any) -> str:  # noqa: ANN401 - any input
    """Give the text that equal values share."""
    try:
        return equality_key(value)
    except (ContractError, TypeError):
        return repr(value)


def size_of(body: Any) -> int:  # noqa: ANN401 - any answer
    """Give how many bytes a body has on the wire."""
    if isinstance(body, bytes):
        return len(body)
    try:
        return len(dumps(body).encode("utf-8", "surrogatepass"))
    except (ContractError, TypeError, ValueError):
        return len(repr(body))


def copied(value: Kept) -> Kept:
    """Give a copy that shares nothing which can be changed; what cannot be copied is shared."""
    try:
        return deepcopy(value)
    except Exception:  # noqa: BLE001 - an open file, a lock: whatever a client answers
        return value
