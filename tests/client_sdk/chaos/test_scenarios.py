import asyncio
import uuid
from contextlib import suppress

import pytest
from awaiting import awaited

from client_sdk import chaos as chaos_module
from client_sdk.chaos import (
    ChaosConfig,
    ChaosInjector,
    Payment,
    ScenarioFailed,
    WebhookTarget,
    WorldUnfit,
    ambiguity_pair,
    careful_buyer,
    scenario_agent_dies_mid_escrow,
    scenario_cascade,
    scenario_latency_spike_during_payment,
    scenario_lost_confirmation,
    scenario_partition_during_settlement,
    scenario_race_on_listing,
    scenario_retry_storm,
    scenario_schema_drift_between_versions,
    scenario_slow_drip,
    scenario_stall_mid_body,
    scenario_webhook_double_delivery,
)
from client_sdk.clock import VirtualClock
from client_sdk.exchange import Result
from client_sdk.mock import GreenHelixMock

GUIDE = [
    scenario_agent_dies_mid_escrow,
    scenario_webhook_double_delivery,
    scenario_schema_drift_between_versions,
    scenario_latency_spike_during_payment,
]
PROMISED = [
    scenario_lost_confirmation,
    scenario_partition_during_settlement,
    scenario_race_on_listing,
    scenario_retry_storm,
    scenario_cascade,
    scenario_slow_drip,
    scenario_stall_mid_body,
]


def world(seed=42):
    mock = GreenHelixMock()
    mock.set_balance("test-agent-a", "1000.00")
    mock.set_balance("test-agent-b", "500.00")
    return mock, ChaosInjector(mock, seed, clock=VirtualClock())


def naive_buyer(client, payment):
    """Tries until it works, and forgets what it did: pays again whenever it is in doubt."""
    for _ in range(5):
        try:
            _pay_anew(client, payment)
        except Exception:  # noqa: S112, BLE001 - that is what is wrong with it
            continue
        return


def _pay_anew(client, payment):
    escrow = client.execute(
        "create_escrow",
        {
            "payer": payment.payer,
            "payee": payment.payee,
            "amount": payment.amount,
            "idempotency_key": uuid.uuid4().hex,
        },
    )
    released = client.execute(
        "release_escrow",
        {"escrow_id": escrow["body"]["escrow_id"], "agent_id": payment.payer},
    )
    assert released["body"]["status"] == "released"


def storming_buyer(client, payment):
    for _ in range(100):
        try:
            careful_buyer(client, payment)
        except Exception:  # noqa: S112, BLE001 - that is what is wrong with it
            continue
        return


@pytest.mark.parametrize("scenario", GUIDE, ids=lambda each: each.__name__)
def test_the_guides_scenarios_run_with_its_signature(scenario):
    """C8"""
    mock, chaos = world()

    report = scenario(mock, chaos)

    assert report.passed
    assert chaos.get_injection_count() >= 1


@pytest.mark.parametrize("scenario", PROMISED, ids=lambda each: each.__name__)
def test_every_promised_failure_has_a_scenario_a_careful_agent_survives(scenario):
    """G5, G11, c16"""
    mock, chaos = world()

    report = scenario(mock, chaos)

    assert report.passed
    assert report.injections >= 1
    assert mock.execute("get_balance", {"agent_id": "test-agent-b"}).body["balance"] in {
        *("525.00", "575.00"),
    }


@pytest.mark.parametrize(
    ("scenario", "broken"),
    [
        (scenario_agent_dies_mid_escrow, "eventually settled"),
        (scenario_webhook_double_delivery, "effect at most once"),
        (scenario_latency_spike_during_payment, "eventually settled"),
        (scenario_lost_confirmation, "effect at most once"),
        (scenario_partition_during_settlement, "effect at most once"),
        (scenario_race_on_listing, "effect at most once"),
        (scenario_stall_mid_body, "effect at most once"),
        (scenario_schema_drift_between_versions, "effect at most once"),
        (scenario_cascade, "eventually settled"),
    ],
    ids=lambda each: getattr(each, "__name__", None),
)
def test_a_careless_agent_does_not_get_through(scenario, broken):
    """c13"""
    mock, chaos = world()

    with pytest.raises(ScenarioFailed) as failed:
        scenario(mock, chaos, naive_buyer)

    assert broken in {each.name for each in failed.value.report.checks if not each.holds}
    assert "CHAOS_SEED=42 python -m pytest" in str(failed.value)


def test_an_agent_that_storms_breaks_its_call_budget():
    """c13, G11"""
    mock, chaos = world()

    with pytest.raises(ScenarioFailed, match="call budget: "):
        scenario_retry_storm(mock, chaos, storming_buyer)


def test_an_agent_that_waits_for_every_drip_misses_the_deadline():
    """F5: consequence"""
    mock, chaos = world()

    with pytest.raises(ScenarioFailed, match="deadline: 120 s, 60 s allowed"):
        scenario_slow_drip(mock, chaos, wait_ms=60_000)


def test_an_agent_may_be_an_object():
    class Buyer:
        def run(self, client, payment):
            return careful_buyer(client, payment)

    mock, chaos = world()

    assert scenario_lost_confirmation(mock, chaos, Buyer()).passed


def test_the_injector_may_stand_for_the_harness():
    """C9: the fixture hands one injector to everybody"""
    _, chaos = world()

    assert scenario_agent_dies_mid_escrow(chaos, chaos).passed
    assert scenario_agent_dies_mid_escrow(None, chaos).passed


def test_scenarios_leave_nothing_armed_behind():
    """c15"""
    mock, chaos = world()
    scenario_partition_during_settlement(mock, chaos)

    assert chaos.execute("get_balance", {"agent_id": "x"}).status_code == 200


