"""Contracts replayed against a running producer: what passes, what fails, what shows nothing."""

import socket
import subprocess
import sys
import threading
from http.server import ThreadingHTTPServer

import pytest
from producers import CONTRACTS, a_contract, outcomes, producer, the_contract, verified

from client_sdk.clock import VirtualClock
from client_sdk.contract.reading import contract_from_document, parse_contract
from client_sdk.errors import SettingsFault, Unreachable
from client_sdk.exchange import ToolMapping
from client_sdk.mock import GreenHelixMock, serve
from client_sdk.verify import (
    ContractUnderTest,
    Coverage,
    Mode,
    Target,
    ToolOutcome,
    UrlStates,
    VerifyOptions,
    verify_contracts,
)

EXAMPLES_ONLY = VerifyOptions(mode=Mode.EXAMPLES)


@pytest.mark.parametrize("mapping", list(ToolMapping))
def test_the_sound_build_passes_the_shipped_contract(mapping):
    with serve() as running:
        run = verify_contracts(
            [ContractUnderTest(the_contract())],
            Target(running.url, mapping),
            states=UrlStates(running.url + "/_state"),
        )

    assert run.outcome is ToolOutcome.PASSED
    assert outcomes(run) == dict.fromkeys(
        ["create_escrow", "release_escrow", "get_balance", "deposit"], "passed"
    )


@pytest.mark.parametrize("behaviour", ["extra-member", "without-timestamps"])
def test_a_change_that_hurts_nobody_passes(behaviour):
    contract = parse_contract((CONTRACTS / "demo/buyer-agent-v2/2.1.0.contract.json").read_bytes())
    with serve(GreenHelixMock(behaviours=[behaviour])) as running:
        run = verified(contract, running.url, states=UrlStates(running.url + "/_state"))

    assert run.outcome is ToolOutcome.PASSED


def test_a_renamed_field_fails_where_it_is_read():
    with serve(GreenHelixMock(behaviours=["rename-status"])) as running:
        run = verified(the_contract(), running.url, states=UrlStates(running.url + "/_state"))

    assert run.outcome is ToolOutcome.FAILED
    assert outcomes(run) == {
        "create_escrow": "failed",
        "release_escrow": "failed",
        "get_balance": "passed",
        "deposit": "passed",
    }
    found = run.contracts[0].tools[0].violations
    assert [(each.path, each.message) for each in found] == [
        ("/status", "status is missing"),
        ("/status", "A new escrow is pending."),
    ]


def test_an_amount_that_became_a_number_fails():
    with serve(GreenHelixMock(behaviours=["amount-as-number"])) as running:
        run = verified(the_contract(), running.url, states=UrlStates(running.url + "/_state"))

    assert run.contracts[0].tools[2].violations[0].message == "balance should be string, is 100.00"


@pytest.mark.parametrize("behaviour", ["server-error", "not-json"])
def test_a_build_that_answers_nonsense_passes_nothing(behaviour):
    with serve(GreenHelixMock(behaviours=[behaviour])) as running:
        run = verified(the_contract(), running.url, states=UrlStates(running.url + "/_state"))

    assert set(outcomes(run).values()) == {"failed"}


