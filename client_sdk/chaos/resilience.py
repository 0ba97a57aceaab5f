"""The resilience matrix: how an agent takes each drift that its contract's schemas suggest.

It must survive what is allowed, or it over-constrains, and must survive or stop on what breaks,
or it corrupts silently.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from inspect import isclass
from typing import Any, Final

from client_sdk.chaos.awaiting import outcome_of
from client_sdk.chaos.drift import DriftOperator, Label, drifts_of
from client_sdk.chaos.mutators import NotApplicable
from client_sdk.chaos.sameness import key_of
from client_sdk.chaos.striking import result_from, with_body
from client_sdk.contract.errors import ContractError
from client_sdk.contract.model import is_success
from client_sdk.contract.values import JsonObject, JsonValue
from client_sdk.exchange import AsyncTwin, Evidence, EvidenceKind, Executes, Outcome, Result
from client_sdk.exchange.contracts import AnyContract, kernel_contract

VOLATILE: Final = frozenset({"idempotency_key", "request_id"})
Made = Executes | Callable[[], Executes]


class Taken(StrEnum):
    """How an agent took a drift."""

    SURVIVED = "survived"
    FAILED_CLEANLY = "failed cleanly"
    CORRUPTED = "silently corrupted"
    NOT_EXERCISED = "not exercised"


@dataclass(frozen=True, slots=True)
class Row:
    """One drift, what the kernel says about it, and how the agent took it."""

    tool: str
    drift: str
    label: Label
    taken: Taken
    detail: str = ""

    @property
    def is_acceptable(self) -> bool:
        """Whether the agent took it as it must; what was not exercised is not held against it."""
        if self.taken is Taken.NOT_EXERCISED or self.taken is Taken.SURVIVED:
            return True
        return self.taken is Taken.FAILED_CLEANLY and self.label is not Label.ALLOWED


@dataclass(frozen=True, slots=True)
class ResilienceMatrix:
    """Every drift of a contract with what an agent made of it."""

    consumer: str
    contract_digest: str
    seed: int
    rows: tuple[Row, ...]

    @property
    def outcome(self) -> Outcome:
        """Pass, fail, or inconclusive when no drift met a call of the agent."""
        if not all(row.is_acceptable for row in self.rows):
            return Outcome.FAIL
        exercised = any(row.taken is not Taken.NOT_EXERCISED for row in self.rows)
        return Outcome.PASS if exercised else Outcome.INCONCLUSIVE

    def to_json(self) -> JsonObject:
        """Give it as JSON."""
        return {
            "consumer": self.consumer,
            "contract_digest": self.contract_digest,
            "seed": self.seed,
            "verdict": str(self.outcome),
            "rows": [
                {
                    "tool": row.tool,
                    "drift": row.drift,
                    "label": str(row.label),
                    "outcome": str(row.taken),
                    "acceptable": row.is_acceptable,
                    "detail": row.detail,
                }
                for row in self.rows
            ],
        }

    def to_markdown(self) -> str:
        """Give it as a Markdown table."""
        lines = ["| tool | drift | label | agent | |", "| --- | --- | --- | --- | --- |"]
        for row in self.rows:
            mark = "" if row.is_acceptable else "**not acceptable**"
            cells = (f"`{row.tool}`", f"`{row.drift}`", row.label, row.taken, mark)
            lines.append("| " + " | ".join(map(str, cells)) + " |")
        return "\n".join(lines)

    def evidence(self, version: str) -> Evidence:
        """Give it as evidence about a version of the consumer."""
        counts = Counter(str(row.taken) for row in self.rows)
        bad: list[JsonValue] = [
            f"{row.tool}: {row.drift}" for row in self.rows if not row.is_acceptable
        ]
        return Evidence(
            EvidenceKind.CHAOS,
            self.outcome,
            self.consumer,
            version,
            numbers={"resilience": dict(counts), "not_acceptable": bad},
            inputs={"contract": self.contract_digest},
            seed=self.seed,
        )


def resilience_matrix(
    agent: Any,  # noqa: ANN401 - a function of a client, or an object with `run`
    contract: AnyContract,
    client: Made,
    seed: int = 42,
    *,
    observe: Callable[[Any], object] | None = None,
) -> ResilienceMatrix:
    """Run an agent once for each drift of its contract, and say how it took it.

    Args:
        agent: `agent(client)`, or an object with `run(client)`; async or not.
        contract: what the agent says it understands, or its document.
        client: makes a new world for each run, such as `GreenHelixMock`; or one client for all.
        seed: names the run in the evidence.
        observe: what counts of the agent's return value; by default all of it, but of a tool's
            raw answer only the status.

    Returns:
        The matrix; `outcome` is its verdict.

    Raises:
        ValueError: the agent fails without any drift, so nothing can be compared.
    """
    seen, asked = observe or _what_counts, kernel_contract(contract)
    baseline = _live(agent, client, None, seen)
    if baseline.error is not None:
        raise ValueError(f"agent: without any drift it raised {baseline.error}")
    rows = tuple(_row(agent, client, each, baseline, seen) for each in drifts_of(asked))
    return ResilienceMatrix(asked.consumer, asked.digest, seed, rows)


@dataclass(slots=True)
class _Life:
    """One run of the agent: the calls it made, what it returned, what it raised."""

    calls: list[str] = field(default_factory=list)
    value: object = None
    error: str | None = None
    drifted: int = 0
    reason: str = "the agent does not call this tool"


class _Drifting(AsyncTwin):
    """Answers as a producer would that made one change."""

    def __init__(self, client: Executes, operator: DriftOperator | None, life: _Life) -> None:
        self._client = client
        self._operator = operator
        self._life = life

    def execute(self, tool: str, input_data: JsonValue) -> Result:
        call = f"{tool} {key_of(_settled(input_data))}"
        if self._life.calls[-1:] != [call]:  # the same call at once again is a retry
            self._life.calls.append(call)
        result = result_from(self._client.execute(tool, input_data))
        operator = self._operator
        if operator is None or operator.tool != tool or not is_success(result.status_code):
            return result
        try:
            body = operator.apply(result.body)
        except (NotApplicable, ContractError) as reason:
            self._life.reason = str(reason)
            return result
        self._life.drifted += 1
        return with_body(result, body)


def _live(
    agent: Any,  # noqa: ANN401 - as the caller gave it
    client: Made,
    operator: DriftOperator | None,
    observe: Callable[[Any], object],
) -> _Life:
    life = _Life()
    act = getattr(agent, "run", agent)
    try:
        life.value = observe(outcome_of(act(_Drifting(_world(client), operator, life))))
    except Exception as error:  # noqa: BLE001 - whatever an agent raises
        life.error = f"{type(error).__name__}: {error}"
    return life


def _row(
    agent: Any,  # noqa: ANN401 - as the caller gave it
    client: Made,
    operator: DriftOperator,
    baseline: _Life,
    observe: Callable[[Any], object],
) -> Row:
    life = _live(agent, client, operator, observe)
    taken, detail = _judged(life, baseline)
    return Row(operator.tool, operator.id, operator.label, taken, detail)


def _judged(life: _Life, baseline: _Life) -> tuple[Taken, str]:
    if not life.drifted:
        return Taken.NOT_EXERCISED, life.reason
    if life.error is not None:
        strayed = _first_difference(life.calls, baseline.calls[: len(life.calls)])
        if strayed:
            return Taken.CORRUPTED, f"it acted on the answer before it stopped: {strayed}"
        return Taken.FAILED_CLEANLY, life.error
    strayed = _first_difference(life.calls, baseline.calls)
    if strayed:
        return Taken.CORRUPTED, f"it acted otherwise: {strayed}"
    if life.value != baseline.value:
        return Taken.CORRUPTED, f"it returned {life.value!r} and not {baseline.value!r}"
    return Taken.SURVIVED, ""


def _first_difference(calls: Sequence[str], expected: Sequence[str]) -> str:
    if list(calls) == list(expected):
        return ""
    pairs = zip(calls, expected, strict=False)
    return next((made for made, wanted in pairs if made != wanted), "another number of calls")


def _world(client: Any) -> Executes:  # noqa: ANN401 - a client, or what makes one
    world: Executes = client() if isclass(client) or not hasattr(client, "execute") else client
    return world


def _settled(input_data: JsonValue) -> JsonValue:
    if not isinstance(input_data, dict):
        return input_data
    return {name: value for name, value in input_data.items() if name not in VOLATILE}


def _what_counts(value: Any) -> object:  # noqa: ANN401 - whatever an agent returns
    if isinstance(value, Mapping) and "status_code" in value:
        return value["status_code"]
    return value
