"""Cassettes as evidence: playback and `verify` against contracts, inference, reads, ablation."""

import copy
import json
from decimal import Decimal

import pytest

from client_sdk import AgentContract, ToolContract
from client_sdk.contract.lint import lint
from client_sdk.contract.reading import contract_from_document
from client_sdk.exchange import Outcome
from client_sdk.harness import (
    AgentTestHarness,
    Cassette,
    CassetteEntry,
    CassetteInvalid,
    ContractMoved,
    FieldReads,
    ablate,
    evidence_from_checks,
)
from client_sdk.harness.encoding import file_value

BALANCE = {"agent_id": "test-a", "balance": "5.00", "currency": "USD"}
ENTRY = CassetteEntry("get_balance", {"agent_id": "test-a"}, 200, BALANCE)


def a_contract(consumer="buyer", **members):
    tool = {
        "tool_name": "get_balance",
        "version": "1",
        "input_schema": {
            "type": "object",
            "properties": {"agent_id": {"type": "string"}},
            "required": ["agent_id"],
        },
        "output_schema": {"balance": {"type": "string"}},
        "required_output_fields": ["balance"],
    }
    return contract_from_document(
        {"consumer": consumer, "producer": "gateway", "tools": [tool | members]}
    )


def a_tape(*entries):
    return Cassette("tape", list(entries))


def test_playback_passes_under_the_contract_it_keeps(harness):
    one = harness(contracts=[a_contract()])
    with one.cassette(a_tape(ENTRY)):
        assert one.execute("get_balance", {"agent_id": "test-a"}).body == BALANCE


def guides_contract():
    fields = {name: {"type": "string"} for name in ("balance", "held")}
    tool = ToolContract("get_balance", "1.0", {}, fields, ["balance", "held"])
    return AgentContract("buyer", "gateway", [tool])


@pytest.mark.parametrize(
    "form",
    [
        guides_contract,
        lambda: [guides_contract()],
        lambda: lambda: [guides_contract()],
        lambda: dict(a_contract(required_output_fields=["balance", "held"]).document),
    ],
)
def test_a_contract_may_come_in_any_form(harness, form):
    """E1"""
    contracts = form()
    with (
        pytest.raises(ContractMoved, match="buyer: held is missing"),
        harness(contracts=contracts).cassette(a_tape(ENTRY)) as one,
    ):
        one.execute("get_balance", {"agent_id": "test-a"})
    if not callable(contracts):
        assert a_tape(ENTRY).verify(contracts).outcome is Outcome.FAIL


def test_what_is_no_contract_is_refused(harness):
    """E1"""
    with pytest.raises(
        TypeError, match="contract is a Contract, an AgentContract or its document, not 5"
    ):
        harness(contracts=[5]).start_cassette(a_tape(ENTRY))
    assert a_tape(ENTRY).verify([]).outcome is not Outcome.PASS


def test_a_stale_cassette_fails_because_the_contract_moved(harness):
    """E1: not because a week passed"""
    one = harness(contracts=[a_contract(required_output_fields=["balance", "held"])])
    with pytest.raises(ContractMoved, match="buyer: held is missing"), one.cassette(a_tape(ENTRY)):
        one.execute("get_balance", {"agent_id": "test-a"})
    assert len(one.failures) == 1


def test_an_exchange_that_no_contract_covers_fails_too(harness):
    one = harness(contracts=[a_contract(tool_name="other")])
    with (
        pytest.raises(ContractMoved, match="no contract covers the tool 'get_balance'"),
        one.cassette(a_tape(ENTRY)),
    ):
        one.execute("get_balance", {"agent_id": "test-a"})


def test_contracts_come_from_files_folders_or_whoever_is_asked(harness, tmp_path):
    (tmp_path / "a.contract.json").write_text(json.dumps(a_contract().document))
    broken = CassetteEntry("get_balance", {"agent_id": "test-a"}, 200, {"balance": 7})
    for source in (
        tmp_path,
        tmp_path / "a.contract.json",
        str(tmp_path),
        a_contract(),
        lambda: [a_contract()],
    ):
        one = harness(contracts=source)
        with one.cassette(a_tape(ENTRY)):
            assert one.execute("get_balance", {"agent_id": "test-a"}).body == BALANCE
        two = harness(contracts=source)
        with pytest.raises(ContractMoved), two.cassette(a_tape(broken)):
            two.execute("get_balance", {"agent_id": "test-a"})


