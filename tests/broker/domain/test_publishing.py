"""What publishing comes to, before anything is written."""

from datetime import UTC, datetime

import pytest
from builders import a_contract, a_tool, contract_bytes

from broker.domain.errors import MergeConflict, VersionFrozen
from broker.domain.publication import (
    Integration,
    OnBreaking,
    OnConflict,
    PairFacts,
    Predecessor,
    Predecessors,
    Publication,
    PublishFacts,
    RecordedPublication,
    ReportKey,
    StoredReport,
)
from broker.domain.publishing import (
    PublishAllRequest,
    Step,
    combined,
    plan_publication,
    publication_faults,
    report_of,
)
from client_sdk.contract.errors import Severity
from client_sdk.contract.evolve import Finding, Mode, Report, Side
from client_sdk.contract.reading import parse_contract

NOON = datetime(2030, 1, 1, 12, tzinfo=UTC)
QUOTE, BUY = contract_bytes(tools=["quote"]), contract_bytes(tools=["buy"])
JUDGED = StoredReport(Mode.GUIDE)
ON_BRANCH, ON_MAIN, LAST = (Predecessor(number, f"sha256:{number}") for number in "321")


def a_request(*raws: bytes, participant="shop", **about) -> PublishAllRequest:
    contracts = tuple((parse_contract(raw), raw) for raw in raws)
    return PublishAllRequest(participant, "9", contracts=contracts, **about)


def recorded(raw: bytes, judged: StoredReport = JUDGED) -> RecordedPublication:
    digest = parse_contract(raw).digest
    return RecordedPublication(Publication("shop", "9", "pricing", digest, (), NOON), raw, judged)


def planned(request: PublishAllRequest, frozen=(), **pair):
    facts = PublishFacts(frozen_because=frozen, pairs={"pricing": PairFacts(**pair)})
    (plan,) = plan_publication(facts, request)
    return plan


def a_finding(rule="input-narrowed", against=None) -> Finding:
    path, text = "/input_schema", "The input is narrower."
    return Finding(
        rule, Severity.ERROR, "quote", Side.INPUT, path, text, "refuted", against_version=against
    )


def test_a_first_contract_is_added_under_the_broker_default():
    (plan,) = plan_publication(PublishFacts(), a_request(QUOTE, default_mode=Mode.FULL))

    assert (plan.step, plan.mode, plan.against) == (Step.ADD, Mode.FULL, ())
    assert (plan.on_breaking, plan.existing_digest) == (OnBreaking.RECORD, None)
    assert (plan.digest, plan.received) == (a_contract(tools=["quote"]).digest, QUOTE)
    assert plan.report_keys == ()
    assert report_of(plan, {}) == Report(Mode.FULL)


def test_an_integration_has_its_own_mode_and_a_request_overrides_it():
    of_pair = Integration("shop", "pricing", Mode.BACKWARD, OnBreaking.REJECT)

    assert planned(a_request(QUOTE), integration=of_pair).mode is Mode.BACKWARD
    assert planned(a_request(QUOTE), integration=of_pair).on_breaking is OnBreaking.REJECT
    assert planned(a_request(QUOTE, mode=Mode.NONE), integration=of_pair).mode is Mode.NONE


@pytest.mark.parametrize(
    ("known", "chosen"),
    [
        (Predecessors(ON_BRANCH, ON_MAIN, LAST), ON_BRANCH),
        (Predecessors(None, ON_MAIN, LAST), ON_MAIN),
        (Predecessors(None, None, LAST), LAST),
    ],
)
def test_the_predecessor_is_of_the_branch_else_of_main_else_the_last(known, chosen):
    plan = planned(a_request(QUOTE), predecessors=known, live=(LAST,))

    assert plan.against == (chosen,)
    assert plan.report_keys == (ReportKey(chosen.digest, plan.digest, Mode.GUIDE),)


def test_a_transitive_mode_compares_with_each_live_content_once():
    again = Predecessor("4", ON_MAIN.digest)
    plan = planned(
        a_request(QUOTE, mode=Mode.FULL_TRANSITIVE),
        predecessors=Predecessors(on_main=ON_MAIN),
        live=(again, LAST),
    )

    assert plan.against == (ON_MAIN, LAST)


