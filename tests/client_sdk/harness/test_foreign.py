"""Recordings of others, and what changed between two."""

import builtins
import gzip
import json
import zlib
from decimal import Decimal

import pytest
import requests
import vcr

from client_sdk.harness import AgentTestHarness, Cassette, CassetteEntry, CassetteInvalid
from client_sdk.harness.assertions import _found

HAR_FIELDS = {"startedDateTime", "time", "request", "response", "cache", "timings"}


@pytest.fixture
def by_vcrpy(sandbox, tmp_path):
    """What vcrpy itself records of the sandbox, as YAML and as JSON."""

    def record(kind):
        file = tmp_path / f"by_vcrpy.{kind}"
        with vcr.use_cassette(str(file), serializer="json" if kind == "json" else "yaml"):
            requests.post(
                sandbox.url + "/v1",
                json={"tool": "get_balance", "input": {"agent_id": "test-a"}},
                timeout=5,
            )
            requests.post(sandbox.url + "/v1/get_balance", json={"agent_id": "test-b"}, timeout=5)
            requests.get(sandbox.url + "/health", params={"full": "1"}, timeout=5)
        return file

    return record


@pytest.mark.parametrize("kind", ["yaml", "json"])
def test_what_vcrpy_recorded_plays_here(by_vcrpy, kind):
    tape = Cassette.from_vcr(by_vcrpy(kind))

    assert tape.name == "by_vcrpy"
    assert [entry.request_tool for entry in tape.entries] == [
        "get_balance",
        "get_balance",
        "GET /health",
    ]
    with AgentTestHarness("test-key", "test-a") as one, one.cassette(tape):
        assert one.execute("get_balance", {"agent_id": "test-a"}).body["balance"] == "0.00"
        assert one.execute("get_balance", {"agent_id": "test-b"}).status_code == 200
        assert one.request("GET", "/health", query={"full": "1"}).body == {"status": "ok"}


@pytest.mark.parametrize("pack", [gzip.compress, zlib.compress, lambda content: content])
def test_a_compressed_body_is_read(pack):
    body = {"string": pack(b'{"ok": true}')}
    response = {
        "status": {"code": 200},
        "headers": {"Content-Encoding": ["gzip"], "Content-Type": ["application/json"]},
        "body": body,
    }
    document = {
        "interactions": [
            {
                "request": {"uri": "http://h/v1/ping", "method": "POST", "body": "{}"},
                "response": response,
            }
        ]
    }

    assert Cassette.from_vcr(document).entries[0].response_body == {"ok": True}


def test_a_har_archive_goes_out_and_comes_back(by_vcrpy):
    tape = Cassette.from_vcr(by_vcrpy("yaml"))
    tape.entries.append(
        CassetteEntry(
            "picture",
            {},
            200,
            b"\x00\xff",
            {"content-type": "image/png"},
            1.5,
            20.0,
            response_fault="its content type is image/png",
        )
    )
    archive = tape.to_har()
    again = Cassette.from_har(json.loads(json.dumps(archive)))

    assert archive["log"]["version"] == "1.2"
    assert all(set(entry) == HAR_FIELDS for entry in archive["log"]["entries"])
    assert [
        (each.request_tool, each.request_input, each.response_status, each.response_body)
        for each in again.entries
    ] == [
        (each.request_tool, each.request_input, each.response_status, each.response_body)
        for each in tape.entries
    ]
    assert (again.entries[-1].timestamp, again.entries[-1].latency_ms) == (1.5, 20.0)


def test_a_har_file_is_read(tmp_path):
    file = tmp_path / "browser.har"
    file.write_text(
        json.dumps(Cassette("x", [CassetteEntry("ping", {"n": 1}, 200, {"ok": True})]).to_har())
    )

    assert Cassette.from_har(file).entries[0].response_body == {"ok": True}


@pytest.mark.parametrize("name", ["from_vcr", "from_har"])
@pytest.mark.parametrize(
    "document",
    [{}, {"interactions": 1}, {"interactions": [1]}, {"interactions": [{"request": {}, "response": {}}]}, {"log": {"entries": [{}]}},
     {"interactions": [{"request": {"uri": "http://h/", "method": "GET"}, "response": {}}]},
     {"interactions": [{"request": {"uri": "http://h/", "method": "BREW"}, "response": {"status": {"code": 200}}}]},
     {"log": {"entries": [{"request": {"url": "http://h/", "method": "GET"}, "response": {"status": True}}]}}],
)  # fmt: skip
def test_what_is_no_recording_is_refused(name, document):
    with pytest.raises(CassetteInvalid):
        getattr(Cassette, name)(document)


