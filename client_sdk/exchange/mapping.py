"""How a tool call becomes an HTTP request: the tool's name in the body, or in the path."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final
from urllib.parse import quote, urlsplit

from client_sdk.contract.document import dumps
from client_sdk.contract.names import check_tool_name
from client_sdk.contract.values import JsonValue
from client_sdk.errors import SettingsFault
from client_sdk.settings import is_web_address

JSON_HEADERS: Final = {"Accept": "application/json", "Content-Type": "application/json"}
VERSION_PART: Final = "/v1"
DOT_SEGMENTS: Final = frozenset({".", ".."})


@dataclass(frozen=True, slots=True)
class ToolCall:
    """One HTTP request, ready to be sent; `content` is JSON."""

    method: str
    url: str
    content: bytes


class ToolMapping(StrEnum):
    """Where a tool's name stands in the request."""

    BODY = "body"
    PATH = "path"

    def call(self, base_url: str, tool: str, input_data: JsonValue) -> ToolCall:
        """Give the request that calls a tool of the service at `base_url`.

        The base may end in `/v1` or not, with or without a slash.

        Raises:
            SettingsFault: the address is no http(s) URL, or the name cannot stand in a path.
            NameRefused: the tool's name is outside its grammar.
        """
        endpoint = endpoint_of(base_url)
        name = check_tool_name(tool)
        match self:
            case ToolMapping.BODY:
                content: JsonValue = {"tool": name, "input": input_data}
                return ToolCall("POST", endpoint, dumps(content).encode())
            case ToolMapping.PATH:
                if name in DOT_SEGMENTS:
                    raise SettingsFault(f"a tool named {name!r} cannot stand in a path")
                url = f"{endpoint}/{quote(name, safe='')}"
                return ToolCall("POST", url, dumps(input_data).encode())


def endpoint_of(base_url: str) -> str:
    """Give the address that calls go to: the base with `/v1`, once, and no slash at the end.

    Raises:
        SettingsFault: it is no http(s) URL, or it carries a password, query or fragment.
    """
    base = base_url.strip().rstrip("/")
    if "@" in base.partition("//")[2].partition("/")[0]:
        raise SettingsFault("the target address carries a user name or password: use a header")
    if not is_web_address(base):
        raise SettingsFault(f"the target address {base_url!r} is not an http:// or https:// URL")
    parts = urlsplit(base)
    if parts.query or parts.fragment:
        raise SettingsFault("the target address carries a query or fragment, and calls have none")
    return base if base.endswith(VERSION_PART) else base + VERSION_PART
