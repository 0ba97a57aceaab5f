"""What the guide asks of the harness, H1 to H25."""

import json
from dataclasses import fields
from decimal import Decimal
from pathlib import Path

import pytest
import requests

from client_sdk import AgentBenchmark, AgentTestHarness, Cassette, CassetteEntry
from client_sdk.clock import VirtualClock
from client_sdk.harness import (
    CassetteExhausted,
    CassetteExpired,
    CassetteMismatch,
    FallbackFieldWarning,
    Mode,
    NotRecordable,
)

ESCROW = {"payer": "test-a", "payee": "test-b", "amount": "5.00"}


def test_an_entry_has_the_guides_seven_fields_in_order():
    """H1"""
    entry = CassetteEntry("ping", {"a": 1}, 200, {"ok": True}, {"x": "y"}, 1.5, 2.5)

    assert [each.name for each in fields(entry)][:7] == [
        "request_tool", "request_input", "response_status", "response_body", "response_headers", "timestamp", "latency_ms",
    ]  # fmt: skip
    assert (entry.timestamp, entry.latency_ms) == (1.5, 2.5)


def test_a_cassette_saves_into_new_folders_and_loads_again(tmp_path):
    """H2"""
    cassette = Cassette("pay", [CassetteEntry("ping", {}, 200, {"ok": True}, {}, 1.0, 2.0)])
    file = tmp_path / "a" / "b" / "pay.json"

    cassette.save(file)

    assert {"name", "metadata", "entries"} <= json.loads(file.read_text()).keys()
    assert Cassette.load(file) == cassette


def test_a_file_of_the_guide_without_metadata_loads(tmp_path):
    """H2"""
    file = tmp_path / "old.json"
    entry = {"request_tool": "ping", "request_input": {}, "response_status": 200, "response_body": {},
             "response_headers": {}, "timestamp": 1.0, "latency_ms": 2.0}  # fmt: skip
    file.write_text(json.dumps({"name": "old", "entries": [entry]}))

    assert Cassette.load(file).metadata == {}


def test_the_constructor_takes_the_guides_five_by_position():
    """H3, H4, H5"""
    with AgentTestHarness(
        "test-key", "test-a", "http://127.0.0.1:1/v1", "cassettes", "record"
    ) as one:
        assert (one.api_key, one.agent_id, one.base_url) == (
            "test-key",
            "test-a",
            "http://127.0.0.1:1/v1",
        )
        assert (one.cassette_dir, one.mode) == (Path("cassettes"), "record")


def test_the_defaults_are_the_sandbox_and_playback():
    """H3, H4"""
    with AgentTestHarness("test-key", "test-a") as one:
        assert (one.base_url, one.cassette_dir, one.mode) == (
            "http://127.0.0.1:8701/v1", Path("tests/cassettes"), Mode.PLAYBACK,
        )  # fmt: skip


def test_the_session_speaks_json_and_carries_the_key():
    """H5"""
    with AgentTestHarness("test-key", "test-a") as one:
        assert isinstance(one.session, requests.Session)
        assert one.session.headers["Content-Type"] == "application/json"
        assert one.session.headers["Authorization"] == "Bearer test-key"
        assert (one.call_count, one.assertion_count, one.failures) == (0, 0, [])


def test_a_recording_says_who_where_and_when(harness, sandbox, tmp_path):
    """H6, H7, H9, H10"""
    one = harness("record", base_url=sandbox.url)
    one.start_cassette("pay")
    result = one.execute("deposit", {"agent_id": "test-a", "amount": "5.00"})
    one.stop_cassette()

    saved = json.loads((tmp_path / "pay.json").read_text())
    assert saved["metadata"] == {
        "agent_id": "test-a",
        "base_url": sandbox.url,
        "recorded_at": "2023-11-14T22:13:20Z",
    }
    assert [each["request_tool"] for each in saved["entries"]] == ["deposit"]
    assert saved["entries"][0]["response_body"]["balance"] == "5.00"
    assert result.latency_ms > 0


def test_a_missing_cassette_names_the_file_and_the_remedy(harness):
    """H6"""
    with pytest.raises(FileNotFoundError, match=r"nothing\.json: record it .*TEST_MODE=record"):
        harness().start_cassette("nothing")


