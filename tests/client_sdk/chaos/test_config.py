import json

import httpx
import pytest
import requests

from client_sdk import AgentContract, ToolContract
from client_sdk.chaos import (
    Always,
    ChaosConfig,
    ChaosInjector,
    Every,
    FailureMode,
    FirstN,
    Nth,
    Phase,
    Ramp,
    Window,
    WireFault,
)
from client_sdk.chaos.config import config_from_json
from client_sdk.chaos.faults import AFTER, BEFORE
from client_sdk.chaos.modes import PHASES, WIRE_FAULTS
from client_sdk.chaos.raising import exception_for
from client_sdk.exchange import Result


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (
            {"failure_mode": "latencey"},
            "failure_mode 'latencey' is unknown; did you mean 'latency'",
        ),
        ({"failure_mode": "nonsense"}, "failure_mode 'nonsense' is unknown; use latency, timeout"),
        ({"probability": 1.5}, "probability=1.5 must be a number from 0"),
        ({"probability": -0.1}, "probability=-0.1 must be a number from 0"),
        ({"probability": float("nan")}, "probability=nan must be a number from 0"),
        ({"probability": True}, "probability=True must be a number from 0"),
        ({"probability": "half"}, "probability='half' must be a number from 0"),
        ({"target_tools": "get_balance"}, "target_tools='get_balance' must be a list of names"),
        ({"target_tools": [""]}, "target_tools"),
        ({"corrupt_fields": "a"}, "corrupt_fields='a' must be a list of names"),
        ({"latency_ms": -1}, "latency_ms=-1 must not be negative"),
        ({"timeout_ms": float("inf")}, "timeout_ms=inf must be a number"),
        ({"jitter_ms": -1}, "jitter_ms=-1 must not be negative"),
        ({"duplicates": 0}, "duplicates=0 must be a whole number from 1"),
        ({"bytes_per_s": 0}, "bytes_per_s=0 must be a whole number from 1"),
        ({"max_injections": 0}, "max_injections=0 must be a whole number from 1"),
        ({"ttl_s": 0}, "ttl_s=0 must be a number of seconds above 0"),
        ({"statuses": []}, "statuses=\\[\\] must be HTTP statuses"),
        ({"statuses": [42]}, "statuses=\\[42\\] must be HTTP statuses"),
        ({"raise_as": "request"}, "raise_as 'request' is unknown; did you mean 'requests'"),
        ({"schedule": 3}, "schedule=3 is none of Always"),
        ({"phase": "during"}, "phase='during' is not possible for latency; use before, after"),
        ({"failure_mode": "corrupt_body", "phase": "before"}, "use after"),
        ({"wire": "refused"}, "wire='refused': latency breaks no wire; leave it out"),
        ({"failure_mode": "timeout", "wire": "garbage"}, "use no-answer, stall"),
    ],
    ids=lambda value: value if isinstance(value, str) else None,
)
def test_a_wrong_argument_is_named_with_its_remedy(arguments, message):
    """c8"""
    with pytest.raises(ValueError, match=message):
        ChaosConfig(**{"failure_mode": "latency", **arguments})


@pytest.mark.parametrize("make", [FirstN, Nth, Every, Ramp])
@pytest.mark.parametrize("count", [0, -1, 1.5, True])
def test_a_schedule_counts_from_one(make, count):
    with pytest.raises(ValueError, match="must be a whole number from 1"):
        make(count)


def test_a_window_ends_after_it_begins():
    with pytest.raises(ValueError, match="last=2 is before first=3"):
        Window(3, 2)


def test_a_ramp_goes_between_shares():
    with pytest.raises(ValueError, match="end=2 must be a share"):
        Ramp(3, end=2)


def test_a_ramp_grows_in_a_straight_line():
    shares = [Ramp(5, start=0.0, end=1.0).share(number) for number in (1, 2, 3, 5, 9)]

    assert shares == [0.0, 0.25, 0.5, 1.0, 1.0]


def test_a_seed_is_a_whole_number():
    with pytest.raises(ValueError, match="seed='42' must be a whole number"):
        ChaosInjector(None, "42")


@pytest.mark.parametrize("mode", FailureMode)
def test_every_mode_has_phases_and_does_something_in_each(mode):
    assert ChaosConfig(mode).phase is PHASES[mode][0]
    for phase in PHASES[mode]:
        assert mode in BEFORE or phase is Phase.AFTER
        assert mode in AFTER or phase is Phase.BEFORE


@pytest.mark.parametrize(
    "config",
    [
        ChaosConfig("latency"),
        ChaosConfig("timeout", 0.25, ["a"], phase="both", schedule=Window(2, 4), id="x"),
        ChaosConfig("wrong_status", statuses=(429,), match={"a": 1}, max_injections=3, ttl_s=2.5),
        ChaosConfig("schema_drift", drift_schema={"a": [1]}, schedule=Ramp(4)),
    ],
    ids=lambda config: str(config.failure_mode),
)
def test_a_configuration_survives_json(config):
    written = json.loads(json.dumps(config.to_json()))

    assert config_from_json(written) == config


