"""The guide's own rule, for comparison: it rolls healthy canaries back, see the documentation."""

from __future__ import annotations

from client_sdk.canary.config import CanaryConfig
from client_sdk.canary.judging import Action, Call, Opinion, View
from client_sdk.contract.values import JsonObject

TIMES_STABLE = 2


class ThresholdJudge:
    """Compares this step's point estimates with fixed limits at every look."""

    def __init__(self, config: CanaryConfig) -> None:
        self._config = config

    def observe(self, call: Call) -> None:
        """Take in one call; the metrics of the step hold all this rule looks at."""

    def opinion(self, view: View) -> Opinion:
        """Hold below the least sample, roll back beyond a limit, promote after the duration."""
        canary, config = view.canary, self._config
        wanted = max(config.min_requests_before_eval, 1)
        if canary.requests_total < wanted:
            return Opinion(
                Action.HOLD, f"{canary.requests_total} of {wanted} calls of the canary in this step"
            )
        broken = self._broken_limit(view)
        if broken is not None:
            return Opinion(Action.ROLLBACK, broken)
        if view.seconds < config.step_duration_seconds:
            left = config.step_duration_seconds - view.seconds
            return Opinion(Action.HOLD, f"the step lasts {left:.0f} s more")
        return Opinion(Action.PROMOTE, "within every limit for the whole step")

    def explain(self) -> tuple[str, ...]:
        """Say which rule judges."""
        return ("judged by fixed limits: healthy canaries may be rolled back",)

    def numbers(self) -> JsonObject:
        """Give nothing: this rule gathers no evidence."""
        return {}

    def to_json(self) -> JsonObject:
        """Give nothing: this rule remembers nothing."""
        return {}

    def restore(self, saved: JsonObject) -> None:
        """Restore nothing."""

    def _broken_limit(self, view: View) -> str | None:
        canary, stable, config = view.canary, view.stable, self._config
        if canary.error_rate > config.error_rate_threshold:
            return f"error rate {canary.error_rate:.2%} is above {config.error_rate_threshold:.2%}"
        if canary.p95_latency_ms > config.latency_threshold_ms:
            return f"p95 {canary.p95_latency_ms:.0f} ms is above {config.latency_threshold_ms:g} ms"
        enough = stable.requests_total >= config.min_requests_before_eval
        if enough and canary.error_rate > TIMES_STABLE * stable.error_rate:
            return f"error rate {canary.error_rate:.2%} is above twice stable's"
        return None
