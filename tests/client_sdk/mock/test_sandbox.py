from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from client_sdk.clock import VirtualClock
from client_sdk.mock import GreenHelixMock, Ledger, LedgerUnbalanced, MockMisused
from client_sdk.mock.answers import ToolRefused
from client_sdk.mock.ledger import held, outside, wallet

ESCROW = {"payer": "test-a", "payee": "test-b", "amount": "10.00"}


@pytest.fixture
def sandbox():
    sandbox = GreenHelixMock(clock=VirtualClock(start=1_700_000_000))
    sandbox.execute("deposit", {"agent_id": "test-a", "amount": "100.00"})
    return sandbox


def balance(sandbox, agent, currency="USD"):
    return sandbox.execute("get_balance", {"agent_id": agent, "currency": currency}).body["balance"]


def escrow_id(sandbox, **members):
    return sandbox.execute("create_escrow", ESCROW | members).body["escrow_id"]


def test_a_deposit_adds_exactly(sandbox):
    result = sandbox.execute("deposit", {"agent_id": "test-a", "amount": "0.1"})

    assert result.body == {
        "agent_id": "test-a",
        "deposited": "0.10",
        "balance": "100.10",
        "currency": "USD",
    }


def test_an_unknown_agent_has_nothing(sandbox):
    assert sandbox.execute("get_balance", {"agent_id": "nobody"}).body == {
        "agent_id": "nobody",
        "balance": "0.00",
        "held": "0.00",
        "currency": "USD",
    }


def test_an_escrow_holds_the_payers_money(sandbox):
    result = sandbox.execute("create_escrow", ESCROW | {"memo": "for work"})

    assert result.status_code == 200
    assert result.body == {
        "escrow_id": "esc_000001",
        "payer": "test-a",
        "payee": "test-b",
        "amount": "10.00",
        "currency": "USD",
        "status": "pending",
        "memo": "for work",
        "created_at": "2023-11-14T22:13:20Z",
    }
    assert (balance(sandbox, "test-a"), balance(sandbox, "test-b")) == ("90.00", "0.00")


def test_two_equal_escrows_are_two(sandbox):
    assert escrow_id(sandbox) != escrow_id(sandbox)
    assert balance(sandbox, "test-a") == "80.00"


def test_a_release_pays_the_payee(sandbox):
    result = sandbox.execute(
        "release_escrow", {"escrow_id": escrow_id(sandbox), "agent_id": "test-a"}
    )

    assert (result.body["status"], result.body["released_at"]) == (
        "released",
        "2023-11-14T22:13:20Z",
    )
    assert (balance(sandbox, "test-a"), balance(sandbox, "test-b")) == ("90.00", "10.00")


def test_a_cancellation_pays_back(sandbox):
    result = sandbox.execute("cancel_escrow", {"escrow_id": escrow_id(sandbox)})

    assert (result.body["status"], "cancelled_at" in result.body) == ("cancelled", True)
    assert (balance(sandbox, "test-a"), balance(sandbox, "test-b")) == ("100.00", "0.00")


@pytest.mark.parametrize("tool", ["release_escrow", "cancel_escrow"])
def test_a_settled_escrow_stays_settled(sandbox, tool):
    settled = escrow_id(sandbox)
    sandbox.execute("release_escrow", {"escrow_id": settled})

    result = sandbox.execute(tool, {"escrow_id": settled})

    assert (result.status_code, result.body["code"]) == (409, "escrow-not-pending")
    assert balance(sandbox, "test-b") == "10.00"


@pytest.mark.parametrize("tool", ["release_escrow", "cancel_escrow"])
def test_a_stranger_may_not_settle(sandbox, tool):
    result = sandbox.execute(tool, {"escrow_id": escrow_id(sandbox), "agent_id": "test-b"})

    assert (result.status_code, result.body["code"]) == (403, "not-the-payer")


@pytest.mark.parametrize("tool", ["release_escrow", "cancel_escrow", "get_escrow"])
def test_an_unknown_escrow_is_not_found(sandbox, tool):
    result = sandbox.execute(tool, {"escrow_id": "esc_none"})

    assert (result.status_code, result.headers["content-type"]) == (404, "application/problem+json")


def test_too_little_money_holds_nothing(sandbox):
    result = sandbox.execute("create_escrow", ESCROW | {"amount": "100.01"})

    assert (result.status_code, result.body["code"], result.body["balance"]) == (
        402,
        "insufficient-funds",
        "100.00",
    )
    assert sandbox.execute("list_escrows", {}).body == {"escrows": [], "count": 0}


