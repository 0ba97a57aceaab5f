"""What may be injected: one failure mode, how often, where, and how it looks."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import KW_ONLY, dataclass, field, fields
from decimal import Decimal
from typing import Final

from client_sdk.chaos.arguments import (
    check_id,
    check_library,
    check_limits,
    check_number,
    check_probability,
    listed,
    members_in,
    names_in,
    one_of,
    statuses_in,
    unknown,
)
from client_sdk.chaos.modes import PHASES, WIRE_FAULTS, FailureMode, Phase, WireFault
from client_sdk.chaos.sameness import is_same
from client_sdk.chaos.schedules import (
    SCHEDULES,
    Always,
    Schedule,
    schedule_from_json,
    schedule_to_json,
)
from client_sdk.contract.document import digest_of
from client_sdk.contract.pointer import join, resolve
from client_sdk.contract.values import JsonObject, JsonValue

Match = Callable[[str, JsonValue], bool]
RAISE_AS: Final = ("builtin", "requests", "httpx")
STATUSES: Final = (500, 502, 503, 504)
# Numbers that may not be negative, and counts that are whole.
_AMOUNTS: Final = ("latency_ms", "timeout_ms", "jitter_ms", "gap_ms", "retry_after_s")
_COUNTS: Final = ("duplicates", "bytes_per_s")
# What does not decide who a configuration is: its draws stay when only this is changed.
_NOT_IDENTITY: Final = frozenset({"id", "probability", "raise_as", "max_injections", "ttl_s"})


@dataclass(frozen=True, slots=True)
class ChaosConfig:
    """One failure mode and everything about when and how it strikes.

    Args:
        failure_mode: what goes wrong.
        probability: the share of calls that are struck; 0 strikes none, 1 all.
        target_tools: the tools it is about; empty means all.
        latency_ms: how long `LATENCY` waits, and how long a slow body takes.
        timeout_ms: how long a caller waits for an answer that does not come.
        corrupt_fields: members (or JSON Pointers) that `CORRUPT_BODY` changes.
        drift_schema: members that `SCHEMA_DRIFT` adds; empty with a contract on the injector
            means an operator that the contract's own schema gives.
        id: its name in events and decisions; by default made of its content.
        phase: `before`, `after` or `both`; None is the mode's own default.
        jitter_ms: waits are longer by up to this much.
        schedule: which calls of a tool it is about.
        statuses: what `WRONG_STATUS` answers; 429 carries `Retry-After`.
        duplicates: how many more times a request is sent, or an answer delivered.
        match: members the input must have, or a predicate of tool and input.
        max_injections: how often it strikes at most.
        ttl_s: it stops this many seconds after it was added.
        raise_as: whose exceptions are raised: `builtin`, `requests` or `httpx`.
        wire: which broken wire it looks like, where the mode has more than one.
        bytes_per_s: the speed of `BANDWIDTH`.
        gap_ms: the wait between duplicates.
        retry_after_s: the seconds in `Retry-After`.

    Raises:
        ValueError: an argument cannot be used; the message names it and what can.

    Example:
        >>> config = ChaosConfig("latency", 0.5, ["create_escrow"], latency_ms=200)
        >>> config.failure_mode, config.phase
        (<FailureMode.LATENCY: 'latency'>, <Phase.BEFORE: 'before'>)
    """

    failure_mode: FailureMode
    probability: float = 1.0
    target_tools: Sequence[str] = field(default_factory=list)
    latency_ms: float = 5000
    timeout_ms: float = 30000
    corrupt_fields: Sequence[str] = field(default_factory=list)
    drift_schema: Mapping[str, JsonValue] = field(default_factory=dict)
    _: KW_ONLY
    id: str | None = None
    phase: Phase | str | None = None
    jitter_ms: float = 0
    schedule: Schedule = field(default_factory=Always)
    statuses: Sequence[int] = STATUSES
    duplicates: int = 1
    match: Mapping[str, JsonValue] | Match | None = None
    max_injections: int | None = None
    ttl_s: float | None = None
    raise_as: str = "builtin"
    wire: WireFault | str | None = None
    bytes_per_s: int = 1024
    gap_ms: float = 0
    retry_after_s: float = 60

    def __post_init__(self) -> None:
        """Check every argument, and put the mode's own phase and wire where none was given."""
        mode = FailureMode(one_of("failure_mode", self.failure_mode, tuple(FailureMode)))
        object.__setattr__(self, "failure_mode", mode)
        object.__setattr__(self, "phase", _allowed("phase", self.phase, PHASES[mode], mode))
        wire = _allowed("wire", self.wire, WIRE_FAULTS.get(mode, ()), mode)
        object.__setattr__(self, "wire", wire)
        check_id(self.id)
        check_probability(self.probability)
        for name in ("target_tools", "corrupt_fields"):
            object.__setattr__(self, name, names_in(name, getattr(self, name)))
        for name in (*_AMOUNTS, *_COUNTS):
            check_number(name, getattr(self, name), whole=name in _COUNTS)
        check_limits(self.max_injections, self.ttl_s)
        object.__setattr__(self, "drift_schema", members_in("drift_schema", self.drift_schema))
        if self.match is not None and not callable(self.match):
            object.__setattr__(self, "match", members_in("match", self.match))
        object.__setattr__(self, "statuses", statuses_in(self.statuses))
        check_library(one_of("raise_as", self.raise_as, RAISE_AS))
        if not callable(getattr(self.schedule, "share", None)):
            raise ValueError(  # noqa: TRY004 - every fault of an argument is one kind
                f"schedule={self.schedule!r} is none of {', '.join(SCHEDULES)}"
            )

    def is_about(self, tool: str) -> bool:
        """Say whether the tool is one of its targets."""
        return not self.target_tools or tool in self.target_tools

    def matches(self, tool: str, input_data: JsonValue) -> bool:
        """Say whether a call is one it may strike, as far as tool and input decide."""
        if self.match is None:
            return True
        if callable(self.match):
            return bool(self.match(tool, input_data))
        return all(_has(input_data, name, value) for name, value in self.match.items())

    def phase_of(self, number: int) -> Phase:
        """Give the phase in which the call of this number is struck."""
        if self.phase is Phase.BOTH:
            return Phase.BEFORE if number % 2 else Phase.AFTER
        return Phase(str(self.phase))

    def to_json(self) -> JsonObject:
        """Give its arguments as JSON, the defaults left out.

        Raises:
            ValueError: `match` is a function, which no file can hold.
        """
        if callable(self.match):
            raise ValueError(  # noqa: TRY004 - every fault of an argument is one kind
                "match: a function cannot be written to a file; use a mapping"
            )
        return _arguments(self)


