"""When a reported result is complete and consistent, and what a build still has to verify."""

import pytest
from builders import a_contract, failed, not_tested, passed

from broker.domain.contents import content_from_contract
from broker.domain.errors import ToolsNotReported, VerificationInvalid
from broker.domain.verification import NeededContent
from broker.domain.verifying import check_complete, check_consistent, is_pending, why_needed

QUOTE_AND_BUY = content_from_contract(a_contract(tools=["quote", "buy"]))


def needed(**facts) -> NeededContent:
    return NeededContent("shop", "pricing", "sha256:0", ("1",), **facts)


def faults_of(refused) -> list[tuple[str, str, str]]:
    return [(fault.code, fault.pointer, fault.message) for fault in refused.value.faults]


def test_every_tool_reported_once_is_complete_whatever_the_outcome():
    assert check_complete(QUOTE_AND_BUY, (not_tested("buy"), failed("quote"))) is None


def test_a_result_names_what_is_missing_repeated_and_unexpected():
    with pytest.raises(ToolsNotReported) as refused:
        check_complete(QUOTE_AND_BUY, (passed("quote"), failed("quote"), passed("sell")))

    assert refused.value.missing == ("buy",)
    assert refused.value.repeated == ("quote",)
    assert refused.value.unexpected == ("sell",)
    assert faults_of(refused) == [
        ("tool-missing", "/tools", "The tool 'buy' is not reported."),
        ("tool-repeated", "/tools", "The tool 'quote' is reported twice."),
        ("tool-unexpected", "/tools", "The contract has no tool 'sell'."),
    ]


@pytest.mark.parametrize(
    "results",
    [
        (passed("quote"),),
        (passed("quote"), passed("buy"), passed("buy")),
        (passed("quote"), passed("buy"), passed("sell")),
    ],
)
def test_each_kind_of_incompleteness_alone_is_refused(results):
    with pytest.raises(ToolsNotReported):
        check_complete(QUOTE_AND_BUY, results)


def test_results_that_agree_with_themselves_are_consistent():
    warned = passed("buy", violations=({"severity": "warning"},))

    assert check_consistent((passed(), warned, failed(violations=({},)), not_tested())) is None


@pytest.mark.parametrize(
    ("result", "fault"),
    [
        (
            failed(checks=-1),
            ("checks-negative", "/tools/1/checks", "A count of checks is at least 0."),
        ),
        (
            passed(checks=0),
            (
                "passed-unchecked",
                "/tools/1/checks",
                "'quote' cannot pass without a check: report not_tested.",
            ),
        ),
        (
            passed(violations=({"severity": "info"}, {"severity": "error"})),
            (
                "passed-with-errors",
                "/tools/1/violations",
                "'quote' cannot pass with a violation of severity error.",
            ),
        ),
        (
            passed(violations=({"message": "no severity is an error"},)),
            (
                "passed-with-errors",
                "/tools/1/violations",
                "'quote' cannot pass with a violation of severity error.",
            ),
        ),
    ],
)
def test_a_result_that_contradicts_itself_is_refused(result, fault):
    with pytest.raises(VerificationInvalid) as refused:
        check_consistent((passed("buy"), result))

    assert faults_of(refused) == [fault]


@pytest.mark.parametrize(
    ("facts", "pending"),
    [
        ({}, True),
        ({"passed_on_branch": True}, False),
        ({"passed_on_main": True}, False),
        ({"placed_in": ("production",)}, False),
    ],
)
def test_a_content_is_pending_until_it_passed_or_is_placed(facts, pending):
    assert is_pending(needed(**facts), "feature") is pending


def test_nothing_is_pending_for_a_build_without_branch():
    assert is_pending(needed(), None) is False


def test_every_selector_that_asked_is_said():
    asked = needed(on_main=True, on_branch=True, placed_in=("staging", "production"))

    assert why_needed(asked, "feature") == (
        "newest on the main branch of shop",
        "newest of shop on branch feature, like this build",
        "deployed to or supported in staging",
        "deployed to or supported in production",
    )
    assert why_needed(needed(), "feature") == ()
