"""What the kernel ships as data agrees with what it does."""

import subprocess
import sys
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

import client_sdk.contract as kernel
from client_sdk.contract import lint as linting
from client_sdk.contract import tool_reading
from client_sdk.contract.canonical import canonical_json
from client_sdk.contract.constraint_reading import _KINDS
from client_sdk.contract.dialect import Dialect, dialect_from_uri
from client_sdk.contract.document import parse_untrusted
from client_sdk.contract.errors import Severity
from client_sdk.contract.lint import lint
from client_sdk.contract.model import contract_digest
from client_sdk.contract.published import contract_file_schema, digest_vectors
from client_sdk.contract.schema_gate import check_user_schema

CONTRACTS = Path(__file__).parents[3] / "contracts"


def tool(**members: object) -> dict:
    return {"tool_name": "t", "version": "1", "input_schema": {}, "output_schema": {}, **members}


def document(*tools: dict, **members: object) -> dict:
    return {"consumer": "c", "producer": "p", "tools": list(tools) or [tool()], **members}


@pytest.mark.parametrize("vector", digest_vectors(), ids=lambda vector: vector.name)
def test_a_digest_vector_is_reproduced(vector):
    value = parse_untrusted(vector.received.encode())

    content = {name: item for name, item in value.items() if name != "metadata"}
    if "tools" in content:
        content["tools"] = sorted(content["tools"], key=lambda each: each["tool_name"])
    assert canonical_json(content).decode() == vector.canonical
    assert contract_digest(value) == vector.digest


def test_the_vectors_tell_different_values_apart():
    vectors = digest_vectors()

    assert len(vectors) >= 10
    assert len({vector.name for vector in vectors}) == len(vectors)
    assert {vector.digest: vector.canonical for vector in vectors} == {
        vector.digest: vector.canonical for vector in reversed(vectors)
    }


def test_the_editors_schema_names_the_members_that_the_reader_knows():
    schema = contract_file_schema()
    defs = schema["$defs"]

    assert check_user_schema(schema, Dialect.D2020) == ()
    assert set(schema["properties"]) == set(linting._CONTRACT)
    assert set(defs["tool"]["properties"]) == set(tool_reading._TOOL)
    assert set(defs["example"]["properties"]) == set(tool_reading._EXAMPLE)
    assert set(defs["example"]["properties"]["response"]["properties"]) == set(
        tool_reading._RESPONSE
    )
    assert set(defs["tool"]["properties"]["expectations"]["properties"]) == set(
        tool_reading._EXPECTATIONS
    )
    assert set(defs["constraint"]["properties"]["type"]["enum"]) == set(_KINDS)
    for clause in defs["constraint"]["allOf"]:
        kind = clause["if"]["properties"]["type"]["const"]
        assert tuple(clause["then"]["required"]) == _KINDS[kind].members


@pytest.mark.parametrize("path", sorted(CONTRACTS.glob("*.contract.json")), ids=lambda p: p.name)
def test_the_editors_schema_accepts_the_example_contracts(path):
    Draft202012Validator(contract_file_schema()).validate(parse_untrusted(path.read_bytes()))


@pytest.mark.parametrize("dialect", list(Dialect))
def test_the_editors_schema_knows_the_dialects(dialect):
    judge = Draft202012Validator(contract_file_schema())

    for uri in (dialect.value, dialect.meta_schema_uri, dialect.meta_schema_uri.rstrip("#")):
        assert dialect_from_uri(uri) is dialect
        assert judge.is_valid(document(**{"$schema": uri}))


@pytest.mark.parametrize(
    "doc",
    [
        [],
        {"consumer": "c", "producer": "p"},
        document(consumer="@"),
        document(consumer="c" * 129),
        document(producer="-p"),
        document(metadata=1),
        document(**{"$schema": "http://json-schema.org/draft-03/schema#"}),
        {"consumer": "c", "producer": "p", "tools": []},
        document(tool(version="")),
        document(tool(tool_name="")),
        document(tool(input_schema="string")),
        document(tool(status_codes=[])),
        document(tool(status_codes=[True])),
        document(tool(status_codes=[600])),
        document(tool(responses={"200": {}})),
        document(tool(responses={"600": {}})),
        document(tool(required_output_fields=[""])),
        document(tool(constraints=[{"type": "other"}])),
        document(tool(constraints=[{"type": "field_equals", "field": "a"}])),
        document(tool(constraints=[{"type": "schema", "schema": 1}])),
        document(tool(constraints=[{"type": "schema", "schema": {}, "severity": "bad"}])),
        document(tool(examples=[{"name": "e"}])),
        document(tool(examples=[{"name": "e", "input": 1, "response": {"body": 1}}])),
        document(tool(expectations={"latency_ms": {"p95": -1}})),
        document(tool(expectations={"max_bytes": 0})),
    ],
)
def test_what_the_editors_schema_refuses_the_reader_refuses_too(doc):
    assert not Draft202012Validator(contract_file_schema()).is_valid(doc)
    assert any(fault.severity is Severity.ERROR for fault in lint(doc))


def test_every_public_name_is_there_and_no_other():
    assert set(kernel._MODULE_OF) == set(kernel.__all__)
    for name in kernel.__all__:
        assert getattr(kernel, name) is not None
    with pytest.raises(AttributeError):
        kernel.parse_contracts  # noqa: B018


def test_importing_the_kernel_loads_no_framework_and_no_http_stack():
    code = (
        "import sys, client_sdk.contract as kernel\n"
        "assert not [name for name in sys.modules if name.startswith('client_sdk.contract.')]\n"
        "kernel.parse_contract, kernel.parse_offer, kernel.check_user_schema, kernel.is_valid\n"
        "heavy = {'flask', 'werkzeug', 'sqlalchemy', 'requests', 'urllib3', 'click', 'rich',"
        " 'http.client', 'socket', 'ssl', 'asyncio', 'pydantic'}\n"
        "print(sorted(heavy & set(sys.modules)))"
    )

    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert done.stdout.strip() == "[]"
