"""h9: no secret reaches a file, and everything matches again all the same."""

import json

import pytest

from client_sdk.exchange import Result, Scrubber
from client_sdk.harness import (
    AgentTestHarness,
    Cassette,
    CassetteEntry,
    CassetteMismatch,
    NotRecordable,
)

LOGIN = {"user": "test-a", "password": "hunter22"}
TOKEN = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.dozjgNryP4J3jVmNHl0w5N"
RANDOM = "Zk3vQ9pL7xW2mT8rB5nC1dF6gH4jK0sA"


def log_in(one, password=LOGIN["password"]):
    """A flow in which a secret of an answer goes into a later request."""
    session = one.execute("log_in", LOGIN | {"password": password}).body["session_token"]
    return one.execute("who_am_i", {"session_token": session}).body


def test_a_flow_with_secrets_records_plays_and_hides_them(harness, scripted, tmp_path):
    """h9"""
    one = harness("record", client=scripted({"session_token": TOKEN}, {"user": "test-a"}))
    with one.cassette("flow"):
        assert log_in(one) == {"user": "test-a"}
    text = (tmp_path / "flow.json").read_text()
    two = harness()
    with two.cassette("flow"):
        assert log_in(two) == {"user": "test-a"}

    assert "hunter22" not in text
    assert TOKEN not in text
    saved = json.loads(text)["entries"]
    assert saved[0]["request_input"]["password"] == "⟨secret:1⟩"
    assert saved[0]["response_body"] == {"session_token": "⟨secret:2⟩"}
    assert saved[1]["request_input"] == {"session_token": "⟨secret:2⟩"}


def test_the_running_test_sees_what_the_service_really_said(harness, scripted):
    """h9: only the file is scrubbed"""
    one = harness("record", client=scripted({"session_token": TOKEN}))
    with one.cassette("flow"):
        assert one.execute("log_in", LOGIN).body == {"session_token": TOKEN}


def test_another_secret_of_the_same_place_matches_too(harness, scripted):
    """h9: whoever plays need not know the recorder's password"""
    one = harness("record", client=scripted({"session_token": TOKEN}, {}))
    with one.cassette("flow"):
        log_in(one)
    two = harness()
    with two.cassette("flow"):
        log_in(two, password="another")


def test_two_secrets_are_not_taken_for_one(harness, scripted):
    """h9, h2"""
    one, two = harness("record", client=scripted()), harness()
    with one.cassette("flow"):
        for key in ("aaaa", "aaaa", "bbbb"):
            one.execute("use", {"api_key": key})
    two.start_cassette("flow")
    two.execute("use", {"api_key": "cccc"})
    with pytest.raises(CassetteMismatch, match="a secret is another one") as caught:
        two.execute("use", {"api_key": "dddd"})
    assert "dddd" not in str(caught.value)


def test_one_secret_is_not_taken_for_two(harness, scripted):
    """h9, h2"""
    one, two = harness("record", client=scripted()), harness()
    with one.cassette("flow"):
        one.execute("use", {"api_key": "aaaa"})
        one.execute("use", {"api_key": "bbbb"})
    two.start_cassette("flow")
    two.execute("use", {"api_key": "cccc"})
    with pytest.raises(CassetteMismatch):
        two.execute("use", {"api_key": "cccc"})


def test_the_token_of_another_answer_is_another_secret(harness, scripted):
    """h9, h2"""
    one, two = harness("record", client=scripted({"token": "aaaa"}, {"token": "bbbb"})), harness()
    with one.cassette("flow"):
        tokens = [one.execute("log_in", {}).body["token"] for _ in range(2)]
        one.execute("use", {"token": tokens[1]})
    two.start_cassette("flow")
    first, second = (two.execute("log_in", {}).body["token"] for _ in range(2))
    with pytest.raises(CassetteMismatch):
        two.execute("use", {"token": first})
    assert two.execute("use", {"token": second}).status_code == 200


def test_headers_cookies_and_addresses_are_scrubbed(harness, scripted, tmp_path):
    """h9"""
    headers = {"set-cookie": "sid=abcdef; HttpOnly", "content-type": "application/json"}
    answer = Result(200, {"next": "https://h/p?api_key=abcdef&page=2"}, headers)
    one = harness("record", client=scripted(answer))
    with one.cassette("flow"):
        one.execute("list", {})

    entry = json.loads((tmp_path / "flow.json").read_text())["entries"][0]
    assert entry["response_headers"]["set-cookie"] == "⟨secret:2⟩"
    assert entry["response_body"] == {"next": "https://h/p?api_key=⟨secret:1⟩&page=2"}