@pytest.mark.parametrize(
    "amount",
    [
        10,
        10.5,
        Decimal("10.001"),
        Decimal("NaN"),
        Decimal(-1),
        True,
        None,
        "",
        "1e2",
        "-1",
        "0",
        "0.00",
        "1.234",
        "NaN",
        "٣",
        " 1",
    ],
)
def test_an_amount_that_is_no_decimal_string_above_zero_is_refused(sandbox, amount):
    result = sandbox.execute("create_escrow", ESCROW | {"amount": amount})

    assert (result.status_code, [error["pointer"] for error in result.body["errors"]]) == (
        422,
        ["/amount"],
    )


def test_every_faulty_member_is_named_at_once(sandbox):
    result = sandbox.execute("create_escrow", {"payer": 5, "currency": "usd"})

    assert [error["pointer"] for error in result.body["errors"]] == [
        "/payer",
        "/payee",
        "/amount",
        "/currency",
    ]


@pytest.mark.parametrize("value", [None, [], "text", 5])
def test_an_input_that_is_no_object_is_refused(sandbox, value):
    assert sandbox.execute("get_balance", value).status_code == 422


def test_currencies_are_kept_apart(sandbox):
    sandbox.execute("deposit", {"agent_id": "test-a", "amount": "5.00", "currency": "EUR"})

    assert (balance(sandbox, "test-a", "EUR"), balance(sandbox, "test-a")) == ("5.00", "100.00")
    assert sandbox.execute("create_escrow", ESCROW | {"currency": "EUR"}).status_code == 402


def test_escrows_are_listed_by_agent_and_status(sandbox):
    first, second = escrow_id(sandbox), escrow_id(sandbox, payee="test-c")
    sandbox.execute("release_escrow", {"escrow_id": first})

    def listed(**filters):
        return [
            each["escrow_id"] for each in sandbox.execute("list_escrows", filters).body["escrows"]
        ]

    assert listed() == [first, second]
    assert listed(agent_id="test-c") == [second]
    assert listed(agent_id="test-a", status="released") == [first]


def test_an_idempotency_key_acts_once(sandbox):
    once = ESCROW | {"idempotency_key": "k1"}

    first, second = sandbox.execute("create_escrow", once), sandbox.execute("create_escrow", once)

    assert first.body == second.body
    assert second.headers["idempotent-replay"] == "true"
    assert balance(sandbox, "test-a") == "90.00"


def test_an_idempotency_key_with_another_input_is_a_conflict(sandbox):
    sandbox.execute("create_escrow", ESCROW | {"idempotency_key": "k1"})

    result = sandbox.execute("create_escrow", ESCROW | {"idempotency_key": "k1", "amount": "11.00"})

    assert (result.status_code, result.body["code"]) == (409, "idempotency-key-reused")


def test_a_refusal_does_not_use_up_the_key(sandbox):
    big = ESCROW | {"amount": "150.00", "idempotency_key": "k1"}
    assert sandbox.execute("create_escrow", big).status_code == 402
    sandbox.execute("deposit", {"agent_id": "test-a", "amount": "100.00"})

    assert sandbox.execute("create_escrow", big).status_code == 200


def test_an_escrow_expires_on_the_clock_and_pays_back():
    clock = VirtualClock()
    sandbox = GreenHelixMock(clock=clock)
    sandbox.set_state("a funded payer", {"agent_id": "test-a"})
    expiring = escrow_id(sandbox, expires_in_seconds=60)
    clock.advance(60)

    assert sandbox.execute("get_escrow", {"escrow_id": expiring}).body["status"] == "expired"
    assert balance(sandbox, "test-a") == "100.00"


@pytest.mark.parametrize(
    "member",
    [
        {"expires_in_seconds": 0},
        {"expires_in_seconds": True},
        {"expires_in_seconds": "60"},
        {"memo": 5},
        {"memo": "x" * 2_001},
    ],
)
def test_optional_members_are_checked_when_they_are_there(sandbox, member):
    result = sandbox.execute("create_escrow", ESCROW | member)

    assert [error["pointer"] for error in result.body["errors"]] == [f"/{next(iter(member))}"]


@pytest.mark.parametrize("key", ["", 5, "k" * 129])
def test_an_idempotency_key_is_a_name(sandbox, key):
    assert sandbox.execute("create_escrow", ESCROW | {"idempotency_key": key}).status_code == 422


def test_a_ledger_moves_only_what_is_above_zero_within_a_currency():
    with pytest.raises(ValueError, match="above zero"):
        Ledger().post(outside("USD"), wallet("a", "USD"), Decimal(0), "nothing")
    with pytest.raises(ValueError, match="one currency"):
        Ledger().post(outside("USD"), wallet("a", "EUR"), Decimal(1), "exchange")


def test_every_movement_is_written_down(sandbox):
    sandbox.execute("release_escrow", {"escrow_id": escrow_id(sandbox)})

    assert [
        (each.source.kind, each.target.kind, each.reason)
        for each in sandbox._state.bank.ledger.postings
    ] == [
        ("outside", "wallet", "deposit"),
        ("wallet", "held", "hold"),
        ("held", "wallet", "released"),
    ]


