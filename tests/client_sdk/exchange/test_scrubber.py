import json

import pytest

from client_sdk.exchange import Scrubber

JWT = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.dozjgNryP4J3jVmNHl0w5N_XgL0n3I9PlFUP0THsR8U"


@pytest.mark.parametrize(
    "name",
    ["Authorization", "authorization", "Set-Cookie", "x-api-key", "apiKey", "access_token", "refreshToken",
     "client_secret", "password", "passwd", "private-key", "session_id", "X-Signature"],
)  # fmt: skip
def test_a_member_is_hidden_for_its_name(name):
    assert Scrubber().scrub({name: "value"}) == {name: "⟨secret:1⟩"}


@pytest.mark.parametrize(
    "name", ["max_tokens", "total_tokens", "token_count", "next_token", "author", "tokens_used"]
)
def test_a_harmless_name_hides_nothing(name):
    assert Scrubber().scrub({name: "v"}) == {name: "v"}


@pytest.mark.parametrize(
    "secret",
    [
        "sk_live_" + "4eC39HqLyjWDarjtT1zdp7dc",
        "ghp_" + "a1B2c3D4e5F6a7B8c9D0e1F2a3B4c5D6e7F8",
        "AKIA" + "IOSFODNN7EXAMPLE",
        "xoxb-" + "1234567890-abcdefghij",
        "whsec_" + "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
        JWT,
        "-----BEGIN PRIVATE KEY-----\nMIIB\n-----END PRIVATE KEY-----",
        "Zk3vQ9pL7xW2mT8rB5nC1dF6gH4jK0sA",
    ],
)
def test_a_secret_is_known_by_its_looks_wherever_it_stands(secret):
    scrubbed = json.dumps(Scrubber().scrub({"note": ["see " + secret]}), ensure_ascii=False)

    assert secret not in scrubbed
    assert "⟨secret:1⟩" in scrubbed


@pytest.mark.parametrize(
    "text",
    ["7e57d004-2b97-4e7a-b45f-5387367791cd", "esc_000000000000000000000000000000000001",
     "sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08", "a perfectly ordinary sentence of some length"],
)  # fmt: skip
def test_ids_digests_and_prose_stay(text):
    assert Scrubber().scrub(text) == text


def test_a_secret_the_caller_names_is_hidden_everywhere():
    scrubber = Scrubber(["hunter22"])

    assert scrubber.scrub({"a": "x hunter22 y", "hunter22": 1}) == {
        "a": "x ⟨secret:1⟩ y",
        "⟨secret:1⟩": 1,
    }


def test_the_same_secret_has_the_same_placeholder():
    scrubber = Scrubber()

    assert scrubber.scrub({"token": "aaaa", "other": [{"token": "bbbb"}, {"token": "aaaa"}]}) == {
        "token": "⟨secret:1⟩",
        "other": [{"token": "⟨secret:2⟩"}, {"token": "⟨secret:1⟩"}],
    }


def test_headers_keep_their_scheme():
    scrubbed = Scrubber().scrub_headers(
        {"Authorization": "Bearer abc.def", "Cookie": "a=b", "Accept": "text/plain"}
    )

    assert scrubbed == {
        "Authorization": "Bearer ⟨secret:1⟩",
        "Cookie": "⟨secret:2⟩",
        "Accept": "text/plain",
    }


def test_addresses_lose_their_credentials():
    text = Scrubber().scrub_text("GET https://me:pw@h/p?api_key=abc&page=2")

    assert text == "GET https://⟨secret:1⟩@h/p?api_key=⟨secret:2⟩&page=2"


def test_secrets_inside_a_secret_member_are_hidden_at_every_depth():
    assert Scrubber().scrub({"credentials": {"user": "u", "list": [1, None]}}) == {
        "credentials": {"user": "⟨secret:1⟩", "list": ["⟨secret:2⟩", "⟨secret:3⟩"]}
    }


def test_scrubbing_twice_changes_nothing_more():
    scrubber = Scrubber()
    once = scrubber.scrub({"token": "abcd", "text": "Bearer " + JWT})

    assert scrubber.scrub(once) == once
