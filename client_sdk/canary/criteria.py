"""Should the deployment be rolled back? Yes, no, or nobody knows, with every reason."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from math import floor
from typing import Final, NamedTuple

from client_sdk.canary.asking import Said, ask, exact
from client_sdk.canary.saved import optional_text, real
from client_sdk.clock import Clock, SystemClock
from client_sdk.contract.values import JsonObject
from client_sdk.errors import SettingsFault
from client_sdk.exchange import Executes, ToolClient
from client_sdk.exchange.budget import SANDBOX_URL, bearer

GONE: Final = frozenset({404, 410})
LEVELS: Final = (
    "least_trust",
    "most_trust_lost",
    "highest_error_rate",
    "least_balance",
    "most_balance_lost",
)
SET_BACK: Final = -1  # in place of a window: nobody knows how long ago the snapshot was taken
COUNTS: Final = {"window_seconds": 1, "least_requests": 0}
MEMBERS: Final = {"trust": "trust_score", "balance": "balance"}


class Decision(StrEnum):
    """What a check comes to."""

    OK = "ok"
    ROLLBACK = "rollback"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Criterion:
    """One thing that was looked at, and what it says."""

    name: str
    decision: Decision
    reason: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """True when a rollback is needed, and when nobody knows: only `ok` may go on unseen.

    `is_unreachable` says that nothing answered at all.
    """

    criteria: tuple[Criterion, ...]
    is_unreachable: bool = False

    @property
    def decision(self) -> Decision:
        """Rollback if any criterion asks for it, unknown if any is not known, else ok."""
        found = {criterion.decision for criterion in self.criteria}
        if Decision.ROLLBACK in found:
            return Decision.ROLLBACK
        return Decision.OK if found == {Decision.OK} else Decision.UNKNOWN

    @property
    def reasons(self) -> tuple[str, ...]:
        """Every reason that is no ok, in the order of the criteria."""
        return tuple(
            f"{criterion.name}: {criterion.reason}"
            for criterion in self.criteria
            if criterion.decision is not Decision.OK
        )

    @property
    def exit_code(self) -> int:
        """0 ok, 1 rollback, 3 unknown, 4 unreachable."""
        if self.is_unreachable:
            return 4
        return {Decision.OK: 0, Decision.ROLLBACK: 1, Decision.UNKNOWN: 3}[self.decision]

    def __bool__(self) -> bool:
        return self.decision is not Decision.OK


@dataclass(frozen=True, slots=True)
class Limits:
    """What asks for a rollback; drops count against the snapshot, floors when they are crossed.

    Levels may be given as decimal strings.

    Raises:
        ValueError: a level is no finite decimal (a float may have been rounded already), or a
            count is no whole number.
    """

    least_trust: Decimal = Decimal("0.5")
    most_trust_lost: Decimal = Decimal("0.1")
    highest_error_rate: Decimal = Decimal("0.05")
    least_balance: Decimal = Decimal("10.00")
    most_balance_lost: Decimal = Decimal("10.00")
    window_seconds: int = 300
    least_requests: int = 20

    def __post_init__(self) -> None:
        for name in LEVELS:
            object.__setattr__(self, name, _level_of(name, getattr(self, name)))
        for name, least in COUNTS.items():
            given = getattr(self, name)
            if isinstance(given, bool) or not isinstance(given, int) or given < least:
                raise ValueError(f"{name} is {given!r}: give a whole number of at least {least}")


@dataclass(frozen=True, slots=True)
class Snapshot:
    """How an agent stood before a deployment; None where nobody could say."""

    taken_at: float
    trust: Decimal | None = None
    balance: Decimal | None = None

    def to_json(self) -> JsonObject:
        """Give everything that `snapshot_from_json` needs."""
        return {
            "taken_at": self.taken_at,
            "trust": None if self.trust is None else str(self.trust),
            "balance": None if self.balance is None else str(self.balance),
        }


def snapshot_from_json(saved: JsonObject) -> Snapshot:
    """Read what `to_json` gave; raises SettingsFault when it is anything else."""
    trust, balance = (_saved_level(saved, name) for name in ("trust", "balance"))
    return Snapshot(real(saved, "taken_at"), trust, balance)


def _saved_level(saved: JsonObject, name: str) -> Decimal | None:
    written = optional_text(saved, name)
    level = None if written is None else exact(written)
    if written is not None and level is None:
        raise SettingsFault(f"the snapshot holds {name} {written!r}, which is no decimal")
    return level


def take_snapshot(
    api_key: str,
    agent_id: str,
    base_url: str = SANDBOX_URL,
    *,
    client: Executes | None = None,
    clock: Clock | None = None,
) -> Snapshot:
    """Note how an agent stands, before it is deployed anew."""
    asked = client or ToolClient(base_url, headers=bearer(api_key))
    return Snapshot(
        (clock or SystemClock()).time(),
        ask(asked, "get_trust_score", {"agent_id": agent_id}).number("trust_score"),
        ask(asked, "get_balance", {"agent_id": agent_id}).number("balance"),
    )


def check_rollback_criteria(  # noqa: PLR0913 - the guide's three; the rest is keyword-only
    api_key: str,
    agent_id: str,
    base_url: str = SANDBOX_URL,
    *,
    snapshot: Snapshot | None = None,
    limits: Limits | None = None,
    client: Executes | None = None,
    clock: Clock | None = None,
) -> Verdict:
    """Look at identity, trust, errors and balance of an agent after its deployment.

    With a snapshot its levels and its moment count, without one floors and the last five minutes.

    Args:
        api_key: Lets the caller in; empty for none.
        agent_id: The agent that was deployed.
        base_url: The gateway.
        snapshot: How the agent stood before.
        limits: What asks for a rollback.
        client: Asked instead of a client for `base_url`.
        clock: Tells how long ago the snapshot was taken.

    Returns:
        A verdict that is true when a rollback is needed or nobody knows.

    Example:
        >>> from client_sdk.exchange import Result
        >>> class Silent:
        ...     def execute(self, tool, input_data):
        ...         return Result(503)
        >>> check_rollback_criteria("", "agent-v2", client=Silent()).decision.value
        'unknown'
    """
    bounds = limits or Limits()
    window = _window(bounds, snapshot, clock or SystemClock())
    answers = _asked(client or ToolClient(base_url, headers=bearer(api_key)), agent_id, window)
    criteria = tuple(_criteria(answers, snapshot or Snapshot(0), bounds, window))
    return Verdict(criteria, is_unreachable=all(said.status is None for said in answers))


class _Answers(NamedTuple):
    """What the gateway says about the agent, question by question."""

    identity: Said
    trust: Said
    metrics: Said
    balance: Said


def _window(limits: Limits, snapshot: Snapshot | None, clock: Clock) -> int:
    """Seconds to look back: to the snapshot, so that traffic from before it does not count."""
    if snapshot is None:
        return limits.window_seconds
    seconds = floor(clock.time() - snapshot.taken_at)
    return max(seconds, 1) if seconds >= 0 else SET_BACK


def _asked(client: Executes, agent_id: str, window: int) -> _Answers:
    return _Answers(
        ask(client, "get_identity", {"agent_id": agent_id}),
        ask(client, "get_trust_score", {"agent_id": agent_id}),
        _metrics(client, agent_id, window),
        ask(client, "get_balance", {"agent_id": agent_id}),
    )


def _metrics(client: Executes, agent_id: str, window: int) -> Said:
    if window == SET_BACK:
        return Said(
            fault="the snapshot is of a time to come: the clock was set back since it was taken"
        )
    return ask(client, "get_metrics", {"agent_id": agent_id, "window_seconds": window})


def _criteria(
    answers: _Answers, before: Snapshot, limits: Limits, window: int
) -> Iterator[Criterion]:
    yield _identity(answers.identity)
    floor, drop = limits.least_trust, limits.most_trust_lost
    yield _level("trust", answers.trust, before=before.trust, floor=floor, drop=drop)
    yield _errors(answers.metrics, limits, window)
    floor, drop = limits.least_balance, limits.most_balance_lost
    yield _level("balance", answers.balance, before=before.balance, floor=floor, drop=drop)


def _identity(said: Said) -> Criterion:
    if said.body:
        return Criterion("identity", Decision.OK, "known")
    decision = Decision.ROLLBACK if said.status in GONE else Decision.UNKNOWN
    return Criterion("identity", decision, said.fault or "get_identity answered nothing")


def _errors(said: Said, limits: Limits, window: int) -> Criterion:
    counted = said.traffic()
    if counted is None:
        fault = said.fault or "get_metrics answered without requests and errors"
        return Criterion("errors", Decision.UNKNOWN, fault)
    requests, errors = counted
    least = max(limits.least_requests, 1)
    if requests < least:
        sentence = f"{requests} requests in {window} s; {least} are needed"
        return Criterion("errors", Decision.UNKNOWN, sentence)
    rate = errors / requests
    sentence = f"{rate:.2%} of {requests} requests; at most {limits.highest_error_rate:.2%}"
    too_many = rate > limits.highest_error_rate
    return Criterion("errors", Decision.ROLLBACK if too_many else Decision.OK, sentence)


def _level_of(name: str, given: object) -> Decimal:
    level = exact(str(given)) if isinstance(given, Decimal | str | int) else None
    if level is None or isinstance(given, bool):
        raise ValueError(f'{name} is {given!r}: give a decimal string such as "10.00"')
    return level


def _level(
    name: str, said: Said, *, before: Decimal | None, floor: Decimal, drop: Decimal
) -> Criterion:
    """Judge a level: by its fall since the snapshot, or by its floor when there is none."""
    now = said.number(MEMBERS[name])
    if now is None:
        fault = said.fault or f"the answer holds no {MEMBERS[name]} that is a number"
        return Criterion(name, Decision.UNKNOWN, fault)
    if before is None:
        decision = Decision.ROLLBACK if now < floor else Decision.OK
        return Criterion(name, decision, f"{now}; at least {floor}")
    crossed = before >= floor > now
    decision = Decision.ROLLBACK if crossed or before - now > drop else Decision.OK
    return Criterion(name, decision, f"{now} after {before}; may fall by {drop}, not below {floor}")
