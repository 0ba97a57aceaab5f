"""Contracts in Python and on disk: loading, saving, choosing the one that applies."""

import json
import logging
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from client_sdk.contract.dialect import Dialect
from client_sdk.contract.errors import DocumentInvalid, DocumentMalformed
from client_sdk.contract.shape import SchemaResource, Shape
from client_sdk.contract.validation import is_valid
from client_sdk.validator import AgentContract, ContractValidator, ToolContract

ROOT = Path(__file__).parents[3]
EXAMPLE = ROOT / "contracts" / "buyer-agent-v2--gateway.contract.json"
MCP = {
    "server": "files",
    "version": "2.0",
    "tools": [
        {
            "name": "read_file",
            "inputSchema": {"type": "object", "properties": {"path": {"type": "string"}}},
        }
    ],
}


def balance(version="1.0", **members):
    schema = {"balance": {"type": "string"}}
    return ToolContract("get_balance", version, {}, schema, **members)


def contract(*tools, consumer="buyer", producer="gateway"):
    return AgentContract(consumer, producer, list(tools) or [balance()])


def paid(validator, amount="1.00", **options):
    answer = {"status_code": 200, "body": {"balance": amount}}
    return validator.validate_response("get_balance", answer, **options)


def test_the_fields_have_the_guides_order_and_defaults():
    """V3, V4"""
    tool = ToolContract("t", "1.0", {}, {}, ["a"], ["b"], [200, 404], [])
    mine = AgentContract("buyer", "gateway", [tool], {"owner": "x"})

    assert (tool.required_output_fields, tool.optional_output_fields) == (["a"], ["b"])
    assert (mine.tools, mine.metadata) == ([tool], {"owner": "x"})
    bare = ToolContract("t", "1.0", {}, {})
    assert (bare.required_output_fields, bare.status_codes, bare.constraints) == ([], [200], [])
    assert (AgentContract("a", "b").tools, AgentContract("a", "b").metadata) == ([], {})


@pytest.mark.parametrize("file", sorted(ROOT.glob("contracts/**/*.contract.json")), ids=str)
def test_every_example_contract_loads_unchanged(file):
    """V10: what is saved again means the same."""
    loaded = AgentContract.load(file)

    document = json.loads(file.read_text())
    for name in ("consumer", "producer", "metadata"):
        assert loaded.to_document().get(name) == document.get(name)
    for written, read in zip(document["tools"], loaded.to_document()["tools"], strict=True):
        assert read == {"status_codes": [200]} | written


def test_the_guides_example_validates():
    """V10: buyer agent to gateway, create_escrow 1.0."""
    validator = ContractValidator(EXAMPLE.parent)
    validator.add_contract(AgentContract.load(EXAMPLE))
    body = {"escrow_id": "esc_1", "status": "pending", "amount": "25.00", "currency": "USD"}

    assert validator.validate_response("create_escrow", {"status_code": 200, "body": body}) == []
    held = {"status_code": 200, "body": body | {"status": "held"}}
    assert validator.validate_response("create_escrow", held) != []


def test_a_contract_is_saved_whole_and_loaded_again(tmp_path):
    """V4"""
    extra = {"x-team": "pay"}
    tool = balance(required_output_fields=["balance"], responses={404: True}, extra=extra)
    mine = AgentContract("buyer", "gateway", [tool], {"owner": "x"}, dialect=None)
    file = tmp_path / "deep" / "buyer.contract.json"

    mine.save(file)

    assert AgentContract.load(file).to_document() == mine.to_document()
    assert AgentContract.load(file).tools[0].extra == extra
    assert [each.name for each in file.parent.iterdir()] == ["buyer.contract.json"]


def test_an_invalid_contract_is_not_saved(tmp_path):
    file = tmp_path / "buyer.contract.json"

    with pytest.raises(DocumentInvalid):
        AgentContract("buyer", "gateway", []).save(file)

    assert list(tmp_path.iterdir()) == []


def test_a_file_that_is_no_strict_json_is_refused(tmp_path):
    file = tmp_path / "buyer.contract.json"
    file.write_text('{"consumer": "a", "consumer": "b"}')

    with pytest.raises(DocumentMalformed):
        AgentContract.load(file)


def test_a_missing_folder_gives_none_and_a_warning(tmp_path, caplog):
    """V5, v1: and the run is not a pass."""
    validator = ContractValidator(tmp_path / "nowhere")

    with caplog.at_level(logging.WARNING):
        assert validator.load_contracts() == 0

    assert "nowhere does not exist" in caplog.text
    assert (validator.report()["passed"], validator.report()["reason"]) == (False, "no_evidence")


def test_an_empty_folder_warns_too(tmp_path, caplog):
    """v1"""
    assert ContractValidator(tmp_path).load_contracts() == 0
    assert "holds no sound" in caplog.text


