"""What a test says about an answer: each claim is counted, and a failed one is kept and raised."""

from __future__ import annotations

import logging
import threading
import warnings
from collections.abc import Mapping
from decimal import Context, Decimal, Inexact, InvalidOperation
from enum import Enum
from typing import Any, Final, NoReturn

from client_sdk.contract.canonical import equality_key
from client_sdk.contract.model import is_success
from client_sdk.contract.pointer import index_of
from client_sdk.contract.values import JsonValue
from client_sdk.harness.encoding import file_value
from client_sdk.harness.matching import path_tokens, shown

LOG: Final = logging.getLogger(__name__)
EXACT: Final = Context(prec=1000, traps=[Inexact, InvalidOperation])


class Unset(Enum):
    """The one value that says: nothing is expected, the field only has to be there."""

    UNSET = "unset"


UNSET: Final = Unset.UNSET


class FallbackFieldWarning(UserWarning):
    """An escrow's state was read from `state`: the answer has no `status` any more."""


class Assertions:
    """Claims about answers; `failures` keeps what failed, also when the test swallows it."""

    def __init__(self) -> None:
        self.assertion_count = 0
        self.failures: list[str] = []
        self._claims = threading.Lock()

    def assert_success(self, result: Mapping[str, Any], msg: str = "") -> None:
        """Claim that the status is a 2xx."""
        status = self._claimed(result, "status_code")
        if not isinstance(status, int) or not is_success(status):
            self._fail(f"expected success, got status {status}: {shown(result.get('body'))}", msg)

    def assert_status(self, result: Mapping[str, Any], expected: int, msg: str = "") -> None:
        """Claim that the status is exactly this one."""
        status = self._claimed(result, "status_code")
        if status != expected:
            self._fail(f"expected status {expected}, got {status}", msg)

    def assert_field(
        self,
        result: Mapping[str, Any],
        field: str,
        expected: Any = UNSET,  # noqa: ANN401 - a caller's value
        msg: str = "",
    ) -> None:
        """Claim that a field is in the body and, when `expected` is given, equal to it.

        Args:
            result: The answer.
            field: A member name, members joined by dots, or a JSON Pointer.
            expected: Any value, None too; equality is JSON's, so `1` is no `true`.
            msg: Said before the reason.
        """
        body = self._claimed(result, "body")
        try:
            found = _found(body, field)
        except KeyError as error:
            self._fail(f"field {field!r} is missing: {error.args[0]}", msg)
        if expected is not UNSET and not _equal(found, expected):
            self._fail(f"field {field!r} should be {shown(expected)}, is {shown(found)}", msg)

    def assert_escrow_state(
        self, result: Mapping[str, Any], expected_state: str, *, field: str | None = None
    ) -> None:
        """Claim the state of an escrow: in `field`, else in `status`, else in `state`.

        When `status` is not there and `state` is, a FallbackFieldWarning says so: that is the very
        drift that a test should notice.
        """
        body = self._claimed(result, "body")
        names = (field,) if field else ("status", "state")
        for name in names:
            try:
                state = _found(body, name)
            except KeyError:
                continue
            if name == "state" and field is None:
                warnings.warn(
                    "the escrow has no 'status' and was judged by 'state'",
                    FallbackFieldWarning,
                    stacklevel=2,
                )
            if not _equal(state, expected_state):
                self._fail(f"escrow {name} should be {expected_state!r}, is {shown(state)}")
            return
        self._fail(f"the escrow has no {' and no '.join(names)}: {_keys_of(body)}")

    def assert_balance_changed(
        self,
        before: Mapping[str, Any] | str | Decimal,
        after: Mapping[str, Any] | str | Decimal,
        expected_delta: str | Decimal,
    ) -> None:
        """Claim that a balance changed by exactly this much, in exact decimals.

        Args:
            before: A result of `execute`, its body, or the balance itself.
            after: The same, later.
            expected_delta: By how much, as a Decimal or as text.

        Raises:
            ValueError: `expected_delta` is a float or no finite number.
        """
        delta = _money(expected_delta)
        if delta is None:
            raise ValueError(
                f"expected_delta is a Decimal or text such as '-10.00', not {expected_delta!r}"
            )
        amounts = []
        for name, result in (("before", before), ("after", after)):
            balance = _balance_in(result)
            amounts.append((name, balance, _money(balance)))
        with self._claims:
            self.assertion_count += 1
        for name, balance, amount in amounts:
            if amount is None:
                self._fail(f"the balance {name} is {shown(balance)}, which is no exact amount")
        change = _difference(amounts[0][2], amounts[1][2])
        if change != delta:
            self._fail(f"the balance should change by {delta}, changed by {change}")

    def _claimed(self, result: Mapping[str, Any], part: str) -> Any:  # noqa: ANN401 - a JSON value
        with self._claims:
            self.assertion_count += 1
        if not isinstance(result, Mapping):
            self._fail(f"{result!r} is no result of execute")
        return result.get(part)

    def _noted(self, sentence: str) -> None:
        with self._claims:
            self.failures.append(sentence)
        LOG.error("%s", sentence)

    def _fail(self, reason: str, msg: str = "") -> NoReturn:
        sentence = f"{msg}: {reason}" if msg else reason
        self._noted(sentence)
        raise AssertionError(sentence)


def _balance_in(given: Any) -> Any:  # noqa: ANN401 - a JSON value
    if not isinstance(given, Mapping):
        return given
    body = given.get("body", given)
    return body.get("balance") if isinstance(body, Mapping) else None


def _found(body: Any, field: str) -> Any:  # noqa: ANN401 - a JSON value
    if isinstance(body, Mapping) and field in body:
        return body[field]
    value = body
    for token in path_tokens(field):
        value = _step(value, token)
    return value


def _step(value: Any, token: str) -> Any:  # noqa: ANN401 - a JSON value
    if isinstance(value, Mapping) and token in value:
        return value[token]
    index = index_of(token)
    if isinstance(value, list) and index is not None and index < len(value):
        return value[index]
    raise KeyError(_keys_of(value))


def _keys_of(value: Any) -> str:  # noqa: ANN401 - a JSON value
    if isinstance(value, Mapping):
        return f"the keys present are {sorted(map(str, value))}"
    return f"there is {shown(value)}, which has no keys"


def _equal(found: JsonValue, expected: Any) -> bool:  # noqa: ANN401 - a caller's value
    try:
        return equality_key(file_value(found)) == equality_key(file_value(expected))
    except TypeError:
        return bool(found == expected)


def _difference(before: Decimal | None, after: Decimal | None) -> Decimal | None:
    """Give the exact change, whatever precision the caller's thread has; None if there is none."""
    try:
        return None if before is None or after is None else EXACT.subtract(after, before)
    except (Inexact, InvalidOperation):
        return None


def _money(value: Any) -> Decimal | None:  # noqa: ANN401 - untrusted
    """Read an exact amount; a float is none, for its last digits are made up."""
    if isinstance(value, bool) or not isinstance(value, str | int | Decimal):
        return None
    try:
        amount = Decimal(value)
    except InvalidOperation:
        return None
    return amount if amount.is_finite() else None
