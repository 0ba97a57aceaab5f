"""Every tool the guide mentions besides escrow: identity, trust, metrics, services, caps, webhooks."""

from decimal import Decimal

import pytest

from client_sdk import GreenHelixMock, VirtualClock
from client_sdk.mock import LedgerUnbalanced, MockResponse, ToolRefused
from client_sdk.mock.ledger import wallet

ESCROW = {"payer": "a", "payee": "b", "amount": "1.00"}
NOON = 1_700_000_000  # 2023-11-14T22:13:20Z


@pytest.fixture
def mock():
    mock = GreenHelixMock(clock=VirtualClock(start=NOON))
    mock.set_balance("a", "100.00")
    return mock


def refused(result):
    return result.status_code, result.body["code"]


def pointers(result):
    return [error["pointer"] for error in result.body["errors"]]


def test_every_tool_of_the_guide_is_there(mock):
    """m4"""
    assert mock.tools() == [
        "cancel_escrow",
        "create_escrow",
        "create_wallet",
        "deposit",
        "get_balance",
        "get_escrow",
        "get_identity",
        "get_metrics",
        "get_trust_score",
        "list_deliveries",
        "list_escrows",
        "list_webhooks",
        "register_agent",
        "register_service",
        "register_webhook",
        "release_escrow",
        "search_services",
        "set_budget_cap",
        "submit_metrics",
    ]


def test_a_created_escrow_is_as_the_guide_says(mock):
    """M8"""
    body = mock.execute("create_escrow", ESCROW)["body"]

    assert body["escrow_id"].startswith("esc_")
    assert body | {"escrow_id": ""} == {
        "escrow_id": "",
        "payer": "a",
        "payee": "b",
        "amount": "1.00",
        "currency": "USD",
        "status": "pending",
        "created_at": "2023-11-14T22:13:20Z",
    }


@pytest.mark.parametrize(
    ("tool", "status"), [("release_escrow", "released"), ("cancel_escrow", "cancelled")]
)
def test_an_escrow_is_settled_once(mock, tool, status):
    """M9, M10"""
    escrow = {"escrow_id": mock.execute("create_escrow", ESCROW).body["escrow_id"]}

    settled = mock.execute(tool, escrow)

    assert (settled.body["status"], settled.body[f"{status}_at"]) == (
        status,
        "2023-11-14T22:13:20Z",
    )
    assert refused(mock.execute(tool, escrow)) == (409, "escrow-not-pending")
    assert refused(mock.execute(tool, {"escrow_id": "esc_0"})) == (404, "escrow-not-found")


def test_an_unknown_agent_has_nothing_in_dollars(mock):
    """M11"""
    assert mock.execute("get_balance", {"agent_id": "x"}).body == {
        "agent_id": "x",
        "balance": "0.00",
        "held": "0.00",
        "currency": "USD",
    }


def test_deposits_add_exactly(mock):
    """M12"""
    for amount in ("0.10", "0.20"):
        result = mock.execute("deposit", {"agent_id": "c", "amount": amount})

    assert result.body == {
        "agent_id": "c",
        "deposited": "0.20",
        "balance": "0.30",
        "currency": "USD",
    }


def test_equal_escrows_are_two_and_the_first_stays_released(mock):
    """m1"""
    first = mock.execute("create_escrow", ESCROW).body["escrow_id"]
    mock.execute("release_escrow", {"escrow_id": first})
    second = mock.execute("create_escrow", ESCROW).body["escrow_id"]

    assert first != second
    assert mock.execute("get_escrow", {"escrow_id": first}).body["status"] == "released"


def test_mocks_of_different_seeds_share_no_ids():
    """m1"""
    ids = set()
    for seed in (0, 1, 2):
        mock = GreenHelixMock(seed=seed)
        mock.set_balance("a", "5.00")
        ids.add(mock.execute("create_escrow", ESCROW).body["escrow_id"])

    assert ids == {"esc_000001", "esc_1_000001", "esc_2_000001"}


def test_money_moves_and_a_double_payment_shows(mock):
    """m2: hold, pay, refund, and 402 when there is not enough"""
    held = mock.execute("create_escrow", ESCROW | {"amount": "60.00"}).body["escrow_id"]
    assert refused(mock.execute("create_escrow", ESCROW | {"amount": "60.00"})) == (
        402,
        "insufficient-funds",
    )
    mock.execute("release_escrow", {"escrow_id": held})
    mock.execute("release_escrow", {"escrow_id": held})

    assert [each["balance"] for each in mock.books()["wallets"]] == ["40.00", "60.00"]
    mock.assert_ledger_balanced()


def test_money_from_nowhere_is_found(mock):
    """m2"""
    mock._state.bank.ledger._balances[wallet("a", "USD")] = Decimal(1000)

    with pytest.raises(LedgerUnbalanced, match="came from nowhere"):
        mock.assert_ledger_balanced()


