"""Fitting: what an offer says beside what a contract needs, before any test ran."""

from __future__ import annotations

import pytest
from builders import a_contract, a_tool

from client_sdk.contract.fitting import fits
from client_sdk.contract.offers import offer_from_document
from client_sdk.contract.report import NO_WITNESS
from client_sdk.contract.sources.mcp import offer_from_tools

TEXT, NUMBER = {"type": "string"}, {"type": "number"}
QUOTE = {"sku": TEXT}
ACCEPTS = {"type": "object", "properties": QUOTE, "required": ["sku"]}
EMITS = {"type": "object", "properties": {"price": NUMBER}, "required": ["price"]}


def an_offer(*tools, **members):
    """Give an offer of these tools; a plain one when none is named."""
    listed = tools or [{}]
    return offer_from_document(
        {
            "producer": "pricing",
            "source": "manual",
            "tools": [
                {
                    "tool_name": "quote",
                    "version": "1",
                    "input_schema": ACCEPTS,
                    "output_schema": EMITS,
                    "status_codes": [200],
                    **tool,
                }
                for tool in listed
            ],
            **members,
        }
    )


def needing(**members):
    tool = {"input_schema": ACCEPTS, "output_schema": EMITS, "required_output_fields": ["price"]}
    return a_contract(tools=[a_tool(**{**tool, **members})])


def only(fit):
    """Give the obligations of the only tool that are not proved, as reason or witness."""
    (tool,) = fit.tools
    return [each.reason or each.witness for each in tool.obligations if each.verdict != "proved"]


def test_an_offer_that_accepts_and_emits_what_is_needed_is_proved():
    fit = fits(an_offer(), needing())

    assert (fit.verdict, only(fit)) == ("proved", [])
    assert fit.assumptions == ("closed-output",)
    assert [each.question for each in fit.tools[0].obligations] == [
        "closed input(contract) ⊆ input(offer)",
        "closed output(offer) ⊆ output(contract)",
    ]


def test_a_tool_that_is_not_offered_is_refuted():
    fit = fits(an_offer({"tool_name": "other"}), needing())

    assert fit.verdict == "refuted"
    assert only(fit) == [NO_WITNESS]


def test_an_input_that_is_not_accepted_is_refuted_with_the_input():
    strict = {**ACCEPTS, "required": ["sku", "currency"]}

    fit = fits(an_offer({"input_schema": strict}), needing())

    assert (fit.verdict, only(fit)) == ("refuted", [{"sku": ""}])


def test_a_member_that_would_be_accepted_and_ignored_is_no_yes():
    renamed = {"type": "object", "properties": {"article": TEXT}}

    fit = fits(an_offer({"input_schema": renamed}), needing())

    assert (fit.verdict, only(fit)) == ("undecided", ["undeclared-input"])


def test_a_body_that_is_not_understood_is_refuted_with_the_body():
    loose = {**EMITS, "properties": {"price": {"type": ["number", "null"]}}}

    fit = fits(an_offer({"output_schema": loose}), needing())

    assert (fit.verdict, only(fit)) == ("refuted", [{"price": None}])


@pytest.mark.parametrize("nothing", [True, {}, {"title": "anything"}, {"anyOf": [{}, TEXT]}])
def test_an_offer_that_says_nothing_needs_a_test(nothing):
    """An empty input schema must never read as "fits everything"."""
    silent = {"input_schema": nothing, "output_schema": nothing}

    fit = fits(an_offer(silent), needing())

    assert fit.verdict == "undecided"
    assert only(fit) == ["unconstrained-input", "unconstrained-output"]


def test_an_absent_output_needs_a_test_only_where_something_is_needed():
    silent = {"tool_name": "quote", "version": "1", "input_schema": ACCEPTS}
    offer = offer_from_document({"producer": "pricing", "source": "manual", "tools": [silent]})

    assert only(fits(offer, needing())) == ["unconstrained-output"]
    assert fits(offer, needing(output_schema=True, required_output_fields=[])).verdict == "proved"
    assert fits(offer, needing()).assumptions == ("closed-output", "declared-status")


def test_a_listed_status_that_is_not_handled_is_refuted():
    fit = fits(an_offer({"status_codes": [200, 404]}), needing())

    assert (fit.verdict, only(fit)) == ("refuted", [{"status_code": 404}])


def test_constraints_and_required_fields_are_part_of_what_is_needed():
    constraint = {"type": "field_equals", "field": "price", "value": 3}

    assert only(fits(an_offer(), needing(constraints=[constraint]))) == [{"price": 0}]
    assert fits(an_offer(), needing(required_output_fields=["tax"])).verdict == "refuted"


def test_tools_of_the_offer_that_nobody_uses_do_not_matter():
    extra = {"tool_name": "unused", "input_schema": False}

    assert fits(an_offer({}, extra), needing()).verdict == "proved"


def test_a_listing_without_schemas_fits_nobody():
    listing = {"server": "old", "version": "1", "tools": [{"name": "quote", "inputSchema": {}}]}
    offer = offer_from_document(offer_from_tools(listing, producer="pricing"))

    assert fits(offer, needing()).verdict == "undecided"


def test_where_no_success_is_understood_there_is_no_body_to_ask_about():
    fit = fits(an_offer({"status_codes": [404]}), needing(status_codes=[404]))

    assert [each.question for each in fit.tools[0].obligations] == [
        "closed input(contract) ⊆ input(offer)"
    ]
    assert fit.verdict == "proved"