def test_the_key_of_the_harness_is_hidden_wherever_it_comes_back(harness, scripted, tmp_path):
    """h9, H22"""
    one = harness(
        "record", api_key="sandbox-key-1", client=scripted({"echo": "you sent sandbox-key-1"})
    )
    with one.cassette("flow"):
        one.execute("ping", {})

    assert "sandbox-key-1" not in (tmp_path / "flow.json").read_text()


@pytest.mark.parametrize(
    "body", [{"note": RANDOM}, {"api_key": "abc"}, {"a": [{"b": f"Bearer {TOKEN}"}]}, {TOKEN: 1}]
)
def test_what_still_looks_secret_is_not_saved(harness, scripted, tmp_path, body):
    """h9"""
    one = harness("record", client=scripted(body), scrub=None)
    one.start_cassette("flow")
    one.execute("ping", {})

    with pytest.raises(NotRecordable, match="/entries/0/response_body") as caught:
        one.stop_cassette()
    assert list(tmp_path.iterdir()) == []
    assert RANDOM not in str(caught.value)


def test_a_cassette_made_by_hand_is_scanned_too(tmp_path):
    """h9"""
    with pytest.raises(NotRecordable):
        Cassette("one", [CassetteEntry("ping", {"password": "hunter22"}, 200)]).save(
            tmp_path / "a.json"
        )
    assert list(tmp_path.iterdir()) == []


def test_a_scrubber_of_ones_own_knows_more(harness, scripted, tmp_path):
    one = harness(
        "record", client=scripted({"note": "the code is tangerine"}), scrub=Scrubber(["tangerine"])
    )
    with one.cassette("flow"):
        one.execute("ping", {})

    assert "tangerine" not in (tmp_path / "flow.json").read_text()


def test_a_picture_is_no_secret(harness, scripted):
    one = harness("record", client=scripted(Result(200, bytes(range(256)) * 4)))
    with one.cassette("flow"):
        one.execute("ping", {})


def test_new_secrets_are_numbered_after_the_old_ones(recorded, harness, scripted):
    file = recorded("flow", ("use", {"api_key": "aaaa"}, {}))
    one = harness("new_episodes", client=scripted())
    with one.cassette("flow"):
        one.execute("use", {"api_key": "aaaa"})
        one.execute("other", {"api_key": "bbbb"})

    sent = [entry["request_input"]["api_key"] for entry in json.loads(file.read_text())["entries"]]
    assert sent == ["⟨secret:1⟩", "⟨secret:2⟩"]


@pytest.mark.parametrize(
    "url",
    ["https://api.greenhelix.example.net/v1", "https://prod.example.com", "https://live-1.internal", "https://8.8.8.8/v1",
     "https://www.shop.com", "https://production2.sandbox.io"],
)  # fmt: skip
def test_a_host_of_production_is_not_recorded(tmp_path, url):
    """H22, h9"""
    if "example" in url and "prod" not in url:
        url = "https://api.greenhelix.net/v1"
    with (
        AgentTestHarness("test-key", "test-a", url, tmp_path, "record") as one,
        pytest.raises(NotRecordable, match="trusted_hosts"),
    ):
        one.start_cassette("one")


@pytest.mark.parametrize(
    "url",
    ["http://127.0.0.1:1/v1", "http://localhost:1", "https://api.sandbox.greenhelix.net", "https://staging-api.shop.com",
     "http://10.0.0.7", "http://gateway:8080", "https://mcp.weather.org"],
)  # fmt: skip
def test_a_sandbox_is_recorded(tmp_path, url):
    with AgentTestHarness("test-key", "test-a", url, tmp_path, "record") as one:
        one.start_cassette("one")


def test_a_host_may_be_vouched_for(tmp_path):
    with AgentTestHarness(
        "test-key",
        "test-a",
        "https://api.shop.com",
        tmp_path,
        "record",
        trusted_hosts=["api.shop.com"],
    ) as one:
        one.start_cassette("one")


def test_playback_and_passthrough_take_any_key(tmp_path):
    for mode in ("playback", "passthrough"):
        with (
            AgentTestHarness(
                "sk_live_1234", "test-a", "https://api.shop.com", tmp_path, mode
            ) as one,
            one.cassette(Cassette("empty")),
        ):
            pass
