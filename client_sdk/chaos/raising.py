"""What clients raise on a broken wire, per library: the table that the fault proxy proves.

A per-read timeout lets a slow drip through, so that row raises nothing: whoever needs a limit
needs a total deadline.
"""

from __future__ import annotations

import json
from importlib import import_module
from typing import Final

from client_sdk.chaos.modes import WireFault

# Where the request of an exception would have gone; the name is reserved and never resolves.
NOWHERE: Final = "http://tool.invalid/v1"
TRUNCATED: Final = '{"status_code": 200, "body": {"cut'

_REQUESTS: Final = {
    WireFault.REFUSED: "ConnectionError",
    WireFault.RESET_ON_ACCEPT: "ConnectionError",
    WireFault.RESET_BEFORE_ANSWER: "ConnectionError",
    WireFault.CLOSED: "ConnectionError",
    WireFault.GARBAGE: "ConnectionError",
    WireFault.SHORT_BODY: "ChunkedEncodingError",
    WireFault.RESET_IN_BODY: "ChunkedEncodingError",
    WireFault.BAD_CHUNK: "ChunkedEncodingError",
    WireFault.NO_ANSWER: "ReadTimeout",
    WireFault.STALL: "ConnectionError",
    WireFault.TRUNCATED_JSON: "JSONDecodeError",
}
_HTTPX: Final = {
    WireFault.REFUSED: "ConnectError",
    WireFault.RESET_ON_ACCEPT: "ConnectError",
    WireFault.RESET_BEFORE_ANSWER: "RemoteProtocolError",
    WireFault.CLOSED: "RemoteProtocolError",
    WireFault.GARBAGE: "RemoteProtocolError",
    WireFault.SHORT_BODY: "RemoteProtocolError",
    WireFault.RESET_IN_BODY: "ReadError",
    WireFault.BAD_CHUNK: "RemoteProtocolError",
    WireFault.NO_ANSWER: "ReadTimeout",
    WireFault.STALL: "ReadTimeout",
}
_BUILTIN: Final[dict[WireFault, type[Exception]]] = {
    WireFault.REFUSED: ConnectionRefusedError,
    WireFault.RESET_ON_ACCEPT: ConnectionResetError,
    WireFault.RESET_BEFORE_ANSWER: ConnectionResetError,
    WireFault.CLOSED: ConnectionError,
    WireFault.GARBAGE: ConnectionError,
    WireFault.SHORT_BODY: ConnectionError,
    WireFault.RESET_IN_BODY: ConnectionResetError,
    WireFault.BAD_CHUNK: ConnectionError,
    WireFault.NO_ANSWER: TimeoutError,
    WireFault.STALL: TimeoutError,
}


def exception_for(fault: WireFault, library: str, sentence: str) -> Exception | None:
    """Give what a client of the library raises on the fault; None when it notices nothing."""
    if fault is WireFault.SLOW_DRIP:
        return None
    match library:
        case "requests":
            return _of_requests(fault, sentence)
        case "httpx":
            return _of_httpx(fault, sentence)
        case _:
            return _of_python(fault, sentence)


def _of_requests(fault: WireFault, sentence: str) -> Exception:
    exceptions = import_module("requests.exceptions")
    kind = getattr(exceptions, _REQUESTS[fault])
    if fault is WireFault.TRUNCATED_JSON:
        return kind(sentence, TRUNCATED, len(TRUNCATED))  # type: ignore[no-any-return] # by name
    request = import_module("requests").Request("POST", NOWHERE).prepare()
    return kind(sentence, request=request)  # type: ignore[no-any-return] # looked up by name


def _of_httpx(fault: WireFault, sentence: str) -> Exception:
    if fault is WireFault.TRUNCATED_JSON:
        return _of_python(fault, sentence)
    httpx = import_module("httpx")
    error: Exception = getattr(httpx, _HTTPX[fault])(
        sentence, request=httpx.Request("POST", NOWHERE)
    )
    return error


def _of_python(fault: WireFault, sentence: str) -> Exception:
    if fault is WireFault.TRUNCATED_JSON:
        return json.JSONDecodeError(sentence, TRUNCATED, len(TRUNCATED))
    return _BUILTIN[fault](sentence)
