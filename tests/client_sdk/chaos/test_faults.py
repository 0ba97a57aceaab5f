import json

import pytest

from client_sdk.chaos import ChaosConfig, ChaosInjector, FirstN
from client_sdk.clock import VirtualClock
from client_sdk.exchange import Result
from client_sdk.mock import GreenHelixMock


class Answering:
    """Gives its answers in turn, the last one for ever."""

    def __init__(self, *bodies, status=200):
        self.bodies = list(bodies)
        self.status = status
        self.calls = []

    def execute(self, tool, input_data):
        self.calls.append((tool, input_data))
        body = self.bodies.pop(0) if len(self.bodies) > 1 else self.bodies[0]
        return Result(self.status, body)


def struck(config, *bodies, status=200, contract=None):
    """The answer and the event of one struck call."""
    client = Answering(*bodies, status=status)
    chaos = ChaosInjector(client, 42, clock=VirtualClock(), contract=contract)
    chaos.add_chaos(config)
    result = chaos.execute("t", {})
    return result, chaos.get_event_log()[0]


def test_half_of_the_fields_are_missing():
    """C5"""
    body = dict.fromkeys("abcdef", 1)
    result, event = struck(ChaosConfig("partial_response"), body)

    assert len(result.body) == 3
    assert result.body.items() <= body.items()
    assert event.applied


@pytest.mark.parametrize(
    ("body", "size"),
    [({"a": 1}, 0), ([1, 2, 3], 2), ([1], 0), ("text", 2)],
    ids=["one member", "list", "one item", "text"],
)
def test_any_body_with_parts_can_be_partial(body, size):
    """c6"""
    result, event = struck(ChaosConfig("partial_response"), body)

    assert len(result.body) == size
    assert event.applied


@pytest.mark.parametrize("body", [{}, [], "", None, 7, True])
def test_a_body_without_parts_is_left_alone_and_the_event_says_so(body):
    """c6"""
    result, event = struck(ChaosConfig("partial_response"), body)

    assert result.body == body
    assert (event.applied, event.reason) == (False, "the body has no parts that could be missing")


def test_corruption_changes_the_named_fields_and_keeps_their_type():
    """C5"""
    body = {"amount": "10.00", "count": 3, "deep": {"ok": True}, "other": "same"}
    config = ChaosConfig("corrupt_body", corrupt_fields=["amount", "count", "/deep/ok"])
    result, _ = struck(config, body)

    assert result.body == {"amount": "10.01", "count": 4, "deep": {"ok": False}, "other": "same"}
    assert body["deep"] == {"ok": True}


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ([], "corrupt_fields is empty: name the fields to corrupt"),
        (["missing"], "missing is not in the body"),
        (["nothing"], "nothing: null is the only value of its type"),
    ],
)
def test_a_corruption_that_changes_nothing_is_not_applied(fields, reason):
    """c6"""
    _, event = struck(ChaosConfig("corrupt_body", corrupt_fields=fields), {"nothing": None})

    assert (event.applied, event.reason) == (False, reason)


def test_corruption_with_a_contract_stays_within_it():
    """c5"""
    contract = contract_with({"status": {"enum": ["pending", "released"]}})
    config = ChaosConfig("corrupt_body", corrupt_fields=["status"])
    result, _ = struck(config, {"status": "pending"}, contract=contract)

    assert result.body == {"status": "released"}


def test_drift_adds_the_schemas_members_and_renames_status():
    """C5"""
    config = ChaosConfig("schema_drift", drift_schema={"risk": "low"})
    result, _ = struck(config, {"status": "pending", "amount": "1.00"})

    assert result.body == {"state": "pending", "amount": "1.00", "risk": "low"}


def test_drift_that_changes_nothing_is_not_applied():
    """c6"""
    _, event = struck(ChaosConfig("schema_drift"), {"amount": "1.00"})

    assert event.applied is False


def test_drift_with_a_contract_comes_from_its_schema():
    """c10"""
    contract = contract_with({"total": {"type": "integer"}})
    result, event = struck(ChaosConfig("schema_drift"), {"total": 5}, contract=contract)

    assert event.applied
    assert json.dumps(result.body, default=str) != '{"total": 5}'


def test_a_wrong_status_comes_with_a_problem_body():
    """c10"""
    result, _ = struck(ChaosConfig("wrong_status", statuses=[502]), {"status": "released"})

    assert result.headers["content-type"] == "application/problem+json"
    assert (result.body["title"], result.body["status"]) == ("Bad Gateway", 502)


def test_the_statuses_are_ours_to_choose_429_included():
    """c10"""
    config = ChaosConfig("wrong_status", statuses=[429], retry_after_s=7)
    result, _ = struck(config, {})

    assert (result.status_code, result.headers["retry-after"], result.body["retry_after"]) == (
        *(429, "7"),
        7,
    )


