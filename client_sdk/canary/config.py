"""What a canary is allowed to do: the ladder, the limits, and how sure one has to be."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence
from dataclasses import KW_ONLY, dataclass, field
from typing import Any, Final

from client_sdk.canary.gates import Gate
from client_sdk.canary.saved import real, reals, text, whole
from client_sdk.contract.values import JsonObject, JsonValue
from client_sdk.errors import SettingsFault

JUDGES: Final = ("sequential", "threshold")
WHEN_INCONCLUSIVE: Final = ("hold", "rollback", "promote")
FULL: Final = 100.0
STEPS_UNTIL_DEADLINE: Final = 10
GREATEST: Final = 1e300  # beyond it sums and products of numbers leave what a double holds

StickyKey = str | Callable[[str, JsonValue], str | None]


@dataclass(frozen=True, slots=True)
class CanaryConfig:
    """The plan of one canary deployment.

    Weights are percentages, durations seconds. `promotion_steps` rises and ends with 100; the
    first promotion goes to the first step above `initial_weight_pct`.

    Args:
        stable_agent_id: The agent that serves now.
        canary_agent_id: The agent that is tried.
        initial_weight_pct: The canary's share of callers to begin with.
        promotion_steps: The shares that follow.
        step_duration_seconds: How long a step lasts at least.
        error_rate_threshold: The rate of errors that counts as harm: it must be ruled out before
            a promotion.
        latency_threshold_ms: The p95 that counts as harm.
        min_requests_before_eval: Below so many calls of the canary in a step nothing is decided.
        warmup_seconds: For so long after the start nothing is judged.
        warmup_requests: Until the canary has had so many calls nothing is judged.
        poll_interval: Seconds between two evaluations of `run_deployment`.
        deadline_seconds: When an undecided step is given up; None: ten times its duration.
        on_inconclusive: What follows then.
        sticky_key: What keeps a caller on its arm when `route_request` gets no key: a member of
            the input, or a function of tool and input.
        alpha: The largest probability of rolling back a canary that is no worse.
        margin: How many times worse than stable the canary may be.
        judge: `sequential`, or the guide's `threshold` rule.
        error_classifier: Says of an answer whether it is an error, instead of its status; when it
            raises, the call counts as unknown.
        consecutive_failures: So many evaluations in a row must find harm.
        gates: Asked before each step; see `client_sdk.canary.gates`.
        mirror: Also show the canary what stable is asked, for tools that only read; its answers
            are dropped.
        seed: Places callers; the same seed and agents place the same callers alike.

    Raises:
        ValueError: a value cannot be meant; the message names it.

    Example:
        >>> CanaryConfig("agent-v1", "agent-v2", 1.0).ladder
        (5.0, 25.0, 50.0, 100.0)
    """

    stable_agent_id: str
    canary_agent_id: str
    initial_weight_pct: float = 5.0
    promotion_steps: Sequence[float] = field(default_factory=lambda: [5, 25, 50, 100])
    step_duration_seconds: float = 300
    error_rate_threshold: float = 0.05
    latency_threshold_ms: float = 1000
    min_requests_before_eval: int = 20
    _: KW_ONLY
    warmup_seconds: float = 0
    warmup_requests: int = 0
    poll_interval: float = 10
    deadline_seconds: float | None = None
    on_inconclusive: str = "hold"
    sticky_key: StickyKey | None = None
    alpha: float = 0.01
    margin: float = 1.0
    judge: str = "sequential"
    error_classifier: Callable[[Any], bool | str] | None = None
    consecutive_failures: int = 1
    gates: Sequence[Gate] = ()
    mirror: bool = False
    seed: int | None = None

    def __post_init__(self) -> None:
        checks = (*_of_agents(self), *_of_ladder(self), *_of_limits(self), *_of_functions(self))
        for is_sound, sentence in checks:
            if not is_sound:
                raise ValueError(sentence)
        object.__setattr__(self, "promotion_steps", list(self.promotion_steps))

    @property
    def ladder(self) -> tuple[float, ...]:
        """The steps above the initial weight."""
        return tuple(float(step) for step in self.promotion_steps if step > self.initial_weight_pct)

    @property
    def widest_split(self) -> float:
        """The largest weight below 100, as a fraction: beyond it callers never see the canary."""
        shared = [step for step in self.ladder if step < FULL]
        return max([self.initial_weight_pct, *shared]) / FULL

    @property
    def deadline(self) -> float:
        """Seconds after which an undecided step is given up."""
        if self.deadline_seconds is not None:
            return self.deadline_seconds
        return STEPS_UNTIL_DEADLINE * max(self.step_duration_seconds, self.poll_interval)

    def to_json(self) -> JsonObject:
        """Give what makes two plans the same plan; functions are not part of it."""
        return {
            "stable_agent_id": self.stable_agent_id,
            "canary_agent_id": self.canary_agent_id,
            "initial_weight_pct": self.initial_weight_pct,
            "promotion_steps": [*self.promotion_steps],
            "error_rate_threshold": self.error_rate_threshold,
            "latency_threshold_ms": self.latency_threshold_ms,
            "alpha": self.alpha,
            "margin": self.margin,
            "judge": self.judge,
            "seed": self.seed,
        }


def config_from_json(saved: JsonObject) -> CanaryConfig:
    """Give the plan that `to_json` gave; functions were not part of it.

    Raises:
        SettingsFault: it is anything else.
    """
    try:
        return CanaryConfig(
            text(saved, "stable_agent_id"),
            text(saved, "canary_agent_id"),
            real(saved, "initial_weight_pct"),
            reals(saved, "promotion_steps"),
            error_rate_threshold=real(saved, "error_rate_threshold"),
            latency_threshold_ms=real(saved, "latency_threshold_ms"),
            alpha=real(saved, "alpha"),
            margin=real(saved, "margin"),
            judge=text(saved, "judge"),
            seed=None if saved.get("seed") is None else whole(saved, "seed"),
        )
    except ValueError as error:
        raise SettingsFault(f"the saved plan cannot be used: {error}") from error


_Check = tuple[bool, str]


def _of_agents(config: CanaryConfig) -> tuple[_Check, ...]:
    return (
        (bool(config.stable_agent_id), "stable_agent_id is empty: name the agent that serves now"),
        (bool(config.canary_agent_id), "canary_agent_id is empty: name the agent to be tried"),
        (
            config.stable_agent_id != config.canary_agent_id,
            (
                "stable_agent_id and canary_agent_id are the same: their numbers could not be told "
                "apart; register the canary under its own id"
            ),
        ),
    )


def _of_ladder(config: CanaryConfig) -> tuple[_Check, ...]:
    steps = _listed(config.promotion_steps)
    sound = all(_is_number(step) and 0 < step <= FULL for step in steps)
    rises = sound and all(low < high for low, high in itertools.pairwise(steps))
    return (
        (
            _is_between(config.initial_weight_pct, 0, FULL),
            (
                f"initial_weight_pct is {config.initial_weight_pct!r}: it must be above 0 "
                "and below 100, or nothing is left to compare"
            ),
        ),
        (bool(steps), "promotion_steps is empty: end it with 100"),
        (
            rises,
            f"promotion_steps is {steps!r}: it must rise from above 0 to 100, each step once",
        ),
        (bool(steps) and steps[-1] == FULL, f"promotion_steps is {steps!r}: end it with 100"),
    )


def _of_limits(config: CanaryConfig) -> tuple[_Check, ...]:
    durations = ("step_duration_seconds", "warmup_seconds", "poll_interval", "deadline_seconds")
    times = {name: getattr(config, name) for name in durations}
    if config.deadline_seconds is None:
        del times["deadline_seconds"]
    counts = ("min_requests_before_eval", "warmup_requests", "consecutive_failures")
    return (
        *(
            (
                _is_number(value) and value >= 0,
                f"{name} is {value!r}: give seconds",
            )
            for name, value in times.items()
        ),
        (config.poll_interval != 0, "poll_interval is 0: give the seconds between evaluations"),
        *(
            (_is_count(getattr(config, name)), f"{name} must be a count, 0 or more")
            for name in counts
        ),
        (config.consecutive_failures != 0, "consecutive_failures is 0: nothing would roll back"),
        *(
            (_is_between(getattr(config, name), 0, 1), f"{name} must be above 0 and below 1")
            for name in ("error_rate_threshold", "alpha")
        ),
        (
            _is_number(config.latency_threshold_ms) and config.latency_threshold_ms > 0,
            "latency_threshold_ms must be above 0",
        ),
        (_is_number(config.margin) and config.margin >= 1, "margin must be 1 or more"),
        (config.judge in JUDGES, f"judge is {config.judge!r}: choose {' or '.join(JUDGES)}"),
        (
            config.on_inconclusive in WHEN_INCONCLUSIVE,
            f"on_inconclusive is {config.on_inconclusive!r}: choose {', '.join(WHEN_INCONCLUSIVE)}",
        ),
    )


def _of_functions(config: CanaryConfig) -> tuple[_Check, ...]:
    sticky: object = config.sticky_key
    classifier: object = config.error_classifier
    gates: object = config.gates
    mirror: object = config.mirror
    are_gates = isinstance(gates, Sequence) and all(map(callable, gates))
    seed_is_whole = isinstance(config.seed, int) and not isinstance(config.seed, bool)
    return (
        (
            sticky is None or callable(sticky) or (isinstance(sticky, str) and bool(sticky)),
            f"sticky_key is {sticky!r}: name a member of the input, or give a function",
        ),
        (
            classifier is None or callable(classifier),
            f"error_classifier is {classifier!r}: give a function of the answer",
        ),
        (are_gates, f"gates is {gates!r}: give a list of functions of the weight"),
        (isinstance(mirror, bool), f"mirror is {mirror!r}: choose True or False"),
        (config.seed is None or seed_is_whole, f"seed is {config.seed!r}: give a whole number"),
    )


def _listed(steps: object) -> list[Any]:
    if not isinstance(steps, Sequence) or isinstance(steps, str):
        raise ValueError(f"promotion_steps is {steps!r}: give a list of percentages")  # noqa: TRY004 - as every other fault of a plan
    return list(steps)


def _is_number(value: object) -> bool:
    if not isinstance(value, int | float) or isinstance(value, bool):
        return False
    return abs(value) <= GREATEST


def _is_count(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0


def _is_between(value: object, low: float, high: float) -> bool:
    return isinstance(value, int | float) and _is_number(value) and low < value < high
