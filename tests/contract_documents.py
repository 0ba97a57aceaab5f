"""Contract documents with good defaults, and the faults that are found in one."""

from client_sdk.contract.errors import Severity
from client_sdk.contract.lint import lint
from client_sdk.contract.reading import contract_from_document


def tool(**members: object) -> dict:
    return {"tool_name": "t", "version": "1", "input_schema": {}, "output_schema": {}, **members}


def document(*tools: dict, **members: object) -> dict:
    return {"consumer": "c", "producer": "p", "tools": list(tools) or [tool()], **members}


def faults_of(doc, severity=Severity.ERROR) -> list[tuple[str, str]]:
    return [(fault.code, fault.pointer) for fault in lint(doc) if fault.severity is severity]


def input_of(schema, **members: object):
    return contract_from_document(document(tool(input_schema=schema), **members)).tools[0].input
