"""Who is on the gateway besides money: agents, their trust, their metrics and their services."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from decimal import Decimal, InvalidOperation
from typing import Final

from client_sdk.contract.values import JsonObject, JsonValue
from client_sdk.mock.answers import ToolRefused
from client_sdk.mock.money import written

DEFAULT_TRUST: Final = Decimal("0.80")


@dataclass(frozen=True, slots=True)
class Agent:
    """A registered agent; trust goes from 0 to 1."""

    agent_id: str
    name: str
    registered_at: str
    trust: Decimal = DEFAULT_TRUST

    def to_json(self) -> JsonObject:
        """Give the body that tools answer with."""
        return {
            "agent_id": self.agent_id,
            "name": self.name,
            "status": "active",
            "registered_at": self.registered_at,
        }


@dataclass(frozen=True, slots=True)
class Service:
    """What an agent offers to others."""

    service_id: str
    agent_id: str
    name: str
    description: str
    price: Decimal
    currency: str
    tags: tuple[str, ...]
    registered_at: str

    def to_json(self) -> JsonObject:
        """Give the body that tools answer with."""
        tags: list[JsonValue] = [*self.tags]
        return {
            "service_id": self.service_id,
            "agent_id": self.agent_id,
            "name": self.name,
            "description": self.description,
            "price": written(self.price),
            "currency": self.currency,
            "tags": tags,
            "registered_at": self.registered_at,
        }

    def mentions(self, words: str) -> bool:
        """Say whether every word stands in the name, the description or a tag."""
        text = " ".join((self.name, self.description, *self.tags)).casefold()
        return all(word in text for word in words.casefold().split())


@dataclass(frozen=True, slots=True)
class Measured:
    """What an agent reported at one time; `latency_ms` is the mean of its requests."""

    at: float
    requests: int
    errors: int
    latency_ms: float


@dataclass
class Registry:
    """Agents, services and metrics by agent; every value in it is frozen."""

    agents: dict[str, Agent] = field(default_factory=dict)
    services: list[Service] = field(default_factory=list)
    metrics: dict[str, list[Measured]] = field(default_factory=dict)

    def agent(self, agent_id: str) -> Agent:
        """Find an agent.

        Raises:
            ToolRefused: 404, nobody of that name was registered.
        """
        found = self.agents.get(agent_id)
        if found is None:
            raise ToolRefused(404, "agent-not-found", f"There is no agent {agent_id}.")
        return found

    def trust(self, agent_id: str, score: Decimal, now: str) -> None:
        """Let an agent be trusted so far; it is registered if it was not."""
        known = self.agents.get(agent_id) or Agent(agent_id, agent_id, now)
        self.agents[agent_id] = replace(known, trust=score)

    def measured_since(self, agent_id: str, since: float) -> Iterator[Measured]:
        """Give what an agent reported after a time."""
        return (each for each in self.metrics.get(agent_id, ()) if each.at > since)

    def copied(self) -> Registry:
        """Give a registry that goes on by itself."""
        metrics = {agent_id: list(measured) for agent_id, measured in self.metrics.items()}
        return Registry(dict(self.agents), list(self.services), metrics)


def trust_from(value: object) -> Decimal:
    """Read a score from 0 to 1.

    Raises:
        ValueError: it is no such number, or a float, which may have been rounded.
    """
    try:
        score = Decimal(value) if isinstance(value, Decimal | str) else None
    except InvalidOperation:
        score = None
    if score is None or not score.is_finite() or not 0 <= score <= 1:
        raise ValueError(f'a trust score is a decimal from "0" to "1", not {value!r}')
    return score
