"""Before a publication is written: look at what is stored, and judge the contracts by it."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from broker.domain.contents import content_from_contract, contract_from_stored, delta_between
from broker.domain.errors import BreakingRefused, ContentConflict, UsesSomething
from broker.domain.participant import VersionRef
from broker.domain.publication import (
    Content,
    OnBreaking,
    PublishFacts,
    ReportKey,
)
from broker.domain.publishing import (
    PairPlan,
    PublishAllRequest,
    Step,
    plan_publication,
    report_of,
)
from broker.services.ports import UnitOfWork
from broker.services.reporting import KnownReports, compute_reports, read_reports, remember
from client_sdk.contract.evolve import Report

WRITTEN_STEPS = (Step.ADD, Step.MERGE)


@dataclass(frozen=True, slots=True)
class Seen:
    """What one look at the store gave."""

    facts: PublishFacts
    plans: tuple[PairPlan, ...]
    known: KnownReports


@dataclass(frozen=True, slots=True)
class Ready:
    """A publication that nothing speaks against, with all that was computed for it.

    `reports` are those of each pair of contents, `judged` what they say together by producer.
    """

    request: PublishAllRequest
    facts: PublishFacts
    plans: tuple[PairPlan, ...]
    reports: Mapping[ReportKey, Report]
    judged: Mapping[str, Report]
    contents: tuple[Content, ...]

    @property
    def changes_nothing(self) -> bool:
        """Everything is stored already, the branch included."""
        version, branch = self.facts.version, self.request.branch
        if version is None or (branch is not None and branch not in version.branches):
            return False
        kept = all(plan.step is Step.KEEP for plan in self.plans)
        return kept and (bool(self.plans) or version.uses_nothing)

    @property
    def merges(self) -> bool:
        """Content that is stored already will be replaced."""
        return any(plan.step is Step.MERGE for plan in self.plans)


def look(uow: UnitOfWork, request: PublishAllRequest) -> Seen:
    """Read the facts, plan, and read which reports are known."""
    facts = _facts(uow, request)
    plans = plan_publication(facts, request)
    keys = {key for plan in plans for key in plan.report_keys}
    return Seen(facts, plans, read_reports(uow, keys, {plan.digest for plan in plans}))


def still_holds(uow: UnitOfWork, request: PublishAllRequest, seen: Seen) -> bool:
    """Whether the same look would give the same plans now."""
    return plan_publication(_facts(uow, request), request) == seen.plans


def judge(request: PublishAllRequest, seen: Seen) -> Ready:
    """Compute the missing reports; raises `ContentConflict` or `BreakingRefused`."""
    fresh = {plan.digest: plan.contract for plan in seen.plans}
    keys = {key for plan in seen.plans for key in plan.report_keys}
    reports = compute_reports(keys, seen.known, fresh)
    judged = {plan.producer: report_of(plan, reports) for plan in seen.plans}
    for plan in seen.plans:
        _refuse(request, plan, judged[plan.producer])
    written = [plan for plan in seen.plans if plan.step in WRITTEN_STEPS]
    contents = tuple(content_from_contract(plan.contract) for plan in written)
    for plan, content in zip(written, contents, strict=True):
        remember(plan.contract, len(content.document))
    return Ready(request, seen.facts, seen.plans, reports, judged, contents)


def _facts(uow: UnitOfWork, request: PublishAllRequest) -> PublishFacts:
    ref = VersionRef(request.participant, request.version)
    producers = [contract.producer for contract, _ in request.contracts]
    if not producers:
        published = tuple(each.producer for each in uow.publications.of_version(ref))
        if published:
            raise UsesSomething(request.participant, request.version, published)
    return _with_live(uow, request, ref, producers)


def _with_live(
    uow: UnitOfWork, request: PublishAllRequest, ref: VersionRef, producers: Collection[str]
) -> PublishFacts:
    """The facts; those that only transitive modes look at are read only for them."""
    asked = (request.mode or request.default_mode).is_transitive
    facts = uow.publications.facts(ref, producers, request.branch, live=asked)
    pairs = facts.pairs.values()
    needed = any(pair.integration and pair.integration.mode.is_transitive for pair in pairs)
    if asked or not needed or request.mode is not None:
        return facts
    return uow.publications.facts(ref, producers, request.branch, live=True)


def _refuse(request: PublishAllRequest, plan: PairPlan, report: Report) -> None:
    existing = plan.existing
    if plan.step is Step.CONFLICT and existing is not None:
        stored = contract_from_stored(existing.received)
        raise ContentConflict(
            consumer=request.participant,
            version=request.version,
            producer=plan.producer,
            stored_digest=existing.publication.digest,
            sent_digest=plan.digest,
            delta=delta_between(stored.document, plan.contract.document),
            report=report,
        )
    rejects = plan.on_breaking is OnBreaking.REJECT and plan.step in WRITTEN_STEPS
    if rejects and report.severity == "error":
        raise BreakingRefused(request.participant, request.version, plan.producer, report)
