"""After the promotion there is no second arm: the new version is held against history."""

from __future__ import annotations

from math import log
from typing import Final

from client_sdk.canary.config import CanaryConfig
from client_sdk.canary.hearing import Heard, Kind
from client_sdk.canary.metrics import CanaryMetrics
from client_sdk.canary.rates import HIGHER, RateTest, highest_rate
from client_sdk.canary.saved import members, real
from client_sdk.canary.sequential import BEYOND_P95
from client_sdk.contract.values import JsonObject

SHARES: Final = {"history": 0.1, "errors": 0.15, "latency": 0.05}


class Watch:
    """Bets that the promoted version does worse than stable can have done.

    What the ladder leaves of `alpha` is shared: a part bounds stable's true error rate from its
    history, a part is for errors, and a part for a p95 above the configured limit.
    """

    def __init__(self, config: CanaryConfig, error_limit: float) -> None:
        self._config = config
        self.errors = RateTest(error_limit, HIGHER)
        self.latency = RateTest(BEYOND_P95, HIGHER)

    @classmethod
    def against(cls, config: CanaryConfig, stable: CanaryMetrics) -> Watch:
        """Watch against what stable did while both arms ran."""
        worst = highest_rate(
            stable.requests_error, stable.requests_total, alpha=config.alpha * SHARES["history"]
        )
        return cls(config, min(worst * config.margin, 0.99))

    def observe(self, heard: Heard) -> None:
        """Take in one call of the promoted version."""
        self.errors.observe(hit=heard.kind in {Kind.ERROR, Kind.UNKNOWN})
        self.latency.observe(hit=heard.latency_ms > self._config.latency_threshold_ms)

    def harm(self) -> str | None:
        """Say what has become worse than history allows, or None."""
        if self.errors.log_evidence >= self._needed("errors"):
            return f"errors: more often than the {self.errors.limit:.2%} that stable can have had"
        if self.latency.log_evidence >= self._needed("latency"):
            return f"slow answers: the p95 is above {self._config.latency_threshold_ms:g} ms"
        return None

    def _needed(self, name: str) -> float:
        return log(1 / (self._config.alpha * SHARES[name]))

    def to_json(self) -> JsonObject:
        """Give everything that `watch_from_json` needs."""
        return {
            "error_limit": self.errors.limit,
            "errors": self.errors.to_json(),
            "latency": self.latency.to_json(),
        }


def watch_from_json(config: CanaryConfig, saved: JsonObject) -> Watch:
    """Go on from what `to_json` gave."""
    watch = Watch(config, real(saved, "error_limit"))
    watch.errors.restore(members(saved, "errors"))
    watch.latency.restore(members(saved, "latency"))
    return watch
