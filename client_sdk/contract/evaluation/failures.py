"""What a judgement reports about a value, and the refusals when there can be no judgement."""

from dataclasses import dataclass

from client_sdk.contract.errors import ContractError
from client_sdk.contract.values import JsonValue


@dataclass(frozen=True, slots=True)
class Failure:
    """One keyword that a value does not satisfy; `pointer` leads into the value."""

    pointer: str
    rule: str
    expected: str
    actual: JsonValue


class EvaluationTooComplex(ContractError):
    """The judgement needs more steps or more nesting than one validation may use."""

    code = "too-complex"


class SchemaUnusable(ContractError):
    """A schema that no value can be judged under: wrong keyword shape, unknown reference."""

    code = "schema-unusable"


class ValueUnusable(ContractError):
    """A value that is not JSON: NaN, a member name that is no string, a Python object."""

    code = "value-unusable"
