"""Asks a gateway about an agent, and tells an answer from the lack of one."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from client_sdk.contract.errors import NameRefused
from client_sdk.contract.values import JsonObject, JsonValue
from client_sdk.errors import SettingsFault
from client_sdk.exchange import Executes

SUCCESS = range(200, 300)
WRITTEN: Final = re.compile(r"[+-]?[0-9]{1,100}(?:\.[0-9]{1,100})?(?:[eE][+-]?[0-9]{1,3})?")
MOST_DIGITS: Final = 30
REQUESTS = ("requests", "requests_total", "total_requests")


@dataclass(frozen=True, slots=True)
class Said:
    """What came back: `body` of a success, else `fault`; `status` is None when nothing came."""

    body: JsonObject | None = None
    fault: str = ""
    status: int | None = None

    def number(self, name: str) -> Decimal | None:
        """Give a member as an exact number, or None when it is none."""
        value = None if self.body is None else self.body.get(name)
        if isinstance(value, bool) or not isinstance(value, int | float | Decimal | str):
            return None
        return exact(str(value))

    def traffic(self) -> tuple[Decimal, Decimal] | None:
        """Give how many requests there were and how many failed, or None when it does not say.

        A gateway may give the rate of errors instead of their number; without a number of
        requests a rate shows nothing.
        """
        counts = (self.number(name) for name in REQUESTS)
        requests = next((count for count in counts if count is not None), None)
        errors, rate = self.number("errors"), self.number("error_rate")
        if requests is None or (errors is None and rate is None):
            return None
        failed = errors if errors is not None else (rate or Decimal(0)) * requests
        return (requests, failed) if 0 <= failed <= requests else None


def exact(written: str) -> Decimal | None:
    """Give the number that is written, or None when it is none, or of no size to reckon with."""
    if WRITTEN.fullmatch(written) is None:
        return None
    number = Decimal(written)
    return number if not number or abs(number.adjusted()) <= MOST_DIGITS else None


def ask(client: Executes, tool: str, content: JsonValue) -> Said:
    """Call a tool; whatever goes wrong with it is said, never taken for an answer."""
    try:
        result: object = client.execute(tool, content)
    except (SettingsFault, NameRefused):
        raise
    except Exception as error:  # noqa: BLE001 - clients raise their own
        return Said(fault=f"{tool}: {type(error).__name__}: {error}")
    answer: Mapping[str, Any] = result if isinstance(result, Mapping) else {}
    status, body = answer.get("status_code"), answer.get("body")
    if not isinstance(status, int):
        return Said(fault=f"{tool} answered without a status")
    if status not in SUCCESS or not isinstance(body, dict):
        return Said(fault=f"{tool} answered {status}", status=status)
    return Said(body, status=status)
