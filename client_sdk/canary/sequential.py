"""The sequential judge: may be asked after every call, and is wrong as rarely as it promises."""

from __future__ import annotations

from bisect import bisect_left, insort
from collections import deque
from math import exp, log
from typing import Final

from client_sdk.canary.callers import CallersTest
from client_sdk.canary.config import CanaryConfig
from client_sdk.canary.hearing import Kind
from client_sdk.canary.judging import Action, Call, Opinion, View
from client_sdk.canary.metrics import CanaryMetrics, percentile
from client_sdk.canary.odds import OddsTest
from client_sdk.canary.rates import RateTest
from client_sdk.canary.saved import members, reals
from client_sdk.contract.values import JsonObject

# These tests share the configured alpha, so that together they are wrong no more often; what is
# left of it is for the watch after the promotion.
SHARES: Final = {
    "errors": 0.4,
    "errors by caller": 0.1,
    "slow answers": 0.05,
    "answers over the limit": 0.05,
    "refusals": 0.05,
}
LEAST_EVENTS: Final = 5  # of the canary: fewer are an anecdote, whatever the odds
BEYOND_P95: Final = 0.05
DOUBT: Final = log(1 / 0.05)  # evidence that rules harm out before a promotion
NOT_WORTH: Final = 50  # a rise below this fraction of the threshold rolls nothing back
CONTROLS: Final = 4  # one in four of those who never see the canary sets the p95
MOST_SHOWN: Final = 700.0  # exp beyond it is no double


class SequentialJudge:
    """Compares the arms event by event; evidence is carried from step to step.

    A rollback needs evidence of `1/alpha` that the canary's odds of an error, a refusal, an answer
    over `latency_threshold_ms`, or one slower than stable's own p95, are above `margin` times
    stable's. A promotion needs evidence that harm of the configured size is absent: fewer errors
    than `error_rate_threshold`, and a p95 below `latency_threshold_ms`.
    """

    def __init__(self, config: CanaryConfig) -> None:
        self._config = config
        controls_from = 1 - (1 - config.widest_split) / CONTROLS
        self._controls_from = controls_from
        self._reference = Reference(config.margin)
        self._odds = {
            "errors": OddsTest(config.margin),
            "slow answers": OddsTest(config.margin, below=controls_from),
            "answers over the limit": OddsTest(config.margin),
            "refusals": OddsTest(config.margin),
        }
        self._callers = CallersTest()
        self._absent = {
            "errors": RateTest(config.error_rate_threshold),
            "latency": RateTest(BEYOND_P95),
        }

    def observe(self, call: Call) -> None:
        """Take in one call of either arm."""
        heard, bets = call.heard, self._odds
        is_error = heard.kind is Kind.ERROR
        if call.recurs:
            self._callers.observe(call.place, call.weight, hit=is_error)
        if is_error:
            _bet(bets["errors"], call)
        elif heard.kind is not Kind.SUCCESS:
            _bet(bets["refusals"], call)
        over = heard.latency_ms > self._config.latency_threshold_ms
        if over:
            _bet(bets["answers over the limit"], call)
        if self._reference.is_slow(heard.latency_ms):
            _bet(bets["slow answers"], call)
        if call.on_canary:
            self._absent["errors"].observe(hit=heard.kind in {Kind.ERROR, Kind.UNKNOWN})
            self._absent["latency"].observe(hit=over)
        elif call.place >= self._controls_from:
            self._reference.add(heard.latency_ms)

    def opinion(self, view: View) -> Opinion:
        """Roll back on proof, promote when harm is ruled out, hold otherwise."""
        few = view.canary.requests_total
        if few < self._config.min_requests_before_eval:
            wanted = self._config.min_requests_before_eval
            return Opinion(Action.HOLD, f"{few} of {wanted} calls of the canary in this step")
        worse = self._worse(view)
        if worse is not None:
            return Opinion(Action.ROLLBACK, worse)
        left = self._config.step_duration_seconds - view.seconds
        if left > 0:
            return Opinion(Action.HOLD, f"no harm found; the step lasts {left:.0f} s more")
        open_harm = self._not_ruled_out(view.all_canary)
        if open_harm is not None:
            return Opinion(Action.HOLD, f"inconclusive: {open_harm}")
        return Opinion(
            Action.PROMOTE, "no harm found, and harm of the configured size is ruled out"
        )

    def explain(self) -> tuple[str, ...]:
        """Give each test's evidence against what it needs, in sentences."""
        lines = [
            f"{name}: evidence {_odds_shown(test.log_evidence)} to 1 that the canary is worse, "
            f"from {test.events} events ({_odds_shown(self._needed(name))} to 1 rolls back)"
            for name, test in self._tests.items()
        ]
        lines += [
            f"{name}: evidence {_odds_shown(test.log_evidence)} to 1 that harm is absent, from "
            f"{test.calls} calls ({_odds_shown(DOUBT)} to 1 may promote)"
            for name, test in self._absent.items()
        ]
        slow = self._reference.slower_than
        lines.append(
            "slow means nothing yet: too few answers of stable"
            if slow is None
            else f"slow means above {slow:.1f} ms, from stable's own p95"
        )
        return tuple(lines)

    def numbers(self) -> JsonObject:
        """Give the logarithm of each evidence, and the events it comes from."""
        return {
            "worse": {
                name: {"log_evidence": round(test.log_evidence, 6), "events": test.events}
                for name, test in self._tests.items()
            },
            "harm_absent": {
                name: {"log_evidence": round(test.log_evidence, 6), "calls": test.calls}
                for name, test in self._absent.items()
            },
        }

    def to_json(self) -> JsonObject:
        """Give everything that `restore` needs."""
        return {
            "odds": {name: test.to_json() for name, test in self._odds.items()},
            "callers": self._callers.to_json(),
            "absent": {name: test.to_json() for name, test in self._absent.items()},
            "reference": [*self._reference.latest],
        }

    def restore(self, saved: JsonObject) -> None:
        """Go on from what `to_json` gave."""
        for name, odds in self._odds.items():
            odds.restore(members(members(saved, "odds"), name))
        self._callers.restore(members(saved, "callers"))
        for name, rate in self._absent.items():
            rate.restore(members(members(saved, "absent"), name))
        for latency in reals(saved, "reference"):
            self._reference.add(latency)

    @property
    def _tests(self) -> dict[str, OddsTest | CallersTest]:
        """The tests that may roll back; whole callers only where no margin is tolerated."""
        by_caller = {"errors by caller": self._callers} if self._config.margin == 1 else {}
        return {**self._odds, **by_caller}

    def _needed(self, name: str) -> float:
        return log(1 / (self._config.alpha * SHARES[name]))

    def _worse(self, view: View) -> str | None:
        for name, test in self._tests.items():
            if test.log_evidence >= self._needed(name) and self._matters(name, view):
                return f"{name}: {_compared(name, view.all_canary, view.all_stable)}"
        return None

    def _matters(self, name: str, view: View) -> bool:
        """Whether the harm is large enough, beside being proven."""
        canary, stable = view.all_canary, view.all_stable
        if name == "slow answers":
            return True
        if name == "answers over the limit":
            return canary.p95_latency_ms > self._config.latency_threshold_ms
        if name == "refusals":
            return canary.requests_refused + canary.requests_unknown >= LEAST_EVENTS
        rise = canary.error_rate - stable.error_rate
        is_worth_it = rise >= self._config.error_rate_threshold / NOT_WORTH
        return is_worth_it and canary.requests_error >= LEAST_EVENTS

    def _not_ruled_out(self, canary: CanaryMetrics) -> str | None:
        if self._absent["errors"].log_evidence < DOUBT:
            limit = self._config.error_rate_threshold
            return f"an error rate of {limit:.3g} is not ruled out by {canary.requests_total} calls"
        if self._absent["latency"].log_evidence < DOUBT:
            return f"a p95 of {self._config.latency_threshold_ms:g} ms is not ruled out"
        return None