@pytest.mark.parametrize(
    ("value", "message"),
    [
        ([], "is an object"),
        ({}, "failure_mode is missing"),
        ({"failure_mode": "latency", "latencyms": 1}, "did you mean 'latency_ms'"),
        ({"failure_mode": "latency", "schedule": {"kind": "Sometimes"}}, "has no kind"),
        ({"failure_mode": "latency", "schedule": {"kind": "FirstN"}}, "cannot be read"),
    ],
)
def test_json_that_is_no_configuration_is_refused(value, message):
    with pytest.raises(ValueError, match=message):
        config_from_json(value)


def test_a_function_cannot_be_written():
    with pytest.raises(ValueError, match="match: a function cannot be written"):
        ChaosConfig("latency", match=lambda *_: True).to_json()


def test_a_schedule_of_ones_own_works_and_cannot_be_written():
    class Odd:
        def share(self, number):
            return float(number % 2)

    chaos = ChaosInjector(Answering(), 1)
    chaos.add_chaos(ChaosConfig("wrong_status", schedule=Odd(), statuses=[500]))

    assert [chaos.execute("t", {}).status_code for _ in range(3)] == [500, 200, 500]
    assert ChaosConfig("latency").schedule == Always()


class Answering:
    def execute(self, *_):
        return Result(200, {})


# Table F5, measured: what each library raises.
TABLE = {
    "refused": ("ConnectionError", "ConnectError"),
    "reset-on-accept": ("ConnectionError", "ConnectError"),
    "reset-before-answer": ("ConnectionError", "RemoteProtocolError"),
    "closed": ("ConnectionError", "RemoteProtocolError"),
    "garbage": ("ConnectionError", "RemoteProtocolError"),
    "short-body": ("ChunkedEncodingError", "RemoteProtocolError"),
    "reset-in-body": ("ChunkedEncodingError", "ReadError"),
    "bad-chunk": ("ChunkedEncodingError", "RemoteProtocolError"),
    "no-answer": ("ReadTimeout", "ReadTimeout"),
    "stall": ("ConnectionError", "ReadTimeout"),
    "truncated-json": ("JSONDecodeError", "JSONDecodeError"),
}


@pytest.mark.parametrize("fault", TABLE)
def test_a_broken_wire_raises_the_librarys_own_class(fault):
    """c9, F5"""
    as_requests = exception_for(WireFault(fault), "requests", "why")
    as_httpx = exception_for(WireFault(fault), "httpx", "why")

    assert type(as_requests) is getattr(requests.exceptions, TABLE[fault][0])
    expected = (
        json.JSONDecodeError if fault == "truncated-json" else getattr(httpx, TABLE[fault][1])
    )
    assert type(as_httpx) is expected


@pytest.mark.parametrize("fault", TABLE)
def test_a_broken_wire_raises_what_a_careful_caller_of_python_catches(fault):
    raised = exception_for(WireFault(fault), "builtin", "why")

    assert isinstance(raised, (TimeoutError, ConnectionError, json.JSONDecodeError))


def test_a_slow_drip_raises_nothing():
    """F5"""
    for library in ("builtin", "requests", "httpx"):
        assert exception_for(WireFault.SLOW_DRIP, library, "why") is None


def test_a_caller_of_requests_meets_requests_exceptions():
    """c9"""
    chaos = ChaosInjector(Answering(), 1)
    chaos.add_chaos(ChaosConfig("connection_reset", raise_as="requests"))

    with pytest.raises(requests.ConnectionError) as raised:
        chaos.execute("t", {})
    assert not isinstance(raised.value, ConnectionError)
    assert raised.value.request.url == "http://tool.invalid/v1"


@pytest.mark.parametrize(
    ("mode", "wire"), [(mode, wire) for mode, wires in WIRE_FAULTS.items() for wire in wires]
)
def test_every_wire_fault_of_a_mode_can_be_chosen(mode, wire):
    chaos = ChaosInjector(Answering(), 1)
    chaos.add_chaos(ChaosConfig(mode, wire=wire, timeout_ms=0, latency_ms=0))
    if wire is WireFault.SLOW_DRIP:
        assert chaos.execute("t", {}).status_code == 200
        return
    with pytest.raises(type(exception_for(wire, "builtin", "why"))):
        chaos.execute("t", {})


@pytest.mark.parametrize("form", ["value", "document", "guide"])
def test_a_contract_may_come_in_any_form(form):
    """c17"""
    guides = AgentContract(
        "buyer", "gateway", [ToolContract("pay", "1", {}, {"id": {"type": "string"}})]
    )
    contract = {
        "value": guides.to_kernel(),
        "document": guides.to_kernel().document,
        "guide": guides,
    }[form]
    chaos = ChaosInjector(Answering(), 1, contract=contract)
    with pytest.raises(ValueError, match="did you mean 'pay'"):
        chaos.add_chaos(ChaosConfig("latency", target_tools=["payy"]))
    with pytest.raises(TypeError, match="contract is a Contract"):
        ChaosInjector(Answering(), 1, contract=5)
