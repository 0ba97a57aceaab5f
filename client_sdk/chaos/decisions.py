"""Decisions: who is struck, as a pure function of the seed, the configuration and the call.

No generator is shared: another configuration, another thread or a pause moves nothing.
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import blake2b
from typing import Final, TypeVar

from client_sdk.chaos.config import ChaosConfig
from client_sdk.chaos.modes import Phase

Item = TypeVar("Item")
SEEDS: Final = 2**32
_DRAW_BYTES: Final = 8


@dataclass(frozen=True, slots=True)
class Draws:
    """The random numbers of one configuration at one call, each under a name of its own."""

    seed: int
    config_id: str
    tool: str
    number: int

    def share(self, purpose: str) -> float:
        """Give a number from 0 up to but not including 1."""
        text = f"{self.seed}\0{self.config_id}\0{self.tool}\0{self.number}\0{purpose}"
        digest = blake2b(text.encode("utf-8", "surrogatepass"), digest_size=_DRAW_BYTES).digest()
        return (int.from_bytes(digest) >> 11) / 2**53  # as many bits as a float holds

    def below(self, purpose: str, limit: int) -> int:
        """Give a whole number from 0 up to but not including the limit."""
        return int(self.share(purpose) * limit)

    def pick(self, purpose: str, items: Sequence[Item]) -> Item:
        """Give one of the items."""
        return items[self.below(purpose, len(items))]


@dataclass(frozen=True, slots=True)
class Decision:
    """Whether a configuration strikes a call, as seed and schedule say.

    What only the run knows (`match`, `max_injections`, `ttl_s`, a pause) is not in it.
    """

    config_id: str
    failure_mode: str
    tool: str
    call_number: int
    phase: Phase
    strikes: bool


def is_struck(draws: Draws, config: ChaosConfig) -> bool:
    """Say whether seed and schedule strike the call that the draws belong to."""
    chance = config.probability * config.schedule.share(draws.number)
    if chance <= 0:
        return False
    return chance >= 1 or draws.share("strike") < chance


def decision(seed: int, config_id: str, config: ChaosConfig, tool: str, number: int) -> Decision:
    """Decide one call of a tool."""
    draws = Draws(seed, config_id, tool, number)
    strikes = config.is_about(tool) and is_struck(draws, config)
    mode, phase = str(config.failure_mode), config.phase_of(number)
    return Decision(config_id, mode, tool, number, phase, strikes)


def seed_or_new(seed: int | None) -> int:
    """Give the seed, or a random one for None.

    Raises:
        ValueError: it is no whole number.
    """
    if seed is None:
        return secrets.randbelow(SEEDS)
    if isinstance(seed, bool) or not isinstance(seed, int):
        raise ValueError(  # noqa: TRY004 - every fault of an argument is one kind
            f"seed={seed!r} must be a whole number, or None for a random one"
        )
    return seed
