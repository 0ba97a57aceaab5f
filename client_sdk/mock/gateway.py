"""The gateway that the mock simulates: its tools by name, each key acted upon once."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Final

from client_sdk.contract.document import canonical_json
from client_sdk.contract.errors import ContractError
from client_sdk.contract.values import JsonObject, JsonValue
from client_sdk.mock import market_tools, tools
from client_sdk.mock.answers import MockResponse, ToolRefused
from client_sdk.mock.inputs import IDEMPOTENCY_MEMBER, Inputs
from client_sdk.mock.world import World

Tool = Callable[[World, Inputs], JsonObject]

TOOLS: Final[Mapping[str, Tool]] = {
    "cancel_escrow": tools.cancel_escrow,
    "create_escrow": tools.create_escrow,
    "create_wallet": tools.create_wallet,
    "deposit": tools.deposit,
    "get_balance": tools.get_balance,
    "get_escrow": tools.get_escrow,
    "get_identity": market_tools.get_identity,
    "get_metrics": market_tools.get_metrics,
    "get_trust_score": market_tools.get_trust_score,
    "list_deliveries": market_tools.list_deliveries,
    "list_escrows": tools.list_escrows,
    "list_webhooks": market_tools.list_webhooks,
    "register_agent": market_tools.register_agent,
    "register_service": market_tools.register_service,
    "register_webhook": market_tools.register_webhook,
    "release_escrow": tools.release_escrow,
    "search_services": market_tools.search_services,
    "set_budget_cap": tools.set_budget_cap,
    "submit_metrics": market_tools.submit_metrics,
}


def answer_of(world: World, tool: str, input_data: JsonValue) -> MockResponse | None:
    """Act on the world as a tool does, and give its answer; None when there is no such tool.

    Raises:
        ToolRefused: the tool will not do it.
    """
    act = TOOLS.get(tool)
    if act is None:
        return None
    world.bank.settle_expired()
    inputs = Inputs(input_data)
    if isinstance(input_data, dict) and input_data.get(IDEMPOTENCY_MEMBER) is not None:
        return _once(world, tool, input_data, inputs)
    return MockResponse(200, act(world, inputs))


def _once(world: World, tool: str, input_data: JsonValue, inputs: Inputs) -> MockResponse:
    """Act once per key: a repeated call gets the first answer, another input a 409."""
    key = inputs.name(IDEMPOTENCY_MEMBER)
    inputs.check()
    content = _content(input_data)
    known = world.answered.get((tool, key))
    if known is not None and known[0] != content:
        detail = "This idempotency key was used with another input."
        raise ToolRefused(409, "idempotency-key-reused", detail)
    if known is not None:
        return replace(known[1], headers={**known[1].headers, "idempotent-replay": "true"})
    answer = MockResponse(200, TOOLS[tool](world, inputs))
    # a refusal is not kept: the same call may succeed after a deposit
    world.answered[tool, key] = (content, answer)
    return answer


def _content(input_data: JsonValue) -> bytes:
    try:
        return canonical_json(input_data)
    except (ContractError, TypeError, ValueError) as error:
        raise ToolRefused(422, "input-invalid", f"The input is no JSON: {error}") from error
