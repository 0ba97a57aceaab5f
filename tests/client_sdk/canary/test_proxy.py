"""The reverse proxy over real sockets, between two gateways that run (E6, issue 4 point 6)."""

import json
import socket
from contextlib import contextmanager

import pytest
import requests

from client_sdk.canary import (
    CanaryConfig,
    CanaryController,
    Forwarder,
    serve_canary,
)
from client_sdk.errors import SettingsFault
from client_sdk.exchange import ToolClient, ToolMapping
from client_sdk.mock import GreenHelixMock

BALANCE = {"agent_id": "test-a"}


@contextmanager
def between(stable, canary, **given):
    """A started controller and a client of the proxy between two addresses."""
    plan = {"initial_weight_pct": 50, "promotion_steps": [100], "seed": 1, **given}
    config = CanaryConfig("v1", "v2", sticky_key="idempotency_key", **plan)
    clients = ToolClient(stable), ToolClient(canary)
    controller = CanaryController(config, *clients)
    controller.start()
    with serve_canary(controller, Forwarder(controller, stable, canary), "the-token") as running:
        client = ToolClient(running.url)
        yield controller, client
        client.close()
    for each in clients:
        each.close()


@contextmanager
def two_gateways(**behaviours):
    with (
        GreenHelixMock(seed=1).serve() as stable,
        GreenHelixMock(seed=2, behaviours=behaviours.get("canary", ())).serve() as canary,
    ):
        yield stable, canary


def arm_of(url, key=None, tool="get_balance", sent=BALANCE):
    headers = {} if key is None else {"X-Canary-Key": key}
    answer = requests.post(f"{url}/v1/{tool}", json=sent, headers=headers, timeout=10)
    return answer.headers["x-canary-arm"]


def test_callers_are_split_by_weight_and_stay_where_they_are():
    with two_gateways() as (stable, canary), between(stable.url, canary.url) as (_, client):
        first = [arm_of(client.base_url, f"k{n}") for n in range(40)]
        second = [arm_of(client.base_url, f"k{n}") for n in range(40)]

    assert first == second
    assert 10 <= first.count("canary") <= 30


def test_the_idempotency_key_keeps_a_retry_on_its_arm():
    sent = {**BALANCE, "idempotency_key": "one-try"}
    with two_gateways() as (stable, canary), between(stable.url, canary.url) as (_, client):
        arms = {arm_of(client.base_url, sent=sent) for _ in range(10)}

    assert len(arms) == 1


@pytest.mark.parametrize("mapping", list(ToolMapping))
@pytest.mark.parametrize("ending", ["", "/v1"])
def test_both_shapes_of_call_arrive_whatever_the_address_ends_in(mapping, ending):
    """h6."""
    with two_gateways() as (stable, canary):
        urls = [each.url.removesuffix("/v1") + ending for each in (stable, canary)]
        with between(*urls) as (_, client):
            caller = ToolClient(client.base_url, mapping=mapping)
            answer = caller.execute("get_balance", BALANCE)
            caller.close()

    assert (answer.status_code, answer.body["balance"]) == (200, "0.00")


def test_an_escrow_of_the_canary_is_released_on_the_canary_after_the_rollback():
    """k4: across two processes each with its own books."""
    with two_gateways() as (stable, canary):
        for each in (stable, canary):
            each.mock.set_balance("test-a", "100.00")
        with between(stable.url, canary.url) as (controller, client):
            made = [
                client.execute(
                    "create_escrow", {"payer": "test-a", "payee": "test-b", "amount": "1.00"}
                ).body["escrow_id"]
                for _ in range(20)
            ]
            controller.rollback("too slow")
            ended = [
                client.execute("release_escrow", {"escrow_id": escrow_id}).status_code
                for escrow_id in made
            ]

    assert ended == [200] * 20


def test_a_failing_canary_is_found_out():
    with (
        two_gateways(canary=["server-error"]) as (stable, canary),
        between(stable.url, canary.url, min_requests_before_eval=5) as (controller, client),
    ):
        for _ in range(40):
            client.execute("get_balance", BALANCE)
        decision = controller.evaluate()

    assert decision["action"] == "rollback"
    assert decision["reason"].startswith("errors: 100.00%")


