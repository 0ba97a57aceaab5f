"""The plan of a canary from options, and what is asked and checked while it runs."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import click

from client_sdk.broker_client import BrokerClient
from client_sdk.canary import CanaryConfig, GateAnswer, GateOpinion
from client_sdk.canary.config import JUDGES, WHEN_INCONCLUSIVE
from client_sdk.canary.gates import Gate
from client_sdk.canary.traffic import ContractCheck
from client_sdk.cli.files import contract_files, read_contract
from client_sdk.contract.model import ToolContract
from client_sdk.contract.validation import validate_response
from client_sdk.exchange.budget import KEY

_Command = TypeVar("_Command", bound=Callable[..., object])
_SECONDS = click.FloatRange(0)
_OPTIONS = (
    click.option("--stable-id", default="stable", show_default=True, help="Its agent id."),
    click.option("--canary-id", default="canary", show_default=True, help="Its agent id."),
    click.option("--weight", type=float, default=5, show_default=True, help="Percent at first."),
    click.option(
        "--step",
        "steps",
        type=float,
        multiple=True,
        default=(5, 25, 50, 100),
        show_default=True,
        help="Percent; repeat, rising to 100.",
    ),
    click.option(
        "--step-seconds", type=_SECONDS, default=300, show_default=True, help="A step, at least."
    ),
    click.option(
        "--error-rate", type=float, default=0.05, show_default=True, help="Counts as harm."
    ),
    click.option(
        "--latency-ms", type=float, default=1000, show_default=True, help="A p95 that is harm."
    ),
    click.option(
        "--min-requests", type=click.IntRange(0), default=20, show_default=True, help="A step."
    ),
    click.option(
        "--poll", type=float, default=10, show_default=True, help="Seconds between looks."
    ),
    click.option("--deadline", type=_SECONDS, help="Seconds until a step is given up."),
    click.option(
        "--on-inconclusive",
        type=click.Choice(WHEN_INCONCLUSIVE),
        default="hold",
        show_default=True,
        help="What follows then.",
    ),
    click.option(
        "--alpha", type=float, default=0.01, show_default=True, help="Chance of a false alarm."
    ),
    click.option(
        "--margin", type=float, default=1, show_default=True, help="How much worse is tolerated."
    ),
    click.option("--warmup-seconds", type=_SECONDS, default=0, help="Judged are later calls."),
    click.option("--judge", type=click.Choice(JUDGES), default="sequential", show_default=True),
    click.option("--seed", type=int, help="Places callers."),
)


def plan_options(command: _Command) -> _Command:
    """Add the options that `plan_of` reads."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return command


def plan_of(given: Mapping[str, Any], gates: Sequence[Gate]) -> CanaryConfig:
    """Give the plan; raises click.UsageError for one that cannot be meant."""
    try:
        return CanaryConfig(
            given["stable_id"],
            given["canary_id"],
            given["weight"],
            given["steps"],
            given["step_seconds"],
            given["error_rate"],
            given["latency_ms"],
            given["min_requests"],
            warmup_seconds=given["warmup_seconds"],
            poll_interval=given["poll"],
            deadline_seconds=given["deadline"],
            on_inconclusive=given["on_inconclusive"],
            sticky_key=KEY,
            alpha=given["alpha"],
            margin=given["margin"],
            judge=given["judge"],
            gates=gates,
            seed=given["seed"],
        )
    except ValueError as error:
        raise click.UsageError(str(error)) from error


def gates_of(client: BrokerClient, given: Mapping[str, Any]) -> tuple[Gate, ...]:
    """Give the gate that asks the broker against what is deployed at that moment."""
    query = [
        ("participant", given["participant"]),
        ("version", given["version"]),
        ("environment", given["environment"]),
    ]

    def can_i_deploy(_: float) -> GateOpinion:
        decision: Any = client.can_i_deploy(query)
        answer = GateAnswer(decision["decision"])
        reasons = "; ".join(reason["message"] for reason in decision["reasons"])
        return GateOpinion(answer, f"can-i-deploy says {answer}: {reasons}")

    return (can_i_deploy,)


@dataclass(frozen=True, slots=True)
class Breach:
    """A violation and the consumer whose contract it breaks."""

    consumer: str
    message: str
    severity: str


def contract_check(places: tuple[Path, ...]) -> ContractCheck:
    """Give the check of the canary's answers against contract files."""
    tools: dict[str, list[tuple[str, ToolContract]]] = {}
    for file in contract_files(places):
        contract = read_contract(file)
        for tool in contract.tools:
            tools.setdefault(tool.tool_name, []).append((contract.consumer, tool))

    def check(tool: str, result: Mapping[str, Any]) -> Sequence[Breach]:
        return [
            Breach(consumer, violation.message, str(violation.severity))
            for consumer, contract in tools.get(tool, ())
            for violation in validate_response(contract, result["status_code"], result["body"])
        ]

    return check
