"""Contracts out of an MCP server's tool listing."""

import pytest

from client_sdk.contract.dialect import Dialect
from client_sdk.contract.errors import DocumentInvalid
from client_sdk.contract.reading import contract_from_document
from client_sdk.contract.sources.mcp import contract_from_tools

READ = {
    "name": "read_file",
    "inputSchema": {
        "type": "object",
        "properties": {"path": {"type": "string"}},
        "required": ["path"],
    },
    "outputSchema": {"type": "object", "properties": {"content": {"type": "string"}}},
}
WRITE = {"name": "write_file", "inputSchema": {"type": "object"}}
LISTING = {"server": "files", "version": "1.2", "tools": [READ, WRITE]}


def made(*tools, listing=LISTING):
    return contract_from_tools(listing, consumer="agent", producer="files", tools=tools)


def test_the_tools_that_are_used_are_taken_as_they_stand():
    contract = contract_from_document(made("read_file"))

    (tool,) = contract.tools
    assert (contract.consumer, contract.producer) == ("agent", "files")
    assert (tool.tool_name, tool.version) == ("read_file", "1.2")
    assert (tool.input.schema, tool.input.dialect) == (READ["inputSchema"], Dialect.DRAFT7)
    assert tool.output.schema == READ["outputSchema"]
    assert contract.metadata == {"source": "mcp", "server": "files", "server_version": "1.2"}


def test_a_tool_without_an_output_schema_may_answer_anything():
    assert made("write_file")["tools"][0]["output_schema"] is True


def test_the_order_is_that_of_the_names_asked_for():
    assert [tool["tool_name"] for tool in made("write_file", "read_file")["tools"]] == [
        "write_file",
        "read_file",
    ]


def test_every_tool_that_is_not_listed_is_named():
    with pytest.raises(DocumentInvalid) as refusal:
        made("read_file", "move_file", "drop_file")

    assert [fault.message for fault in refusal.value.faults] == [
        "move_file is not among the listed tools: read_file, write_file",
        "drop_file is not among the listed tools: read_file, write_file",
    ]


@pytest.mark.parametrize("tools", [None, {}, "read_file"])
def test_what_is_no_listing_is_refused(tools):
    with pytest.raises(DocumentInvalid) as refusal:
        made("read_file", listing={"tools": tools})

    assert refusal.value.faults[0].pointer == "/tools"


def test_entries_without_a_name_are_left_out():
    listing = {"tools": [READ, "read", {"name": 1}, {}]}

    with pytest.raises(DocumentInvalid):
        made("1", listing=listing)
    assert made("read_file", listing=listing)["tools"][0]["version"] == "0"
