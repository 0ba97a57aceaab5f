"""What each mode does with a file that is there and one that is not."""

import json

import pytest

from client_sdk.clock import VirtualClock
from client_sdk.harness import CassetteExpired, CassetteExpiredWarning, CassetteMismatch

WEEK = 7 * 24 * 3600
LATER = 1_700_000_000 + 2 * WEEK


def bodies(file):
    return [entry["response_body"] for entry in json.loads(file.read_text())["entries"]]


def run(one, *calls):
    with one.cassette("one"):
        return [one.execute(tool, sent).body for tool, sent in calls]


def test_once_records_what_is_not_there_and_plays_what_is(harness, scripted, tmp_path):
    first, second = scripted({"n": 1}), scripted({"n": 2})

    assert run(harness("once", client=first), ("ping", {})) == [{"n": 1}]
    assert run(harness("once", client=second), ("ping", {})) == [{"n": 1}]
    assert second.calls == []
    with pytest.raises(CassetteMismatch):
        run(harness("once", client=second), ("pong", {}))


def test_new_episodes_plays_what_it_has_and_records_the_rest_in_place(recorded, harness, scripted):
    file = recorded("one", ("ping", {"n": 1}, {"n": 1}), ("ping", {"n": 3}, {"n": 3}))
    client = scripted({"n": 2}, {"n": 4})
    calls = [("ping", {"n": n}) for n in (1, 2, 3, 4)]

    assert run(harness("new_episodes", client=client), *calls) == [{"n": n} for n in (1, 2, 3, 4)]
    assert [sent["n"] for _, sent in client.calls] == [2, 4]
    assert bodies(file) == [{"n": n} for n in (1, 2, 3, 4)]
    assert run(harness(), *calls) == [{"n": n} for n in (1, 2, 3, 4)]


def test_all_replaces_what_was_called_and_keeps_the_rest(recorded, harness, scripted):
    file = recorded("one", ("ping", {}, {"n": 1}), ("pong", {}, {"n": 2}))

    assert run(harness("all", client=scripted({"n": 9})), ("ping", {})) == [{"n": 9}]
    assert bodies(file) == [{"n": 9}, {"n": 2}]


def test_rewrite_begins_anew_and_says_what_changed(recorded, harness, scripted, caplog):
    """h24"""
    file = recorded("one", ("ping", {}, {"n": 1}), ("pong", {}, {"n": 2}))
    one = harness("rewrite", client=scripted({"n": 9}))
    run(one, ("ping", {}))

    assert bodies(file) == [{"n": 9}]
    assert one.last_diff.lines() == [
        "changed entry 1, ping: /body/n: 1 → 9",
        "removed entry 2, pong: input {}; status 200",
    ]
    assert "changed entry 1, ping" in caplog.text


def test_record_does_not_replace_a_recording(recorded, harness, scripted):
    """h24"""
    file = recorded("one", ("ping", {}, {"n": 1}))
    client = scripted({"n": 2})

    with pytest.raises(FileExistsError, match="'rewrite'"):
        run(harness("record", client=client), ("ping", {}))
    assert (bodies(file), client.calls) == ([{"n": 1}], [])


def test_record_replaces_a_recording_when_it_is_told_to(recorded, harness, scripted):
    """H21, h24: what `TEST_MODE=record` of the pytest plugin does, with the summary"""
    file = recorded("one", ("ping", {}, {"n": 1}))
    one = harness("record", client=scripted({"n": 2}), overwrite=True)
    run(one, ("ping", {}))

    assert bodies(file) == [{"n": 2}]
    assert one.last_diff.lines() == ["changed entry 1, ping: /body/n: 1 → 2"]
    assert one.cassettes_used == [file]


def test_no_key_is_needed(harness, scripted, tmp_path):
    """h24"""
    one = harness("record", api_key=None, client=scripted())
    run(one, ("ping", {}))

    assert "Authorization" not in one.session.headers
    assert (tmp_path / "one.json").is_file()


