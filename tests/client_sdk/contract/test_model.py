from decimal import Decimal

import pytest

from client_sdk.contract.constraints import FieldEquals
from client_sdk.contract.dialect import Dialect, dialect_from_uri
from client_sdk.contract.errors import Severity
from client_sdk.contract.model import ANYTHING, Contract, contract_digest
from client_sdk.contract.reading import contract_from_document
from client_sdk.contract.shape import SchemaResource
from client_sdk.contract.validation import is_valid
from client_sdk.contract.values import integer_in, is_number


def contract_with(**tool: object) -> Contract:
    whole = {"tool_name": "t", "version": "1", "input_schema": {}, "output_schema": {}, **tool}
    return contract_from_document({"consumer": "c", "producer": "p", "tools": [whole]})


def test_the_body_of_a_success_fits_schema_required_fields_and_error_constraints():
    tool = contract_with(
        output_schema={"n": {"type": "integer"}},
        required_output_fields=["n"],
        constraints=[
            {"type": "field_equals", "field": "ok", "value": True},
            {"type": "field_equals", "field": "n", "value": 7, "severity": "warning"},
        ],
        status_codes=[200, 201],
    ).tools[0]

    assert tool.constraints[1] == FieldEquals("n", 7, Severity.WARNING)
    for status in (200, 201):
        shape = tool.output_shape(status)
        assert len(shape.parts) == 3
        assert is_valid(shape, {"n": 1, "ok": True})
        assert not is_valid(shape, {"n": "1", "ok": True})
        assert not is_valid(shape, {"ok": True})
        assert not is_valid(shape, {"n": 1})


def test_another_status_has_its_response_or_anything():
    tool = contract_with(
        responses={"404": {"title": {"type": "string"}}}, status_codes=[200, 404, 409]
    ).tools[0]

    assert not is_valid(tool.output_shape(404), {"title": 1})
    assert is_valid(tool.output_shape(404), {})
    assert tool.output_shape(409) == ANYTHING


def test_a_tool_is_found_by_its_name():
    contract = contract_with(input_schema={"a": {"type": "string"}})

    assert contract.tool("t") is contract.tools[0]
    assert contract.tool("u") is None
    assert is_valid(contract.tools[0].input_shape(), {"a": "x"})


def test_the_digest_ignores_metadata_and_the_order_of_tools_and_members():
    one = {"consumer": "c", "producer": "p", "tools": [{"tool_name": "b"}, {"tool_name": "a"}]}
    same = {
        "tools": [{"tool_name": "a"}, {"tool_name": "b"}],
        "metadata": {"x": 1},
        "producer": "p",
        "consumer": "c",
    }

    assert contract_digest(one) == contract_digest(same)


@pytest.mark.parametrize(
    "change",
    [
        {"$schema": "https://json-schema.org/draft/2020-12/schema"},
        {"x-note": 1},
        {"consumer": "C"},
        {"tools": [{"tool_name": "b", "status_codes": [200]}, {"tool_name": "a"}]},
    ],
)
def test_the_digest_sees_every_other_change_even_a_written_default(change):
    one = {"consumer": "c", "producer": "p", "tools": [{"tool_name": "b"}, {"tool_name": "a"}]}

    assert contract_digest({**one, **change}) != contract_digest(one)


def test_the_digest_reorders_no_list_but_the_tools():
    codes = [contract_with(status_codes=order).digest for order in ([200, 404], [404, 200])]

    assert codes[0] != codes[1]


def test_a_document_that_is_no_contract_yet_has_a_digest_too():
    assert contract_digest({"tools": [1, {"tool_name": 2}]}).startswith("sha256:")
    assert contract_digest({"tools": 1}).startswith("sha256:")


def test_schemas_are_equal_as_json_not_as_python_values():
    one = SchemaResource({"const": 1}, Dialect.D2020)

    assert one == SchemaResource({"const": Decimal("1.0")}, Dialect.D2020)
    assert hash(one) == hash(SchemaResource({"const": 1.0}, Dialect.D2020))
    assert one != SchemaResource({"const": True}, Dialect.D2020)
    assert one != SchemaResource({"const": 1}, Dialect.DRAFT7)
    assert one != {"const": 1}


@pytest.mark.parametrize("dialect", list(Dialect))
def test_a_dialect_is_known_by_its_uri_with_or_without_fragment(dialect):
    uri = dialect.meta_schema_uri

    assert dialect_from_uri(uri) is dialect
    assert dialect_from_uri(uri.rstrip("#")) is dialect
    assert dialect_from_uri(uri.replace("http://", "https://")) is dialect
    assert dialect_from_uri(dialect.value) is dialect


def test_another_uri_is_no_dialect():
    assert dialect_from_uri("http://json-schema.org/draft-03/schema#") is None


@pytest.mark.parametrize(
    ("value", "integer"),
    [(1, 1), (Decimal("2.0"), 2), (3.0, 3), (True, None), (1.5, None), (Decimal("1e999999"), None),
     (Decimal("NaN"), None), (float("inf"), None), ("1", None), (None, None)],
)  # fmt: skip
def test_an_integer_is_a_number_of_integral_value(value, integer):
    assert integer_in(value) == integer


def test_a_boolean_is_no_number():
    assert [is_number(value) for value in (1, 1.5, Decimal(1), True, "1")] == [
        True, True, True, False, False,
    ]  # fmt: skip