def test_loading_twice_is_loading_once(tmp_path):
    """V5, v10: by content, recursively."""
    contract().save(tmp_path / "a.contract.json")
    contract().save(tmp_path / "deep" / "same.contract.json")
    contract(consumer="seller").save(tmp_path / "deep" / "z.contract.json")
    (tmp_path / "notes.json").write_text("[]")
    validator = ContractValidator(tmp_path)

    assert (validator.load_contracts(), validator.load_contracts()) == (2, 2)
    assert [each.consumer for each in validator.contracts] == ["buyer", "seller"]


def test_what_is_loaded_again_replaces_what_was_loaded(tmp_path):
    """v10"""
    file = tmp_path / "a.contract.json"
    contract().save(file)
    validator = ContractValidator(tmp_path)
    validator.load_contracts()
    contract(consumer="seller").save(file)

    assert validator.load_contracts() == 1
    assert [each.consumer for each in validator.contracts] == ["seller"]


def test_one_bad_file_is_named_and_stops_no_other(tmp_path):
    """v10: and the report does not pass over it."""
    contract().save(tmp_path / "good.contract.json")
    (tmp_path / "bad.contract.json").write_text("{")
    (tmp_path / "worse.contract.json").write_text('{"consumer": "a"}')
    (tmp_path / "folder.contract.json").mkdir()
    validator = ContractValidator(tmp_path)

    assert validator.load_contracts() == 1
    assert [Path(each.file).name for each in validator.load_errors] == [
        "bad.contract.json",
        "folder.contract.json",
        "worse.contract.json",
    ]
    assert paid(validator) == []
    report = validator.report()
    assert (report["passed"], report["errors"]) == (False, 3)
    assert report["violations"][0]["location"].endswith("bad.contract.json")


def test_a_brokers_contracts_are_loaded_too(tmp_path):
    """E4: what needs a broker is a callable."""
    document = contract().to_document()
    validator = ContractValidator(tmp_path, broker=lambda: [document])

    assert validator.load_contracts() == 1
    assert paid(validator) == []


def test_every_matching_contract_counts():
    """V6"""
    validator = ContractValidator()
    validator.add_contract(contract())
    strict = ToolContract("get_balance", "1.0", {}, {"balance": {"const": "2.00"}})
    validator.add_contract(contract(strict, consumer="auditor"))

    assert [each.consumer for each in paid(validator)] == ["auditor"]
    assert paid(validator, consumer="buyer") == []
    assert [each.consumer for each in paid(validator, consumer="AUDITOR")] == ["auditor"]


def test_of_one_consumer_the_newest_version_counts():
    """v17: 1.10 is newer than 1.9; `versions="all"` enforces both."""
    tools = {
        number: ToolContract("get_balance", number, {}, {"balance": {"const": number}})
        for number in ("1.9", "1.10")
    }
    newest, every = ContractValidator(), ContractValidator(versions="all")
    for validator in (newest, every):
        for tool in tools.values():
            validator.add_contract(contract(tool))

    assert paid(newest, "1.10") == []
    assert [each.version for each in paid(newest, "1.9")] == ["1.10"]
    assert [each.version for each in paid(every, "1.10")] == ["1.9"]


def test_equal_versions_are_both_enforced():
    """v17: `1` and `1.0` are the same."""
    validator = ContractValidator()
    for number in ("1", "1.0"):
        tool = ToolContract("get_balance", number, {}, {"balance": {"const": number}})
        validator.add_contract(contract(tool))

    assert [each.version for each in paid(validator, "2.00")] == ["1", "1.0"]


def test_versions_that_have_no_order_are_all_enforced():
    """v17: nothing is passed over in silence."""
    validator = ContractValidator()
    for number in ("blue", "1.0"):
        tool = ToolContract("get_balance", number, {}, {"balance": {"const": number}})
        validator.add_contract(contract(tool))

    assert [each.version for each in paid(validator, "2.00")] == ["blue", "1.0"]


@pytest.mark.parametrize(
    ("tool", "producer", "consumer", "said"),
    [
        ("get_balanse", "gateway", None, "did you mean get_balance?"),
        ("get_balance", "gatway", None, "did you mean gateway?"),
        ("get_balance", "gateway", "stranger", "no contract names the consumer stranger"),
        ("list_everything", "gateway", None, "known: get_balance"),
    ],
)
def test_a_call_that_no_contract_knows_is_an_error(tool, producer, consumer, said):
    """v1"""
    validator = ContractValidator()
    validator.add_contract(contract())

    (found,) = validator.validate_response(
        tool, {"status_code": 200, "body": {}}, producer, consumer=consumer
    )

    assert (found.rule, found.severity.value) == ("unmatched", "error")
    assert said in found.message
    assert not validator.report()["passed"]


