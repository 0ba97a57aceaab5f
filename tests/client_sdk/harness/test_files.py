"""Cassettes as files: h10, h11, h12, h14, h15."""

import json
import os
import stat
from copy import deepcopy
from datetime import UTC, date, datetime
from decimal import Decimal
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from client_sdk.exchange import Result
from client_sdk.harness import (
    Cassette,
    CassetteEntry,
    CassetteError,
    CassetteInvalid,
    cassette_file,
    cassette_name_from_test,
)
from client_sdk.harness.encoding import file_value, value_from_file
from client_sdk.harness.files import locked

ENTRY = {"request_tool": "ping", "response_status": 200}


def test_a_test_that_changes_a_body_or_an_input_changes_no_cassette(harness, scripted, tmp_path):
    """h10"""
    sent = {"list": [1]}
    one = harness("record", client=scripted({"deep": {"n": [1]}}))
    with one.cassette("one"):
        body = one.execute("ping", sent).body
        body["deep"]["n"].append(2)
        sent["list"].append(2)
    saved = json.loads((tmp_path / "one.json").read_text())["entries"][0]
    two = harness(allow_repeats=True)
    with two.cassette("one"):
        two.execute("ping", {"list": [1]}).body["deep"]["n"].append(3)
        again = two.execute("ping", {"list": [1]}).body

    assert (saved["request_input"], saved["response_body"]) == ({"list": [1]}, {"deep": {"n": [1]}})
    assert again == {"deep": {"n": [1]}}


@pytest.mark.parametrize(
    ("value", "sent"),
    [(Decimal("25.00"), "25.00"), (Decimal("1E+2"), "100"), (b"\x00\xff", "AP8="), (date(2026, 1, 2), "2026-01-02"),
     (datetime(2026, 1, 2, 3, tzinfo=UTC), "2026-01-02T03:00:00+00:00"),
     (UUID(int=1), "00000000-0000-0000-0000-000000000001"), ((1, 2), [1, 2])],
)  # fmt: skip
def test_a_typed_input_goes_out_as_json_and_matches_again(harness, scripted, value, sent):
    """h11"""
    client = scripted()
    one, two = harness("record", client=client), harness()
    for each in (one, two):
        with each.cassette("one"):
            each.execute("ping", {"v": value})

    assert client.calls == [("ping", {"v": sent})]


@pytest.mark.parametrize(
    ("value", "error", "said"),
    [(object(), TypeError, "input_data.v.0. is a object, which has no JSON form"), ({1: 2}, TypeError, "keys are text"),
     (float("nan"), ValueError, "input_data.v.0. is nan"), (Decimal("Infinity"), ValueError, "no amount"), ({1, 2}, TypeError, "is a set")],
)  # fmt: skip
def test_what_has_no_json_form_is_refused_with_its_place(harness, scripted, value, error, said):
    """h11"""
    client = scripted()
    with pytest.raises(error, match=said):
        harness("passthrough", client=client).execute("ping", {"v": [value]})
    assert client.calls == []


@pytest.mark.parametrize("name", ["amount", "balance"])
def test_money_is_no_float(harness, scripted, name):
    with pytest.raises(
        ValueError, match=f"input_data.pay.{name} is the float 1.5: give money as a Decimal"
    ):
        harness("passthrough", client=scripted()).execute("ping", {"pay": {name: 1.5}})


def test_an_answers_types_come_back(harness, scripted):
    """h11"""
    body = {
        "at": datetime(2026, 1, 2, tzinfo=UTC),
        "raw": b"\x00\xff",
        "rate": Decimal("1.10"),
        "n": [1, None, True],
    }
    one, two = harness("record", client=scripted(Result(200, deepcopy(body)))), harness()
    for each in (one, two):
        with each.cassette("one"):
            played = each.execute("ping", {}).body

    assert played == body
    assert {name: type(each) for name, each in played.items()} == {
        name: type(each) for name, each in body.items()
    }


LEAVES = st.one_of(
    st.none(), st.booleans(), st.integers(-5, 5), st.text("a$⟨", max_size=3), st.binary(max_size=4),
    st.decimals("-9", "9", places=2), st.datetimes(timezones=st.just(UTC)),
)  # fmt: skip
KEYS = st.sampled_from(["a", "$datetime", "$bytes", "$literal"])


@settings(deadline=None)
@given(
    st.recursive(
        LEAVES,
        lambda inner: st.one_of(
            st.lists(inner, max_size=3), st.dictionaries(KEYS, inner, max_size=2)
        ),
    )
)
def test_every_value_comes_back_from_its_form_in_a_file(value):
    """h11"""
    assert value_from_file(file_value(value)) == value


def write(folder, **members):
    file = folder / "one.json"
    file.write_text(json.dumps({"name": "one", "format_version": 2, "entries": [ENTRY]} | members))
    return file