def test_content_that_was_published_before_is_kept_with_its_judgement():
    judged = StoredReport(Mode.BACKWARD, (LAST,))
    known = {"existing": recorded(QUOTE, judged), "predecessors": Predecessors(on_main=ON_MAIN)}

    for mode in (None, Mode.BACKWARD):
        kept = planned(a_request(QUOTE, mode=mode), **known)
        assert (kept.step, kept.mode, kept.against) == (Step.KEEP, Mode.BACKWARD, (LAST,))
    judged_anew = planned(a_request(QUOTE, mode=Mode.FULL), **known)
    assert (judged_anew.step, judged_anew.mode) == (Step.KEEP, Mode.FULL)
    assert judged_anew.against == (ON_MAIN,)


def test_other_content_of_the_same_version_is_a_conflict_with_the_report_of_the_two():
    plan = planned(a_request(BUY), existing=recorded(QUOTE), predecessors=Predecessors(last=LAST))
    key = ReportKey(recorded(QUOTE).publication.digest, plan.digest, Mode.GUIDE)
    report = Report(Mode.GUIDE, (a_finding(),))

    assert plan.step is Step.CONFLICT
    assert plan.report_keys == (key,)
    assert report_of(plan, {key: report}) is report


def test_merging_adds_the_tools_that_were_not_there():
    plan = planned(a_request(BUY, on_conflict=OnConflict.MERGE), existing=recorded(QUOTE))
    both = a_contract(tools=["quote", "buy"])

    assert (plan.step, plan.digest) == (Step.MERGE, both.digest)
    assert parse_contract(plan.received).digest == both.digest
    assert plan.contract.digest == both.digest


def test_merging_what_was_there_already_keeps_it():
    both = contract_bytes(tools=["quote", "buy"])
    plan = planned(a_request(BUY, on_conflict=OnConflict.MERGE), existing=recorded(both))

    assert (plan.step, plan.digest) == (Step.KEEP, parse_contract(both).digest)


def test_merging_another_definition_is_refused_by_tool():
    changed = contract_bytes(tools=["buy", a_tool("quote", version="2")])

    with pytest.raises(MergeConflict) as refused:
        planned(a_request(changed, on_conflict=OnConflict.MERGE), existing=recorded(QUOTE))

    assert refused.value.tools == ("quote",)
    assert refused.value.stored_digest == recorded(QUOTE).publication.digest


def test_a_version_that_others_rely_on_no_longer_grows():
    merge = a_request(BUY, on_conflict=OnConflict.MERGE)

    with pytest.raises(VersionFrozen) as refused:
        planned(merge, frozen=("verified", "deployed"), existing=recorded(QUOTE))

    assert refused.value.because == ("verified", "deployed")


def test_a_version_that_others_rely_on_may_repeat_itself():
    plan = planned(a_request(QUOTE), frozen=("verified",), existing=recorded(QUOTE))

    assert plan.step is Step.KEEP


def test_a_finding_that_repeats_is_named_once_against_the_newest():
    new, old = Predecessor("2", "sha256:2"), Predecessor("1", "sha256:1")
    reports = {
        ReportKey("sha256:2", "sha256:9", Mode.FULL_TRANSITIVE): Report(
            Mode.FULL_TRANSITIVE, (a_finding(),)
        ),
        ReportKey("sha256:1", "sha256:9", Mode.FULL_TRANSITIVE): Report(
            Mode.FULL_TRANSITIVE, (a_finding(), a_finding("tool-removed"))
        ),
    }

    report = combined(Mode.FULL_TRANSITIVE, (new, old), reports, "sha256:9")

    assert report.mode is Mode.FULL_TRANSITIVE
    assert report.findings == (a_finding(against="2"), a_finding("tool-removed", against="1"))


def test_contracts_of_another_consumer_and_producers_that_come_twice_are_faults():
    other = contract_bytes(consumer="web")
    again = contract_bytes(consumer="SHOP", producer="PRICING")

    faults = publication_faults(a_request(QUOTE, other, again, participant="Shop"))

    assert [(fault.code, fault.pointer, fault.message) for fault in faults] == [
        (
            "consumer-differs",
            "/contracts/1/consumer",
            "This contract is of web, not of Shop.",
        ),
        ("producer-repeated", "/contracts/1/producer", "A second contract for pricing."),
        ("producer-repeated", "/contracts/2/producer", "A second contract for PRICING."),
    ]
    assert publication_faults(a_request(QUOTE, contract_bytes(producer="stock"))) == ()