def test_passthrough_runs_no_cassette_and_keeps_nothing(harness, scripted, tmp_path):
    """H6, H8"""
    one = harness("passthrough", client=scripted({"n": 1}))
    one.start_cassette("pay")

    assert one.execute("ping", {}).body == {"n": 1}
    one.stop_cassette()
    assert (one.call_count, list(tmp_path.iterdir())) == (1, [])


def test_starting_again_begins_at_the_first_entry(recorded, harness):
    """H6, H7"""
    recorded("two", ("ping", {"n": 1}, {"a": 1}), ("ping", {"n": 2}, {"a": 2}))
    one = harness()
    for _ in range(2):
        with one.cassette("two"):
            assert [one.execute("ping", {"n": n}).body["a"] for n in (1, 2)] == [1, 2]


def test_playback_goes_in_order(recorded, harness):
    """H11, H25"""
    recorded("two", ("ping", {"n": 1}, {"a": 1}), ("ping", {"n": 2}, {"a": 2}))
    one = harness()

    with pytest.raises(CassetteMismatch, match=r"/n: 1 → 2"), one.cassette("two"):
        one.execute("ping", {"n": 2})


def test_playback_without_a_cassette_is_a_runtime_error(harness):
    """H11"""
    with pytest.raises(RuntimeError, match="without a cassette"):
        harness().execute("ping", {})


def test_a_call_too_many_says_how_many_there_are(recorded, harness):
    """H11"""
    recorded("one", ("ping", {}, {}))
    one = harness()

    one.start_cassette("one")
    one.execute("ping", {})
    with pytest.raises(RuntimeError, match="1 calls are recorded, and call 2 is 'pong'") as caught:
        one.execute("pong", {})
    assert isinstance(caught.value, CassetteExhausted)


def test_another_tool_stands_in_the_failures_and_in_the_log(recorded, harness, caplog):
    """H11"""
    recorded("one", ("ping", {}, {}))
    one = harness()

    with pytest.raises(CassetteMismatch), one.cassette("one"):
        one.execute("pong", {})
    assert "tool: 'ping' → 'pong'" in one.failures[0]
    assert "tool: 'ping' → 'pong'" in caplog.text


@pytest.mark.parametrize("status", [200, 201, 202, 204])
def test_success_is_any_2xx(harness, status):
    """H12, h17"""
    harness().assert_success({"status_code": status})


def test_a_failed_claim_counts_raises_and_is_kept(harness):
    """H12, H13, H17"""
    one = harness()
    with pytest.raises(AssertionError, match="release: expected success, got status 409"):
        one.assert_success({"status_code": 409, "body": {}}, "release")
    with pytest.raises(AssertionError, match="expected status 201, got 200"):
        one.assert_status({"status_code": 200}, 201)
    one.assert_status({"status_code": 200}, 200)

    assert one.assertion_count == 3
    assert len(one.failures) == 2


def test_a_missing_field_lists_what_is_there(harness):
    """H14"""
    with pytest.raises(AssertionError, match=r"the keys present are \['a', 'b'\]"):
        harness().assert_field({"body": {"a": 1, "b": 2}}, "c")


@pytest.mark.parametrize("body", [{"status": "released"}, {"status": "released", "state": "x"}])
def test_an_escrows_state_is_read_from_status(harness, body):
    """H15"""
    harness().assert_escrow_state({"body": body}, "released")


def test_an_escrows_state_falls_back_and_says_so(harness):
    """H15, h19"""
    with pytest.warns(FallbackFieldWarning):
        harness().assert_escrow_state({"body": {"state": "released"}}, "released")


def test_balances_change_by_exact_decimals(harness):
    """H16"""
    one = harness()
    before, after = ({"body": {"balance": amount}} for amount in ("0.10", "0.30"))

    one.assert_balance_changed(before, after, "0.20")
    with pytest.raises(AssertionError, match=r"should change by 0\.10, changed by 0\.20"):
        one.assert_balance_changed(before, after, "0.10")


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ({"balance": "0.10"}, {"balance": "0.30"}),
        ("0.10", Decimal("0.30")),
        ({"status_code": 200, "body": {"balance": "0.10"}}, {"balance": "0.30"}),
    ],
)
def test_a_balance_is_read_from_a_result_its_body_or_as_it_is(harness, before, after):
    """H16"""
    one = harness()
    one.assert_balance_changed(before, after, "0.20")
    assert one.assertion_count == 1
    with pytest.raises(AssertionError, match="the balance before is"):
        one.assert_balance_changed({"body": [1]}, after, "0.20")
    with pytest.raises(
        AssertionError, match=r"the balance before is 0\.1, which is no exact amount"
    ):
        one.assert_balance_changed(0.1, after, "0.20")
    assert (one.assertion_count, len(one.failures)) == (3, 2)


