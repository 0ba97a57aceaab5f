import pytest

from buyer import Buyer, NotPaid


def test_the_payee_is_paid_and_the_ledger_balances(mock_gateway):
    mock_gateway.set_balance("test-buyer", "10.00")

    Buyer(mock_gateway, "test-buyer").pay("order-1", "test-seller", "0.50")

    seller = mock_gateway.execute("get_balance", {"agent_id": "test-seller"})
    assert seller["body"]["balance"] == "0.50"
    mock_gateway.assert_ledger_balanced()


def test_two_failures_are_survived(mock_gateway):
    mock_gateway.set_balance("test-buyer", "10.00")
    mock_gateway.inject_errors(2, 500)

    Buyer(mock_gateway, "test-buyer").pay("order-1", "test-seller", "0.50")

    mock_gateway.assert_called("create_escrow", times=3)


def test_without_money_nothing_is_paid(mock_gateway):
    with pytest.raises(NotPaid, match="create_escrow: the gateway answered 402"):
        Buyer(mock_gateway, "test-buyer").pay("order-1", "test-seller", "0.50")
