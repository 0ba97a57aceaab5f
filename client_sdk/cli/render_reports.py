"""Reports that other tools read: JUnit XML, SARIF 2.1.0 and GitHub workflow commands."""

from __future__ import annotations

import hashlib
import os
from pathlib import PurePath
from urllib.parse import quote
from xml.etree import ElementTree as ET

from client_sdk import __version__
from client_sdk.cli.answer import Answer, Case, Note
from client_sdk.cli.text import printable
from client_sdk.contract.document import JsonObject, JsonValue, dumps

_SARIF_SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
_GITHUB_COMMAND = {"error": "error", "warning": "warning", "note": "notice"}


def junit(answer: Answer) -> str:
    """One test case per check; a finding without checks becomes a case of its own."""
    cases = answer.cases or tuple(_case_from_note(note) for note in answer.notes)
    suite = ET.Element(
        "testsuite",
        name="tally",
        tests=str(len(cases)),
        failures=str(sum(case.failure is not None for case in cases)),
        skipped=str(sum(case.skipped is not None for case in cases)),
    )
    for case in cases:
        _add_case(suite, case)
    root = ET.Element("testsuites")
    root.append(suite)
    ET.indent(root)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + ET.tostring(root, encoding="unicode")


def sarif(answer: Answer) -> str:
    """SARIF 2.1.0 with stable fingerprints; a pointer stands as the logical location."""
    rules: list[JsonValue] = [{"id": rule} for rule in sorted({note.rule for note in answer.notes})]
    driver: JsonObject = {"name": "tally", "semanticVersion": __version__, "rules": rules}
    run: JsonObject = {
        "tool": {"driver": driver},
        "results": [_sarif_result(note) for note in answer.notes],
    }
    return dumps({"$schema": _SARIF_SCHEMA, "version": "2.1.0", "runs": [run]}, indent=2)


def github(answer: Answer) -> str:
    """Workflow commands that annotate a pull request, one line a finding."""
    lines = [_github_line(note) for note in answer.notes]
    if answer.headline:  # on one line: a second one could hold a command of its own
        lines.append(" ".join(printable(answer.headline).split()))
    return "\n".join(lines)


def _case_from_note(note: Note) -> Case:
    failure = note.message if note.level == "error" else None
    return Case(
        name=f"{note.rule} {note.pointer}".strip(), group=note.file or "tally", failure=failure
    )


def _add_case(suite: ET.Element, case: Case) -> None:
    element = ET.SubElement(
        suite, "testcase", name=printable(case.name), classname=printable(case.group)
    )
    if case.failure is not None:
        said = printable(case.failure)
        ET.SubElement(element, "failure", message=said.partition("\n")[0]).text = said
    elif case.skipped is not None:
        ET.SubElement(element, "skipped", message=printable(case.skipped))


def _sarif_result(note: Note) -> JsonObject:
    location: JsonObject = {"logicalLocations": [{"fullyQualifiedName": note.pointer or "/"}]}
    if note.file:
        location["physicalLocation"] = {"artifactLocation": {"uri": _uri(note.file)}}
    identity = "\n".join((note.rule, note.file or "", note.pointer))
    fingerprint = hashlib.sha256(identity.encode(errors="surrogateescape")).hexdigest()
    return {
        "ruleId": note.rule,
        "level": note.level,
        "message": {"text": note.message},
        "locations": [location],
        "partialFingerprints": {"tallyIdentity/v1": fingerprint},
    }


def _uri(file: str) -> str:
    """A place as a reference of RFC 3986: relative to where the command runs, or `file:`."""
    path = PurePath(file)
    return path.as_uri() if path.is_absolute() else quote(os.fsencode(path.as_posix()), safe="/,")


def _github_line(note: Note) -> str:
    place = f" file={_escaped(note.file, property_value=True)}" if note.file else ""
    title = f"{',' if place else ' '}title={_escaped(note.rule, property_value=True)}"
    return f"::{_GITHUB_COMMAND[note.level]}{place}{title}::{_escaped(note.message)}"


def _escaped(text: str, *, property_value: bool = False) -> str:
    replaced = printable(text).replace("%", "%25").replace("\n", "%0A")
    return replaced.replace(":", "%3A").replace(",", "%2C") if property_value else replaced
