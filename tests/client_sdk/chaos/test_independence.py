"""What callers, agents and listeners do to their own data changes nothing that chaos keeps."""

from datetime import date

import pytest

from client_sdk.chaos import ChaosConfig, ChaosInjector, InjectionsMissing
from client_sdk.clock import VirtualClock
from client_sdk.exchange import Result
from client_sdk.mock import create_funded_mock

BALANCE = {"agent_id": "test-a"}


class Answering:
    """Gives one answer for ever, JSON or not."""

    def __init__(self, body):
        self.body = body

    def execute(self, tool, input_data):
        del tool, input_data
        return Result(200, self.body)


def an_injector(client, *configs):
    chaos = ChaosInjector(client, 1, clock=VirtualClock())
    for config in configs:
        chaos.add_chaos(config)
    return chaos


def test_what_an_agent_does_to_a_drifted_answer_is_in_no_later_one():
    """c10"""
    added = {"meta": {"version": 2}}
    config = ChaosConfig("schema_drift", drift_schema=added)
    chaos = an_injector(create_funded_mock("test-a"), config)

    chaos.execute("get_balance", BALANCE).body["meta"]["version"] = 99

    assert chaos.execute("get_balance", BALANCE).body["meta"] == {"version": 2}
    assert added == {"meta": {"version": 2}}


def test_a_configuration_does_not_change_with_what_it_was_made_of():
    """c8"""
    added, members = {"meta": {"version": 2}}, {"agent_id": "test-a"}
    config = ChaosConfig("schema_drift", drift_schema=added, match=members)

    added["meta"]["version"] = 99
    members["agent_id"] = "test-b"

    assert config.drift_schema == {"meta": {"version": 2}}
    assert config.match == {"agent_id": "test-a"}


def test_a_stale_answer_is_what_was_answered_and_not_what_an_agent_made_of_it():
    """E3"""
    mock = create_funded_mock("test-a", "100.00")
    chaos = an_injector(mock, ChaosConfig("stale"))

    chaos.execute("get_balance", BALANCE).body["balance"] = "spoilt"
    mock.set_balance("test-a", "5.00")

    assert chaos.execute("get_balance", BALANCE).body["balance"] == "100.00"


def test_a_request_that_is_held_back_arrives_as_it_was_sent():
    """E3"""
    mock = create_funded_mock("test-a", "100.00")
    chaos = an_injector(mock, ChaosConfig("reorder", max_injections=1))
    money = {"agent_id": "test-a", "amount": "1.00"}

    with pytest.raises(TimeoutError):
        chaos.execute("deposit", money)
    money["amount"] = "50.00"
    chaos.execute("deposit", money)

    amounts = [call["input"]["amount"] for call in mock.get_call_log()]
    assert amounts == ["50.00", "1.00"]


def test_a_listener_gets_answers_of_its_own_each_time():
    """c3"""
    chaos = an_injector(create_funded_mock("test-a"), ChaosConfig("duplicate_response"))
    heard = []

    def listen(tool, result):
        del tool
        heard.append(result.body["balance"])
        result.body["balance"] = "spoilt"

    chaos.deliver_to(listen)

    assert chaos.execute("get_balance", BALANCE).body["balance"] == "100.00"
    assert heard == ["100.00", "100.00"]


@pytest.mark.parametrize("name", ["drift_schema", "match"])
@pytest.mark.parametrize("value", [date(2026, 1, 2), {1, 2}, float("nan"), b"x"])
def test_members_that_are_no_json_are_refused_where_they_are_given(name, value):
    """c8"""
    with pytest.raises(ValueError, match=f"{name}=.* must hold JSON values only"):
        ChaosConfig("schema_drift", **{name: {"at": value}})


@pytest.mark.parametrize(
    ("mode", "reason"),
    [
        ("corrupt_body", "at: a date is no JSON value"),
        ("schema_drift", "drift_schema adds nothing, and the body has no `status`"),
        ("stale", "the answer is the same as before"),
    ],
)
def test_an_answer_that_is_no_json_is_not_struck_and_the_event_says_why(mode, reason):
    """c6"""
    body = {"at": date(2026, 1, 2), "raw": b"\xff"}
    chaos = an_injector(Answering(body), ChaosConfig(mode, corrupt_fields=["at"]))

    answers = [chaos.execute("t", {}).body for _ in range(2)]

    assert answers == [body, body]
    assert chaos.get_event_log()[-1]["reason"] == reason
    assert chaos.get_injection_count() == 0


