"""The history of a real server, told version by version."""

import itertools
import json
from pathlib import Path

from client_sdk.contract.evolve import evolve
from client_sdk.contract.reading import contract_from_document
from client_sdk.contract.sources.mcp import contract_from_tools

HISTORY = Path(__file__).parents[3] / "contracts/mcp-history/filesystem"


def versions():
    paths = HISTORY.glob("*.tools.json")
    return sorted(
        paths,
        key=lambda path: [int(each) for each in path.name.removesuffix(".tools.json").split(".")],
    )


def served(path):
    listing = json.loads(path.read_text(encoding="utf-8"))
    names = [each["name"] for each in listing["tools"]]
    document = contract_from_tools(listing, consumer="agent", producer="filesystem", tools=names)
    return contract_from_document(document)


def told(old, new):
    """What a comparison of two versions says, except that every tool has another version."""
    report = evolve(served(HISTORY / f"{old}.tools.json"), served(HISTORY / f"{new}.tools.json"))
    return {
        (each.tool, each.id, each.severity.value, each.verdict)
        for each in report.findings
        if each.id != "tool-version-changed"
    }


def test_real_history_is_told_version_by_version():
    names = [path.name.removesuffix(".tools.json") for path in versions()]
    loud = {(old, new) for old, new in itertools.pairwise(names) if told(old, new)}

    assert loud == {
        ("0.6.2", "2025.1.14"),
        ("2025.3.28", "2025.7.1"),
        ("2025.7.1", "2025.7.29"),
        ("2025.8.21", "2025.11.25"),
        ("2026.7.4", "2026.7.10"),
    }
    assert told("0.6.2", "2025.1.14") == {
        ("directory_tree", "tool-added", "info", "refuted"),
        ("edit_file", "tool-added", "info", "refuted"),
        ("search_files", "input-member-added", "info", "refuted"),
    }
    assert told("2026.7.4", "2026.7.10") == {
        ("read_media_file", "output-condition-changed", "warning", "refuted"),
    }


def test_outputs_described_at_last_hurt_no_consumer_but_a_list_that_may_not_be_empty_does():
    found = told("2025.8.21", "2025.11.25")

    assert {each for each in found if each[2] != "info"} == {
        ("read_multiple_files", "input-bound-changed", "error", "refuted"),
    }
    assert ("read_file", "output-condition-changed", "info", "refuted") in found
    assert ("directory_tree", "input-member-added", "info", "refuted") in found
    assert ("list_directory", "input-members-changed", "info", "proved") in found
