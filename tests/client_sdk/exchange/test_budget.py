"""The budget of a run: exact, per transaction and in all, and stopped before the call (p2, P7)."""

import threading
from decimal import Decimal, localcontext

import pytest
from awaiting import awaited

from client_sdk.exchange import (
    BudgetExceeded,
    BudgetGuard,
    BudgetRefused,
    Result,
    configure_test_budget,
)
from client_sdk.mock import GreenHelixMock


class Spender:
    """Answers what it is told to and remembers what was called."""

    def __init__(self, status=200):
        self.calls = []
        self.status = status

    def execute(self, tool, input_data):
        self.calls.append((tool, input_data))
        if isinstance(self.status, Exception):
            raise self.status
        return Result(self.status, {})


def escrow(amount, **more):
    return {"payer": "test-a", "payee": "test-b", "amount": amount, **more}


def test_a_call_beyond_the_run_is_stopped_before_it_is_made():
    """p2."""
    client, guard = Spender(), BudgetGuard("1.00", "0.60")
    guarded = guard.wrap(client)
    guarded.execute("create_escrow", escrow("0.60"))

    with pytest.raises(BudgetExceeded, match=r"0\.41 USD and 0\.40 of 1\.00 are left") as stopped:
        guarded.execute("create_escrow", escrow("0.41"))

    assert (stopped.value.limit, stopped.value.left) == ("limit_per_run", Decimal("0.40"))
    assert len(client.calls) == 1


def test_one_transaction_has_its_own_limit():
    """p1: the caps of the guide are 5.00, 50.00 and 1.00."""
    client = Spender()

    with pytest.raises(BudgetExceeded, match=r"one transaction may spend 1\.00"):
        BudgetGuard().wrap(client).execute("create_escrow", escrow("10.00"))

    assert client.calls == []


def test_ten_times_ten_cents_are_exactly_one():
    guard = BudgetGuard("1.00", "1.00")
    for _ in range(10):
        guard.charge("create_escrow", escrow("0.10"))

    assert guard.left == 0


@pytest.mark.parametrize(
    "amount",
    [1.5, 2, True, "NaN", "-1.00", "0", "much", "Infinity", "", " 1.00", "1_0", "1e0", "\uff11"],
)
def test_an_amount_that_is_no_positive_decimal_string_is_an_error(amount):
    client = Spender()

    with pytest.raises(ValueError, match="amount"):
        BudgetGuard().wrap(client).execute("create_escrow", escrow(amount))

    assert client.calls == []


@pytest.mark.parametrize(
    ("given", "named"),
    [
        (("5.0", 1.0), "per_transaction"),
        ((5, "1"), "limit_per_run"),
        (("-5", "1"), "limit_per_run"),
    ],
)
def test_a_limit_that_is_no_positive_decimal_is_refused_by_name(given, named):
    with pytest.raises(ValueError, match=named):
        BudgetGuard(*given)


def test_another_currency_is_not_in_the_budget():
    with pytest.raises(BudgetExceeded, match="would spend EUR, and the budget is in USD"):
        BudgetGuard().charge("create_escrow", escrow("0.10", currency="EUR"))


@pytest.mark.parametrize("tool", ["get_balance", "list_escrows", "search_services", "deposit"])
def test_what_reads_or_brings_money_in_is_free(tool):
    guard = BudgetGuard()
    guard.wrap(Spender()).execute(tool, {"amount": "100.00"})

    assert guard.spent == 0


def test_what_was_refused_is_given_back():
    guard = BudgetGuard()
    guard.wrap(Spender(402)).execute("create_escrow", escrow("0.50"))

    assert guard.spent == 0


@pytest.mark.parametrize("end", [500, 408, 429, TimeoutError("no answer")])
def test_a_call_whose_end_is_not_known_stays_charged(end):
    """A lost answer may have moved money: fail closed."""
    guard = BudgetGuard()
    guarded = guard.wrap(Spender(end))
    if isinstance(end, Exception):
        with pytest.raises(TimeoutError):
            guarded.execute("create_escrow", escrow("0.50"))
    else:
        guarded.execute("create_escrow", escrow("0.50"))

    assert guard.spent == Decimal("0.50")


def test_a_repeated_idempotency_key_spends_once():
    guard = BudgetGuard()
    guarded = guard.wrap(Spender(500))
    for _ in range(3):
        guarded.execute("create_escrow", escrow("0.50", idempotency_key="k1"))

    assert guard.spent == Decimal("0.50")