def test_verification_runs_against_the_sandbox_as_a_process():
    command = [sys.executable, "-m", "client_sdk.mock", "--key", "sk_live_of_the_process"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            url = process.stdout.readline().split()[-1]
            headers = {"Authorization": "Bearer sk_live_of_the_process"}
            run = verify_contracts(
                [ContractUnderTest(the_contract())],
                Target(url, headers=headers),
                states=UrlStates(url + "/_state", headers=headers),
            )
        finally:
            process.terminate()

    assert run.outcome is ToolOutcome.PASSED


def test_an_example_asserts_its_status():
    contract = a_contract(
        status_codes=[200, 404],
        examples=[{"name": "x", "input": {"agent_id": "a"}, "response": {"status_code": 404}}],
    )
    with producer(200, b'{"balance": "1"}') as (url, _):
        run = verified(contract, url)

    assert [each.message for each in run.contracts[0].tools[0].violations] == [
        "the example expects status 404, the answer has 200"
    ]


def test_an_undeclared_4xx_on_an_example_is_a_failure():
    with producer(422) as (url, _):
        assert verified(a_contract(), url).outcome is ToolOutcome.FAILED


def test_an_undeclared_4xx_on_a_sample_shows_nothing():
    with producer(422) as (url, _):
        run = verified(a_contract(examples=[]), url)

    tool = run.contracts[0].tools[0]
    assert (tool.outcome, tool.judged) == (ToolOutcome.NOT_TESTED, ())
    assert tool.notes == ("not exercised: the sample was refused with 422",)


def test_an_undeclared_4xx_on_a_sample_is_a_failure_when_strict():
    with producer(422) as (url, _):
        run = verified(a_contract(examples=[]), url, options=VerifyOptions(strict=True))

    assert run.outcome is ToolOutcome.FAILED


@pytest.mark.parametrize("status", [500, 302, 204])
def test_another_undeclared_status_on_a_sample_is_a_failure(status):
    with producer(status, b"") as (url, _):
        assert verified(a_contract(examples=[]), url).outcome is ToolOutcome.FAILED


def test_samples_that_were_judged_count_as_sampled():
    with producer(body=b'{"balance": "1"}') as (url, _):
        tool = verified(a_contract(examples=[]), url).contracts[0].tools[0]

    assert (tool.outcome, tool.coverage, len(tool.judged)) == (
        ToolOutcome.PASSED,
        Coverage.SAMPLED,
        1,
    )


def test_no_check_is_no_pass():
    with producer() as (url, seen):
        run = verified(a_contract(examples=[]), url, options=EXAMPLES_ONLY)

    assert (run.outcome, seen) == (ToolOutcome.NOT_TESTED, [])


def test_no_contract_is_no_pass():
    with producer() as (url, _):
        assert verify_contracts([], Target(url)).outcome is ToolOutcome.NOT_TESTED


def test_a_warning_is_reported_and_decides_nothing():
    constraint = {
        "type": "field_equals",
        "field": "currency",
        "value": "USD",
        "severity": "warning",
    }
    with producer(body=b'{"balance": "1"}') as (url, _):
        run = verified(a_contract(constraints=[constraint]), url)

    assert run.outcome is ToolOutcome.PASSED
    assert [each.severity.value for each in run.contracts[0].tools[0].violations] == ["warning"]


def test_a_body_that_is_no_json_says_so():
    with producer(body=b"<html>", content_type="text/html") as (url, _):
        run = verified(a_contract(), url)

    assert [each.message for each in run.contracts[0].tools[0].violations] == [
        "the body cannot be read as JSON: its content type is text/html"
    ]


def test_a_pending_contract_may_fail_without_failing_the_run():
    with serve(GreenHelixMock(behaviours=["rename-status"])) as running:
        states = UrlStates(running.url + "/_state")
        run = verify_contracts(
            [ContractUnderTest(the_contract(), pending=True), ContractUnderTest(a_contract())],
            Target(running.url),
            states=states,
        )

    assert [each.outcome.value for each in run.contracts] == ["failed", "passed"]
    assert run.outcome is ToolOutcome.PASSED


def test_nobody_listening_is_unreachable_and_no_failure():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with pytest.raises(Unreachable, match=str(port)):
        verified(a_contract(), f"http://127.0.0.1:{port}")


def test_an_address_that_cannot_be_used_is_said_so():
    with pytest.raises(SettingsFault):
        verified(a_contract(), "localhost:80")


def test_a_producer_that_hangs_up_has_failed_and_the_next_tool_is_still_called():
    second = a_contract().document["tools"][0] | {"tool_name": "other"}
    contract = contract_from_document(
        a_contract().document | {"tools": [a_contract().document["tools"][0], second]}
    )

    def handle(_, call):
        if call["tool"] == "get_balance":
            raise ConnectionAbortedError
        return 200, b'{"balance": "1"}'

    with producer(handle=handle) as (url, _), pytest.MonkeyPatch.context() as patch:
        patch.setattr(ThreadingHTTPServer, "handle_error", lambda *_: None)
        run = verified(contract, url)

    assert outcomes(run) == {"get_balance": "failed", "other": "passed"}
    assert "no answer" in run.contracts[0].tools[0].violations[0].message


def test_a_call_that_takes_too_long_has_failed():
    release = threading.Event()

    def handle(_, __):
        release.wait(10)
        return 200, b'{"balance": "1"}'

    with producer(handle=handle) as (url, _):
        run = verified(a_contract(), url, options=VerifyOptions(call_timeout=0.2))
        release.set()

    assert "within 0.2 s" in run.contracts[0].tools[0].violations[0].message


def test_what_the_deadline_cuts_off_is_not_tested():
    clock = VirtualClock()
    second = a_contract().document["tools"][0] | {"tool_name": "other"}
    contract = contract_from_document(
        a_contract().document | {"tools": [a_contract().document["tools"][0], second]}
    )
    with producer(body=b'{"balance": "1"}') as (url, seen):
        run = verified(
            contract,
            url,
            clock=clock,
            options=VerifyOptions(deadline=5),
            on_progress=lambda _: clock.advance(5),
        )

    assert outcomes(run) == {"get_balance": "passed", "other": "not_tested"}
    assert run.contracts[0].tools[1].notes == ("the deadline of 5 s was over",)
    assert len(seen) == 1


def test_a_name_that_cannot_stand_in_a_path_leaves_the_tool_untested():
    contract = a_contract(tool_name="..")
    with producer(body=b'{"balance": "1"}') as (url, seen):
        run = verify_contracts([ContractUnderTest(contract)], Target(url, ToolMapping.PATH))

    assert (run.outcome, seen) == (ToolOutcome.NOT_TESTED, [])
    assert "cannot be called" in run.contracts[0].tools[0].notes[0]


def test_a_run_of_pending_contracts_alone_holds_nothing_against_the_build():
    with producer(500) as (url, _):
        tested = verify_contracts([ContractUnderTest(a_contract(), pending=True)], Target(url))
        untested = verify_contracts(
            [ContractUnderTest(a_contract(), pending=True)],
            Target(url),
            options=VerifyOptions(deadline=0),
        )

    assert (tested.contracts[0].outcome, tested.outcome) == (ToolOutcome.FAILED, ToolOutcome.PASSED)
    assert untested.outcome is ToolOutcome.NOT_TESTED