def test_a_wallet_is_made_once(sandbox):
    first = sandbox.execute("create_wallet", {"agent_id": "test-new"})
    second = sandbox.execute("create_wallet", {"agent_id": "test-new"})

    assert (first.body["balance"], second.status_code) == ("0.00", 409)


def test_an_unknown_tool_says_which_there_are(sandbox):
    with pytest.warns(MockMisused):
        result = sandbox.execute("creat_escrow", {})

    assert (result.status_code, result.body["code"]) == (404, "tool-unknown")
    assert "create_escrow" in result.body["known"]


def test_a_reset_forgets_everything(sandbox):
    escrow_id(sandbox, idempotency_key="k1")
    sandbox.reset()

    assert sandbox.books() == {"wallets": [], "escrows": []}
    assert sandbox.execute("create_escrow", ESCROW | {"idempotency_key": "k1"}).status_code == 402


def test_what_a_caller_does_to_a_body_stays_with_the_caller(sandbox):
    result = sandbox.execute("create_escrow", ESCROW | {"idempotency_key": "k"})
    result.body["status"] = "mine"

    assert (
        sandbox.execute("create_escrow", ESCROW | {"idempotency_key": "k"}).body["status"]
        == "pending"
    )


@pytest.mark.parametrize(
    ("state", "status"),
    [
        ("a pending escrow", "pending"),
        ("A released  escrow", "released"),
        ("a cancelled escrow", "cancelled"),
        ("an expired escrow", "expired"),
    ],
)
def test_a_state_makes_its_escrow(state, status):
    sandbox = GreenHelixMock()

    sandbox.set_state(state, {"escrow_id": "esc_x", "payer": "p", "payee": "q", "amount": "7.00"})

    assert sandbox.execute("get_escrow", {"escrow_id": "esc_x"}).body["status"] == status
    sandbox.assert_ledger_balanced()


def test_a_state_begins_anew(sandbox):
    sandbox.set_state("a funded payer", {"agent_id": "test-z", "balance": "1.00"})

    assert (balance(sandbox, "test-a"), balance(sandbox, "test-z")) == ("0.00", "1.00")


@pytest.mark.parametrize(
    ("state", "params"),
    [
        ("a funded pyaer", {}),
        ("a funded payer", {"balance": 5}),
        ("a funded payer", {"agent_id": ""}),
    ],
)
def test_a_state_that_cannot_be_set_is_refused(state, params):
    with pytest.raises(ToolRefused) as refused:
        GreenHelixMock().set_state(state, params)

    assert refused.value.answer.status_code == 422


def test_a_ledger_refuses_to_go_below_zero():
    with pytest.raises(LedgerUnbalanced):
        Ledger().post(wallet("a", "USD"), held("e", "USD"), Decimal(1), "hold")


def test_a_ledger_notices_money_from_nowhere():
    ledger = Ledger()
    ledger.post(outside("USD"), wallet("a", "USD"), Decimal(1), "deposit")
    ledger._balances[wallet("a", "USD")] = Decimal(2)

    with pytest.raises(LedgerUnbalanced, match="nowhere"):
        ledger.check()


AGENTS = st.sampled_from(["test-a", "test-b"])
AMOUNTS = st.integers(1, 500).map(lambda cents: str(Decimal(cents) / 100))
IDS = st.integers(1, 6).map(lambda number: f"esc_{number:06d}")
CALLS = st.one_of(
    st.tuples(st.just("deposit"), st.fixed_dictionaries({"agent_id": AGENTS, "amount": AMOUNTS})),
    st.tuples(
        st.just("create_escrow"),
        st.fixed_dictionaries({"payer": AGENTS, "payee": AGENTS, "amount": AMOUNTS}),
    ),
    st.tuples(
        st.sampled_from(["release_escrow", "cancel_escrow"]),
        st.fixed_dictionaries({"escrow_id": IDS}),
    ),
)


@given(calls=st.lists(CALLS, max_size=25))
@settings(max_examples=80, deadline=None)
def test_money_is_neither_made_nor_lost(calls):
    sandbox = GreenHelixMock(clock=VirtualClock())
    deposited = Decimal(0)
    for tool, input_data in calls:
        result = sandbox.execute(tool, input_data)
        if tool == "deposit":
            deposited += Decimal(result.body["deposited"])

    seen = sandbox.books()
    in_wallets = sum(Decimal(each["balance"]) for each in seen["wallets"])
    in_escrows = sum(
        Decimal(each["amount"]) for each in seen["escrows"] if each["status"] == "pending"
    )
    assert in_wallets + in_escrows == deposited
