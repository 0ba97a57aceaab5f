"""Money in the mock: what is held, Decimals in, and members that are nearly right."""

import threading
from decimal import ROUND_UP, Decimal, localcontext
from random import Random

import pytest

from client_sdk import GreenHelixMock, create_funded_mock
from client_sdk.contract import parse_contract
from client_sdk.exchange import Outcome

ESCROW = {"payer": "a", "payee": "b", "amount": "30.00"}


@pytest.fixture
def mock():
    return create_funded_mock("a", "100.00")


def wallet(mock, agent_id="a", **more):
    body = mock.execute("get_balance", {"agent_id": agent_id, **more}).body
    return body["balance"], body["held"]


@pytest.mark.parametrize("end", ["release_escrow", "cancel_escrow", None])
def test_an_escrow_moves_money_from_the_balance_into_held_and_out_again(mock, end):
    """m2, M8: decision 10"""
    created = mock.execute("create_escrow", ESCROW).body
    assert wallet(mock) == ("70.00", "30.00")
    assert wallet(mock, "b") == ("0.00", "0.00")

    if end is not None:
        mock.execute(end, {"escrow_id": created["escrow_id"]})
    assert (
        wallet(mock)
        == {
            "release_escrow": ("70.00", "0.00"),
            "cancel_escrow": ("100.00", "0.00"),
            None: ("70.00", "30.00"),
        }[end]
    )
    mock.assert_ledger_balanced()


def test_what_is_held_is_kept_apart_by_currency_and_put_back_by_restore(mock):
    """m2, m12"""
    before = mock.snapshot()
    mock.execute("create_escrow", ESCROW)
    assert wallet(mock, currency="EUR") == ("0.00", "0.00")
    mock.restore(before)
    assert wallet(mock) == ("100.00", "0.00")


@pytest.mark.parametrize("seed", range(5))
def test_balance_and_held_add_up_to_what_came_in(seed):
    """m2: over operations in any order"""
    choose, mock, ids = Random(seed), GreenHelixMock(seed=seed), []
    for agent in "abc":
        mock.set_balance(agent, "50.00")
    for _ in range(60):
        tool = choose.choice(["create_escrow", "release_escrow", "cancel_escrow"])
        if tool == "create_escrow":
            payer, payee = choose.sample("abc", 2)
            cents = Decimal(choose.randint(1, 3000)) / 100
            made = mock.execute(tool, {"payer": payer, "payee": payee, "amount": cents})
            ids += [made.body["escrow_id"]] if made.status_code == 200 else []
        elif ids:
            mock.execute(tool, {"escrow_id": choose.choice(ids)})
        assert sum(Decimal(part) for agent in "abc" for part in wallet(mock, agent)) == 150


def test_threads_neither_make_nor_lose_what_is_held(mock):
    """m2"""

    def work():
        for _ in range(20):
            made = mock.execute("create_escrow", ESCROW | {"amount": "1.00"}).body
            mock.execute("cancel_escrow", {"escrow_id": made["escrow_id"]})

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wallet(mock) == ("100.00", "0.00")


@pytest.mark.parametrize("amount", [Decimal("10.00"), Decimal(10), Decimal("1E+1")])
def test_an_amount_may_be_a_decimal_in_this_process(mock, amount):
    """M12: decision 4"""
    assert mock.execute("deposit", {"agent_id": "b", "amount": amount}).body["deposited"] == "10.00"
    mock.set_balance("b", amount)
    assert wallet(mock, "b") == ("10.00", "0.00")


@pytest.mark.parametrize("balance", [Decimal("NaN"), Decimal(-1), Decimal("0.001"), 1.5, True])
def test_a_balance_that_is_no_money_is_refused(mock, balance):
    """m8"""
    with pytest.raises(ValueError, match="an amount is a decimal string"):
        mock.set_balance("b", balance)


def test_a_contract_that_sends_numbers_is_not_kept_because_decimals_are_taken():
    """m14: a number on the wire is no decimal string"""
    asked = parse_contract(
        b'{"consumer": "buyer", "producer": "gateway", "tools": [{"tool_name": "deposit",'
        b' "version": "1.0", "input_schema": {"type": "object"}, "output_schema": {"type": "object"},'
        b' "examples": [{"name": "one", "input": {"agent_id": "a", "amount": 1.5},'
        b' "response": {"status_code": 200, "body": {}}}]}]}'
    )
    assert GreenHelixMock().verify(asked).outcome is Outcome.FAIL


@pytest.mark.parametrize(
    ("tool", "wrong", "meant"),
    [
        ("create_escrow", {**ESCROW, "idempotencyKey": "k"}, "idempotency_key"),
        ("create_escrow", {**ESCROW, "currrency": "EUR"}, "currency"),
        ("create_escrow", {"payer": "a", "payee": "b", "ammount": "1.00"}, "amount"),
        ("search_services", {"tags": "x"}, "tag"),
    ],
)
def test_a_misspelt_member_is_refused_with_what_was_meant(mock, tool, wrong, meant):
    """m8: bad input"""
    result = mock.execute(tool, wrong)
    assert result.status_code == 422
    assert f"did you mean {meant!r}?" in " ".join(each["message"] for each in result.body["errors"])


def test_a_member_that_nobody_reads_is_let_pass(mock):
    assert mock.execute("create_escrow", {**ESCROW, "service_id": "svc_1"}).status_code == 200


def test_money_is_exact_whatever_precision_the_agent_reckons_with():
    """m2: decision 4"""
    mock = create_funded_mock("a", "999999999999999.99")
    with localcontext() as context:
        context.prec, context.rounding = 3, ROUND_UP
        mock.set_balance("b", "12345.67")
        mock.execute("create_escrow", {"payer": "a", "payee": "b", "amount": "0.01"})
        deposited = mock.execute("deposit", {"agent_id": "b", "amount": "0.01"}).body
        held = wallet(mock)
        mock.assert_ledger_balanced()
        books = mock.books()

    assert deposited["balance"] == "12345.68"
    assert held == ("999999999999999.98", "0.01")
    assert books["wallets"][0]["balance"] == "999999999999999.98"
