"""One recorded call: what was asked, and the answer or the error it got."""

from __future__ import annotations

import builtins
from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib import import_module
from typing import Any, Final

from client_sdk.contract.values import JsonObject, JsonValue
from client_sdk.exchange import Exchange, Result
from client_sdk.harness.encoding import copied
from client_sdk.harness.errors import CassetteInvalid

NO_STATUS: Final = 0
# An error is rebuilt only from these: a file must not choose what is imported.
LIBRARIES: Final[Mapping[str, str]] = {
    "requests": "requests.exceptions",
    "httpx": "httpx",
    "client_sdk": "client_sdk.errors",
    "builtins": "builtins",
}
# Of these only what says that nothing answered; a budget or a bug is no answer of the service.
OWN_KINDS: Final[Mapping[str, frozenset[str]]] = {
    "client_sdk": frozenset({"Unreachable"}),
    "builtins": frozenset(
        {"BrokenPipeError", "ConnectionAbortedError", "ConnectionError", "ConnectionRefusedError",
         "ConnectionResetError", "TimeoutError"}
    ),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class RecordedError:
    """Why there was no answer: the client library, its exception's name, and what it said."""

    library: str
    kind: str
    message: str

    def exception(self) -> Exception:
        """Give the library's own exception anew.

        Raises:
            CassetteInvalid: there is no such exception, or its library is not installed.
        """
        found = _exception_class(self.library, self.kind)
        if found is None:
            raise CassetteInvalid(
                f"the recorded error {self.library}.{self.kind} is unknown here: "
                f"install {self.library}, or record the cassette anew"
            )
        return found(self.message)


@dataclass(frozen=True, slots=True)
class CassetteEntry:
    """One call and its answer; `response_status` is 0 when there was an `error` instead.

    Example:
        >>> entry = CassetteEntry("get_balance", {"agent_id": "test-a"}, 200, {"balance": "1.00"})
        >>> entry.result().body["balance"]
        '1.00'
    """

    request_tool: str
    request_input: Any
    response_status: int
    response_body: Any = None
    response_headers: dict[str, str] = field(default_factory=dict)
    timestamp: float = 0.0
    latency_ms: float = 0.0
    response_fault: str | None = field(default=None, kw_only=True)
    """Why the body is no JSON, or None when it is."""
    error: RecordedError | None = field(default=None, kw_only=True)
    """Why there was no answer, or None when there was one."""

    def result(self, latency_ms: float | None = None) -> Result:
        """Give the answer as its own copy.

        Raises:
            Exception: the recorded error, as the client library raises it.
        """
        if self.error is not None:
            raise self.error.exception()
        return Result(
            self.response_status,
            copied(self.response_body),
            self.response_headers,
            self.latency_ms if latency_ms is None else latency_ms,
            fault=self.response_fault,
        )

    def exchange(self) -> Exchange:
        """Give the call as the kit's common record."""
        if self.error is not None:
            said = f"{self.error.kind}: {self.error.message}"
            return Exchange(self.request_tool, copied(self.request_input), error=said)
        return Exchange(self.request_tool, copied(self.request_input), self.result())


def recorded_error(error: Exception) -> RecordedError | None:
    """Give the record of an error that a call raised, or None when it is no client's error."""
    for kind in type(error).__mro__:
        library = kind.__module__.partition(".")[0]
        if library in OWN_KINDS and kind.__name__ not in OWN_KINDS[library]:
            continue
        if _exception_class(library, kind.__name__) is not None:
            return RecordedError(library, kind.__name__, str(error))
    return None


def error_from_file(value: JsonObject) -> RecordedError:
    """Read the record of an error."""
    return RecordedError(*(str(value.get(name, "")) for name in ("library", "kind", "message")))


def error_for_file(error: RecordedError) -> dict[str, JsonValue]:
    """Write the record of an error."""
    return {"library": error.library, "kind": error.kind, "message": error.message}


def _exception_class(library: str, kind: str) -> type[Exception] | None:
    module = LIBRARIES.get(library)
    if module is None:
        return None
    try:
        found = getattr(builtins if library == "builtins" else import_module(module), kind, None)
    except ImportError:
        return None
    return found if isinstance(found, type) and issubclass(found, Exception) else None
