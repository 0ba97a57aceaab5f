"""One way in which an exchange, a file or a change is not what was agreed, and with whom."""

from __future__ import annotations

from dataclasses import KW_ONLY, dataclass
from typing import Final

from client_sdk.contract.errors import Severity
from client_sdk.contract.evaluation.wording import shown
from client_sdk.contract.model import Contract
from client_sdk.contract.values import JsonObject, JsonValue

CONTRACT_FILE: Final = "contract_file"
MEDIA_TYPE: Final = "media_type"
NO_ANSWER: Final = "no_answer"
NO_ENTRIES: Final = "no_entries"
NOT_DECIDED: Final = "not_decided"
STATUS_CODE: Final = "status_code"
UNDECLARED: Final = "undeclared"
UNMATCHED: Final = "unmatched"

REMEDIES: Final = {
    CONTRACT_FILE: "Repair the file: `tally lint` names every fault in it.",
    MEDIA_TYPE: "Answer with `Content-Type: application/json` and one JSON value.",
    NO_ANSWER: "Let the call come to an answer before it is judged.",
    NO_ENTRIES: "Record the calls, or name the cassette that holds them.",
    NOT_DECIDED: "Hand in JSON values only, and keep the schema within the kernel's limits.",
    STATUS_CODE: "Answer with a status the consumer handles, or add it to `status_codes`.",
    UNDECLARED: "Declare the member in the schema, or stop sending it.",
    UNMATCHED: "Check the names of tool, producer and consumer, and load the contract.",
}
ANY_RULE: Final = "Change what is sent, or agree on a new version of the contract."


@dataclass(frozen=True, slots=True)
class ContractViolation:
    """One broken clause: what was expected, what came, how grave it is.

    `consumer`, `tool` and `version` name the contract, `path` is a JSON Pointer into the value
    (or into the tool's contract, for a change), `rule` the JSON Schema keyword, constraint type
    or rule id, `location` where the value came from: a file, or an entry of a cassette.

    Example:
        >>> violation = ContractViolation("status", '"pending"', "held", Severity.ERROR, "not so")
        >>> violation.severity.value, violation.rule
        ('error', '')
    """

    field: str
    expected: str
    actual: JsonValue
    severity: Severity
    message: str
    _: KW_ONLY
    consumer: str = ""
    tool: str = ""
    version: str = ""
    path: str = ""
    rule: str = ""
    location: str | None = None

    def to_json(self) -> JsonObject:
        """Give the violation as a JSON object with every field."""
        return {
            "field": self.field,
            "expected": self.expected,
            "actual": self.actual,
            "severity": self.severity.value,
            "message": self.message,
            "consumer": self.consumer,
            "tool": self.tool,
            "version": self.version,
            "path": self.path,
            "rule": self.rule,
            "location": self.location,
        }


def whole(
    rule: str, expected: str, message: str, *, tool: str = "", location: str | None = None
) -> ContractViolation:
    """Make a violation that is about no single field: an error under its rule."""
    return ContractViolation(
        rule, expected, None, Severity.ERROR, message, tool=tool, rule=rule, location=location
    )


def explanation_of(violation: ContractViolation, contract: Contract | None) -> str:
    """Say in full sentences who agreed on what, what came instead, and what to do."""
    lines = [violation.message]
    if violation.tool:
        agreed = f"the contract of {violation.consumer}" if violation.consumer else "a contract"
        version = f" {violation.version}" if violation.version else ""
        lines.append(f"Agreed in {agreed}, tool {violation.tool}{version}.")
    if contract is not None:
        lines.append(f"The contract is with {contract.producer}, digest {contract.digest}.")
    lines.append(f"Expected: {violation.expected}. Actual: {shown(violation.actual)}.")
    if violation.path or violation.rule:
        lines.append(f"At {violation.path or '/'}, rule {violation.rule or 'none'}.")
    if violation.location:
        lines.append(f"Seen in {violation.location}.")
    lines.append(REMEDIES.get(violation.rule, ANY_RULE))
    return "\n".join(lines)
