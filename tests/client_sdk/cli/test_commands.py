"""Commands against a broker: what they send, what they say, and how they leave."""

import json
import sys

import pytest
from abuse_cases import sound_contract, sound_tool

from client_sdk.broker_client import BrokerClient
from client_sdk.cli import can_i_deploy as can_i_deploy_module
from client_sdk.cli.progress import progress_bar
from client_sdk.errors import BrokerRefused, Unreachable
from client_sdk.settings import BrokerAddress
from client_sdk.transport import Answer

PRODUCTION = ("--environment", "production")
SHOP = ("-p", "abuse", "-v", "1")


@pytest.fixture
def contract(tmp_path):
    """Writes a contract file; members replace those of a sound one."""

    def write(name="one", **members):
        file = tmp_path / f"{name}.contract.json"
        file.write_text(json.dumps(sound_contract(**members)))
        return file

    return write


def test_publishing_the_same_content_again_changes_nothing(team, contract):
    first = team("publish", contract(), "--version", "1", "--branch", "main", "-o", "json")
    again = team("publish", contract(), "--version", "1", "-o", "json")

    assert (first.code, again.code) == (0, 0)
    assert [said.json["publications"][0]["created"] for said in (first, again)] == [True, False]


def test_several_files_are_one_version_or_nothing(team, contract):
    files = contract("one"), contract("two", producer="other")
    broken = contract("three", producer="third", tools=[])

    assert team("publish", *files, broken, "--version", "1").code == 2
    assert team("participants", "list", "-o", "json").json["items"] == []
    assert team("publish", *files, "--version", "1").code == 0
    names = [each["name"] for each in team("participants", "list", "-o", "json").json["items"]]
    assert names == ["abuse", "other", "target"]


def test_files_of_several_consumers_are_published_apart(team, contract):
    said = team("publish", contract("one"), contract("two", consumer="somebody"), "--version", "1")

    assert said.code == 2
    assert "abuse, somebody" in said.err


def test_merging_adds_a_tool_to_the_version(team, contract):
    team("publish", contract(), "--version", "1")
    more = contract(tools=[sound_tool(tool_name="refund")])

    assert team("publish", more, "--version", "1").code == 5
    assert team("publish", more, "--version", "1", "--merge").code == 0


def test_a_dry_run_stores_nothing(team, contract):
    assert team("publish", contract(), "--version", "1", "--dry-run").code == 0
    assert team("participants", "list", "-o", "json").json["items"] == []


def test_a_dry_run_does_not_pretend_to_know_what_a_merge_gives(team, contract):
    said = team("publish", contract(), "--version", "1", "--merge", "--dry-run")
    assert said.code == 2
    assert "--dry-run and --merge exclude each other" in said.err


def test_a_breaking_publication_fails_only_when_asked_to(team, contract):
    team("publish", contract(), "--version", "1")
    breaking = contract(tools=[sound_tool(tool_name="another")])

    judged = ("--dry-run", "--mode", "full")
    assert team("publish", breaking, "--version", "2", *judged).code == 0
    assert team("publish", breaking, "--version", "2", *judged, "--fail-on-breaking").code == 1


def test_a_decision_is_the_exit_code(team, contract):
    team("publish", contract(), "--version", "1")
    assert team("environments", "create", "production", "--production").code == 0

    unknown = team("can-i-deploy", *SHOP, *PRODUCTION)

    assert unknown.code == 1
    assert unknown.out.startswith("○ UNKNOWN – abuse@1 to production")
    assert team("can-i-deploy", *SHOP, *PRODUCTION, "--dry-run").code == 0
    assert team("can-i-deploy", *SHOP, *PRODUCTION, "--ignore", "target").code == 0
    assert team("can-i-deploy", "-p", "abuse", "-v", "9", *PRODUCTION).code == 1
    assert team("can-i-deploy", "-p", "nobody", "-v", "9", *PRODUCTION).code == 5


@pytest.mark.parametrize(
    "arguments", [("-p", "a", "-p", "b", "-v", "1"), (*SHOP, *PRODUCTION, "--to-main"), ("-p", "a")]
)
def test_a_question_that_makes_no_sense_is_not_asked(tally, arguments):
    assert tally("can-i-deploy", *arguments).code == 2


def test_an_unknown_decision_is_asked_again_until_the_tries_are_used(team, contract, monkeypatch):
    slept = []
    monkeypatch.setattr(can_i_deploy_module.time, "sleep", slept.append)
    team("publish", contract(), "--version", "1")
    retry = ("--retry-while-unknown", "2", "--retry-interval", "7")

    said = team("can-i-deploy", *SHOP, "--to-main", *retry)

    assert (said.code, slept) == (1, [7.0, 7.0])
    assert "asking again" not in said.err  # nobody watches


