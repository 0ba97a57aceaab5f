"""What publishing a contract comes to, decided from the facts before anything is written."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum

from broker.domain.contents import contract_from_stored, merge_conflicts, merged
from broker.domain.errors import MergeConflict, VersionFrozen
from broker.domain.publication import (
    OnBreaking,
    OnConflict,
    PairFacts,
    Predecessor,
    PublishFacts,
    RecordedPublication,
    ReportKey,
)
from client_sdk.contract.document import JsonObject, dumps
from client_sdk.contract.errors import Fault
from client_sdk.contract.evolve import Finding, Mode, Report
from client_sdk.contract.model import Contract
from client_sdk.contract.names import fold_name
from client_sdk.contract.reading import contract_from_document


class Step(StrEnum):
    """What happens to one contract of a publication."""

    ADD = "add"
    KEEP = "keep"  # the version published this content before
    MERGE = "merge"
    CONFLICT = "conflict"


@dataclass(frozen=True, slots=True)
class PublishRequest:
    """One contract of one consumer version; `received` are the bytes it was read from.

    `mode` overrides the integration's; `default_mode` is that of a new integration. A dry run
    stores nothing and answers all the same.
    """

    contract: Contract
    received: bytes
    version: str
    branch: str | None = None
    build_url: str | None = None
    mode: Mode | None = None
    dry_run: bool = False
    default_mode: Mode = Mode.GUIDE


@dataclass(frozen=True, slots=True)
class PublishAllRequest:
    """All contracts of one consumer version; none at all says that it uses nothing."""

    participant: str
    version: str
    branch: str | None = None
    build_url: str | None = None
    contracts: tuple[tuple[Contract, bytes], ...] = ()
    on_conflict: OnConflict = OnConflict.REFUSE
    mode: Mode | None = None
    dry_run: bool = False
    default_mode: Mode = Mode.GUIDE


@dataclass(frozen=True, slots=True)
class PairPlan:
    """One contract of a publication, what happens to it and what it is compared with.

    Two plans are equal when nothing that matters to them changed in between: the contracts
    themselves do not take part, their digests do. The first of `against` is the predecessor.
    """

    producer: str
    step: Step
    digest: str
    mode: Mode
    against: tuple[Predecessor, ...]
    on_breaking: OnBreaking
    existing_digest: str | None
    contract: Contract = field(compare=False)
    received: bytes = field(compare=False)
    existing: RecordedPublication | None = field(default=None, compare=False)

    @property
    def report_keys(self) -> tuple[ReportKey, ...]:
        """The reports that together judge this publication, or show a conflict."""
        if self.step is Step.CONFLICT and self.existing_digest is not None:
            return (ReportKey(self.existing_digest, self.digest, self.mode),)
        return tuple(ReportKey(old.digest, self.digest, self.mode) for old in self.against)


def plan_publication(facts: PublishFacts, request: PublishAllRequest) -> tuple[PairPlan, ...]:
    """What would happen to each contract; raises `MergeConflict` and `VersionFrozen`."""
    plans = []
    for contract, received in request.contracts:
        pair = facts.pairs.get(contract.producer, PairFacts())
        plan = _plan(request, pair, contract, received)
        if plan.step is Step.MERGE and facts.frozen_because:
            raise VersionFrozen(request.participant, request.version, facts.frozen_because)
        plans.append(plan)
    return tuple(plans)


def choose_predecessor(pair: PairFacts) -> Predecessor | None:
    """The newest on the same branch, else on the main branch, else the last by arrival."""
    found = pair.predecessors
    return found.on_branch or found.on_main or found.last


def combined(
    mode: Mode, against: tuple[Predecessor, ...], reports: Mapping[ReportKey, Report], digest: str
) -> Report:
    """One report out of those against each earlier content.

    A finding that repeats against an older version is named once, against the newest.
    """
    findings: dict[tuple[str, str, str | None, str, str], Finding] = {}
    for old in against:
        for found in reports[ReportKey(old.digest, digest, mode)].findings:
            key = (found.id, found.side, found.tool, found.path, found.message)
            findings.setdefault(key, replace(found, against_version=old.version))
    return Report(mode=mode, findings=tuple(findings.values()))


def report_of(plan: PairPlan, reports: Mapping[ReportKey, Report]) -> Report:
    """The report of a planned publication; empty when there is nothing to compare with."""
    if plan.step is Step.CONFLICT:
        return reports[plan.report_keys[0]]
    return combined(plan.mode, plan.against, reports, plan.digest)


def publication_faults(request: PublishAllRequest) -> tuple[Fault, ...]:
    """Contracts of another consumer, and producers that come twice."""
    faults = []
    seen: set[str] = set()
    for index, (contract, _) in enumerate(request.contracts):
        producer = fold_name(contract.producer)
        if fold_name(contract.consumer) != fold_name(request.participant):
            message = f"This contract is of {contract.consumer}, not of {request.participant}."
            faults.append(Fault("consumer-differs", f"/contracts/{index}/consumer", message))
        if producer in seen:
            message = f"A second contract for {contract.producer}."
            faults.append(Fault("producer-repeated", f"/contracts/{index}/producer", message))
        seen.add(producer)
    return tuple(faults)


def _plan(
    request: PublishAllRequest, pair: PairFacts, contract: Contract, received: bytes
) -> PairPlan:
    existing = pair.existing
    step, digest = _step(request, existing, contract)
    if step is Step.MERGE and existing is not None:
        contract, received = _merged(request, existing, contract)
        digest = contract.digest
        step = Step.KEEP if digest == existing.publication.digest else Step.MERGE
    if step is Step.KEEP and existing is not None and request.mode in (None, existing.judged.mode):
        mode, against = existing.judged.mode, existing.judged.against
    else:
        mode = _mode(request, pair)
        against = _against(mode, pair)
    return PairPlan(
        producer=contract.producer,
        step=step,
        digest=digest,
        mode=mode,
        against=against,
        on_breaking=pair.integration.on_breaking if pair.integration else OnBreaking.RECORD,
        existing_digest=existing.publication.digest if existing else None,
        contract=contract,
        received=received,
        existing=existing,
    )


def _step(
    request: PublishAllRequest, existing: RecordedPublication | None, contract: Contract
) -> tuple[Step, str]:
    digest = contract.digest
    if existing is None:
        return Step.ADD, digest
    if existing.publication.digest == digest:
        return Step.KEEP, digest
    merges = request.on_conflict is OnConflict.MERGE
    return (Step.MERGE if merges else Step.CONFLICT), digest


def _merged(
    request: PublishAllRequest, existing: RecordedPublication, sent: Contract
) -> tuple[Contract, bytes]:
    stored = contract_from_stored(existing.received)
    tools = merge_conflicts(stored.document, sent.document)
    if tools:
        digest = existing.publication.digest
        raise MergeConflict(request.participant, request.version, sent.producer, digest, tools)
    document: JsonObject = merged(stored.document, sent.document)
    return contract_from_document(document), dumps(document).encode()


def _mode(request: PublishAllRequest, pair: PairFacts) -> Mode:
    if request.mode is not None:
        return request.mode
    return pair.integration.mode if pair.integration else request.default_mode


def _against(mode: Mode, pair: PairFacts) -> tuple[Predecessor, ...]:
    chosen = choose_predecessor(pair)
    if chosen is None:
        return ()
    if not mode.is_transitive:
        return (chosen,)
    by_digest = {chosen.digest: chosen}
    for other in pair.live:
        by_digest.setdefault(other.digest, other)
    return tuple(by_digest.values())
