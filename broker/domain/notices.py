"""Sentences for the person who published, recorded or deployed."""

from collections.abc import Iterator

from broker.domain.contents import METADATA, contract_from_stored
from broker.domain.evidence import EvidenceRef
from broker.domain.participant import VersionRef
from broker.domain.publication import Notice, PublishFacts
from broker.domain.publishing import PairPlan, Step
from client_sdk.contract.document import json_equal
from client_sdk.contract.evolve import Report

INFO = "info"
WARNING = "warning"
ERROR = "error"


def notices_of(
    plan: PairPlan, facts: PublishFacts, report: Report, *, branch: str | None
) -> tuple[Notice, ...]:
    """What is worth saying about one contract of a publication on that branch."""
    return (
        *_about_names(plan, facts),
        *_about_step(plan),
        *_about_branch(plan, facts, branch),
        *_about_predecessor(plan, facts),
        *_about_report(plan, report),
    )


def notice_of_new_version(ref: VersionRef) -> Notice:
    """A deployment or release named a version nobody had mentioned before."""
    text = f"{ref} was never seen before; it is recorded now, without contracts or results."
    return Notice(WARNING, text)


def notice_of_headless_main(participant: str, branch: str) -> Notice:
    """The main branch was set to one that nothing was recorded on."""
    text = (
        f"{participant} has no branch {branch} yet: it has no head on its main branch until a "
        "version is published or verified there."
    )
    return Notice(WARNING, text)


def notice_of_newer_evidence(newer: EvidenceRef) -> Notice:
    """Evidence came again that is no longer the latest of its kind."""
    text = (
        f"This evidence was known; what counts is the newer {newer.kind} evidence {newer.id} "
        f"({newer.verdict.value}). A new run counts when its payload tells it apart."
    )
    return Notice(WARNING, text)


def _about_names(plan: PairPlan, facts: PublishFacts) -> Iterator[Notice]:
    producer = facts.producers.get(plan.producer)
    if producer is None:
        yield Notice(INFO, f"{plan.producer} was not known; it is a new participant.")
    elif producer.name != plan.producer:
        yield Notice(INFO, f"{plan.producer} is known here as {producer.name}.")
    consumer = plan.contract.consumer
    if facts.consumer is not None and facts.consumer.name != consumer:
        yield Notice(INFO, f"{consumer} is known here as {facts.consumer.name}.")


def _about_step(plan: PairPlan) -> Iterator[Notice]:
    if plan.step is Step.MERGE:
        yield Notice(INFO, "The tools were added to what this version published before.")
    if plan.step is Step.KEEP and _metadata_differ(plan):
        text = "Only the metadata differ from what this version published; the first were kept."
        yield Notice(WARNING, text)


def _about_branch(plan: PairPlan, facts: PublishFacts, branch: str | None) -> Iterator[Notice]:
    stands = branch or (facts.version is not None and facts.version.branches)
    if plan.step is not Step.KEEP and not stands:
        text = (
            f"This version is on no branch: {plan.producer} is not asked to verify it before it is "
            "deployed. Publish with a branch."
        )
        yield Notice(WARNING, text)


def _metadata_differ(plan: PairPlan) -> bool:
    existing = plan.existing
    if existing is None or existing.received == plan.received:
        return False
    stored = contract_from_stored(existing.received).document.get(METADATA, {})
    return not json_equal(stored, plan.contract.document.get(METADATA, {}))


def _about_predecessor(plan: PairPlan, facts: PublishFacts) -> Iterator[Notice]:
    if plan.step is Step.KEEP:
        return
    if not plan.against:
        pair = facts.pairs.get(plan.producer)
        if pair is None or pair.integration is None:
            yield Notice(INFO, "This is the first contract of the two: nothing to compare with.")
    elif plan.against[0].digest == plan.digest:
        text = f"Same content as {plan.against[0].version}: its verifications count."
        yield Notice(INFO, text)


def _about_report(plan: PairPlan, report: Report) -> Iterator[Notice]:
    if plan.step is not Step.KEEP and report.severity == ERROR:
        text = f"The change breaks: deploy only what {plan.producer} verified this content with."
        yield Notice(ERROR, text)
