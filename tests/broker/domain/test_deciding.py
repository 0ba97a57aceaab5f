"""The decision as a function of facts, where a history would be long."""

from fakes import FakeClock

from broker.domain.can_i_deploy import Answer, DeployQuery, Ignore, ToEnvironment
from broker.domain.deciding import decide
from broker.domain.decision_facts import (
    DecisionFacts,
    LatestResult,
    PublishedContent,
    VersionFacts,
)
from broker.domain.matrix import VerificationRef
from broker.domain.participant import VersionRef
from broker.domain.verification import ToolOutcome

SHOP = VersionRef("shop", "1")
AT = FakeClock().now()


def facts_about(count: int, *, failing: frozenset[int] = frozenset()) -> DecisionFacts:
    """`shop@1` uses `count` producers, each there in version 1."""
    producers = [VersionRef(f"p{index:04}", "1") for index in range(count)]
    return DecisionFacts(
        as_of=7,
        versions=tuple(VersionFacts(ref, published=ref == SHOP) for ref in (SHOP, *producers)),
        standing=tuple(producers),
        contents=tuple(
            PublishedContent(SHOP, ref.participant, ref.participant) for ref in producers
        ),
        results=tuple(
            LatestResult(
                ref.participant,
                ref,
                ToolOutcome.FAILED if index in failing else ToolOutcome.PASSED,
                VerificationRef(index, 1, AT),
            )
            for index, ref in enumerate(producers)
        ),
        integrations=frozenset(("shop", ref.participant) for ref in producers),
    )


def test_23_no_row_of_more_than_a_thousand_is_lost():
    query = DeployQuery((SHOP,), ToEnvironment("production"))
    decision = decide(query, facts_about(1_500, failing=frozenset({1_499})))
    assert len(decision.rows) == 1_500
    assert decision.answer is Answer.NO
    assert decision.reasons[0].producer == "p1499"


def test_ignoring_everything_is_a_yes_that_only_says_what_was_ignored():
    query = DeployQuery((SHOP,), ToEnvironment("production"), (Ignore("shop"),))
    decision = decide(query, facts_about(2, failing=frozenset({0, 1})))
    assert decision.answer is Answer.YES
    assert [reason.code for reason in decision.reasons] == ["ignored", "ignored"]


def test_the_decision_carries_the_moment_of_its_facts():
    assert decide(DeployQuery((SHOP,), ToEnvironment("production")), facts_about(1)).as_of == 7


def test_hints_are_safe_to_paste():
    odd = VersionRef("price list", "1")
    facts = DecisionFacts(as_of=1, versions=(VersionFacts(odd, published=False),))
    decision = decide(DeployQuery((VersionRef("price list", "2"),), ToEnvironment("x")), facts)
    assert decision.reasons[0].hint == "tally publish contracts/ --version 2"