def test_what_is_missing_has_a_default_and_what_is_new_is_passed_over(tmp_path):
    """h14"""
    file = write(tmp_path, entries=[ENTRY | {"new_in_a_later_release": 1}], more=True)

    assert Cassette.load(file).entries == [CassetteEntry("ping", {}, 200)]


@pytest.mark.parametrize(
    ("content", "said"),
    [("{", "is no cassette"), ("[]", "no JSON object"), ("{}", "no list of entries"), ('{"a": 1, "a": 2}', "is no cassette"),
     ('{"entries": [1]}', "entry 1 has no request_tool"), ('{"entries": [{"request_tool": "a"}]}', "entry 1 has no response_status"),
     ('{"entries": [], "format_version": 99}', "upgrade tallystick"), ('{"entries": [], "format_version": "2"}', "whole number"),
     ('{"entries": [], "name": 1}', "the name is text"), ("NaN", "is no cassette")],
)  # fmt: skip
def test_a_file_that_is_no_cassette_is_refused_by_name(tmp_path, content, said):
    """h14"""
    file = tmp_path / "bad.json"
    file.write_text(content)

    with pytest.raises(CassetteInvalid, match=said) as caught:
        Cassette.load(file)
    assert "bad.json" in str(caught.value)


def test_a_folder_is_no_cassette(tmp_path):
    with pytest.raises(CassetteInvalid, match="is a folder"):
        Cassette.load(tmp_path)


def test_a_guide_file_is_upgraded_once(tmp_path):
    """h14"""
    file = tmp_path / "old.json"
    guide = ENTRY | {
        "request_input": {},
        "response_body": {"$bytes": "kept", "set": {"api_key": "abcdefg"}},
        "response_headers": {},
    }
    file.write_text(json.dumps({"name": "old", "metadata": {}, "entries": [guide]}))

    assert Cassette.upgrade(file)
    assert not Cassette.upgrade(file)
    assert json.loads(file.read_text())["format_version"] == 2
    assert Cassette.load(file).entries[0].response_body == {
        "$bytes": "kept",
        "set": {"api_key": "⟨secret:1⟩"},
    }


@pytest.mark.parametrize(
    "name", ["", "a/b", "..", "../x", "a\\b", "a\0b", ".hidden", "x" * 201, "a\nb", " ", "a "]
)
def test_a_name_that_leaves_the_folder_is_refused(harness, name):
    """h15"""
    with pytest.raises(ValueError, match="a cassette's name"):
        harness().start_cassette(name)


def test_a_file_is_whole_for_its_owner_only_and_alone(tmp_path):
    """h15"""
    file = tmp_path / "one.json"
    Cassette("one", [CassetteEntry("ping", {}, 200)]).save(file)

    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert [each.name for each in tmp_path.iterdir()] == ["one.json"]


def test_a_save_that_fails_leaves_the_old_file(tmp_path, monkeypatch):
    """h15"""
    file = tmp_path / "one.json"
    Cassette("one", [CassetteEntry("ping", {}, 200)]).save(file)
    before = file.read_bytes()

    def full(_):
        raise OSError("disk full")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="disk full"):
        Cassette("one", []).save(file)
    assert file.read_bytes() == before
    assert [each.name for each in tmp_path.iterdir()] == ["one.json"]


def test_two_recorders_of_one_cassette_collide_aloud(harness, scripted):
    """h15"""
    first, second = (harness("record", client=scripted()) for _ in range(2))
    for each in (first, second):
        each.start_cassette("one")
        each.execute("ping", {})
    first.stop_cassette()
    with pytest.raises(CassetteError, match="each test its own cassette"):
        second.stop_cassette()


def test_a_cassette_that_is_being_written_is_left_alone(tmp_path):
    """h15"""
    file = tmp_path / "one.json"
    with locked(file), pytest.raises(CassetteError, match="another process"), locked(file):
        pass
    assert list(tmp_path.iterdir()) == []


def test_every_test_has_a_name_of_its_own(tmp_path):
    """h15"""
    names = {
        cassette_name_from_test(f"tests/test_a.py::test_b[{each}]")
        for each in ("a/b", "a-b", "a b", "../..", "ü")
    }

    assert len(names) == 5
    assert all(cassette_file(tmp_path, name).parent == tmp_path for name in names)


def test_a_file_has_sorted_keys_and_a_version(tmp_path):
    file = tmp_path / "one.json"
    Cassette("one", [CassetteEntry("ping", {"b": 1, "a": 2}, 200)], {"z": 1, "b": 2}).save(file)
    document = json.loads(file.read_text())

    assert document["format_version"] == 2
    assert list(document) == ["entries", "format_version", "metadata", "name"]
    assert list(document["entries"][0]["request_input"]) == ["a", "b"]


def test_an_input_that_is_nested_too_deeply_is_refused_by_name(harness, scripted):
    deep = []
    for _ in range(5000):
        deep = [deep]
    with pytest.raises(ValueError, match="input_data is nested too deeply"):
        harness("passthrough", client=scripted()).execute("ping", deep)