def test_the_report_has_the_guides_keys(harness, scripted):
    """H18"""
    one = harness("passthrough", client=scripted())
    one.assert_success(one.execute("ping", {}))

    assert one.report() == {
        "total_calls": 1, "total_assertions": 1, "failures": 0, "failure_details": [], "mode": "passthrough", "passed": True,
    }  # fmt: skip


def test_a_report_of_nothing_is_no_pass(harness):
    assert harness().report()["passed"] is False


def lifecycle(one):
    created = one.execute("create_escrow", ESCROW)
    one.assert_escrow_state(created, "pending")
    released = one.execute("release_escrow", {"escrow_id": created.body["escrow_id"]})
    one.assert_escrow_state(released, "released")
    assert one.report()["passed"]


def test_the_escrow_lifecycle_records_and_plays(harness, sandbox):
    """H20"""
    sandbox.mock.set_balance("test-a", "100.00")
    for mode in ("record", "playback"):
        one = harness(mode, base_url=sandbox.url)
        with one.cassette("lifecycle"):
            lifecycle(one)


def test_a_recording_is_made_anew_and_the_review_sees_only_what_changed(
    recorded, harness, scripted
):
    """H21, h24"""
    file = recorded("one", ("ping", {}, {"a": 1, "b": 2}))
    before = file.read_text().splitlines()
    one = harness("rewrite", client=scripted({"a": 1, "b": 3}))
    with one.cassette("one"):
        one.execute("ping", {})

    after = file.read_text().splitlines()
    assert [pair for pair in zip(before, after, strict=True) if pair[0] != pair[1]] == [
        ('        "b": 2', '        "b": 3')
    ]


@pytest.mark.parametrize("key", ["sk_live_abc", "greenhelix-prod-1", "PRODUCTION"])
def test_a_production_key_is_not_recorded_with(harness, key):
    """H22, h9"""
    with pytest.raises(NotRecordable, match="looks like one of production") as caught:
        harness("record", api_key=key).start_cassette("pay")
    assert key not in str(caught.value)


def test_an_old_recording_is_refused(recorded, harness):
    """H23, h20"""
    recorded("one", ("ping", {}, {}))
    week = 7 * 24 * 3600
    clock = VirtualClock(1_700_000_000 + week + 1)

    with pytest.raises(CassetteExpired, match="rewrite"):
        harness(max_age=week, on_expired="error", clock=clock).start_cassette("one")


def test_what_differs_every_time_is_not_matched(recorded, harness):
    """H24, h20"""
    recorded(
        "one", ("ping", {"a": {"request_id": "1"}, "timestamp": 1, "created_at": "x", "n": 1}, {})
    )
    one = harness()
    with one.cassette("one"):
        one.execute("ping", {"a": {"request_id": "2"}, "n": 1, "timestamp": 5})


def test_unordered_flows_match_by_their_input(recorded, harness):
    """H25"""
    recorded("two", ("ping", {"n": 1}, {"a": 1}), ("ping", {"n": 2}, {"a": 2}))
    one = harness(order="any")
    with one.cassette("two"):
        assert [one.execute("ping", {"n": n}).body["a"] for n in (2, 1)] == [2, 1]


def test_playback_needs_no_key(recorded, harness, monkeypatch):
    """h23: a playback job gets no secret"""
    monkeypatch.delenv("GREENHELIX_API_KEY", raising=False)
    recorded("one", ("ping", {}, {"escrow_id": "esc_1"}))
    one = harness(api_key=None)
    with one.cassette("one"):
        result = one.execute("ping", {})

    assert "escrow_id" not in result  # as the guide's first chapter has it; fields are in the body
    assert result["body"]["escrow_id"] == "esc_1"


def test_a_benchmark_refuses_a_harness_that_plays(harness, scripted):
    """h5: a recording has no speed"""
    with pytest.raises(ValueError, match="playback"):
        AgentBenchmark(harness())
    AgentBenchmark(harness("passthrough", client=scripted()))