def test_no_contract_at_all_is_an_error(harness, tmp_path):
    with pytest.raises(ValueError, match="names no contract"):
        harness(contracts=tmp_path).start_cassette(a_tape(ENTRY))


@pytest.mark.parametrize(
    ("entry", "contract", "outcome", "said"),
    [
        (ENTRY, a_contract(), Outcome.PASS, []),
        (
            ENTRY,
            a_contract(status_codes=[201]),
            Outcome.FAIL,
            ["buyer: status 200 is not one the consumer handles (201)"],
        ),
        (
            CassetteEntry("get_balance", {}, 200, BALANCE),
            a_contract(),
            Outcome.FAIL,
            ["buyer: agent_id is missing"],
        ),
        (
            CassetteEntry("get_balance", {"agent_id": "a"}, 200, {"balance": b"\0"}),
            a_contract(),
            Outcome.FAIL,
            None,
        ),
        (
            CassetteEntry("ping", {}, 200),
            a_contract(),
            Outcome.INCONCLUSIVE,
            ["no contract covers the tool 'ping'"],
        ),
    ],
)
def test_every_recorded_exchange_is_judged(entry, contract, outcome, said):
    check = a_tape(entry).verify([contract])

    assert check.outcome is outcome
    assert check.passed is (outcome is Outcome.PASS)
    if said is not None:
        assert check.checks[0].sentences() == said


def test_a_placeholder_is_not_judged_by_its_pattern():
    entry = CassetteEntry("get_balance", {"agent_id": "⟨secret:1⟩"}, 200, BALANCE)
    schema = {"type": "object", "properties": {"agent_id": {"type": "string", "pattern": "^test-"}}}

    assert a_tape(entry).verify([a_contract(input_schema=schema)]).passed


def test_an_empty_cassette_is_no_pass():
    assert a_tape().verify([a_contract()]).outcome is Outcome.INCONCLUSIVE
    assert evidence_from_checks([], "buyer", "1").outcome is Outcome.INCONCLUSIVE


def test_the_result_is_evidence():
    contract = a_contract()
    record = a_tape(ENTRY).verify([contract]).evidence("buyer", "1.2.0", commit="abc").to_json()

    assert (record["kind"], record["verdict"], record["participant"], record["version"]) == (
        "cassettes",
        "pass",
        "buyer",
        "1.2.0",
    )
    assert record["payload"]["numbers"] == {
        "cassettes": 1,
        "exchanges": 1,
        "failed": 0,
        "not_judged": 0,
    }
    assert record["payload"]["inputs"]["contract buyer/gateway"] == contract.digest
    assert record["payload"]["commit"] == "abc"


def test_an_inferred_contract_is_one_and_the_recording_keeps_it():
    tape = a_tape(
        ENTRY, CassetteEntry("get_balance", {"agent_id": "test-b"}, 404, {"title": "unknown"})
    )
    document = tape.infer_contract("buyer", "gateway")
    contract = contract_from_document(document)

    assert [fault for fault in lint(document) if fault.severity == "error"] == []
    assert tape.verify([contract]).passed
    assert contract.tools[0].status_codes == (200, 404)
    assert len(contract.tools[0].examples) == 2


def test_an_inferred_contract_is_refused_for_nothing():
    with pytest.raises(CassetteInvalid, match="no recorded answer"):
        a_tape().infer_contract("buyer", "gateway")


def test_what_only_some_answers_have_is_optional_and_types_join():
    bodies = [
        {"a": 1, "b": None},
        {"a": Decimal("1.5"), "b": "x", "c": [True]},
        {"a": 2, "b": "y", "c": []},
    ]
    entries = [CassetteEntry("get", {"n": n}, 200, body) for n, body in enumerate(bodies)]
    schema = a_tape(*entries).infer_contract("b", "g")["tools"][0]["output_schema"]

    assert schema == {
        "type": "object",
        "properties": {
            "a": {"type": "number"},
            "b": {"type": ["null", "string"]},
            "c": {"type": "array", "items": {"type": "boolean"}},
        },
        "required": ["a", "b"],
    }


def tracked(harness, tape, read):
    one = harness(track_reads=True)
    with one.cassette(tape):
        read(one.execute("get_balance", {"agent_id": "test-a"}).body)
    return one.reads["get_balance"]


