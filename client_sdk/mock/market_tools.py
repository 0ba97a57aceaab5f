"""The gateway's tools besides money: identity, trust, metrics, services and webhooks."""

from __future__ import annotations

from decimal import Decimal
from typing import Final
from urllib.parse import urlsplit

from client_sdk.contract.values import JsonObject, JsonValue
from client_sdk.mock.answers import ToolRefused
from client_sdk.mock.inputs import Inputs
from client_sdk.mock.registry import Agent, Measured, Service
from client_sdk.mock.webhooks import EVENTS, Webhook
from client_sdk.mock.world import World

WINDOW: Final = 300  # seconds
LONGEST_WINDOW: Final = 366 * 24 * 3600
PAGE: Final = 100
LARGEST_PAGE: Final = 500


def register_agent(world: World, inputs: Inputs) -> JsonObject:
    """Make an agent known; 409 when it is."""
    agent_id = inputs.name("agent_id")
    name = inputs.optional_name("name") or agent_id
    inputs.check()
    if agent_id in world.registry.agents:
        raise ToolRefused(409, "agent-exists", f"{agent_id} is registered.")
    agent = Agent(agent_id, name, world.now())
    world.registry.agents[agent_id] = agent
    return agent.to_json()


def get_identity(world: World, inputs: Inputs) -> JsonObject:
    """Say who an agent is; 404 when nobody knows it."""
    agent_id = inputs.name("agent_id")
    inputs.check()
    return world.registry.agent(agent_id).to_json()


def get_trust_score(world: World, inputs: Inputs) -> JsonObject:
    """Say how far an agent is trusted, from 0 to 1; 404 when nobody knows it."""
    agent_id = inputs.name("agent_id")
    inputs.check()
    agent = world.registry.agent(agent_id)
    return {"agent_id": agent_id, "trust_score": float(agent.trust)}


def submit_metrics(world: World, inputs: Inputs) -> JsonObject:
    """Note how many requests an agent served, how many failed, and their mean latency."""
    agent_id = inputs.name("agent_id")
    requests = inputs.count("requests")
    errors = inputs.count("errors") if inputs.has("errors") else 0
    latency = inputs.number("latency_ms")
    if errors > requests:
        inputs.fault("errors", "is at most the number of requests")
    inputs.check()
    measured = Measured(world.clock.time(), requests, errors, float(latency))
    world.registry.metrics.setdefault(agent_id, []).append(measured)
    return {"agent_id": agent_id, "accepted": True, "recorded_at": world.now()}


def get_metrics(world: World, inputs: Inputs) -> JsonObject:
    """Sum up what an agent reported in the last seconds; rates are null when it was nothing."""
    agent_id = inputs.name("agent_id")
    window = inputs.count("window_seconds", WINDOW, most=LONGEST_WINDOW)
    inputs.check()
    since = world.clock.time() - window
    measured = list(world.registry.measured_since(agent_id, since))
    requests = sum(each.requests for each in measured)
    errors = sum(each.errors for each in measured)
    latency = sum(each.latency_ms * each.requests for each in measured)
    return {
        "agent_id": agent_id,
        "window_seconds": window,
        "requests": requests,
        "errors": errors,
        "error_rate": errors / requests if requests else None,
        "mean_latency_ms": latency / requests if requests else None,
    }


def register_service(world: World, inputs: Inputs) -> JsonObject:
    """Offer a service of an agent to the others."""
    agent_id, name = inputs.name("agent_id"), inputs.name("name")
    description, price = inputs.optional_text("description"), inputs.price("price")
    currency, tags = inputs.currency(), inputs.names("tags")
    inputs.check()
    service = Service(
        service_id=f"svc_{len(world.registry.services) + 1:06d}",
        agent_id=agent_id,
        name=name,
        description=description or "",
        price=price or Decimal(0),
        currency=currency,
        tags=tags,
        registered_at=world.now(),
    )
    world.registry.services.append(service)
    return service.to_json()


def search_services(world: World, inputs: Inputs) -> JsonObject:
    """Find services by words, by a tag, by their agent, or by the most they may cost."""
    query, tag = inputs.optional_text("query") or "", inputs.optional_name("tag")
    agent_id, most = inputs.optional_name("agent_id"), inputs.price("max_price")
    limit = inputs.count("limit", PAGE, most=LARGEST_PAGE)
    inputs.check()
    found: list[JsonValue] = [
        service.to_json()
        for service in world.registry.services
        if service.mentions(query)
        and (tag is None or tag in service.tags)
        and (agent_id is None or agent_id == service.agent_id)
        and (most is None or service.price <= most)
    ]
    return {"services": found[:limit], "count": len(found)}


def register_webhook(world: World, inputs: Inputs) -> JsonObject:
    """Ask for the events of an agent's escrows to be delivered to an address."""
    agent_id, url = inputs.name("agent_id"), inputs.name("url")
    events = inputs.names("events", EVENTS)
    if url and not _is_address(url):
        inputs.fault("url", "is an http:// or https:// address")
    if unknown := [event for event in events if event not in EVENTS]:
        inputs.fault("events", f"has no {unknown[0]!r}; there are {', '.join(EVENTS)}")
    inputs.check()
    hooks = world.webhooks
    number = len(hooks.registered) + 1
    webhook = Webhook(f"whk_{number:06d}", agent_id, url, events, world.now())
    hooks.registered.append(webhook)
    return webhook.to_json()


def list_webhooks(world: World, inputs: Inputs) -> JsonObject:
    """Show the webhooks, of one agent if asked."""
    agent_id = inputs.optional_name("agent_id")
    inputs.check()
    found: list[JsonValue] = [
        each.to_json() for each in world.webhooks.registered if agent_id in {None, each.agent_id}
    ]
    return {"webhooks": found, "count": len(found)}


def list_deliveries(world: World, inputs: Inputs) -> JsonObject:
    """Show what was delivered, oldest first, to one webhook or of one event if asked."""
    webhook_id, event = inputs.optional_name("webhook_id"), inputs.optional_name("event")
    limit = inputs.count("limit", PAGE, most=LARGEST_PAGE)
    inputs.check()
    found: list[JsonValue] = [
        each.to_json()
        for each in world.webhooks.deliveries
        if webhook_id in {None, each.webhook_id} and event in {None, each.event}
    ]
    return {"deliveries": found[:limit], "count": len(found)}


def _is_address(url: str) -> bool:
    try:
        parts = urlsplit(url)
    except ValueError:  # brackets that hold no address
        return False
    return parts.scheme in {"http", "https"} and bool(parts.hostname)