def test_a_wrong_status_that_the_answer_has_already_is_not_applied():
    """c6"""
    _, event = struck(ChaosConfig("wrong_status", statuses=[500]), {}, status=500)

    assert event.reason == "the answer has status 500 already"


def test_a_rate_limit_answers_429_and_the_call_is_not_made():
    """c10"""
    client = Answering({})
    chaos = ChaosInjector(client, 1)
    chaos.add_chaos(ChaosConfig("rate_limit"))

    result = chaos.execute("t", {})

    assert (result.status_code, result.headers["retry-after"]) == (429, "60")
    assert client.calls == []


def test_a_duplicate_response_is_delivered_twice():
    """c3, C5"""
    delivered = []
    chaos = ChaosInjector(Answering({"id": 1}), 1)
    chaos.deliver_to(lambda tool, result: delivered.append((tool, result.body)))
    chaos.add_chaos(ChaosConfig("duplicate_response", schedule=FirstN(1)))
    chaos.execute("t", {})
    chaos.execute("t", {})

    assert delivered == [("t", {"id": 1})] * 3


def test_a_duplicate_response_without_a_listener_is_not_applied():
    """c3"""
    _, event = struck(ChaosConfig("duplicate_response"), {})

    assert event.reason == "nobody listens: register a callback with deliver_to()"


def test_a_duplicate_request_is_sent_again_with_its_gap():
    """c3"""
    client = Answering({"n": 1}, {"n": 2}, {"n": 3})
    chaos = ChaosInjector(client, 1, clock=VirtualClock())
    chaos.add_chaos(ChaosConfig("duplicate_request", duplicates=2, gap_ms=500))

    assert chaos.execute("t", {"a": 1}).body == {"n": 1}
    assert client.calls == [("t", {"a": 1})] * 3
    assert chaos.clock.monotonic() == 1.0


def test_a_lost_request_never_arrives_and_a_lost_response_does():
    for mode, arrived in (("lost_request", 0), ("lost_response", 1)):
        client = Answering({})
        chaos = ChaosInjector(client, 1, clock=VirtualClock())
        chaos.add_chaos(ChaosConfig(mode, timeout_ms=10))
        with pytest.raises(TimeoutError):
            chaos.execute("t", {})
        assert len(client.calls) == arrived


def test_a_partition_refuses_connections():
    client = Answering({})
    chaos = ChaosInjector(client, 1)
    chaos.add_chaos(ChaosConfig("partition"))

    with pytest.raises(ConnectionRefusedError):
        chaos.execute("t", {})
    assert client.calls == []


def test_a_reordered_request_arrives_after_the_next_one():
    client = Answering({})
    chaos = ChaosInjector(client, 1, clock=VirtualClock())
    chaos.add_chaos(ChaosConfig("reorder", max_injections=1))

    with pytest.raises(TimeoutError):
        chaos.execute("release", {"n": 1})
    chaos.execute("cancel", {"n": 2})

    assert client.calls == [("cancel", {"n": 2}), ("release", {"n": 1})]


def test_a_reordered_request_arrives_at_the_end_of_the_block_at_the_latest():
    client = Answering({})
    with ChaosInjector(client, 1, clock=VirtualClock()) as chaos:
        chaos.add_chaos(ChaosConfig("reorder"))
        with pytest.raises(TimeoutError):
            chaos.execute("release", {})
        assert client.calls == []

    assert client.calls == [("release", {})]


def test_a_stale_answer_is_the_one_from_before():
    chaos = ChaosInjector(Answering({"balance": "1"}, {"balance": "2"}), 1)
    chaos.add_chaos(ChaosConfig("stale"))

    assert [chaos.execute("t", {}).body["balance"] for _ in range(2)] == ["1", "1"]
    assert [event.applied for event in chaos.get_event_log()] == [False, True]


def test_bandwidth_makes_large_answers_late():
    chaos = ChaosInjector(Answering("x" * 1022), 1, clock=VirtualClock())
    chaos.add_chaos(ChaosConfig("bandwidth", bytes_per_s=512))
    chaos.execute("t", {})

    assert chaos.clock.monotonic() == 2.0


def test_a_slow_body_arrives_after_all_because_no_read_times_out():
    """F5: slow drip"""
    chaos = ChaosInjector(Answering({"a": 1}), 1, clock=VirtualClock())
    chaos.add_chaos(ChaosConfig("slow_body", latency_ms=2000, raise_as="requests"))

    assert chaos.execute("t", {}).body == {"a": 1}
    assert chaos.clock.monotonic() == 2.0


