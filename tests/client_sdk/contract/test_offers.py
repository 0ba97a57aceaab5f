import json

import pytest

from client_sdk.contract.errors import DocumentInvalid, DocumentMalformed
from client_sdk.contract.model import ANYTHING
from client_sdk.contract.offers import OfferSource, offer_from_document, parse_offer
from client_sdk.contract.validation import is_valid


def offer(**members: object) -> dict:
    return {
        "producer": "gateway",
        "source": "mcp",
        "tools": [
            {
                "tool_name": "search",
                "version": "1",
                "input_schema": {"type": "object", "properties": {"q": {"type": "string"}}},
            }
        ],
        **members,
    }


def test_an_offer_is_read_with_what_it_leaves_open():
    read = parse_offer(json.dumps(offer(metadata={"a": 1})).encode())
    (tool,) = read.tools

    assert (read.producer, read.source, read.metadata) == ("gateway", OfferSource.MCP, {"a": 1})
    assert (tool.output, tool.status_codes, tool.annotations) == (None, None, {})
    assert tool.output_shape() == ANYTHING
    assert is_valid(tool.input_shape(), {"q": "x"})
    assert not is_valid(tool.input_shape(), {"q": 1})
    assert read.tool("search") is tool
    assert read.tool("other") is None


def test_what_an_offer_says_is_read():
    doc = offer()
    doc["tools"][0] |= {
        "output_schema": {"n": {"type": "integer"}},
        "status_codes": [200, 500],
        "annotations": {"readOnlyHint": True},
        "description": "d",
    }

    (tool,) = offer_from_document(doc).tools

    assert tool.status_codes == (200, 500)
    assert tool.annotations == {"readOnlyHint": True}
    assert tool.description == "d"
    assert not is_valid(tool.output_shape(), {"n": "1"})


def test_the_digest_of_an_offer_ignores_metadata():
    assert (
        offer_from_document(offer()).digest == offer_from_document(offer(metadata={"a": 1})).digest
    )


@pytest.mark.parametrize(
    ("doc", "fault"),
    [
        ([], ("not-an-object", "")),
        (offer(source="soap"), ("unknown-source", "/source")),
        (offer(source=1), ("wrong-type", "/source")),
        ({"producer": "p", "tools": []}, ("missing-member", "")),
        (offer(tools=[]), ("empty-array", "/tools")),
        (offer(tools=[{"tool_name": "t", "version": "1"}]), ("missing-member", "/tools/0")),
        (offer(tool=[]), ("misspelt-member", "/tool")),
        (offer(producer="@"), ("name-invalid", "/producer")),
    ],
)
def test_what_is_no_offer_is_refused_with_all_faults(doc, fault):
    with pytest.raises(DocumentInvalid) as refusal:
        offer_from_document(doc)

    assert fault in [(each.code, each.pointer) for each in refusal.value.faults]


def test_bytes_that_are_no_json_are_no_offer():
    with pytest.raises(DocumentMalformed):
        parse_offer(b"{")