def test_an_escrow_that_holds_too_little_is_found(mock):
    """m2"""
    escrow = mock.execute("create_escrow", ESCROW).body["escrow_id"]
    bank = mock._state.bank
    bank.settle(bank.escrow(escrow), "released", to="b")
    bank._escrows[escrow] = bank.escrow(escrow).__class__(
        escrow, "a", "b", Decimal(1), "USD", "pending", ()
    )

    with pytest.raises(LedgerUnbalanced, match=f"pending {escrow} holds 0.00"):
        mock.assert_ledger_balanced()


def test_without_a_ledger_a_payer_is_lent_what_it_lacks():
    mock = GreenHelixMock(ledger=False)

    assert mock.execute("create_escrow", ESCROW).status_code == 200
    assert mock.execute("get_balance", {"agent_id": "a"}).body["balance"] == "0.00"
    mock.assert_ledger_balanced()


def test_only_the_payer_settles(mock):
    """m12"""
    escrow = mock.execute("create_escrow", ESCROW).body["escrow_id"]

    stranger = mock.execute("release_escrow", {"escrow_id": escrow, "agent_id": "b"})

    assert refused(stranger) == (403, "not-the-payer")
    assert mock.execute("release_escrow", {"escrow_id": escrow, "agent_id": "a"}).status_code == 200


def test_expired_money_is_back_before_anybody_asks_for_the_escrow(mock):
    """m12"""
    mock.execute("create_escrow", ESCROW | {"expires_in_seconds": 60})
    mock.clock.advance(59)
    assert mock.execute("get_balance", {"agent_id": "a"}).body["balance"] == "99.00"
    mock.clock.advance(1)

    assert mock.execute("get_balance", {"agent_id": "a"}).body["balance"] == "100.00"
    assert mock.execute("list_escrows", {}).body["escrows"][0]["status"] == "expired"


def test_a_settled_escrow_does_not_expire(mock):
    """m12"""
    mock.execute("create_escrow", ESCROW | {"expires_in_seconds": 60})
    mock.execute("release_escrow", {"escrow_id": "esc_000001"})
    mock.clock.advance(61)

    assert mock.execute("get_escrow", {"escrow_id": "esc_000001"}).body["status"] == "released"


def test_an_idempotent_input_that_is_no_json_is_refused(mock):
    """m8, m12"""
    odd = ESCROW | {"idempotency_key": "k", "memo": "\ud800"}

    assert refused(mock.execute("create_escrow", odd)) == (422, "input-invalid")


@pytest.mark.parametrize("tool", sorted(GreenHelixMock().tools()))
@pytest.mark.parametrize(
    "input_data",
    [
        None,
        [],
        "x",
        5,
        {"agent_id": None, "payer": [], "amount": float("nan"), "limit": -1, "url": 5},
        {"agent_id": "", "amount": 1.5, "escrow_id": {}, "requests": -1, "tags": "x", "event": 5},
        {
            "agent_id": "a" * 200,
            "status": 5,
            "cursor": [],
            "events": [1],
            "query": 0,
            "price": 1,
            "webhook_id": 5,
        },
    ],
)
def test_bad_input_is_a_problem_never_a_crash(mock, tool, input_data):
    """m8"""
    result = mock.execute(tool, input_data)

    assert (result.status_code, result.headers["content-type"]) == (
        422,
        "application/problem+json",
    )
    mock.assert_ledger_balanced()


def test_pages_of_escrows_follow_each_other(mock):
    """m4"""
    for _ in range(5):
        mock.execute("create_escrow", ESCROW)
    seen, request = [], {"agent_id": "a", "limit": 2}
    while request:
        body = mock.execute("list_escrows", request).body
        seen.append([each["escrow_id"][-1] for each in body["escrows"]])
        cursor = body.get("next_cursor")
        request = cursor and request | {"cursor": cursor}

    assert seen == [["1", "2"], ["3", "4"], ["5"]]
    assert refused(mock.execute("list_escrows", {"cursor": "esc_9"})) == (422, "cursor-unknown")


def test_an_agent_is_registered_once_and_found(mock):
    registered = mock.execute("register_agent", {"agent_id": "test-a", "name": "Buyer"})

    assert mock.execute("get_identity", {"agent_id": "test-a"}).body == registered.body
    assert registered.body["status"] == "active"
    assert refused(mock.execute("register_agent", {"agent_id": "test-a"})) == (409, "agent-exists")
    assert refused(mock.execute("get_identity", {"agent_id": "x"})) == (404, "agent-not-found")


