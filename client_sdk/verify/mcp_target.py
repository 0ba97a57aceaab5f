"""An MCP server under test: verified as any other producer, over stdio or streamable HTTP."""

from __future__ import annotations

import shlex
from collections.abc import Mapping
from dataclasses import dataclass, field

from client_sdk.contract.document import dumps
from client_sdk.contract.names import check_tool_name
from client_sdk.contract.values import JsonValue
from client_sdk.errors import SettingsFault
from client_sdk.exchange import Scrubber
from client_sdk.exchange.mcp import McpClient
from client_sdk.verify.states import PATIENCE, UrlStates
from client_sdk.verify.target import LONGEST_CURL, ClosableClient, secrets_of


@dataclass(frozen=True, slots=True)
class McpTarget:
    """A server that is started by `command`, or that listens at `url`; give one of them.

    A result marked `isError` counts as status 500, any other as 200.
    """

    command: tuple[str, ...] = ()
    url: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)

    def credentials(self) -> list[str]:
        """Give what is to be hidden of the headers: a value, and what follows its scheme."""
        return secrets_of(self.headers)

    def client(self, patience: float, max_answer_bytes: int) -> ClosableClient:
        """Give a client of the server; its answers are bounded by the protocol's package."""
        del max_answer_bytes
        return self._mcp_client(patience)

    def state_hook(self, url: str, *, patience: float = PATIENCE) -> UrlStates:
        """Give the hook at an address; no header of the server goes there."""
        return UrlStates(url, patience=patience)

    def make_sure_somebody_listens(self, patience: float) -> None:
        """List the tools once.

        Raises:
            Unreachable: the server does not start, or nobody listens there.
            SettingsFault: neither a command nor an address, or the extra is not installed.
        """
        with self._mcp_client(patience) as client:
            client.list_tools()

    def curl(self, tool: str, input_data: JsonValue, scrubber: Scrubber) -> str:
        """Write the call as the protocol's request, with placeholders where credentials were."""
        content: JsonValue = {
            "method": "tools/call",
            "params": {"name": check_tool_name(tool), "arguments": scrubber.scrub(input_data)},
        }
        line = f"{shlex.join(self.command) or self.url}: {dumps(content)}"
        return line if len(line) <= LONGEST_CURL else f"{line[:LONGEST_CURL]} … (cut)"

    def _mcp_client(self, patience: float) -> McpClient:
        if bool(self.command) == bool(self.url):
            raise SettingsFault("an MCP server is given by its command or by its address")
        if self.command:
            return McpClient.over_stdio(self.command, timeout=patience)
        return McpClient.over_http(self.url, headers=self.headers, timeout=patience)
