"""Provider states of a mock that is served elsewhere."""

from __future__ import annotations

from client_sdk.contract.document import dumps
from client_sdk.contract.model import is_success
from client_sdk.contract.values import JsonObject
from client_sdk.errors import Unreachable
from client_sdk.exchange.mapping import JSON_HEADERS, endpoint_of
from client_sdk.transport import Timeout, Transport

PATIENCE = 30.0  # seconds


class RemoteStates:
    """Sets states up at `/_state` beside the tools, or at an address of its own."""

    def __init__(self, base_url: str, state_url: str | None = None) -> None:
        self._url = state_url or endpoint_of(base_url).removesuffix("/v1") + "/_state"
        self._transport = Transport(Timeout(connect=5, read=PATIENCE, total=PATIENCE))

    def enter(self, state: str, params: JsonObject) -> None:
        """Let the mock begin anew in a state.

        Raises:
            Unreachable: nothing answered there, or it did not set the state up.
        """
        request: JsonObject = {"state": state, "params": params, "action": "setup"}
        answer = self._transport.send(
            "POST", self._url, content=dumps(request).encode(), headers=JSON_HEADERS
        )
        if not is_success(answer.status):
            said = answer.content[:300].decode("utf-8", errors="replace")
            raise Unreachable(f"{self._url} did not set up {state!r}: {answer.status} {said}")

    def close(self) -> None:
        """Close the kept connections."""
        self._transport.close()