@pytest.mark.parametrize(("on_unmatched", "expected"), [("warn", ["warning"]), ("ignore", [])])
def test_unmatched_calls_may_be_tolerated_and_are_no_evidence(on_unmatched, expected):
    """v1"""
    validator = ContractValidator(on_unmatched=on_unmatched)

    assert [each.severity.value for each in paid(validator)] == expected
    report = validator.report()
    assert (report["total_validations"], report["passed"]) == (0, False)
    assert report["reason"] == "no_evidence"


def test_provider_states_come_from_the_examples():
    """E4, v17"""
    examples = [
        {"name": "a", "input": {}, "provider_state": "funds"},
        {"name": "b", "input": {}},
        {"name": "c", "input": {}, "provider_state": "funds"},
    ]

    assert balance(examples=examples).provider_states == ("funds",)


def test_a_tool_becomes_one_json_schema():
    """E4"""
    constraints = [{"type": "field_matches", "field": "balance", "pattern": "^[0-9]"}]
    schema = balance(required_output_fields=["balance"], constraints=constraints).to_json_schema(
        200
    )
    shape = Shape((SchemaResource(schema, Dialect.D2020),))

    assert is_valid(shape, {"balance": "1.00"})
    assert not any(is_valid(shape, body) for body in ({}, {"balance": "x"}, {"balance": 1}, []))
    assert balance().to_json_schema(404) is True
    assert balance().to_json_schema()["$schema"].endswith("2020-12/schema")


def test_an_mcp_listing_becomes_a_contract():
    """E4"""
    made = AgentContract.from_mcp(MCP, consumer="buyer", producer="files", tools=["read_file"])

    assert made.dialect == "http://json-schema.org/draft-07/schema#"
    assert (made.tools[0].tool_name, made.tools[0].version) == ("read_file", "2.0")
    assert AgentContract.from_kernel(made.to_kernel()) == made
    with pytest.raises(DocumentInvalid):
        AgentContract.from_mcp(MCP, consumer="buyer", producer="files", tools=["write_file"])


@pytest.mark.parametrize(
    ("output", "valid", "invalid"),
    [
        (True, [1], []),
        ({"$id": "urn:mine", "type": "object"}, [{"balance": 1}], [1]),
        ({"$ref": "#/$defs/a", "$defs": {"a": {"type": "object"}}}, [{"balance": 1}], ["x"]),
    ],
)
def test_each_part_of_a_schema_keeps_its_meaning(output, valid, invalid):
    """E4: references, names and plain truth survive being joined."""
    fields = ["balance"] if invalid else []
    tool = ToolContract("get_balance", "1.0", {}, output, fields)
    shape = Shape((SchemaResource(tool.to_json_schema(200), Dialect.D2020),))

    assert all(is_valid(shape, value) for value in valid)
    assert not any(is_valid(shape, value) for value in [*invalid, *([{}] if fields else [])])


def test_a_contract_may_come_as_a_document_or_from_the_kernel():
    validator = ContractValidator()
    validator.add_contract(contract().to_document())
    validator.add_contract(contract().to_kernel())

    assert len(validator.contracts) == 1
    assert paid(validator) == []


def test_known_names_that_never_met_are_unmatched():
    """v1"""
    validator = ContractValidator()
    validator.add_contract(contract())
    validator.add_contract(contract(ToolContract("deposit", "1.0", {}, {}), producer="bank"))

    (found,) = validator.validate_response("deposit", {"status_code": 200, "body": {}})

    assert "no contract has the tool deposit between these participants" in found.message


def test_a_broken_document_of_the_broker_does_not_stop_the_others(tmp_path):
    """v10: one bad contract ended the loading."""
    good = AgentContract("buyer", "gateway", [ToolContract("pay", "1.0", {}, {})])
    documents = [{"consumer": "x"}, good.to_document()]
    validator = ContractValidator(tmp_path, broker=lambda: documents)

    assert validator.load_contracts() == 1
    assert [each.file for each in validator.load_errors] == ["document 0 of the broker"]
    assert validator.report()["errors"] == 1


@pytest.mark.parametrize("given", [[], None, "newset"])
def test_a_word_for_the_versions_is_one_of_two(given):
    with pytest.raises(ValueError, match=r"versions: .* is neither newest nor all"):
        ContractValidator(versions=given)


def test_several_workers_may_save_one_contract(tmp_path):
    """V4: they shared the half-written file, and one of them lost it."""
    file = tmp_path / "buyer.contract.json"
    contract = AgentContract("buyer", "gateway", [ToolContract("pay", "1.0", {}, {})])

    def save(_):
        for _ in range(20):
            contract.save(file)
            AgentContract.load(file)

    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(save, range(4))) == [None] * 4
    assert [each.name for each in tmp_path.iterdir()] == ["buyer.contract.json"]
