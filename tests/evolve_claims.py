"""Contracts of one tool that tests compare, in few words."""

from client_sdk.contract.evolve import Mode, evolve
from client_sdk.contract.reading import contract_from_document

TEXT, NUMBER, INTEGER = {"type": "string"}, {"type": "number"}, {"type": "integer"}


def contract(*tools, **members):
    return contract_from_document(
        {"consumer": "shop", "producer": "pricing", "tools": [*tools], **members}
    )


def tool(name="quote", **members):
    return {
        "tool_name": name,
        "version": "1",
        "input_schema": {"sku": TEXT},
        "output_schema": {"price": NUMBER},
        **members,
    }


def sends(schema):
    return {"input_schema": schema}


def understands(schema):
    return {"output_schema": schema}


def obj(required=(), /, **properties):
    return {"type": "object", "properties": properties, "required": list(required)}


def shut(schema):
    return {**schema, "additionalProperties": False}


def compared(old, new, mode=Mode.GUIDE):
    return evolve(contract(tool(**old)), contract(tool(**new)), mode)


C, P, BOTH, NOBODY = ("consumers",), ("producers",), ("consumers", "producers"), ()
