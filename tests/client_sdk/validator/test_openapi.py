"""Contracts made out of the operations of an OpenAPI document (E4)."""

import copy

import pytest

from client_sdk.contract.errors import DocumentInvalid
from client_sdk.validator import AgentContract, ContractValidator

ESCROW = {
    "type": "object",
    "required": ["escrow_id", "parties"],
    "properties": {
        "escrow_id": {"type": "string", "example": "esc_1"},
        "example": {"type": "string"},
        "memo": {"type": "string", "nullable": True},
        "parties": {"type": "array", "items": {"$ref": "#/components/schemas/Party"}},
    },
    "xml": {"name": "escrow"},
}
DOCUMENT = {
    "openapi": "3.0.3",
    "info": {"title": "gateway", "version": "2.1"},
    "paths": {
        "/escrows/{escrow_id}": {
            "parameters": [{"$ref": "#/components/parameters/Id"}],
            "post": {
                "operationId": "change_escrow",
                "summary": "Change an escrow.",
                "parameters": [
                    {"name": "dry_run", "in": "query", "schema": {"type": "boolean"}},
                    {"name": "x-trace", "in": "header", "schema": {"type": "string"}},
                ],
                "requestBody": {
                    "content": {
                        "text/plain": {},
                        "application/json; charset=utf-8": {
                            "schema": {
                                "type": "object",
                                "required": ["amount"],
                                "properties": {"amount": {"type": "string"}},
                            }
                        },
                    }
                },
                "responses": {
                    "200": {"$ref": "#/components/responses/Escrow"},
                    "404": {
                        "description": "none",
                        "content": {
                            "application/problem+json": {
                                "schema": {"type": "object", "required": ["title"]}
                            }
                        },
                    },
                    "default": {"description": "trouble"},
                },
            },
            "get": {"operationId": "get_escrow", "responses": {"2XX": {"description": "yes"}}},
        }
    },
    "components": {
        "parameters": {
            "Id": {
                "name": "escrow_id",
                "in": "path",
                "required": True,
                "schema": {"type": "string"},
            }
        },
        "responses": {
            "Escrow": {
                "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Escrow"}}}
            }
        },
        "schemas": {"Escrow": ESCROW, "Party": {"type": "string", "minLength": 3}},
    },
}
SENT = {"escrow_id": "esc_1", "amount": "1.00", "dry_run": True}
ANSWER = {"escrow_id": "esc_1", "parties": ["test-a"], "memo": None}


def made(*operations, **changes):
    document = {**copy.deepcopy(DOCUMENT), **changes}
    return AgentContract.from_openapi(
        document, consumer="buyer", producer="gateway", operations=operations or ["change_escrow"]
    )


def validator(contract):
    judge = ContractValidator()
    judge.add_contract(contract)
    return judge


def rules(judge, body, status=200):
    found = judge.validate_response("change_escrow", {"status_code": status, "body": body})
    return [(each.rule, each.path) for each in found]


def test_an_operation_is_a_tool_by_its_id_in_the_version_of_the_document():
    """E4"""
    tool = made().tools[0]

    assert (tool.tool_name, tool.version, tool.status_codes) == ("change_escrow", "2.1", [200, 404])
    assert tool.description == "Change an escrow."


@pytest.mark.parametrize(
    ("change", "rule"),
    [
        ({}, []),
        ({"amount": 1}, ["type"]),
        ({"escrow_id": None}, ["type"]),
        ({"dry_run": "yes"}, ["type"]),
    ],
)
def test_parameters_and_body_are_the_input(change, rule):
    """E4"""
    found = validator(made()).validate_request("change_escrow", {**SENT, **change})

    assert [each.rule for each in found] == rule


@pytest.mark.parametrize(
    ("body", "status", "found"),
    [
        (ANSWER, 200, []),
        ({**ANSWER, "parties": ["b"]}, 200, [("minLength", "/parties/0")]),
        ({**ANSWER, "example": 7}, 200, [("type", "/example")]),
        ({"title": "not there"}, 404, []),
        ({}, 404, [("required", "/title")]),
    ],
)
def test_answers_are_judged_by_the_schemas_that_are_referred_to(body, status, found):
    """E4: `nullable` and `example` are read as OpenAPI means them; a member may be called so."""
    assert rules(validator(made()), body, status) == found


def test_an_operation_that_says_nothing_of_its_answer_accepts_any():
    tool = made("get_escrow").tools[0]

    assert (tool.status_codes, tool.output_schema) == ([200], {})


def test_the_schemas_of_3_1_are_of_2020_12():
    schemas = {"Escrow": ESCROW, "Party": {"type": ["string", "null"], "minLength": 3}}
    components = {**DOCUMENT["components"], "schemas": schemas}
    judge = validator(made(openapi="3.1.0", components=components))

    assert rules(judge, {**ANSWER, "memo": "", "parties": [None]}) == []
    assert rules(judge, {**ANSWER, "memo": "", "parties": ["b"]}) == [("minLength", "/parties/0")]


def test_a_component_may_refer_to_itself():
    tree = {"type": "object", "properties": {"next": {"$ref": "#/components/schemas/Escrow"}}}
    components = {**DOCUMENT["components"], "schemas": {"Escrow": tree}}
    judge = validator(made(components=components))

    assert rules(judge, {"next": {"next": {}}}) == []
    assert rules(judge, {"next": {"next": 1}}) == [("type", "/next/next")]


@pytest.mark.parametrize(
    ("operations", "changes", "said"),
    [
        (["chnge_escrow"], {}, "change_escrow, get_escrow"),
        (["change_escrow"], {"openapi": "2.0"}, "no OpenAPI 3.0 or 3.1"),
        (["change_escrow"], {"paths": None}, "there are: none"),
        (["change_escrow"], {"components": {}}, "leads nowhere"),
    ],
)
def test_what_is_not_there_is_named(operations, changes, said):
    with pytest.raises(DocumentInvalid, match=said):
        made(*operations, **changes)


@pytest.mark.parametrize(
    ("reference", "said"),
    [
        ("#/components/schemas/Nobody", "no component"),
        ("other.json#/Escrow", "no component"),
        ("#/paths", "no component"),
    ],
)
def test_a_schema_that_leaves_the_components_is_refused(reference, said):
    schemas = {"Escrow": {"items": {"$ref": reference}}}

    with pytest.raises(DocumentInvalid, match=said):
        made(components={**DOCUMENT["components"], "schemas": schemas})


def test_a_reference_that_leads_round_in_circles_is_refused():
    circle = {"Escrow": {"$ref": "#/components/responses/Escrow"}}

    with pytest.raises(DocumentInvalid, match="circles"):
        made(components={**DOCUMENT["components"], "responses": circle})


def test_a_reference_out_of_the_document_is_not_followed():
    outside = {"Escrow": {"$ref": "https://example.com/answers.json"}}

    with pytest.raises(DocumentInvalid, match="leaves the document"):
        made(components={**DOCUMENT["components"], "responses": outside})
