import pytest

from buyer import Buyer


@pytest.mark.cassette("pay")
@pytest.mark.contract
def test_an_order_is_paid(harness, contract_validator):
    paid = Buyer(harness, "test-buyer").pay("order-1", "test-seller", "0.50")

    result = harness.execute("get_balance", {"agent_id": "test-seller"})
    harness.assert_success(result)
    harness.assert_field(result, "balance", "0.50")
    contract_validator.validate_response("get_balance", result)
    assert paid.startswith("esc_")