class Reference:
    """Stable's own p95 from its latest answers to callers that never see the canary.

    These take no part in the comparison, so the line is drawn without looking at what is compared.
    """

    LEAST: Final = 40
    WINDOW: Final = 500
    NOTICEABLE_MS: Final = 1.0

    def __init__(self, margin: float) -> None:
        self._margin = margin
        self._ordered: list[float] = []
        self.latest: deque[float] = deque()
        self.slower_than: float | None = None

    def add(self, latency_ms: float) -> None:
        """Take in one answer of stable."""
        self.latest.append(latency_ms)
        insort(self._ordered, latency_ms)
        if len(self.latest) > self.WINDOW:
            del self._ordered[bisect_left(self._ordered, self.latest.popleft())]
        if len(self._ordered) >= self.LEAST:
            p95 = percentile(self._ordered, 1 - BEYOND_P95)
            self.slower_than = p95 * self._margin + self.NOTICEABLE_MS

    def is_slow(self, latency_ms: float) -> bool:
        """Say whether an answer is slow; nothing is before enough answers were seen."""
        return self.slower_than is not None and latency_ms > self.slower_than


def _bet(test: OddsTest, call: Call) -> None:
    test.observe(call.place, call.weight, on_canary=call.on_canary, recurs=call.recurs)


def _odds_shown(log_evidence: float) -> str:
    return f"{exp(min(log_evidence, MOST_SHOWN)):.3g}"


def _compared(name: str, canary: CanaryMetrics, stable: CanaryMetrics) -> str:
    if "answers" in name:
        return (
            f"p95 {canary.p95_latency_ms:.0f} ms on the canary against "
            f"{stable.p95_latency_ms:.0f} ms on stable"
        )
    rate = "error_rate" if name.startswith("errors") else "refusal_rate"
    ours, theirs = getattr(canary, rate), getattr(stable, rate)
    return f"{ours:.2%} on the canary against {theirs:.2%} on stable"
