"""Contract content: what is stored, how two differ, how shards merge."""

import hashlib
import json

from builders import a_contract, a_tool

from broker.domain.contents import (
    content_from_contract,
    contract_from_stored,
    delta_between,
    merge_conflicts,
    merged,
)


def test_the_stored_document_hashes_to_the_digest():
    contract = a_contract(tools=["b", "a"], metadata={"team": "x"})
    content = content_from_contract(contract)
    assert content.digest == "sha256:" + hashlib.sha256(content.document).hexdigest()
    assert content.tools == ("a", "b")
    assert "metadata" not in json.loads(content.document)


def test_what_is_stored_reads_back_to_the_same_digest():
    content = content_from_contract(a_contract(tools=["b", "a"]))
    assert contract_from_stored(content.document).digest == content.digest


def test_documents_accepted_under_wider_limits_still_read():
    tools = [a_tool(f"t{index}", input_schema={}) for index in range(1_001)]
    raw = json.dumps({"consumer": "shop", "producer": "pricing", "tools": tools}).encode()
    assert len(contract_from_stored(raw).tools) == 1_001


def test_a_delta_names_each_tool_and_member_that_differs():
    old = a_contract(tools=["gone", "kept", "changed"]).document
    new = a_contract(
        consumer="Shop", tools=["new", "kept", a_tool("changed", version="2")]
    ).document
    assert delta_between(old, new) == (
        "consumer: changed",
        "tool changed: defined differently",
        'tool changed: /version: changed from "1" to "2"',
        "tool gone: not in the new content",
        "tool new: only in the new content",
    )


def test_metadata_and_the_order_of_tools_are_no_difference():
    old = a_contract(tools=["a", "b"], metadata={"x": 1}).document
    assert delta_between(old, a_contract(tools=["b", "a"]).document) == ()


def test_merging_adds_tools_and_metadata_and_keeps_what_was_there():
    stored = a_contract(tools=["a"], metadata={"run": 1, "team": "x"}).document
    sent = a_contract(tools=["b"], metadata={"run": 2, "shard": 2}).document
    whole = merged(stored, sent)
    assert [tool["tool_name"] for tool in whole["tools"]] == ["a", "b"]
    assert whole["metadata"] == {"run": 1, "team": "x", "shard": 2}


def test_merging_without_metadata_adds_none():
    assert "metadata" not in merged(a_contract().document, a_contract(tools=["b"]).document)


def test_equal_definitions_do_not_conflict():
    stored = a_contract(tools=["a", "b"]).document
    sent = a_contract(tools=["b", a_tool("a", version="2")]).document
    assert merge_conflicts(stored, sent) == ("a",)


def test_another_dialect_conflicts_in_every_tool():
    draft7 = "http://json-schema.org/draft-07/schema#"
    sent = a_contract(tools=["b", "c"], **{"$schema": draft7}).document
    assert merge_conflicts(a_contract(tools=["a"]).document, sent) == ("b", "c")
