"""One answer in six formats; every reader gets something its own tools can read."""

import json
from xml.etree import ElementTree as ET

import pytest

from client_sdk.cli.answer import Answer, Case, Format, Note, Table
from client_sdk.cli.exits import Exit, run
from client_sdk.cli.output import write
from client_sdk.cli.render_reports import github, junit, sarif
from client_sdk.cli.render_text import markdown, table
from client_sdk.cli.root import tally as root

NASTY = "a|b <script> `x` *y*\nz\x1b[31m\u202e & 100%: ,"
ANSWER = Answer(
    data={"n": 1},
    headline=f"✗ NO – {NASTY}",
    tables=(Table(("name", "says"), (("one", NASTY),), title="What"),),
    notes=(
        Note("error", "some-rule", NASTY, "dir/a,b:c.json", "/tools/0"),
        Note("warning", "other-rule", "plain"),
    ),
    cases=(
        Case("good", "group"),
        Case(NASTY, "group", failure=NASTY),
        Case("later", "group", skipped="pending"),
    ),
    tail=("said at the end",),
)


@pytest.mark.parametrize("render", [table, markdown, junit, github])
def test_no_format_lets_an_escape_sequence_through(render):
    text = render(ANSWER)

    assert "\x1b" not in text
    assert "\u202e" not in text


def test_a_headline_cannot_forge_a_workflow_command():
    text = github(Answer({}, headline="no\n::error::forged"))

    assert text == "no ::error::forged"


def test_junit_is_xml_and_counts_what_failed_and_what_was_skipped():
    root = ET.fromstring(junit(ANSWER))

    (suite,) = root
    assert (suite.get("tests"), suite.get("failures"), suite.get("skipped")) == ("3", "1", "1")
    assert [child.tag for case in suite for child in case] == ["failure", "skipped"]


def test_junit_makes_cases_of_findings_when_there_are_no_checks():
    root = ET.fromstring(junit(Answer({}, notes=ANSWER.notes)))

    assert [case.get("name") for case in root[0]] == ["some-rule /tools/0", "other-rule"]
    assert root[0].get("failures") == "1"


def test_sarif_has_the_shape_of_2_1_0():
    report = json.loads(sarif(ANSWER))

    (run,) = report["runs"]
    assert report["version"] == "2.1.0"
    assert [rule["id"] for rule in run["tool"]["driver"]["rules"]] == ["other-rule", "some-rule"]
    first, second = run["results"]
    assert (first["level"], second["level"]) == ("error", "warning")
    (place,) = first["locations"]
    assert place["logicalLocations"] == [{"fullyQualifiedName": "/tools/0"}]
    assert place["physicalLocation"] == {"artifactLocation": {"uri": "dir/a,b%3Ac.json"}}
    assert "physicalLocation" not in second["locations"][0]


def test_a_fingerprint_stays_while_the_sentence_changes():
    def fingerprint(message):
        report = json.loads(sarif(Answer({}, notes=(Note("error", "r", message, "f", "/p"),))))
        return report["runs"][0]["results"][0]["partialFingerprints"]

    assert fingerprint("one") == fingerprint("another")


def test_a_finding_is_one_line_for_github_whatever_it_says():
    first, second, *_ = github(ANSWER).split("\n")

    assert first.startswith("::error file=dir/a%2Cb%3Ac.json,title=some-rule::a|b")
    assert "%0Az" in first
    assert "100%25: ," in first
    assert second == "::warning title=other-rule::plain"


def test_a_markdown_cell_cannot_break_its_row():
    lines = markdown(ANSWER).split("\n")

    (row,) = [line for line in lines if line.startswith("| one")]
    assert row.replace("\\|", "").count("|") == 3
    assert "\\<script\\>" in row


def test_an_empty_table_says_so():
    empty = Answer({}, tables=(Table(("a",), (), empty="none yet"),))

    assert table(empty) == "none yet"
    assert markdown(empty) == "_none yet_"


def test_json_is_the_data_and_nothing_else(capsys):
    write(ANSWER, Format.JSON)

    assert json.loads(capsys.readouterr().out) == {"n": 1}


@pytest.mark.parametrize("chosen", list(Format))
def test_a_file_is_written_whole_and_its_folder_is_made(tmp_path, capsys, chosen):
    file = tmp_path / "reports" / "answer"

    write(ANSWER, chosen, file)

    assert file.read_text(encoding="utf-8").endswith("\n")
    assert [each.name for each in file.parent.iterdir()] == ["answer"]
    assert capsys.readouterr().out == ""


def test_what_is_made_to_be_copied_is_code_in_markdown():
    calls = Table(("tool", "again with"), (("pay", "curl a_b | jq"), ("pay", "echo `id`")))

    text = markdown(Answer({}, tables=(calls,), tail=("- no [why]\n    tally verify a_b",)))

    assert "| pay | `curl a_b \\| jq` |" in text
    assert "| pay | echo \\`id\\` |" in text
    assert text.endswith("- no [why]\n  `tally verify a_b`")


def test_a_closed_output_is_no_internal_error(monkeypatch):
    """`tally rules >&-` in a shell: the interpreter starts without that stream."""
    monkeypatch.setattr("sys.stdout", None)
    assert run(lambda: root.main(["rules"], standalone_mode=False)) == Exit.OK


def test_a_file_is_a_reference_in_sarif_whatever_its_name():
    def uri(name):
        report = json.loads(sarif(Answer({}, notes=(Note("error", "r", "m", name),))))
        return report["runs"][0]["results"][0]["locations"][0]["physicalLocation"][
            "artifactLocation"
        ]["uri"]

    assert uri("a b#c%.json") == "a%20b%23c%25.json"
    assert uri("/tmp/é.json") == "file:///tmp/%C3%A9.json"
    assert uri("caf\udce9.json") == "caf%E9.json"


def test_junit_is_xml_whatever_a_name_holds():
    hostile = "a\uffff\ufffe\x0b\udcff\u2028b"
    root = ET.fromstring(junit(Answer({}, cases=(Case(hostile, hostile, failure=hostile),))))
    assert root[0][0].get("name") == "a\ufffd\ufffd\ufffd\ufffd\ufffdb"


@pytest.mark.parametrize("chosen", list(Format))
def test_a_file_name_that_is_no_text_stops_no_format(tmp_path, chosen):
    note = Note("error", "r", "m", "caf\udce9.json")
    answer = Answer({"file": note.file}, tables=(Table(("file",), ((note.file,),)),), notes=(note,))

    write(answer, chosen, tmp_path / "report")

    assert (tmp_path / "report").read_text(encoding="utf-8")


def test_a_name_is_no_link_in_markdown():
    text = markdown(Answer({}, headline="[pay](http://elsewhere)", tail=("~~gone~~ [code]",)))
    assert text == "**[pay]\\(http://elsewhere)**\n\n\\~\\~gone\\~\\~ [code]"