def test_yaml_without_its_package_says_what_to_install(by_vcrpy, monkeypatch):
    file, real = by_vcrpy("yaml"), builtins.__import__

    def without_yaml(name, *given, **named):
        if name == "yaml":
            raise ImportError(name)
        return real(name, *given, **named)

    monkeypatch.setattr(builtins, "__import__", without_yaml)
    with pytest.raises(CassetteInvalid, match=r"pip install 'tallystick\[vcr\]'"):
        Cassette.from_vcr(file)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.yaml", "a: [1"),
        ("a.yaml", "- 1"),
        ("a.json", "{"),
        ("a.yaml", "!!python/object/apply:os.system ['ls']"),
    ],
)
def test_a_broken_file_is_refused(tmp_path, name, content):
    (tmp_path / name).write_text(content)

    with pytest.raises(CassetteInvalid, match=name):
        Cassette.from_vcr(tmp_path / name)


def tape(*entries):
    return Cassette("t", list(entries))


PING = CassetteEntry(
    "ping", {"n": 1}, 200, {"a": 1, "created_at": "x"}, {"date": "today"}, 1.0, 2.0
)


@pytest.mark.parametrize(
    ("old", "new", "lines"),
    [
        ([PING], [PING], []),
        (
            [PING],
            [
                CassetteEntry(
                    "ping", {"n": 1}, 200, {"a": 1, "created_at": "y"}, {"date": "later"}, 9.0, 9.0
                )
            ],
            [],
        ),
        (
            [PING],
            [CassetteEntry("ping", {"n": 1}, 201, {"a": 2}, {})],
            ["changed entry 1, ping: /body/a: 1 → 2; /status: 200 → 201"],
        ),
        (
            [PING],
            [CassetteEntry("ping", {"n": 2}, 200, {"a": 1}, {})],
            ["changed entry 1, ping: /input/n: 1 → 2"],
        ),
        (
            [PING],
            [CassetteEntry("ping", {"n": 1}, 200, {"a": True}, {})],
            ["changed entry 1, ping: /body/a: 1 → true"],
        ),
        ([PING], [CassetteEntry("ping", {"n": 1}, 200, {"a": Decimal("1.0")}, {})], []),
        ([], [PING], ['added entry 1, ping: input {"n": 1}; status 200']),
        (
            [CassetteEntry("pong", {}, 200), PING],
            [PING],
            ["removed entry 1, pong: input {}; status 200"],
        ),
    ],
)
def test_a_diff_says_what_changed_and_nothing_else(old, new, lines):
    found = tape(*old).diff(tape(*new))

    assert found.lines() == lines
    assert found.is_empty is not bool(lines)
    assert len(found.to_json()["changes"]) == len(lines)


@pytest.mark.parametrize(
    ("field", "found"),
    [("a", 1), ("b.0.c", 2), ("/b/0/c", 2), ("x.y", 3), ("/x.y", 3), ("n", None)],
)
def test_a_field_is_named_by_member_dots_or_pointer(harness, field, found):
    """h16"""
    body = {"a": 1, "b": [{"c": 2}], "x.y": 3, "n": None}

    assert _found(body, field) == found
    harness().assert_field({"body": body}, field, found)


@pytest.mark.parametrize(
    ("field", "expected"),
    [("a", None), ("t", 1), ("b.5", 1), ("b.x", 1), ("a.b", 1), ("gone", None)],
)
def test_a_field_that_is_not_as_claimed_fails(harness, field, expected):
    """h16: null, true and 1 are three values"""
    one = harness()
    with pytest.raises(AssertionError):
        one.assert_field({"body": {"a": 1, "t": True, "b": [1]}}, field, expected)
    assert len(one.failures) == 1


@pytest.mark.parametrize(
    "body",
    [
        None,
        [],
        "x",
        {},
        {"balance": "lots"},
        {"balance": 1.5},
        {"balance": None},
        {"balance": "NaN"},
        {"balance": True},
    ],
)
def test_a_balance_that_is_none_is_a_failed_claim(harness, body):
    """h18"""
    one = harness()
    with pytest.raises(AssertionError, match="which is no exact amount"):
        one.assert_balance_changed({"body": {"balance": "1.00"}}, {"body": body}, "1.00")
    assert (one.assertion_count, len(one.failures)) == (1, 1)


@pytest.mark.parametrize("delta", [1.5, "x", None, "NaN", True])
def test_the_expected_change_is_an_exact_amount(harness, delta):
    with pytest.raises(ValueError, match="expected_delta is a Decimal"):
        harness().assert_balance_changed(
            {"body": {"balance": "1"}}, {"body": {"balance": "1"}}, delta
        )


@pytest.mark.parametrize(
    "body", [{"status": ""}, {"status": None}, {"state": "released", "status": "x"}, {}, [], None]
)
def test_an_escrow_state_is_no_matter_of_truth(harness, body):
    """h19"""
    with pytest.raises(AssertionError):
        harness().assert_escrow_state({"body": body}, "released")


def test_an_escrow_state_is_read_where_it_is_said_to_be(harness, recwarn):
    """h19"""
    harness().assert_escrow_state({"body": {"state": "released"}}, "released", field="state")

    assert list(recwarn) == []


def test_a_claim_about_no_answer_fails(harness):
    with pytest.raises(AssertionError, match="no result of execute"):
        harness().assert_success(None)
