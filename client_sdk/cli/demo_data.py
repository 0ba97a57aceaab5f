"""Finds the example contracts: beside the packages in a checkout, inside them in a wheel."""

from __future__ import annotations

from pathlib import Path

import client_sdk
from client_sdk.contract.document import JsonObject, parse_untrusted
from client_sdk.contract.sources.mcp import contract_from_tools
from client_sdk.errors import SettingsFault


def examples() -> Path:
    """The folder of example contracts."""
    package = Path(client_sdk.__file__).parent
    for place in (package / "_contracts", package.parent / "contracts"):
        if place.is_dir():
            return place
    raise SettingsFault("the example contracts are not installed: reinstall tallystick")


def demo_contract(consumer: str, version: str) -> bytes:
    """What a consumer of the demo publishes in that version."""
    return (examples() / "demo" / consumer / f"{version}.contract.json").read_bytes()


def file_agent_contract(server_version: str, tools: tuple[str, ...]) -> JsonObject:
    """The contract of an agent that uses some tools of a real file server of that version."""
    file = examples() / "mcp-history" / "filesystem" / f"{server_version}.tools.json"
    listing = parse_untrusted(file.read_bytes())
    if not isinstance(listing, dict):
        raise SettingsFault(f"{file} is not a tool listing")
    return contract_from_tools(
        listing, consumer="file-agent", producer="server-filesystem", tools=tools
    )