def test_scenarios_can_be_played_one_after_the_other_in_one_world():
    mock, chaos = world()
    for scenario in (*GUIDE, *PROMISED):
        assert scenario(mock, chaos).passed


@pytest.mark.parametrize("library", ["requests", "httpx"])
def test_a_scenario_raises_as_the_agents_library_does(library):
    """c9"""
    mock, chaos = world()

    assert scenario_stall_mid_body(mock, chaos, raise_as=library).passed


def test_a_payment_of_ones_own():
    mock, chaos = world()
    mock.set_balance("test-shop", "5.00")
    payment = Payment("order-7", "test-shop", "test-maker", "3.50")

    scenario_lost_confirmation(mock, chaos, payment=payment)

    assert mock.execute("get_balance", {"agent_id": "test-maker"}).body["balance"] == "3.50"


def test_a_payer_without_money_is_funded_first():
    mock = GreenHelixMock()
    chaos = ChaosInjector(mock, 1, clock=VirtualClock())

    assert scenario_lost_confirmation(mock, chaos).passed


def test_a_world_without_the_tools_is_refused_by_name():
    class Empty:
        def execute(self, *_):
            return Result(404, {})

    with pytest.raises(WorldUnfit, match="get_balance answered 404"):
        scenario_lost_confirmation(Empty(), ChaosInjector(Empty(), 1))


def test_a_report_is_evidence():
    mock, chaos = world()
    record = scenario_lost_confirmation(mock, chaos).evidence("buyer", "1.0").to_json()

    assert (record["kind"], record["verdict"]) == ("chaos", "pass")
    assert record["payload"]["seed"] == 42
    assert record["payload"]["numbers"]["checks"]["effect at most once"] is True


def test_the_service_sees_as_many_calls_as_arrived():
    mock, chaos = world()
    report = scenario_lost_confirmation(mock, chaos)

    # two steps, each sent twice, and the balances that the scenario reads itself
    assert (report.calls, report.arrived) == (4, 8)


def test_a_lost_request_and_a_lost_answer_end_alike():
    """c1, E3: ambiguity pairs"""
    report = ambiguity_pair(GreenHelixMock, clock=VirtualClock())

    assert report.passed
    assert report.injections == 4


def test_an_agent_without_keys_does_not_end_alike():
    """c1, E3: ambiguity pairs"""
    with pytest.raises(ScenarioFailed, match="same final ledger"):
        ambiguity_pair(GreenHelixMock, naive_buyer, clock=VirtualClock())


def test_a_webhook_can_be_lost_doubled_and_late():
    """c3, G11"""
    got = []
    target = WebhookTarget(lambda event: got.append(event["id"]))
    for mode, ids, expected in (
        ("lost_request", "ab", ["b"]),
        ("duplicate_request", "ab", ["a", "a", "b"]),
        ("reorder", "ab", ["b", "a"]),
    ):
        got.clear()
        hook = ChaosInjector(target, 1, clock=VirtualClock())
        hook.add_chaos(ChaosConfig(mode, max_injections=1))
        for each in ids:
            with suppress(TimeoutError):
                hook.execute("webhook", {"id": each})
        assert got == expected


def test_every_name_of_the_package_is_there():
    for name in chaos_module.__all__:
        assert hasattr(chaos_module, name)


def test_an_agent_that_died_makes_no_further_call():
    """C8, c13"""
    lives = []

    class Recording:
        def __init__(self, client):
            self.client = client

        def execute(self, tool, input_data):
            lives[-1].append(tool)
            return self.client.execute(tool, input_data)

    def agent(client, payment):
        lives.append([])
        return careful_buyer(Recording(client), payment)

    mock, chaos = world()
    report = scenario_agent_dies_mid_escrow(mock, chaos, agent)

    assert lives == [["create_escrow", "release_escrow"]] * 2
    assert report.errors == ("AgentKilled: died at release_escrow",)


async def careful_async_buyer(client, payment):
    """The careful buyer, awaiting each call."""

    class Awaited:
        def execute(self, tool, input_data):
            return asyncio.run(client.aexecute(tool, input_data))

    return await asyncio.to_thread(careful_buyer, Awaited(), payment)


class AsyncAgent:
    async def run(self, client, payment):
        return await careful_async_buyer(client, payment)


@pytest.mark.parametrize("play", [*GUIDE, *PROMISED])
@pytest.mark.parametrize("agent", [careful_async_buyer, AsyncAgent()], ids=["function", "object"])
def test_an_agent_may_be_async(play, agent):
    """E0.6, c13"""
    mock = GreenHelixMock(clock=VirtualClock())

    assert play(mock, ChaosInjector(mock, 42, clock=VirtualClock()), agent).passed


def test_a_scenario_may_be_played_inside_a_running_loop():
    """E0.6"""
    mock = GreenHelixMock(clock=VirtualClock())
    chaos = ChaosInjector(mock, 42, clock=VirtualClock())

    async def test():
        return scenario_lost_confirmation(mock, chaos, careful_async_buyer)

    assert awaited(test()).passed


def test_an_async_agent_that_pays_twice_is_found_out():
    """c13"""
    mock = GreenHelixMock(clock=VirtualClock())
    chaos = ChaosInjector(mock, 42, clock=VirtualClock())

    async def careless(client, payment):
        members = {"payer": payment.payer, "payee": payment.payee, "amount": payment.amount}
        with suppress(TimeoutError):
            await client.aexecute("create_escrow", members)
        again = await client.aexecute("create_escrow", members)
        await client.aexecute("release_escrow", {"escrow_id": again.body["escrow_id"]})

    with pytest.raises(ScenarioFailed, match=r"locked 25\.00"):
        scenario_lost_confirmation(mock, chaos, careless)