def test_threads_together_spend_no_more_than_the_limit():
    client, guard = Spender(), BudgetGuard("5.00", "1.00")
    guarded, stopped = guard.wrap(client), []

    def spend():
        for _ in range(20):
            try:
                guarded.execute("create_escrow", escrow("0.10"))
            except BudgetExceeded:
                stopped.append(1)

    threads = [threading.Thread(target=spend) for _ in range(8)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()

    assert (len(client.calls), len(stopped), guard.left) == (50, 110, 0)


def test_a_run_can_begin_anew():
    guard = BudgetGuard("1.00", "1.00")
    guard.charge("create_escrow", escrow("1.00"))
    guard.reset()

    assert guard.charge("create_escrow", escrow("1.00")) == 1


def test_what_a_tool_spends_can_be_said_otherwise():
    guard = BudgetGuard(spending=lambda tool, _: "0.25" if tool == "search_services" else None)
    guard.wrap(Spender()).execute("search_services", {})

    assert guard.spent == Decimal("0.25")


async def _awaited(guarded):
    return await guarded.aexecute("create_escrow", escrow("0.50"))


def test_the_guard_is_awaited_too():

    guard = BudgetGuard()
    awaited(_awaited(guard.wrap(Spender())))

    assert guard.spent == Decimal("0.50")


def test_the_caps_of_a_test_key_are_set_on_the_server():
    """P7: daily 5.00, monthly 50.00, per transaction 1.00, USD."""
    client = Spender()
    configure_test_budget("test-key", "test-qa-agent", client=client)

    assert client.calls == [
        (
            "set_budget_cap",
            {
                "agent_id": "test-qa-agent",
                "daily": "5.00",
                "monthly": "50.00",
                "per_transaction": "1.00",
                "currency": "USD",
            },
        )
    ]


def test_a_guard_caps_the_key_on_the_server_too():
    """p2, E7: the limits of a run are those of a day there, and each transaction's its own."""
    client = Spender()
    BudgetGuard("2.00", "0.50", "EUR").set_server_cap("test-key", "test-qa-agent", client=client)

    caps = {"daily": "2.00", "monthly": "20.00", "per_transaction": "0.50", "currency": "EUR"}
    assert client.calls == [("set_budget_cap", {"agent_id": "test-qa-agent", **caps})]


@pytest.mark.parametrize("agent_id", ["", " ", None])
def test_a_cap_is_set_for_somebody(agent_id):
    """P7."""
    with pytest.raises(ValueError, match="agent_id"):
        configure_test_budget("test-key", agent_id, client=Spender())


def test_a_budget_is_in_a_currency():
    """P7."""
    with pytest.raises(ValueError, match="currency"):
        BudgetGuard(currency="")


def test_a_cap_that_was_not_set_is_an_error():
    """Fail closed: without the cap nothing limits the key."""
    with pytest.raises(BudgetRefused, match="is not capped"):
        configure_test_budget("test-key", "test-qa-agent", client=Spender(500))


def test_the_gateway_holds_the_caps_it_was_given():
    """P7, p1: on the mock's ledger; an example within the cap passes, one beyond it does not."""
    gateway = GreenHelixMock()
    gateway.set_balance("test-a", "100.00")
    configure_test_budget("", "test-a", client=gateway)

    assert gateway.execute("create_escrow", escrow("1.00")).status_code == 200
    assert gateway.execute("create_escrow", escrow("1.01")).status_code == 403


@pytest.mark.parametrize("base", ["", "/", "/v1", "/v1/"])
def test_the_caps_are_set_over_http_whatever_the_address_ends_in(base):
    """p2, h6: the guide's own address was corrupted text."""
    gateway = GreenHelixMock()
    with gateway.serve(key="test-key") as running:
        url = running.url.removesuffix("/v1") + base
        answer = configure_test_budget("test-key", "test-a", base_url=url)

    assert answer.body["daily"] == "5.00"


def test_the_callers_precision_does_not_round_what_is_spent():
    """p2: exact decimals, whatever `decimal.getcontext()` says."""
    guard = BudgetGuard("1000.00", "1000.00")
    with localcontext() as context:
        context.prec = 3
        for _ in range(2):
            guard.charge("pay", {"amount": "123.45"})
        guard.give_back("pay", {"amount": "123.45"}, Decimal("123.45"))
        guard.charge("pay", {"amount": "123.45"})

        assert (str(guard.spent), str(guard.left)) == ("246.90", "753.10")


def test_the_largest_and_the_finest_amounts_add_up():
    """p2: 28 digits were kept, and the rest was left for nobody to spend."""
    guard = BudgetGuard("9" * 30, "9" * 30)
    guard.charge("pay", {"amount": "9" * 29})
    guard.charge("pay", {"amount": "0.000000000000000001"})

    assert guard.spent == Decimal("9" * 29 + ".000000000000000001")


@pytest.mark.parametrize("limit", [Decimal("1E+30"), Decimal("1E+999999"), Decimal("1E-19")])
def test_an_amount_beyond_every_currency_is_refused(limit):
    """p2."""
    with pytest.raises(ValueError, match="so large or so fine"):
        BudgetGuard(limit)


def test_a_cap_is_written_out_on_the_wire():
    """Decision 4: decimal strings, not an exponent."""
    gateway = Spender()
    configure_test_budget("key", "test-a", daily=Decimal("1E+2"), client=gateway)

    assert gateway.calls[0][1]["daily"] == "100"