def test_half_of_a_binary_answer_is_missing():
    """c6"""
    chaos = an_injector(Answering(b"\x00\x01\x02\x03"), ChaosConfig("partial_response"))

    assert chaos.execute("t", {}).body == b"\x00\x01"


@pytest.mark.parametrize(("body", "seconds"), [(b"\xff" * 2048, 2.0), ("é" * 511, 1.0)])
def test_a_narrow_line_carries_bytes_and_not_characters(body, seconds):
    """E3"""
    clock = VirtualClock()
    chaos = ChaosInjector(Answering(body), 1, clock=clock)
    chaos.add_chaos(ChaosConfig("bandwidth", bytes_per_s=1024))

    chaos.execute("t", {})

    assert clock.time() == seconds


@pytest.mark.parametrize("config", [ChaosConfig("stale"), ChaosConfig("stale", match={"on": "x"})])
def test_an_input_with_a_date_is_called_like_any_other(config):
    """c6"""
    chaos = an_injector(Answering({"ok": True}), config)

    assert chaos.execute("t", {"on": date(2026, 1, 2)}).body == {"ok": True}


def test_a_configuration_for_a_block_must_meet_a_call_in_it():
    """c17"""
    chaos = an_injector(create_funded_mock("test-a"))

    with (
        pytest.raises(InjectionsMissing, match="did you mean 'get_balance'"),
        chaos.injecting(ChaosConfig("timeout", target_tools=["get_balanc"])),
    ):
        chaos.execute("get_balance", BALANCE)


def test_a_block_that_fails_is_not_blamed_for_an_idle_configuration():
    """c17"""
    chaos = an_injector(create_funded_mock("test-a"))

    with pytest.raises(KeyError), chaos.injecting(ChaosConfig("timeout")):
        raise KeyError("the test's own")


def test_a_second_block_with_the_same_injector_strikes_again():
    """c15"""
    chaos = an_injector(create_funded_mock("test-a"), ChaosConfig("wrong_status"))

    for _ in range(2):
        with chaos:
            chaos.execute("get_balance", BALANCE)
        chaos.execute("get_balance", BALANCE)

    assert chaos.get_injection_count() == 2


def test_a_second_block_must_meet_a_call_of_its_own():
    """c17"""
    chaos = an_injector(create_funded_mock("test-a"), ChaosConfig("latency"))
    with chaos:
        chaos.execute("get_balance", BALANCE)

    with pytest.raises(InjectionsMissing, match="meets no call"), chaos:
        pass


def test_a_pause_before_a_block_lasts_into_it():
    """C4"""
    chaos = an_injector(create_funded_mock("test-a"), ChaosConfig("wrong_status"))
    chaos.pause()

    with pytest.raises(InjectionsMissing), chaos:
        assert chaos.execute("get_balance", BALANCE).status_code == 200


@pytest.mark.parametrize("given", [5, True, "", ["x"], {}])
def test_a_name_of_a_configuration_is_text(given):
    """c8"""
    with pytest.raises(ValueError, match=r"id=.* must be a text"):
        ChaosConfig("latency", id=given)


@pytest.mark.parametrize("seconds", [10**400, float("inf"), float("nan"), 0, True, "5"])
def test_a_time_to_live_is_a_time(seconds):
    """c15"""
    with pytest.raises(ValueError, match=r"ttl_s=.* must be a number of seconds above 0"):
        ChaosConfig("latency", ttl_s=seconds)


@pytest.mark.parametrize("statuses", [[500.0], ["500"], [True], [], 500, None])
def test_a_status_is_a_whole_number(statuses):
    """c10"""
    with pytest.raises(ValueError, match=r"statuses=.* must be HTTP statuses"):
        ChaosConfig("wrong_status", statuses=statuses)
