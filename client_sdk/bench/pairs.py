"""Two things measured in turns: what disturbs the machine disturbs both alike."""

from __future__ import annotations

from dataclasses import dataclass
from math import exp, fsum, log, sqrt
from typing import Final

from client_sdk.bench.comparison import Rule
from client_sdk.bench.result import BenchmarkResult
from client_sdk.bench.samples import FEWEST, student
from client_sdk.bench.verdicts import Change, Verdict

PERCENT: Final = 100.0


@dataclass(frozen=True, slots=True)
class Pairs:
    """The latencies of `a` and `b`, round by round; a round in which one failed is left out."""

    a: BenchmarkResult
    b: BenchmarkResult
    pairs: tuple[tuple[float, float], ...]

    def ratio(self, alpha: float = 0.01) -> Change | None:
        """Give how much slower `b` is than `a`, by Student's t on the logarithms of each round.

        None when fewer than eight rounds can be used.
        """
        logs = [log(b / a) for a, b in self.pairs if a > 0 and b > 0]
        if len(logs) < FEWEST:
            return None
        mean = fsum(logs) / len(logs)
        spread = sqrt(fsum((each - mean) ** 2 for each in logs) / (len(logs) - 1))
        width = student(alpha, len(logs) - 1) * spread / sqrt(len(logs))
        return Change(exp(mean), exp(mean - width), exp(mean + width))

    def verdict(self, threshold_pct: float = 10.0, alpha: float = 0.01) -> Verdict:
        """Say whether `b` is slower than `a` by more than the threshold."""
        change = self.ratio(alpha)
        if change is None or self.b.errors > self.a.errors:
            failed = change is not None or not self.b.successes
            return Verdict.FAIL if failed and self.a.successes else Verdict.INCONCLUSIVE
        graded = Rule(threshold_pct / PERCENT, alpha, 0.0).judged(change)
        return graded.verdict or Verdict.INCONCLUSIVE