def test_an_old_recording_is_played_with_a_warning(recorded, harness):
    """h20"""
    recorded("one", ("ping", {}, {"n": 1}))
    with pytest.warns(CassetteExpiredWarning, match="older than 604800 s"):
        assert run(harness(max_age=WEEK, clock=VirtualClock(LATER)), ("ping", {})) == [{"n": 1}]


def test_a_young_recording_is_played_without_one(recorded, harness, recwarn):
    recorded("one", ("ping", {}, {"n": 1}))
    run(harness(max_age=WEEK, on_expired="error"), ("ping", {}))

    assert [each for each in recwarn if each.category is CassetteExpiredWarning] == []


def test_an_old_recording_is_recorded_anew(recorded, harness, scripted):
    """h20, H23"""
    file = recorded("one", ("ping", {}, {"n": 1}))
    options = {"max_age": WEEK, "on_expired": "record", "clock": VirtualClock(LATER)}

    assert run(harness(client=scripted({"n": 2}), **options), ("ping", {})) == [{"n": 2}]
    assert bodies(file) == [{"n": 2}]
    assert run(harness(**options), ("ping", {})) == [{"n": 2}]


def test_the_age_is_that_of_the_newest_entry_when_the_file_does_not_say(
    recorded, harness, tmp_path
):
    """h20"""
    file = recorded("one", ("ping", {"n": 1}, {}), ("ping", {"n": 2}, {}))
    document = json.loads(file.read_text())
    del document["metadata"]["recorded_at"]
    document["entries"][0]["timestamp"] = 1.0
    file.write_text(json.dumps(document))

    run(harness(max_age=WEEK, on_expired="error"), ("ping", {"n": 1}), ("ping", {"n": 2}))


def test_a_recording_of_unknown_age_is_too_old(tmp_path, harness):
    """h20"""
    entry = {"request_tool": "ping", "request_input": {}, "response_status": 200}
    (tmp_path / "one.json").write_text(json.dumps({"entries": [entry]}))

    with pytest.raises(CassetteExpired):
        harness(max_age=WEEK, on_expired="error").start_cassette("one")
    harness().start_cassette("one")


@pytest.mark.parametrize("mode", ["record", "rewrite", "all", "new_episodes", "once"])
def test_a_failed_test_saves_nothing(harness, scripted, tmp_path, mode):
    """h12"""
    one = harness(mode, client=scripted({"n": 0}))
    with pytest.raises(ZeroDivisionError), one.cassette("one"):
        1 / one.execute("ping", {}).body["n"]
    one.start_cassette("two")
    one.execute("ping", {})
    one.stop_cassette(failed=True)

    assert list(tmp_path.iterdir()) == []


def test_a_failed_claim_keeps_the_recording_from_being_saved(harness, scripted, tmp_path):
    """h12"""
    one = harness("record", client=scripted())
    one.start_cassette("one")
    with pytest.raises(AssertionError):
        one.assert_status(one.execute("ping", {}), 404)
    one.stop_cassette()

    assert list(tmp_path.iterdir()) == []


def test_closing_leaves_a_running_recording_unsaved(harness, scripted, tmp_path):
    one = harness("record", client=scripted())
    one.start_cassette("one")
    one.execute("ping", {})
    one.close()

    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("latency", "waited"), [("zero", 0.0), ("recorded", 12.5), ("scaled", 1.25)]
)
def test_what_is_reported_is_what_was_waited(recorded, harness, latency, waited):
    """h22"""
    recorded("one", ("ping", {}, {}))
    clock = VirtualClock(1_700_000_000)
    one = harness(latency=latency, clock=clock)
    with one.cassette("one"):
        result = one.execute("ping", {})

    assert result.latency_ms == waited
    assert clock.monotonic() * 1000 == pytest.approx(waited)
