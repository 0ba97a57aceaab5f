"""Sentences for the person who published, recorded or deployed."""

from datetime import UTC, datetime

import pytest
from builders import contract_bytes

from broker.domain.evidence import EvidenceRef, Verdict
from broker.domain.notices import (
    notice_of_headless_main,
    notice_of_new_version,
    notice_of_newer_evidence,
    notices_of,
)
from broker.domain.participant import Participant, Version, VersionRef
from broker.domain.publication import (
    Integration,
    Notice,
    OnConflict,
    PairFacts,
    Predecessor,
    Predecessors,
    Publication,
    PublishFacts,
    RecordedPublication,
    StoredReport,
)
from broker.domain.publishing import PublishAllRequest, plan_publication
from client_sdk.contract.errors import Severity
from client_sdk.contract.evolve import Finding, Mode, Report, Side
from client_sdk.contract.reading import parse_contract

NOON = datetime(2030, 1, 1, 12, tzinfo=UTC)
QUOTE = contract_bytes(tools=["quote"])
KNOWN = {
    "consumer": Participant("shop", NOON),
    "producers": {"pricing": Participant("pricing", NOON)},
}
FOLLOWED = Predecessors(last=Predecessor("8", "sha256:8"))
OF_PAIR = Integration("shop", "pricing")


def recorded(raw: bytes, *against: Predecessor) -> RecordedPublication:
    about = Publication("shop", "9", "pricing", parse_contract(raw).digest, (), NOON)
    return RecordedPublication(about, raw, StoredReport(Mode.GUIDE, against))


def said(raw=QUOTE, *, pair=None, branch="main", report=None, merge=False, **known):
    """What is said about one contract; nothing at all unless a test changes something."""
    pair = pair or PairFacts(integration=OF_PAIR, predecessors=FOLLOWED)
    facts = PublishFacts(**{**KNOWN, **known}, pairs={"pricing": pair})
    conflict = OnConflict.MERGE if merge else OnConflict.REFUSE
    contracts = ((parse_contract(raw), raw),)
    request = PublishAllRequest("shop", "9", contracts=contracts, on_conflict=conflict)
    (plan,) = plan_publication(facts, request)
    return notices_of(plan, facts, report or Report(Mode.GUIDE), branch=branch)


def a_report(severity: Severity) -> Report:
    path, text = "/input_schema", "The input is narrower."
    finding = Finding("narrowed", severity, "quote", Side.INPUT, path, text, "refuted")
    return Report(Mode.GUIDE, (finding,))


def test_nothing_is_said_about_a_change_that_hurts_nobody():
    assert said() == ()
    assert said(report=a_report(Severity.WARNING)) == ()


def test_a_change_that_breaks_names_who_must_verify_it():
    assert said(report=a_report(Severity.ERROR)) == (
        Notice(
            "error",
            "The change breaks: deploy only what pricing verified this content with.",
        ),
    )


def test_a_new_producer_is_announced():
    assert said(producers={}) == (
        Notice("info", "pricing was not known; it is a new participant."),
    )


def test_another_spelling_is_announced_for_either_side():
    known = {
        "consumer": Participant("Shop", NOON),
        "producers": {"pricing": Participant("Pricing", NOON)},
    }

    assert said(**known) == (
        Notice("info", "pricing is known here as Pricing."),
        Notice("info", "shop is known here as Shop."),
    )
    assert said(consumer=None) == ()


@pytest.mark.parametrize("pair", [PairFacts(), PairFacts(integration=OF_PAIR)])
def test_only_the_first_contract_of_the_two_is_called_the_first(pair):
    first = (Notice("info", "This is the first contract of the two: nothing to compare with."),)

    assert said(pair=pair) == (() if pair.integration else first)


def test_content_that_the_predecessor_had_counts_as_verified_by_its_results():
    same = Predecessors(last=Predecessor("8", parse_contract(QUOTE).digest))

    assert said(pair=PairFacts(integration=OF_PAIR, predecessors=same)) == (
        Notice("info", "Same content as 8: its verifications count."),
    )


def test_a_version_on_no_branch_is_told_that_nobody_verifies_it():
    alone = Version("shop", "9", 1, NOON)
    on_main = Version("shop", "9", 1, NOON, branches=("main",))
    warning = Notice(
        "warning",
        "This version is on no branch: pricing is not asked to verify it before it is "
        "deployed. Publish with a branch.",
    )

    assert said(branch=None) == (warning,)
    assert said(branch=None, version=alone) == (warning,)
    assert said(branch=None, version=on_main) == ()


def test_tools_that_were_added_to_a_version_are_announced():
    pair = PairFacts(integration=OF_PAIR, existing=recorded(QUOTE), predecessors=FOLLOWED)

    assert said(contract_bytes(tools=["buy"]), pair=pair, merge=True) == (
        Notice("info", "The tools were added to what this version published before."),
    )


def test_nothing_new_is_said_when_the_same_bytes_come_again():
    same = Predecessor("8", parse_contract(QUOTE).digest)
    pair = PairFacts(integration=OF_PAIR, existing=recorded(QUOTE, same))

    assert said(pair=pair, branch=None, report=a_report(Severity.ERROR)) == ()
    assert said(QUOTE + b"\n", pair=pair) == ()


@pytest.mark.parametrize("first", [{}, {"metadata": {"run": 1}}])
def test_other_metadata_are_not_kept_and_that_is_said(first):
    stored = recorded(contract_bytes(tools=["quote"], **first))
    pair = PairFacts(integration=OF_PAIR, existing=stored)

    assert said(contract_bytes(tools=["quote"], metadata={"run": 2}), pair=pair) == (
        Notice(
            "warning",
            "Only the metadata differ from what this version published; the first were kept.",
        ),
    )


def test_a_deployment_of_a_version_nobody_mentioned_is_a_warning():
    assert notice_of_new_version(VersionRef("shop", "9")) == Notice(
        "warning",
        "shop@9 was never seen before; it is recorded now, without contracts or results.",
    )


def test_a_main_branch_without_versions_has_no_head_yet():
    assert notice_of_headless_main("shop", "trunk") == Notice(
        "warning",
        "shop has no branch trunk yet: it has no head on its main branch until a version is "
        "published or verified there.",
    )


def test_older_evidence_that_comes_again_names_the_newer():
    newer = EvidenceRef(7, "chaos", Verdict.FAIL, "shop", "9", "sha256:7", NOON)

    assert notice_of_newer_evidence(newer) == Notice(
        "warning",
        "This evidence was known; what counts is the newer chaos evidence 7 (fail). "
        "A new run counts when its payload tells it apart.",
    )