def config_from_json(value: JsonValue) -> ChaosConfig:
    """Read a configuration from JSON.

    Raises:
        ValueError: an argument is unknown or cannot be used.
    """
    if not isinstance(value, dict):
        raise ValueError(  # noqa: TRY004 - every fault of an argument is one kind
            f"a chaos configuration is an object, not {value!r}"
        )
    known = [each.name for each in fields(ChaosConfig)]
    for name in value:
        if name not in known:
            raise ValueError(unknown("argument", name, known))
    if "failure_mode" not in value:
        raise ValueError("failure_mode is missing; it is one of " + ", ".join(FailureMode))
    arguments: dict[str, object] = {name: plain_number(each) for name, each in value.items()}
    if "schedule" in value:
        arguments["schedule"] = schedule_from_json(value["schedule"])
    return ChaosConfig(**arguments)  # type: ignore[arg-type]


def plain_number(value: JsonValue) -> JsonValue:
    """Give a number as JSON has it as one that arithmetic takes; anything else as it is."""
    return float(value) if isinstance(value, Decimal) else value


def identity_of(config: ChaosConfig) -> str:
    """Give the name that a configuration without an `id` goes by; equal content, equal name."""
    described = _arguments(config)
    content = {name: value for name, value in described.items() if name not in _NOT_IDENTITY}
    return f"{config.failure_mode}-{digest_of(content).removeprefix('sha256:')[:8]}"


def check_targets(config: ChaosConfig, tools: Iterable[str]) -> None:
    """Make sure that every target is a tool somebody has.

    Raises:
        ValueError: one is not; the message names the nearest that is.
    """
    known = sorted(tools)
    for name in config.target_tools:
        if name not in known:
            raise ValueError(unknown("target_tools: tool", name, known))


def _arguments(config: ChaosConfig) -> JsonObject:
    default = ChaosConfig(config.failure_mode)
    written: JsonObject = {"failure_mode": str(config.failure_mode)}
    for each in fields(config):
        value = getattr(config, each.name)
        if each.name != "failure_mode" and value != getattr(default, each.name):
            written[each.name] = _written(value)
    return written


def _written(value: object) -> JsonValue:
    if hasattr(value, "share"):
        is_known = type(value) in SCHEDULES.values()
        return schedule_to_json(value) if is_known else repr(type(value))
    if callable(value):
        return getattr(value, "__qualname__", type(value).__qualname__)
    if isinstance(value, tuple):
        return list(value)
    return dict(value) if isinstance(value, Mapping) else value  # type: ignore[return-value]


def _has(input_data: JsonValue, name: str, value: JsonValue) -> bool:
    try:
        found = resolve(input_data, name if name.startswith("/") else join("", name))
    except KeyError:
        return False
    return is_same(found, value)


def _allowed(
    name: str, given: str | None, allowed: Sequence[Phase | WireFault], mode: FailureMode
) -> str | None:
    """Give the word that was given, or the first one that the mode allows."""
    if given is None:
        return allowed[0] if allowed else None
    if not allowed:
        raise ValueError(f"{name}={given!r}: {mode} breaks no wire; leave it out")
    found = next((word for word in allowed if word == given), None)
    if found is None:
        raise ValueError(f"{name}={given!r} is not possible for {mode}; use {listed(allowed)}")
    return found