def test_an_arm_that_is_gone_is_a_502_and_an_error():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        gone = f"http://127.0.0.1:{taken.getsockname()[1]}"
        with between(gone, gone) as (controller, client):
            answer = client.execute("get_balance", BALANCE)
            seen = controller.evaluate()

    assert answer.status_code == 502
    assert sum(seen[f"{arm}_metrics"]["requests_error"] for arm in ("canary", "stable")) == 1


def ask(url, method, name, token="the-token", **given):  # noqa: S107 - planted
    headers = {"X-Canary-Token": token} if token else {}
    return requests.request(method, f"{url}/_canary/{name}", headers=headers, timeout=10, **given)


def test_an_operator_with_the_token_moves_the_canary():
    with two_gateways() as (stable, canary), between(stable.url, canary.url) as (_, client):
        url = client.base_url
        before = ask(url, "GET", "status").json()
        back = ask(url, "POST", "rollback", json={"reason": "a hunch"}).json()
        again = ask(url, "POST", "rollback")

    assert (before["state"], before["weight"]) == ("running", 50)
    assert (back["state"], back["rollback_reason"]) == ("rolled_back", "a hunch")
    assert again.status_code == 409


def test_an_operator_pauses_resumes_and_promotes_as_far_as_gates_go():
    gates = [lambda weight: weight == 50]
    with (
        two_gateways() as (stable, canary),
        between(stable.url, canary.url, gates=gates) as (_, client),
    ):
        url = client.base_url
        phases = [
            ask(url, "POST", name, data=b"no JSON").json()["phase"] for name in ("pause", "resume")
        ]
        refused = ask(url, "POST", "promote")

    assert phases == ["paused", "analysing"]
    assert (refused.status_code, "a gate refused" in refused.json()["detail"]) == (409, True)


@pytest.mark.parametrize("token", ["", "wrong", "the-token2"])
def test_without_the_token_nothing_is_shown_or_moved(token):
    with (
        two_gateways() as (stable, canary),
        between(stable.url, canary.url) as (controller, client),
    ):
        for method, name in (("GET", "status"), ("POST", "promote"), ("POST", "rollback")):
            assert ask(client.base_url, method, name, token).status_code == 401

    assert controller.state == "running"


@pytest.mark.parametrize(
    ("method", "name"), [("GET", "promote"), ("POST", "status"), ("POST", "x")]
)
def test_what_is_no_command_is_not_found(method, name):
    with two_gateways() as (stable, canary), between(stable.url, canary.url) as (_, client):
        assert ask(client.base_url, method, name).status_code == 404


@pytest.mark.parametrize(
    ("head", "status"),
    [
        (b"POST /v1 HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n", b"411"),
        (b"POST /v1 HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n", b"411"),
        (b"POST /v1 HTTP/1.1\r\nHost: x\r\nContent-Length: 999999999\r\n\r\n", b"413"),
        (b"GET http://elsewhere/v1 HTTP/1.1\r\nHost: x\r\n\r\n", b"400"),
    ],
)
def test_a_request_that_cannot_be_forwarded_is_refused(head, status):
    with two_gateways() as (stable, canary), between(stable.url, canary.url) as (_, client):
        host, port = client.base_url.removeprefix("http://").split(":")
        with socket.create_connection((host, int(port)), timeout=10) as wire:
            wire.sendall(head)
            answer = wire.recv(4096)

    assert answer.split()[1] == status


def test_a_body_that_is_no_json_is_forwarded_as_it_is():
    with (
        two_gateways() as (stable, canary),
        between(stable.url, canary.url) as (controller, client),
    ):
        answer = requests.post(f"{client.base_url}/v1", data=b"\xff{", timeout=10)
        seen = controller.evaluate()

    assert answer.status_code == 400
    assert json.loads(answer.content)["status"] == 400
    assert sum(seen[f"{arm}_metrics"]["requests_refused"] for arm in ("canary", "stable")) == 1


def test_it_listens_on_loopback_only():
    controller = CanaryController(CanaryConfig("v1", "v2"), None, None)
    forwarder = Forwarder(controller, "http://127.0.0.1:1", "http://127.0.0.1:2")

    with (
        pytest.raises(SettingsFault, match="loopback only"),
        serve_canary(
            controller,
            forwarder,
            "t",
            host="0.0.0.0",  # noqa: S104 - what is refused
        ),
    ):
        pass
