"""The demo's story, told to a broker over HTTP: who published, verified and deployed what.

Nothing is invented: each gateway build runs as a process of its own and is really called.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from client_sdk import __version__
from client_sdk.broker_client import BrokerClient
from client_sdk.cli.demo_data import demo_contract, file_agent_contract
from client_sdk.cli.processes import server
from client_sdk.cli.text import counted
from client_sdk.contract.document import dumps
from client_sdk.contract.reading import contract_from_document
from client_sdk.contract.values import JsonObject
from client_sdk.exchange.evidence import Evidence, EvidenceKind, Outcome
from client_sdk.verify import (
    ContractUnderTest,
    Target,
    ToolOutcome,
    UrlStates,
    VerificationRun,
    VerifyOptions,
    verify_contracts,
)

Say = Callable[[str], None]

_BUYER: Final = "buyer-agent-v2"
_FILES: Final = "file-agent"
_SETTLING: Final = "settlement-worker"
_AUDITOR: Final = "ledger-auditor"
_GATEWAY: Final = "gateway"
_FILE_SERVER: Final = "server-filesystem"
_READING: Final = ("read_file", "list_directory", "search_files")
_WRITING: Final = (*_READING, "write_file")
_MODERN: Final = ("read_text_file", "list_directory", "search_files", "write_file", "edit_file")
_OUTCOMES: Final = {
    ToolOutcome.PASSED: Outcome.PASS,
    ToolOutcome.FAILED: Outcome.FAIL,
    ToolOutcome.NOT_TESTED: Outcome.INCONCLUSIVE,
}


@dataclass(frozen=True, slots=True)
class _Build:
    """A gateway build: its version, branch, and the faults it has."""

    version: str
    branch: str
    behaviours: tuple[str, ...] = ()


_PLACES: Final = ("test", "staging", "production")
_DEPLOYED: Final = (
    ("production", _BUYER, "2.0.0"),
    ("production", _GATEWAY, "1.4.0"),
    ("staging", _BUYER, "2.1.0"),
    ("staging", _GATEWAY, "1.5.0"),
    ("staging", _SETTLING, "1.4.0"),
    ("test", _BUYER, "2.3.0"),
    ("test", _GATEWAY, "1.6.0-rc.1"),
    ("production", _FILES, "0.9.0"),
    ("staging", _FILES, "1.0.0"),
    ("test", _FILES, "2.0.0"),
    ("production", _FILE_SERVER, "2025.1.14"),
    ("staging", _FILE_SERVER, "2025.7.29"),
    ("test", _FILE_SERVER, "2026.8.31"),
)


def seed(client: BrokerClient, say: Say) -> None:
    """Tell the story; a broker that has heard it before stays as it is."""
    there = {str(row["name"]) for row in client.environments()}
    if set(_PLACES) <= there and _is_told(client):
        say("the demo world is already there")
        return
    for step in (_places, _first_contracts, _agents_that_read_files, _changes, _what_runs_where):
        step(client, say)


def _is_told(client: BrokerClient) -> bool:
    """Whether the last step was done: an earlier telling may have been interrupted."""
    return all(
        any(
            row["participant"] == participant and row["version"] == version
            for row in client.deployments(environment)
        )
        for environment, participant, version in _DEPLOYED
    )


def _places(client: BrokerClient, say: Say) -> None:
    there = {row["name"] for row in client.environments()}
    for name in _PLACES:
        if name not in there:
            production = name == "production"
            client.create_environment(
                {"name": name, "production": production, "display_name": name.title()}
            )
    say("environments test, staging and production")


def _first_contracts(client: BrokerClient, say: Say) -> None:
    _publish_demo(client, _BUYER, "2.0.0", say)
    _verify(client, _Build("1.4.0", "main"), say)
    _publish_demo(client, _BUYER, "2.1.0", say)
    _publish_demo(client, _SETTLING, "1.4.0", say)
    _publish_demo(client, _AUDITOR, "0.3.0", say)
    _verify(client, _Build("1.5.0", "main"), say)


def _agents_that_read_files(client: BrokerClient, say: Say) -> None:
    for version, listed, tools in (
        ("0.9.0", "2025.1.14", _READING),
        ("1.0.0", "2025.7.29", _WRITING),
        ("2.0.0", "2026.8.31", _MODERN),
    ):
        body = dumps(file_agent_contract(listed, tools), indent=2).encode()
        _publish(client, _FILES, _FILE_SERVER, version, body=body, say=say)


def _changes(client: BrokerClient, say: Say) -> None:
    _publish_demo(client, _BUYER, "2.2.0", say, branch="feat/amounts-as-numbers")
    _verify(client, _Build("1.6.0-rc.1", "feat/short-names", ("rename-status",)), say)
    _publish_demo(client, _BUYER, "2.3.0", say)


def _what_runs_where(client: BrokerClient, say: Say) -> None:
    for environment, participant, version in _DEPLOYED:
        client.record_deployment(environment, {"participant": participant, "version": version})
    say("deployed them across the three environments")


def _publish_demo(
    client: BrokerClient, consumer: str, version: str, say: Say, branch: str = "main"
) -> None:
    body = demo_contract(consumer, version)
    _publish(client, consumer, _GATEWAY, version, body=body, say=say, branch=branch)


def _publish(
    client: BrokerClient,
    consumer: str,
    producer: str,
    version: str,
    *,
    body: bytes,
    say: Say,
    branch: str = "main",
) -> None:
    outcome: Any = client.publish(
        consumer, producer, version, body=body, query=[("branch", branch)]
    )
    report = outcome["report"]
    findings = len(report["findings"])
    said = f" ({counted(findings, 'finding')}, worst: {report['severity']})" if findings else ""
    say(f"published {consumer} {version} → {producer}{said}")


def _verify(client: BrokerClient, build: _Build, say: Say) -> None:
    """Run one gateway build and verify it against everything it must satisfy."""
    command = [sys.executable, "-m", "client_sdk.mock", "--port", "0"]
    for behaviour in build.behaviours:
        command += ["--behaviour", behaviour]
    with server(command, "listens on ") as gateway:
        answer: Any = client.contracts_to_verify(_GATEWAY, [("branch", build.branch)])
        contracts = [
            ContractUnderTest(contract_from_document(each["contract"]), each["pending"])
            for each in answer["contracts"]
        ]
        run = verify_contracts(
            contracts,
            Target(gateway.url),
            options=VerifyOptions(samples_per_tool=12),
            states=UrlStates(f"{gateway.url}/_state"),
        )
    for each in run.contracts:
        request: JsonObject = {
            "producer": _GATEWAY,
            "version": build.version,
            "branch": build.branch,
            "contract_digest": each.contract.digest,
            "verifier": {"name": "tally", "version": __version__},
            "tools": list(run.tools_for(each.contract)),
        }
        client.record_verification(request)
        say(f"verified gateway {build.version} against {each.contract.consumer}: {each.outcome}")
    client.publish_evidence(_found(build, run).to_json())


def _found(build: _Build, run: VerificationRun) -> Evidence:
    """What the run says about the build as a whole, as evidence."""
    tools: list[Any] = [tool for each in run.contracts for tool in run.tools_for(each.contract)]
    return Evidence(
        EvidenceKind.CONTRACT,
        _OUTCOMES[run.outcome],
        _GATEWAY,
        build.version,
        numbers={
            "contracts": len(run.contracts),
            "tools": len(tools),
            "tools_failed": sum(tool["outcome"] == "failed" for tool in tools),
            "checks": sum(tool["checks"] for tool in tools),
        },
        inputs={
            f"contract {n}": run.contracts[n].contract.digest for n in range(len(run.contracts))
        },
    )
