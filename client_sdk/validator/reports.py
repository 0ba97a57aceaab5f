"""A validator's report as a table, Markdown, JUnit XML or SARIF."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final
from xml.etree import ElementTree as ET

from client_sdk import __version__
from client_sdk.contract.canonical import dumps
from client_sdk.contract.errors import Severity
from client_sdk.contract.evaluation.wording import shown
from client_sdk.contract.values import JsonObject, JsonValue
from client_sdk.validator.violation import ContractViolation

SARIF_SCHEMA: Final = "https://json.schemastore.org/sarif-2.1.0.json"
LEVELS: Final = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "note"}
COLUMNS: Final = ("severity", "consumer", "tool", "path", "rule", "message")
WIDEST: Final = 100


@dataclass(frozen=True, slots=True)
class Checked:
    """One judged call: what it is called in a report, and what was found."""

    name: str
    violations: tuple[ContractViolation, ...]


@dataclass(frozen=True, slots=True)
class Findings:
    """All a report shows: the numbers, every call that was judged, every violation."""

    numbers: JsonObject
    checked: tuple[Checked, ...]
    violations: tuple[ContractViolation, ...]


def rendered(findings: Findings, form: str) -> JsonObject | str:
    """Give the report in one of the forms; `dict` is the numbers with the violations.

    Raises:
        ValueError: there is no such form.
    """
    if form == "dict":
        listed: list[JsonValue] = [each.to_json() for each in findings.violations]
        return {**findings.numbers, "violations": listed}
    if form not in RENDERERS:
        raise ValueError(f"format: {form!r} is none of dict, {', '.join(RENDERERS)}")
    return RENDERERS[form](findings)


def _headline(findings: Findings) -> str:
    numbers = findings.numbers
    verdict = "passed" if numbers["passed"] else f"not passed ({numbers['reason']})"
    return (
        f"{verdict}: {numbers['total_validations']} validations, {numbers['errors']} errors, "
        f"{numbers['warnings']} warnings, {numbers['infos']} infos"
    )


def _rows(violations: Sequence[ContractViolation]) -> list[tuple[str, ...]]:
    return [
        (each.severity.value, each.consumer, each.tool, each.path or "/", each.rule, each.message)
        for each in violations
    ]


def _table(findings: Findings) -> str:
    cleaned = [
        tuple(_one_line(cell)[:WIDEST] for cell in row) for row in _rows(findings.violations)
    ]
    if not cleaned:
        return _headline(findings)
    rows = [tuple(column.upper() for column in COLUMNS), *cleaned]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    lines = ["  ".join(map(str.ljust, row, widths)).rstrip() for row in rows]
    return "\n".join([_headline(findings), *lines])


def _markdown(findings: Findings) -> str:
    lines = [f"**{_headline(findings)}**", ""]
    if findings.violations:
        lines += [_piped(COLUMNS), _piped(("---",) * len(COLUMNS))]
    lines += [_piped(map(_cell, row)) for row in _rows(findings.violations)]
    return "\n".join(lines).rstrip()


def _piped(cells: Sequence[str] | map[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _cell(text: str) -> str:
    return "".join(
        f"\\{letter}" if letter in "\\`*_|<>[]" else letter for letter in _one_line(text)
    )


def _one_line(text: str) -> str:
    visible = (letter if letter.isprintable() else " " for letter in text)
    return " ".join("".join(visible).split())


def _junit(findings: Findings) -> str:
    cases = [*findings.checked, *_apart(findings)]
    failed = sum(any(map(_is_error, case.violations)) for case in cases)
    missing = not findings.numbers["total_validations"]
    attributes = {"name": "contracts", "tests": str(len(cases) + missing)}
    suite = ET.Element("testsuite", attributes | {"failures": str(failed + missing)})
    for case in cases:
        _add_case(suite, case)
    if missing:  # a report of nothing must not look green
        element = ET.SubElement(suite, "testcase", name="evidence", classname="contracts")
        ET.SubElement(element, "failure", message="nothing was validated")
    ET.indent(suite)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + ET.tostring(suite, encoding="unicode")


def _apart(findings: Findings) -> list[Checked]:
    """Violations that no judged call holds: files that could not be read."""
    held = {id(each) for case in findings.checked for each in case.violations}
    loose = [each for each in findings.violations if id(each) not in held]
    return [Checked(each.location or each.tool or each.rule, (each,)) for each in loose]


def _add_case(suite: ET.Element, case: Checked) -> None:
    element = ET.SubElement(suite, "testcase", name=_one_line(case.name), classname="contracts")
    errors = [_one_line(each.message) for each in case.violations if _is_error(each)]
    others = [_one_line(each.message) for each in case.violations if not _is_error(each)]
    if errors:
        ET.SubElement(element, "failure", message=errors[0]).text = "\n".join(errors)
    if others:
        ET.SubElement(element, "system-out").text = "\n".join(others)


def _is_error(violation: ContractViolation) -> bool:
    return violation.severity is Severity.ERROR


def _sarif(findings: Findings) -> str:
    rules: list[JsonValue] = [
        {"id": rule} for rule in sorted({v.rule for v in findings.violations})
    ]
    driver: JsonObject = {"name": "tally", "semanticVersion": __version__, "rules": rules}
    results: list[JsonValue] = [_result(each) for each in findings.violations]
    run: JsonObject = {"tool": {"driver": driver}, "results": results}
    return dumps({"$schema": SARIF_SCHEMA, "version": "2.1.0", "runs": [run]}, indent=2)


def _result(each: ContractViolation) -> JsonObject:
    place = f"{each.consumer}/{each.tool}{each.path}"
    identity = "\n".join((each.rule, place, each.expected, each.location or ""))
    location: JsonObject = {"logicalLocations": [{"fullyQualifiedName": place}]}
    return {
        "ruleId": each.rule,
        "level": LEVELS[each.severity],
        "message": {"text": f"{each.message} (actual: {shown(each.actual)})"},
        "locations": [location],
        "partialFingerprints": {"tallyViolation/v1": hashlib.sha256(identity.encode()).hexdigest()},
    }


RENDERERS: Final[dict[str, Callable[[Findings], str]]] = {
    "table": _table,
    "markdown": _markdown,
    "junit": _junit,
    "sarif": _sarif,
}