def test_deployments_and_releases_are_recorded_and_ended(team, contract):
    team("publish", contract(), "--version", "1")
    team("environments", "create", "production")

    assert team("record-deployment", *SHOP, *PRODUCTION).code == 0
    assert team("record-release", *SHOP, *PRODUCTION).code == 0
    shown = team("environments", "show", "production", "-o", "json").json
    assert [len(shown[kind]) for kind in ("deployments", "releases")] == [1, 1]
    assert team("record-undeployment", "-p", "abuse", *PRODUCTION).code == 0
    assert team("record-undeployment", "-p", "abuse", *PRODUCTION).code == 2
    assert team("record-release", *SHOP, *PRODUCTION, "--end").code == 0
    assert team("record-release", *SHOP, *PRODUCTION, "--end").code == 2


def test_no_address_says_how_to_give_one(tally):
    said = tally("participants", "list")

    assert said.code == 2
    assert "--broker-url" in said.err
    assert "TALLY_BROKER_URL" in said.err


def test_progress_is_drawn_on_a_terminal_only(capsys, monkeypatch):
    with progress_bar("verifying") as advance:
        advance(1, 2, "pay")
    assert capsys.readouterr().err == ""

    monkeypatch.setattr(sys.stderr, "isatty", lambda: True, raising=False)
    with progress_bar("verifying") as advance:
        advance(1, 2, "pay\x1b[31m")
    assert "1/2 pay\N{REPLACEMENT CHARACTER}[31m" in capsys.readouterr().err


class Scripted:
    """A transport that gives prepared answers and keeps what was asked."""

    def __init__(self, *answers):
        self.answers = list(answers)
        self.asked = []

    def send(self, method, url, *, query=(), **_body_and_headers):
        self.asked.append((method, url, dict(query)))
        status, body = self.answers.pop(0)
        return Answer(url, status, {}, body, 1.0)


def client(*answers):
    transport = Scripted(*answers)
    return BrokerClient(BrokerAddress("http://broker"), transport), transport


def test_pages_are_followed_to_the_limit():
    asking, transport = client(
        (200, b'{"rows": [{"n": 1}, {"n": 2}], "next": "more"}'),
        (200, b'{"rows": [{"n": 3}, {"n": 4}], "next": "even more"}'),
    )

    rows = asking.matrix([("consumer", "a")], limit=3)

    assert [row["n"] for row in rows] == [1, 2, 3]
    assert [query for *_, query in transport.asked] == [
        {"consumer": "a", "limit": "3"},
        {"consumer": "a", "limit": "1", "cursor": "more"},
    ]


def test_a_name_in_a_path_is_encoded():
    asking, transport = client((200, b'{"participant": {}}'))

    asking.participant("a/b c")

    assert transport.asked[0][1] == "http://broker/api/v1/participants/a%2Fb%20c"


def test_a_problem_becomes_a_refusal_with_every_fault():
    body = (
        b'{"code": "body-invalid", "detail": "no", "request_id": "r1", "errors": '
        b'[{"pointer": "/a", "message": "x"}, {"parameter": "b", "message": "y"}]}'
    )
    asking, _ = client((422, body))

    with pytest.raises(BrokerRefused) as caught:
        asking.participant("a")

    assert (caught.value.status, caught.value.code) == (422, "body-invalid")
    assert caught.value.faults == (("/a", "x"), ("b", "y"))
    assert caught.value.request_id == "r1"


@pytest.mark.parametrize(
    "answer", [(502, b"<html>"), (302, b""), (500, b"[]"), (200, b"<html>"), (200, b'{"a": NaN}')]
)
def test_whoever_answers_otherwise_is_no_broker(answer):
    asking, _ = client(answer)

    with pytest.raises(Unreachable, match="is this a Tallystick broker"):
        asking.participant("a")


EMPTY = [
    ("can-i-deploy", *SHOP, "-p", "b", "-v", "2", "--environment", ""),
    ("can-i-deploy", *SHOP, "--to-main", "--ignore", " "),
    ("can-i-deploy", "-p", "", "-v", "1", "--to-main"),
    ("record-deployment", *SHOP, "--environment", ""),
    ("record-undeployment", "-p", "abuse", "-e", "production", "--version", ""),
    ("record-release", "-p", "abuse", "-v", "", "-e", "production"),
    ("publish", "x.contract.json", "--version", "1", "--branch", ""),
    ("matrix", "--environment", ""),
]


@pytest.mark.parametrize("arguments", EMPTY)
def test_a_variable_that_is_unset_asks_no_other_question(tally, arguments):
    """`--environment "$WHERE"` without WHERE would ask about the versions among themselves."""
    said = tally(*arguments, "--broker-url", "http://127.0.0.1:9")

    assert said.code == 2
    assert "it is empty: is a variable of your pipeline unset?" in said.err


@pytest.mark.parametrize("seconds", ["nan", "inf", "-1"])
def test_a_retry_waits_for_a_number_of_seconds(tally, seconds):
    retry = ("--retry-while-unknown", "1", "--retry-interval", seconds)
    said = tally("can-i-deploy", *SHOP, "--to-main", *retry, "--broker-url", "http://127.0.0.1:9")

    assert said.code == 2
    assert "--retry-interval" in said.err
