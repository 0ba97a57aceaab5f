"""Credentials that come back in pieces: out of a Basic header, one of several cookies, a state."""

import base64
import json

import pytest
from producers import a_contract, producer

from client_sdk.exchange import ToolMapping
from client_sdk.verify import ContractUnderTest, Target, verify_contracts

BASIC = "Basic " + base64.b64encode(b"me:zz-password").decode()
HEADERS = {"Authorization": BASIC, "Cookie": "sid=zz-session; theme=zz-second"}


@pytest.mark.parametrize("piece", ["zz-password", "me:zz-password", "zz-session", "zz-second"])
def test_a_piece_of_a_credential_is_hidden_like_the_whole(piece):
    body = json.dumps({"balance": f"of {piece}", "more": piece}).encode()
    contract = a_contract(constraints=[{"type": "field_equals", "field": "balance", "value": "1"}])
    with producer(body=body) as (url, _):
        target = Target(url, ToolMapping.BODY, HEADERS)
        run = verify_contracts([ContractUnderTest(contract)], target)

    shown = repr(run) + json.dumps(run.tools_for(contract))
    assert "⟨secret:" in shown
    assert "zz-" not in shown


def test_a_value_that_is_no_base64_is_hidden_as_it_is():
    assert (
        "no base64!"
        in Target("http://x", headers={"Authorization": "Basic no base64!"}).credentials()
    )


def test_a_credential_in_the_name_of_a_state_nobody_sets_up_is_hidden():
    example = {"name": "x", "provider_state": "as ?token=zz-state", "input": {"agent_id": "a"}}
    with producer(body=b'{"balance": "1"}') as (url, _):
        contract = a_contract(examples=[example])
        run = verify_contracts([ContractUnderTest(contract)], Target(url))

    assert "zz-state" not in "".join(run.contracts[0].tools[0].notes)