def test_trust_is_what_a_test_says(mock):
    mock.execute("register_agent", {"agent_id": "test-a", "name": "Buyer"})
    assert mock.execute("get_trust_score", {"agent_id": "test-a"}).body["trust_score"] == 0.8
    mock.set_trust_score("test-a", "0.30")
    mock.set_trust_score("test-b", "1")

    assert mock.execute("get_trust_score", {"agent_id": "test-a"}).body == {
        "agent_id": "test-a",
        "trust_score": 0.3,
    }
    assert mock.execute("get_identity", {"agent_id": "test-a"}).body["name"] == "Buyer"
    assert mock.execute("get_identity", {"agent_id": "test-b"}).status_code == 200
    assert mock.execute("get_trust_score", {"agent_id": "x"}).status_code == 404


def test_agents_and_services_are_states_too(mock):
    mock.set_state("a registered agent", {"agent_id": "x", "trust_score": "0.4"})
    assert mock.execute("get_trust_score", {"agent_id": "x"}).body["trust_score"] == 0.4

    mock.set_state("a registered service", {"name": "Proofs"})
    assert mock.execute("get_trust_score", {"agent_id": "x"}).status_code == 404
    found = mock.execute("search_services", {"query": "proofs"}).body["services"]
    assert [(each["agent_id"], each["price"]) for each in found] == [("test-agent-b", "10.00")]
    for state, params in (
        ("a registered agent", {"trust_score": 0.4}),
        ("a registered service", {"price": 5}),
    ):
        with pytest.raises(ToolRefused):
            mock.set_state(state, params)


@pytest.mark.parametrize("score", [0.5, "1.1", "-0.1", "NaN", "much", None])
def test_a_trust_score_is_a_decimal_from_zero_to_one(mock, score):
    with pytest.raises(ValueError, match="trust score"):
        mock.set_trust_score("a", score)


def test_metrics_are_summed_up_per_agent_and_window(mock):
    for requests, errors, latency in ((10, 1, 100), (30, 3, "x")):
        content = {"agent_id": "a", "requests": requests, "errors": errors}
        mock.execute("submit_metrics", content | ({} if latency == "x" else {"latency_ms": 100}))
        mock.clock.advance(200)
    mock.execute("submit_metrics", {"agent_id": "b", "requests": 5, "errors": 5})

    assert mock.execute("get_metrics", {"agent_id": "a"}).body == {
        "agent_id": "a",
        "window_seconds": 300,
        "requests": 30,
        "errors": 3,
        "error_rate": 0.1,
        "mean_latency_ms": 0.0,
    }
    longer = mock.execute("get_metrics", {"agent_id": "a", "window_seconds": 1000}).body
    assert (longer["requests"], longer["mean_latency_ms"]) == (40, 25.0)


def test_no_metrics_are_no_rate(mock):
    body = mock.execute("get_metrics", {"agent_id": "nobody"}).body

    assert (body["requests"], body["error_rate"], body["mean_latency_ms"]) == (0, None, None)


@pytest.mark.parametrize(
    ("members", "faulty"),
    [
        ({"requests": 1, "errors": 2}, ["/errors"]),
        ({"errors": 2}, ["/requests", "/errors"]),
        ({"requests": 1.5}, ["/requests"]),
        ({"requests": 1, "latency_ms": -1}, ["/latency_ms"]),
        ({"requests": 1, "latency_ms": float("nan")}, ["/latency_ms"]),
    ],
)
def test_metrics_that_cannot_be_are_refused(mock, members, faulty):
    assert pointers(mock.execute("submit_metrics", {"agent_id": "a"} | members)) == faulty


def test_services_are_found_by_words_tag_agent_and_price(mock):
    for name, price, tags in (("Fast proofs", "5.00", ["math"]), ("Slow proofs", "1.00", [])):
        mock.execute(
            "register_service",
            {
                "agent_id": "a",
                "name": name,
                "price": price,
                "tags": tags,
                "description": "of theorems",
            },
        )

    def found(**asked):
        return [each["name"] for each in mock.execute("search_services", asked).body["services"]]

    assert found() == ["Fast proofs", "Slow proofs"]
    assert found(query="PROOFS theorems slow") == ["Slow proofs"]
    assert found(tag="math") == ["Fast proofs"]
    assert found(agent_id="b") == []
    assert found(max_price="4.99") == ["Slow proofs"]
    assert found(limit=1) == ["Fast proofs"]


def cap(mock, **caps):
    return mock.execute("set_budget_cap", {"agent_id": "a", **caps})


def test_a_transaction_over_the_cap_is_refused(mock):
    cap(mock, per_transaction="0.99")

    result = mock.execute("create_escrow", ESCROW)

    assert refused(result) == (403, "budget-exceeded")
    assert (result.body["cap"], result.body["left"]) == ("per_transaction", "0.99")
    assert mock.execute("create_escrow", ESCROW | {"amount": "0.99"}).status_code == 200


