"""What a call gives back: a dict as the guide has it, with attributes for those who prefer them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from client_sdk.contract.values import JsonValue


class Result(dict[str, Any]):
    """The answer of a tool: `status_code`, `body`, `headers` and `latency_ms`.

    Example:
        >>> result = Result(status_code=200, body={"balance": "1.00"})
        >>> result["status_code"], result.body["balance"]
        (200, '1.00')
    """

    def __init__(
        self,
        status_code: int,
        body: JsonValue = None,
        headers: Mapping[str, str] | None = None,
        latency_ms: float = 0.0,
        *,
        fault: str | None = None,
    ) -> None:
        super().__init__(
            status_code=status_code,
            body=body,
            headers=dict(headers or {}),
            latency_ms=latency_ms,
        )
        self.fault = fault
        """Why the body is no JSON, or None when it is (or when there is no body)."""

    @property
    def status_code(self) -> int:
        """The HTTP status."""
        status: int = self["status_code"]
        return status

    @property
    def body(self) -> Any:  # noqa: ANN401 - a JSON value, which callers subscript freely
        """The parsed JSON body; the text when it is no JSON; None when there is none."""
        return self["body"]

    @property
    def headers(self) -> dict[str, str]:
        """The header fields, by their name in small letters."""
        headers: dict[str, str] = self["headers"]
        return headers

    @property
    def latency_ms(self) -> float:
        """Milliseconds from sending the request to having read the whole answer."""
        latency: float = self["latency_ms"]
        return latency


class Executes(Protocol):
    """Anything that can call a tool: a live client, a harness, a mock, an injector."""

    def execute(self, tool: str, input_data: JsonValue) -> Result:
        """Call the tool and give its answer."""
        ...


@dataclass(frozen=True, slots=True)
class Exchange:
    """A call that was made: its input, and its answer or why there was none."""

    tool: str
    input: JsonValue
    result: Result | None = None
    error: str | None = None