NESTED = CassetteEntry(
    "get_balance", {"agent_id": "test-a"}, 200,
    {"balance": "5.00", "owner": {"name": "a", "mail": "b"}, "items": [{"id": 1, "n": 2}, {"id": 2, "n": 3}]},
)  # fmt: skip


def members_of(body):
    def call(**members):
        return members

    return call(**body)


def match_it(body):
    match body:
        case {"balance": str()}:
            return True
    return False


@pytest.mark.parametrize(
    ("read", "fields", "wholes"),
    [
        (lambda body: body["balance"], {"/balance"}, set()),
        (lambda body: body.get("nothing"), {"/nothing"}, set()),
        (lambda body: "owner" in body, {"/owner"}, set()),
        (lambda body: body["owner"]["name"], {"/owner", "/owner/name"}, set()),
        (lambda body: [each["id"] for each in body["items"]], {"/items", "/items/*", "/items/*/id"}, set()),
        (lambda body: body["items"][0]["n"], {"/items", "/items/*", "/items/*/n"}, set()),
        (lambda body: [each.get("n") for each in body["items"][1:]], {"/items", "/items/*", "/items/*/n"}, set()),
        (match_it, {"/balance"}, set()),
        (dict, None, {""}),
        (list, set(), {""}),
        (lambda body: {**body}, None, {""}),
        (members_of, None, {""}),
        (lambda body: body == {}, set(), {""}),
        (json.dumps, None, {""}),
        (copy.deepcopy, set(), {""}),
        (copy.copy, set(), {""}),
        (lambda body: list(body.items()), set(), {""}),
        (lambda body: list(body.values()), set(), {""}),
        (lambda body: body["owner"].copy(), {"/owner"}, {"/owner"}),
        (lambda body: body["items"] == [], {"/items"}, {"/items"}),
        (lambda body: 1 in body["items"], {"/items"}, {"/items"}),
        (lambda body: body.pop("balance"), {"/balance"}, set()),
        (lambda body: body.pop("nothing", None), {"/nothing"}, set()),
        (lambda body: body.pop("owner")["name"], {"/owner", "/owner/name"}, set()),
        (lambda body: body.setdefault("balance", "0.00"), {"/balance"}, set()),
        (lambda body: body.popitem(), set(), {""}),
        (lambda body: list(reversed(body)), set(), {""}),
        (repr, set(), {""}),
        (str, set(), {""}),
        (lambda body: [each["id"] for each in reversed(body["items"])], {"/items", "/items/*", "/items/*/id"}, set()),
        (lambda body: body["items"].pop()["id"], {"/items", "/items/*", "/items/*/id"}, set()),
        (lambda body: (body["items"] + [])[0]["id"], {"/items"}, {"/items"}),
        (lambda body: ([] + body["items"])[0]["id"], {"/items"}, {"/items"}),
        (lambda body: body["items"] * 2, {"/items"}, {"/items"}),
        (lambda body: 2 * body["items"], {"/items"}, {"/items"}),
        (lambda body: body["items"].count(1), {"/items"}, {"/items"}),
        (lambda body: body["items"].index(dict(body["items"][0])), None, {"/items"}),
        (lambda body: body["items"].remove(dict(body["items"][0])), None, {"/items"}),
        (lambda body: body["items"].sort(key=str), {"/items"}, {"/items"}),
        (lambda body: body["items"] < [], {"/items"}, {"/items"}),
        (lambda body: body["items"] >= [], {"/items"}, {"/items"}),
        (lambda body: str(body["items"]), {"/items"}, {"/items"}),
        (id, set(), set()),
    ],
)  # fmt: skip
def test_a_tracked_body_knows_what_was_read(harness, read, fields, wholes):
    """E1: mechanism 1"""
    found = tracked(harness, a_tape(NESTED), read)

    assert fields is None or found.fields == fields
    assert found.wholes >= wholes
    assert bool(found.wholes) is bool(wholes)


def test_a_tracked_body_is_a_dict_all_the_same(harness):
    one = harness(track_reads=True)
    with one.cassette(a_tape(NESTED)):
        body = one.execute("get_balance", {"agent_id": "test-a"}).body

    assert isinstance(body, dict)
    assert body == NESTED.response_body
    assert json.loads(json.dumps(body)) == NESTED.response_body
    assert copy.deepcopy(body) == NESTED.response_body
    assert type(copy.deepcopy(body)) is dict


