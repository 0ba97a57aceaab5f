"""Which pairs of versions a question is about."""

from broker.domain.can_i_deploy import AmongThemselves, DeployQuery, ToMain
from broker.domain.decision_facts import DecisionFacts, PublishedContent
from broker.domain.participant import VersionRef
from broker.domain.rows import rows_asked_about

SHOP, WEB, PRICING = VersionRef("shop", "1"), VersionRef("web", "1"), VersionRef("pricing", "1")
OF_SHOP = PublishedContent(SHOP, "pricing", "sha256:1")
OF_WEB = PublishedContent(WEB, "pricing", "sha256:2")


def pairs(query: DeployQuery, facts: DecisionFacts) -> list[tuple[str, str | None]]:
    asked = rows_asked_about(query, facts)
    return [(str(each.row.consumer), each.row.producer_version) for each in asked]


def test_a_content_of_which_neither_side_is_named_is_no_row():
    facts = DecisionFacts(1, standing=(WEB, PRICING), contents=(OF_SHOP, OF_WEB))

    assert pairs(DeployQuery((SHOP,), ToMain()), facts) == [("shop@1", "1")]


def test_a_content_of_a_consumer_that_is_not_there_is_no_row():
    facts = DecisionFacts(1, standing=(SHOP,), contents=(OF_SHOP, OF_WEB))

    assert pairs(DeployQuery((PRICING,), ToMain()), facts) == [("shop@1", "1")]


def test_a_missing_producer_is_a_row_at_a_destination_and_none_among_themselves():
    facts = DecisionFacts(1, contents=(OF_SHOP,))

    assert pairs(DeployQuery((SHOP,), ToMain()), facts) == [("shop@1", None)]
    assert pairs(DeployQuery((SHOP,), AmongThemselves()), facts) == []
