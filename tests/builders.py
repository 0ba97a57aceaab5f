"""Contracts, results and whole histories with good defaults; a test names only what it is about."""

import json
from dataclasses import dataclass, field

from fakes import FakeClock

from broker.domain.can_i_deploy import (
    AmongThemselves,
    Decision,
    DeployQuery,
    Destination,
    Ignore,
    ToEnvironment,
    ToMain,
)
from broker.domain.environment import Deployment, Release
from broker.domain.evidence import EvidenceRef, Verdict
from broker.domain.participant import VersionRef
from broker.domain.publication import OnConflict, PublishOutcome
from broker.domain.verification import Coverage, ToolOutcome, ToolResult, Verification
from broker.services import can_i_deploy as deciding
from broker.services import environments as placing
from broker.services import evidence as finding
from broker.services import publishing, verifying
from client_sdk.contract.evolve import Mode
from client_sdk.contract.model import Contract
from client_sdk.contract.reading import parse_contract

PRODUCTION = "production"


def a_tool(name: str = "quote", **members) -> dict:
    """One tool contract document; `members` replace or add to the defaults."""
    return {
        "tool_name": name,
        "version": "1",
        "input_schema": {"sku": {"type": "string"}},
        "output_schema": {"price": {"type": "number"}},
        "required_output_fields": ["price"],
        **members,
    }


def contract_bytes(consumer="shop", producer="pricing", tools=None, **members) -> bytes:
    """A contract file; `tools` are documents or names."""
    named = [a_tool(tool) if isinstance(tool, str) else tool for tool in tools or [a_tool()]]
    document = {"consumer": consumer, "producer": producer, "tools": named, **members}
    return json.dumps(document).encode()


def a_contract(consumer="shop", producer="pricing", tools=None, **members) -> Contract:
    """A contract value."""
    return parse_contract(contract_bytes(consumer, producer, tools, **members))


def passed(tool: str = "quote", **members) -> ToolResult:
    """A result of a tool that passed one check."""
    return a_result(tool, ToolOutcome.PASSED, **members)


def failed(tool: str = "quote", **members) -> ToolResult:
    """A result of a tool that failed."""
    return a_result(tool, ToolOutcome.FAILED, **members)


def not_tested(tool: str = "quote") -> ToolResult:
    """A result of a tool that was left out."""
    return a_result(tool, ToolOutcome.NOT_TESTED, checks=0)


def a_result(
    tool: str, outcome: ToolOutcome, *, checks=1, coverage=Coverage.SAMPLED, violations=()
) -> ToolResult:
    """A result of a tool."""
    return ToolResult(tool, outcome, checks, coverage, violations)


def version(text: str) -> VersionRef:
    """`shop@1` as a reference."""
    participant, _, number = text.rpartition("@")
    return VersionRef(participant, number)


@dataclass
class World:
    """A broker's history told in short sentences; versions are written `shop@1`."""

    store: object
    clock: FakeClock = field(default_factory=FakeClock)

    def publishes(
        self, consumer: str, producer: str, tools=None, *, mode: Mode | None = None, **about
    ) -> PublishOutcome:
        """`shop@1` publishes a contract for `pricing`; equal tools make equal content."""
        ref = version(consumer)
        branch, dry_run = about.pop("branch", None), about.pop("dry_run", False)
        raw = contract_bytes(ref.participant, producer, tools, **about)
        request = publishing.PublishRequest(
            contract=parse_contract(raw),
            received=raw,
            version=ref.number,
            branch=branch,
            mode=mode,
            dry_run=dry_run,
        )
        return publishing.publish(self.store, request, clock=self.clock)

    def publishes_all(
        self, consumer: str, *contracts: bytes, branch=None, on_conflict=OnConflict.REFUSE
    ) -> tuple[PublishOutcome, ...]:
        """`shop@1` publishes these contract files, or none."""
        ref = version(consumer)
        request = publishing.PublishAllRequest(
            participant=ref.participant,
            version=ref.number,
            branch=branch,
            contracts=tuple((parse_contract(raw), raw) for raw in contracts),
            on_conflict=on_conflict,
        )
        return publishing.publish_all(self.store, request, clock=self.clock)

    def verifies(self, producer: str, consumer: str, *results, branch=None) -> Verification:
        """`pricing@1` is run against the contract of `shop@1`; it passes unless said otherwise."""
        by, of = version(producer), version(consumer)
        request = verifying.VerificationRequest(
            producer=by.participant,
            version=by.number,
            branch=branch,
            consumer=of.participant,
            consumer_version=of.number,
            tools=results or (passed(),),
        )
        return verifying.record_verification(self.store, request, clock=self.clock)

    def has_environment(self, name: str = PRODUCTION, *, production: bool = True, requires=()):
        """An environment exists."""
        request = placing.EnvironmentRequest(
            name, production=production, required_evidence=tuple(requires)
        )
        return placing.create_environment(self.store, request, clock=self.clock)

    def deploys(self, what: str, to: str = PRODUCTION, **about) -> Deployment:
        """`shop@1` now runs there."""
        ref = version(what)
        request = placing.DeploymentRequest(to, ref.participant, ref.number, **about)
        return placing.record_deployment(self.store, request, clock=self.clock)[0]

    def undeploys(self, deployment: Deployment) -> None:
        """It no longer runs."""
        place = deployment.environment
        placing.end_deployment(self.store, place, deployment.id, clock=self.clock)

    def releases(self, what: str, to: str = PRODUCTION) -> Release:
        """`shop@1` is now supported there."""
        ref = version(what)
        request = placing.ReleaseRequest(to, ref.participant, ref.number)
        return placing.record_release(self.store, request, clock=self.clock)[0]

    def ends_support(self, release: Release) -> None:
        """It is no longer supported."""
        placing.end_release(self.store, release.environment, release.id, clock=self.clock)

    def finds(self, about: str, verdict="pass", *, kind="chaos", **payload) -> EvidenceRef:
        """A test run about `shop@1` publishes its evidence."""
        ref = version(about)
        request = finding.EvidenceRequest(
            kind, Verdict(verdict), ref.participant, ref.number, payload
        )
        return finding.publish_evidence(self.store, request, clock=self.clock).evidence.about

    def measures(self, about: str, tool: str = "quote", **metrics) -> EvidenceRef:
        """A benchmark of `pricing@1` measured these numbers of a tool."""
        numbers = {"tools": {tool: metrics}}
        return self.finds(about, kind="benchmark", numbers=numbers)

    def can_deploy(
        self, *versions: str, to: str | Destination = PRODUCTION, ignore=(), tested_only=False
    ) -> Decision:
        """The decision for these versions; `to` is an environment, `main` or `each other`."""
        query = DeployQuery(
            versions=tuple(version(text) for text in versions),
            destination=_destination(to),
            ignores=tuple(_ignore(text) for text in ignore),
            tested_only=tested_only,
        )
        return deciding.can_i_deploy(self.store, query)


def _destination(to: str | Destination) -> Destination:
    named = {"main": ToMain(), "each other": AmongThemselves()}
    return named.get(to, ToEnvironment(to)) if isinstance(to, str) else to


def _ignore(text: str) -> Ignore:
    name, at, number = text.partition("@")
    return Ignore(name, number if at else None)