def test_reads_need_their_switch(harness):
    with pytest.raises(ValueError, match="track_reads=True"):
        harness().reads  # noqa: B018 - asking is the act


def test_a_minimal_contract_asks_for_what_is_read_and_no_more(harness):
    """E1"""
    tape = a_tape(NESTED)
    reads = {
        "get_balance": tracked(
            harness, tape, lambda body: (body["balance"], body["items"][0]["id"])
        )
    }
    tool = tape.infer_contract("buyer", "gateway", reads=reads)["tools"][0]

    assert tool["output_schema"] == {
        "type": "object",
        "properties": {
            "balance": {"type": "string"},
            "items": {
                "type": "array",
                "items": {
                    "type": "object",
                    "properties": {"id": {"type": "integer"}},
                    "required": ["id"],
                },
            },
        },
        "required": ["balance", "items"],
    }
    assert tool["examples"][0]["response"]["body"] == {
        "balance": "5.00",
        "items": [{"id": 1}, {"id": 2}],
    }


def test_a_tool_whose_answer_nobody_reads_may_answer_anything(harness):
    tape = a_tape(ENTRY)

    assert tape.infer_contract("b", "g", reads={})["tools"][0]["output_schema"] is True


def test_ablation_finds_what_a_test_needs_even_through_a_copy():
    """E1: mechanism 2"""

    def the_test(one):
        body = dict(one.execute("get_balance", {"agent_id": "test-a"}).body)
        assert body["balance"] == "5.00"
        assert body.get("owner", {}).get("mail") != "x"
        assert sum(each["n"] for each in body["items"]) == 5

    found = ablate(the_test, a_tape(NESTED))

    assert found.needed("get_balance") == ["/balance", "/items", "/items/*/n"]
    assert {each.pointer for each in found.verdicts if not each.needed} == {
        "/owner",
        "/owner/name",
        "/owner/mail",
        "/items/*/id",
    }
    tool = a_tape(NESTED).infer_contract("b", "g", reads=found.reads)["tools"][0]
    assert sorted(tool["output_schema"]["properties"]) == ["balance", "items"]


def test_ablation_of_a_test_that_fails_anyway_learns_nothing():
    def the_test(one):
        one.assert_field(one.execute("get_balance", {"agent_id": "test-a"}), "gone")

    with pytest.raises(ValueError, match="fails on the whole recording"):
        ablate(the_test, a_tape(ENTRY))


def test_ablation_uses_the_harness_it_is_given():
    modes = []

    def make():
        modes.append("made")
        return AgentTestHarness(agent_id="test-b")

    ablate(
        lambda one: one.execute("get_balance", {"agent_id": "test-a"}), a_tape(ENTRY), harness=make
    )
    assert len(modes) == 1 + len(BALANCE)


def test_whole_reads_want_everything_below_them():
    reads = FieldReads(frozenset({"/a/b"}), frozenset({"/c"}))

    assert [reads.wants(each) for each in ("", "/a", "/a/b", "/a/x", "/c/d/e", "/d", "/ab")] == [
        True,
        True,
        True,
        False,
        True,
        False,
        False,
    ]
    assert (reads.wants_all_of("/c/d"), reads.wants_all_of("/a")) == (True, False)


def test_a_recording_against_the_sandbox_keeps_the_contract_made_of_it(harness, sandbox, tmp_path):
    """record → infer → verify → playback under the contract, over real sockets"""
    sandbox.mock.set_balance("test-a", "100.00")
    sent = {"payer": "test-a", "payee": "test-b", "amount": "5.00"}
    with harness("record", base_url=sandbox.url) as one, one.cassette("pay"):
        one.execute("create_escrow", sent)
        one.execute("get_balance", {"agent_id": "test-a"})
    tape = Cassette.load(tmp_path / "pay.json")
    contract = contract_from_document(tape.infer_contract("buyer", "gateway"))

    assert tape.verify([contract]).passed
    with harness(contracts=contract) as one, one.cassette("pay"):
        assert one.execute("create_escrow", sent).body == file_value(tape.entries[0].response_body)
        one.execute("get_balance", {"agent_id": "test-a"})
