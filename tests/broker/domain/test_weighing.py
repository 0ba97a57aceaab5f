"""What evidence does to a decision, as a function of facts (issue 4 point 9, E5)."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest

from broker.domain.can_i_deploy import (
    AmongThemselves,
    Answer,
    DeployQuery,
    Ignore,
    ToEnvironment,
)
from broker.domain.deciding import decide
from broker.domain.decision_facts import (
    DecisionFacts,
    LatestResult,
    PublishedContent,
    VersionFacts,
)
from broker.domain.evidence import EvidenceRef, Verdict
from broker.domain.expectation import Expectation
from broker.domain.matrix import VerificationRef
from broker.domain.participant import VersionRef
from broker.domain.verification import ToolOutcome
from broker.domain.weighing import EvidenceDemand, evidence_demanded

AT = datetime(2026, 1, 1, tzinfo=UTC)
SHOP, PRICING = VersionRef("shop", "1"), VersionRef("pricing", "7")
PRODUCTION = ToEnvironment("production")
P95 = Expectation("quote", "latency_ms.p95", 300)
BYTES = Expectation("quote", "max_bytes", 100_000)


def facts(*evidence, required=(), expectations=(), outcome=ToolOutcome.PASSED):
    """`shop@1` uses `pricing@7`, which stands in production."""
    verified = VerificationRef(1, 1, AT)
    return DecisionFacts(
        as_of=1,
        versions=(VersionFacts(SHOP, published=True), VersionFacts(PRICING, published=False)),
        standing=(PRICING,),
        contents=(PublishedContent(SHOP, "pricing", "d", expectations=tuple(expectations)),),
        results=(LatestResult("d", PRICING, outcome, verified),) if outcome else (),
        integrations=frozenset({("shop", "pricing")}),
        required_evidence=tuple(required),
        evidence=evidence,
    )


def found(ref=SHOP, kind="chaos", verdict=Verdict.PASS, *, id_=5, **metrics):
    measured = {"quote": metrics["quote"]} if metrics else {}
    return EvidenceRef(id_, kind, verdict, ref.participant, ref.number, "sha256:0", AT, measured)


def benchmark(**quote):
    named = {name.replace("__", "."): value for name, value in quote.items()}
    return found(PRICING, "benchmark", id_=9, quote=named)


def decided(given, *, ignores=(), destination=PRODUCTION):
    return decide(DeployQuery((SHOP,), destination, ignores), given)


def codes(decision):
    return [reason.code for reason in decision.reasons]


def test_nothing_demanded_means_nothing_is_read():
    demand = evidence_demanded(DeployQuery((SHOP,), PRODUCTION), facts())

    assert demand == EvidenceDemand(frozenset(), frozenset())


def test_required_kinds_are_read_of_the_named_versions_only():
    demand = evidence_demanded(DeployQuery((SHOP,), PRODUCTION), facts(required=("chaos",)))

    assert demand == EvidenceDemand(frozenset({SHOP}), frozenset({"chaos"}))


def test_a_benchmark_is_read_of_producers_that_somebody_expects_something_of():
    demand = evidence_demanded(DeployQuery((SHOP,), PRODUCTION), facts(expectations=(P95,)))

    assert demand == EvidenceDemand(frozenset({PRICING}), frozenset({"benchmark"}))


@pytest.mark.parametrize(
    ("verdict", "answer", "code"),
    [
        (None, Answer.UNKNOWN, "evidence-missing"),
        (Verdict.INCONCLUSIVE, Answer.UNKNOWN, "evidence-inconclusive"),
        (Verdict.FAIL, Answer.NO, "evidence-failed"),
        (Verdict.ERROR, Answer.NO, "evidence-failed"),
    ],
)
def test_only_evidence_that_passed_lets_a_version_in(verdict, answer, code):
    evidence = () if verdict is None else (found(verdict=verdict),)

    decision = decided(facts(*evidence, required=("chaos",)))

    assert decision.answer is answer
    reason = decision.reasons[0]
    assert (reason.code, reason.about, reason.evidence_kind) == (code, SHOP, "chaos")
    assert reason.evidence == (None if verdict is None else 5)
    assert reason.hint == (
        "tally evidence publish FILE --participant shop --version 1 --kind chaos"
    )


def test_evidence_that_passed_changes_no_word_and_is_shown():
    decision = decided(facts(found(), required=("chaos",)))

    assert (decision.answer, codes(decision)) == (Answer.YES, ["all-verified"])
    assert [each.id for each in decision.evidence] == [5]


def test_evidence_that_nobody_asked_for_is_not_shown():
    assert decided(facts(found(kind="other"), required=())).evidence == ()


def test_a_failed_row_and_missing_evidence_are_both_reported():
    decision = decided(facts(required=("chaos",), outcome=ToolOutcome.FAILED))

    assert decision.answer is Answer.NO
    assert codes(decision) == ["verification-failed", "evidence-missing"]


def test_failed_evidence_outweighs_an_unknown_row():
    decision = decided(facts(found(verdict=Verdict.FAIL), required=("chaos",), outcome=None))

    assert decision.answer is Answer.NO
    assert codes(decision) == ["never-verified", "evidence-failed"]


def test_what_makes_a_no_is_said_before_what_only_leaves_it_open():
    failed = found(kind="chaos", verdict=Verdict.FAIL)

    decision = decided(facts(failed, required=("benchmark", "chaos")))

    assert decision.answer is Answer.NO
    assert codes(decision) == ["evidence-failed", "evidence-missing"]


def test_rows_that_are_ignored_leave_the_demand_for_evidence():
    decision = decided(facts(required=("chaos",)), ignores=(Ignore("pricing"),))

    assert decision.answer is Answer.UNKNOWN
    assert codes(decision) == ["evidence-missing", "ignored"]


def test_a_version_that_needs_nothing_still_needs_its_evidence():
    alone = DecisionFacts(
        as_of=1, versions=(VersionFacts(SHOP, published=False),), required_evidence=("chaos",)
    )

    decision = decided(alone)

    assert decision.answer is Answer.UNKNOWN
    assert codes(decision) == ["evidence-missing"]


def test_a_version_that_does_not_exist_is_the_only_reason():
    nobody = DecisionFacts(as_of=1, required_evidence=("chaos",))

    assert codes(decided(nobody)) == ["version-unknown"]


@pytest.mark.parametrize("measured", [300, Decimal("299.99")])
def test_a_measurement_within_the_bound_says_nothing(measured):
    decision = decided(facts(benchmark(latency_ms__p95=measured), expectations=(P95,)))

    assert (decision.answer, codes(decision)) == (Answer.YES, ["all-verified"])
    assert [each.id for each in decision.evidence] == [9]


def test_a_measurement_beyond_the_bound_is_a_no_that_names_everything():
    measured = Decimal("300.5")

    decision = decided(facts(benchmark(latency_ms__p95=measured), expectations=(P95,)))

    reason = decision.reasons[0]
    assert (decision.answer, reason.code) == (Answer.NO, "expectation-broken")
    assert (reason.consumer, reason.producer, reason.producer_version) == (SHOP, "pricing", "7")
    assert (reason.expectation, reason.measured, reason.evidence) == (P95, measured, 9)
    assert reason.message == (
        "shop@1 expects latency_ms.p95 of quote to be at most 300 ms, "
        "but pricing@7 was measured at 300.5 ms."
    )


def test_every_bound_is_held_apart():
    given = facts(benchmark(latency_ms__p95=1, max_bytes=100_001), expectations=(P95, BYTES))

    decision = decided(given)

    assert decision.answer is Answer.NO
    assert [reason.expectation for reason in decision.reasons if reason.expectation] == [BYTES]
    assert "at most 100000 bytes" in decision.reasons[0].message


@pytest.mark.parametrize("evidence", [(), (benchmark(latency_ms__p50=1),)])
def test_what_was_not_measured_is_said_and_changes_nothing(evidence):
    decision = decided(facts(*evidence, expectations=(P95,)))

    assert decision.answer is Answer.YES
    assert codes(decision) == ["all-verified", "expectation-unmeasured"]
    assert decision.reasons[1].evidence == (9 if evidence else None)


def test_what_was_not_measured_counts_where_benchmarks_are_required():
    own = found(kind="benchmark")

    decision = decided(facts(own, required=("benchmark",), expectations=(P95,)))

    assert decision.answer is Answer.UNKNOWN
    assert "expectation-unmeasured" in codes(decision)


@pytest.mark.parametrize("outcome", [None, ToolOutcome.FAILED, ToolOutcome.NOT_TESTED])
def test_only_a_row_that_is_good_otherwise_has_to_keep_its_bounds(outcome):
    given = facts(benchmark(latency_ms__p95=999), expectations=(P95,), outcome=outcome)

    assert "expectation-broken" not in codes(decided(given))


def test_an_ignored_row_does_not_have_to_keep_its_bounds():
    given = facts(benchmark(latency_ms__p95=999), expectations=(P95,))

    assert codes(decided(given, ignores=(Ignore("pricing"),))) == ["ignored"]


def test_a_benchmark_of_another_version_measures_nothing():
    other = found(VersionRef("pricing", "6"), "benchmark", quote={"latency_ms.p95": 999})

    assert codes(decided(facts(other, expectations=(P95,)))) == [
        "all-verified",
        "expectation-unmeasured",
    ]


def test_bounds_hold_between_named_versions_too():
    query = DeployQuery((SHOP, PRICING), AmongThemselves())

    decision = decide(query, facts(benchmark(latency_ms__p95=999), expectations=(P95,)))

    assert decision.answer is Answer.NO