def test_days_and_months_have_their_caps_and_end(mock):
    cap(mock, daily="2.00", monthly="3.00")
    spend = lambda: mock.execute("create_escrow", ESCROW)  # noqa: E731

    assert [spend().status_code for _ in range(2)] == [200, 200]
    assert spend().body["cap"] == "daily"
    mock.clock.advance(24 * 3600)
    assert spend().status_code == 200
    assert spend().body["cap"] == "monthly"
    mock.clock.advance(31 * 24 * 3600)
    assert spend().status_code == 200


def test_what_was_given_back_counts_no_more(mock):
    cap(mock, daily="1.00")
    escrow = mock.execute("create_escrow", ESCROW).body["escrow_id"]
    mock.execute("cancel_escrow", {"escrow_id": escrow})

    assert mock.execute("create_escrow", ESCROW).status_code == 200


def test_a_cap_is_for_one_agent_and_one_currency(mock):
    mock.set_balance("a", "5.00", "EUR")
    mock.set_balance("b", "5.00")
    cap(mock, daily="0.50")

    assert mock.execute("create_escrow", ESCROW | {"currency": "EUR"}).status_code == 200
    assert mock.execute("create_escrow", ESCROW | {"payer": "b"}).status_code == 200


def test_a_cap_caps_something(mock):
    assert pointers(cap(mock)) == ["/daily"]
    assert cap(mock, daily=5).status_code == 422
    assert cap(mock, daily="5.00", monthly="50.00", per_transaction="1.00").body == {
        "agent_id": "a",
        "per_transaction": "1.00",
        "daily": "5.00",
        "monthly": "50.00",
        "currency": "USD",
        "set_at": "2023-11-14T22:13:20Z",
    }


def test_webhooks_hear_of_what_happens_to_their_agents_escrows(mock):
    heard = []
    mock.on_delivery(heard.append)
    hook = mock.execute("register_webhook", {"agent_id": "b", "url": "https://example.test/hook"})
    mock.execute(
        "register_webhook",
        {"agent_id": "a", "url": "http://127.0.0.1:1/", "events": ["escrow.released"]},
    )
    mock.execute("register_webhook", {"agent_id": "c", "url": "https://example.test/other"})
    escrow = mock.execute("create_escrow", ESCROW).body["escrow_id"]
    mock.execute("release_escrow", {"escrow_id": escrow})

    deliveries = mock.execute("list_deliveries", {}).body["deliveries"]
    assert [(each["webhook_id"], each["event"]) for each in deliveries] == [
        ("whk_000001", "escrow.created"),
        ("whk_000001", "escrow.released"),
        ("whk_000002", "escrow.released"),
    ]
    assert heard == deliveries
    assert deliveries[1]["data"]["status"] == "released"
    assert mock.execute("list_webhooks", {"agent_id": "b"}).body == {
        "webhooks": [hook.body],
        "count": 1,
    }
    only = mock.execute("list_deliveries", {"webhook_id": "whk_000002", "limit": 1}).body
    assert (len(only["deliveries"]), only["count"]) == (1, 1)


@pytest.mark.parametrize(
    ("members", "faulty"),
    [
        ({"url": "ftp://x/"}, ["/url"]),
        ({"url": "http://[::"}, ["/url"]),
        ({"url": "https://x/", "events": ["escrow.relased"]}, ["/events"]),
    ],
)
def test_a_webhook_that_would_hear_nothing_is_refused(mock, members, faulty):
    assert pointers(mock.execute("register_webhook", {"agent_id": "a"} | members)) == faulty


def test_the_end_to_end_workflow_of_the_guide(mock):
    """G10: register, search, escrow, release, balance, metrics"""
    mock.execute("register_service", {"agent_id": "b", "name": "Proofs", "price": "10.00"})
    service = mock.execute("search_services", {"query": "proofs"}).body["services"][0]
    escrow = mock.execute(
        "create_escrow", {"payer": "a", "payee": service["agent_id"], "amount": service["price"]}
    ).body
    mock.execute("release_escrow", {"escrow_id": escrow["escrow_id"], "agent_id": "a"})
    mock.execute("submit_metrics", {"agent_id": "b", "requests": 1})

    assert mock.execute("get_balance", {"agent_id": "b"}).body["balance"] == "10.00"
    assert mock.execute("get_metrics", {"agent_id": "b"}).body["error_rate"] == 0.0
    mock.assert_ledger_balanced()


def test_a_broken_build_breaks_what_a_test_set_too():
    mock = GreenHelixMock(behaviours=["rename-status"])
    mock.set_response("get_escrow", MockResponse(body={"status": "pending"}))

    assert mock.execute("get_escrow", {}).body == {"state": "pending"}