def test_jitter_only_ever_lengthens_a_wait():
    chaos = ChaosInjector(Answering({}), 1, clock=VirtualClock())
    chaos.add_chaos(ChaosConfig("latency", latency_ms=100, jitter_ms=50))
    waits = []
    for _ in range(20):
        before = chaos.clock.monotonic()
        chaos.execute("t", {})
        waits.append(chaos.clock.monotonic() - before)

    assert 0.1 <= min(waits) < max(waits) <= 0.15


def test_a_truncated_answer_is_no_json():
    chaos = ChaosInjector(Answering({}), 1)
    chaos.add_chaos(ChaosConfig("truncate"))

    with pytest.raises(json.JSONDecodeError):
        chaos.execute("t", {})


def test_several_faults_strike_one_call_in_order():
    chaos = ChaosInjector(Answering({"status": "pending", "n": 1}), 1, clock=VirtualClock())
    chaos.add_chaos(ChaosConfig("latency", latency_ms=10))
    chaos.add_chaos(ChaosConfig("schema_drift"))
    chaos.add_chaos(ChaosConfig("corrupt_body", corrupt_fields=["n"]))

    assert chaos.execute("t", {}).body == {"state": "pending", "n": 2}
    assert [event.failure_mode for event in chaos.get_event_log()] == [
        *("latency", "schema_drift", "corrupt_body"),
    ]


def test_a_released_escrow_stays_released_when_only_the_answer_is_wrong():
    """c1"""
    sandbox = GreenHelixMock()
    chaos = ChaosInjector(sandbox, 1)
    chaos.add_chaos(ChaosConfig("wrong_status", phase="before", statuses=[500]))

    assert chaos.execute("deposit", {"agent_id": "a", "amount": "1.00"}).status_code == 500
    assert sandbox.execute("get_balance", {"agent_id": "a"}).body["balance"] == "0.00"


def contract_with(properties):
    return {
        "consumer": "buyer",
        "producer": "gateway",
        "tools": [
            {
                "tool_name": "t",
                "version": "1",
                "input_schema": {},
                "output_schema": {"type": "object", "properties": properties},
            }
        ],
    }


@pytest.mark.parametrize(
    ("mode", "status", "reason"),
    [
        ("rate_limit", 429, "the answer has status 429 already"),
        ("schema_drift", 200, "the body is no object"),
    ],
)
def test_a_fault_that_changes_nothing_gives_its_reason(mode, status, reason):
    """c6"""
    _, event = struck(ChaosConfig(mode, phase="after"), "text", status=status)

    assert (event.applied, event.reason) == (False, reason)


def test_a_rate_limit_after_the_call_hides_that_it_took_effect():
    """c1"""
    client = Answering({})
    chaos = ChaosInjector(client, 1)
    chaos.add_chaos(ChaosConfig("rate_limit", phase="after"))

    assert chaos.execute("t", {}).status_code == 429
    assert len(client.calls) == 1


def test_a_status_without_a_name_has_a_title_all_the_same():
    result, _ = struck(ChaosConfig("wrong_status", statuses=[599]), {})

    assert (result.status_code, result.body["title"]) == (599, "Injected")


def test_drift_by_contract_leaves_failures_alone():
    contract = contract_with({"total": {"type": "integer"}})
    _, event = struck(ChaosConfig("schema_drift"), {"total": 5}, status=404, contract=contract)

    assert event.reason == "drift is about successful answers; this one has 404"


def test_drift_by_contract_that_fits_no_body_is_not_applied():
    contract = contract_with({"total": {"type": "integer"}})
    _, event = struck(ChaosConfig("schema_drift"), [], contract=contract)

    assert event.reason == "no drift of the contract's schema changes this body"


def test_corruption_reaches_into_lists_and_leaves_the_contract_where_it_must():
    """c5"""
    contract = contract_with({"status": {"const": "pending"}, "rows": {"type": "array"}})
    config = ChaosConfig("corrupt_body", corrupt_fields=["status", "/rows/1"])
    result, _ = struck(config, {"status": "pending", "rows": [1, 2, 3]}, contract=contract)

    assert result.body["status"] != "pending"
    assert result.body["rows"] == [1, 3, 3]


def test_a_client_with_answers_of_its_own_kind_is_left_alone():
    """c6"""

    class Odd:
        def execute(self, *_):
            return "an answer"

    chaos = ChaosInjector(Odd(), 1)
    chaos.add_chaos(ChaosConfig("stale"))

    assert chaos.execute("t", {}) == "an answer"
    assert chaos.get_event_log()[0].reason == "the client's answer is no dict with a status_code"


def test_an_injection_that_was_not_applied_is_not_used_up():
    """c6"""
    chaos = ChaosInjector(Answering({"a": 1}, {"n": 1}, {"n": 1}), 1)
    chaos.add_chaos(ChaosConfig("corrupt_body", corrupt_fields=["n"], max_injections=1))

    assert [chaos.execute("t", {}).body for _ in range(3)] == [{"a": 1}, {"n": 2}, {"n": 1}]
