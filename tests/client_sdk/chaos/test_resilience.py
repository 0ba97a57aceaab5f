import asyncio
import json

import pytest

from client_sdk.chaos import resilience_matrix
from client_sdk.contract import contract_from_document
from client_sdk.exchange import Outcome, Result
from client_sdk.mock import GreenHelixMock


def a_contract(schema=None):
    return contract_from_document(
        {
            "consumer": "buyer",
            "producer": "gateway",
            "tools": [
                {
                    "tool_name": "create_escrow",
                    "version": "1",
                    "input_schema": {},
                    "output_schema": schema
                    or {
                        "type": "object",
                        "properties": {
                            "escrow_id": {"type": "string", "minLength": 1},
                            "status": {"enum": ["pending", "released"]},
                            "amount": {"type": "string"},
                        },
                        "required": ["escrow_id", "status"],
                    },
                }
            ],
        }
    )


def world():
    mock = GreenHelixMock()
    mock.set_balance("test-a", "100.00")
    return mock


def create(client):
    sent = {"payer": "test-a", "payee": "test-b", "amount": "10.00"}
    return client.execute("create_escrow", sent).body


def strict(client):
    """Reads what it needs and nothing else."""
    body = create(client)
    if body["status"] not in {"pending", "released"}:
        raise ValueError("a status that nobody knows")
    if not isinstance(body["escrow_id"], str) or not body["escrow_id"]:
        raise ValueError("an escrow without a name")
    return client.execute("release_escrow", {"escrow_id": body["escrow_id"]}).status_code


def picky(client):
    """Refuses members it does not know."""
    body = create(client)
    if set(body) - {"escrow_id", "status", "amount", "currency", "payer", "payee", "created_at"}:
        raise ValueError("a member that nobody knows")
    return "done"


def trusting(client):
    """Takes whatever comes for what it was."""
    body = create(client)
    return {"paid": body.get("status"), "of": body.get("escrow_id")}


def taken(matrix):
    return {row.drift: str(row.taken) for row in matrix.rows}


def test_a_strict_agent_survives_what_is_allowed_and_stops_at_what_breaks():
    """E3: resilience matrix"""
    matrix = resilience_matrix(strict, a_contract(), world)

    assert matrix.outcome is Outcome.PASS
    assert taken(matrix)["add-member /"] == "survived"
    assert taken(matrix)["remove /amount"] == "survived"
    assert taken(matrix)["remove /status"] == "failed cleanly"
    assert taken(matrix)["widen-enum /status"] == "failed cleanly"


def test_a_picky_agent_over_constrains():
    """E3: it fails on an allowed drift"""
    matrix = resilience_matrix(picky, a_contract(), world)

    bad = {row.drift for row in matrix.rows if not row.is_acceptable}
    assert matrix.outcome is Outcome.FAIL
    assert "add-member /" in bad


def test_a_trusting_agent_corrupts_silently():
    """E3, G11: silent schema drift"""
    matrix = resilience_matrix(trusting, a_contract(), world)

    assert matrix.outcome is Outcome.FAIL
    assert taken(matrix)["remove /status"] == "silently corrupted"
    assert taken(matrix)["null /escrow_id"] == "silently corrupted"


def test_an_agent_that_acts_on_a_broken_answer_before_it_stops_is_no_clean_failure():
    def rash(client):
        body = create(client)
        client.execute("release_escrow", {"escrow_id": str(body.get("escrow_id"))})
        return body["escrow_id"]

    matrix = resilience_matrix(rash, a_contract(), world)

    assert taken(matrix)["remove /escrow_id"] == "silently corrupted"


def test_drifts_that_no_call_met_make_no_pass():
    matrix = resilience_matrix(
        lambda client: client.execute("list_escrows", {}), a_contract(), world
    )

    assert matrix.outcome is Outcome.INCONCLUSIVE
    assert {row.detail for row in matrix.rows} == {"the agent does not call this tool"}


def test_an_agent_that_fails_without_drift_cannot_be_judged():
    def broken(client):
        raise RuntimeError(client)

    with pytest.raises(ValueError, match="agent: without any drift it raised RuntimeError"):
        resilience_matrix(broken, a_contract(), world)


def test_the_world_may_be_one_client_a_class_or_a_function():
    class Gateway:
        def execute(self, *_):
            return Result(200, {"escrow_id": "e", "status": "pending", "amount": "1"})

    def make():
        return Gateway()

    for client in (Gateway(), Gateway, make):
        assert resilience_matrix(strict, a_contract(), client).outcome is Outcome.PASS


def test_an_agent_may_be_an_object_and_what_counts_may_be_chosen():
    class Trusting:
        def run(self, client):
            return trusting(client)

    matrix = resilience_matrix(Trusting(), a_contract(), world, observe=lambda _: "done")

    assert matrix.outcome is Outcome.PASS


def test_the_matrix_is_evidence_and_can_be_read():
    """E0: principle 7"""
    matrix = resilience_matrix(trusting, a_contract(), world, seed=7)
    record = matrix.evidence("1.2.0").to_json()

    assert (record["kind"], record["verdict"], record["participant"]) == ("chaos", "fail", "buyer")
    assert record["payload"]["inputs"] == {"contract": a_contract().digest}
    assert record["payload"]["seed"] == 7
    assert "create_escrow: remove /status" in record["payload"]["numbers"]["not_acceptable"]
    assert "| `create_escrow` | `remove /status` | breaking | silently corrupted | **not" in (
        matrix.to_markdown()
    )
    assert json.loads(json.dumps(matrix.to_json()))["rows"][0]["label"] in {
        *("allowed", "breaking", "undecided"),
    }


def test_an_async_agent_is_put_through_the_same_drifts():
    """E0.6, E3"""

    async def reads(client):
        sent = {"payer": "test-a", "payee": "test-b", "amount": "10.00"}
        body = (await client.aexecute("create_escrow", sent)).body
        if body["status"] not in {"pending", "released"}:
            raise ValueError("a status that nobody knows")
        released = await client.aexecute("release_escrow", {"escrow_id": body["escrow_id"]})
        return released.status_code

    def reads_too(client):
        return asyncio.run(reads(client))

    found = resilience_matrix(reads, a_contract(), world)

    assert found.rows == resilience_matrix(reads_too, a_contract(), world).rows
    assert "survived" in {str(row.taken) for row in found.rows}
