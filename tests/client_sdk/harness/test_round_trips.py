"""What is saved is what is loaded, what cannot be loaded is not saved, and exact is exact."""

import time
from decimal import Decimal, localcontext

import pytest

from client_sdk import AgentTestHarness, Cassette, CassetteEntry, MockResponse, ToolMock
from client_sdk import VirtualClock as Clock
from client_sdk.harness import CassetteError, CassetteExpired, CassetteUnused


def recorded(folder, name, body):
    """A harness that has recorded one answer of a client in this process, and the answer."""
    mock = ToolMock()
    mock.set_response("t", MockResponse(body=body))
    one = AgentTestHarness(None, "test-a", cassette_dir=folder, mode="record", client=mock)
    with one.cassette(name):
        return one.execute("t", {}).body


def played(folder, name):
    one = AgentTestHarness(None, "test-a", cassette_dir=folder)
    with one.cassette(name):
        return one.execute("t", {}).body


def test_a_cassette_is_loaded_as_it_was_saved(tmp_path):
    """H2: to the last digit of a time"""
    cassette = Cassette(
        "tape",
        [CassetteEntry("t", {"n": 1}, 200, {"score": 0.1}, {}, 1795669726.7663312, 12.34567)],
        {"agent_id": "test-a"},
    )
    cassette.save(tmp_path / "tape.json")

    assert Cassette.load(tmp_path / "tape.json") == cassette


@pytest.mark.parametrize(
    ("body", "kind"),
    [({"score": 0.1}, float), ({"scores": [[0.1]]}, float), ({"score": Decimal("0.1")}, Decimal)],
)
def test_a_played_number_is_of_the_type_that_was_recorded(tmp_path, body, kind):
    """H11, h11"""
    live = recorded(tmp_path, "tape", body)
    again = played(tmp_path, "tape")

    assert again == live
    number = again["score"] if "score" in again else again["scores"][0][0]
    assert type(number) is kind


def test_what_is_recorded_has_times_that_a_review_can_read(tmp_path):
    """H21"""
    recorded(tmp_path, "tape", {})
    entry = Cassette.load(tmp_path / "tape.json").entries[0]

    assert entry.timestamp == round(entry.timestamp, 3)
    assert entry.timestamp == pytest.approx(time.time(), abs=60)


def test_an_answer_as_deep_as_it_may_be_is_played_again(tmp_path):
    """h14"""
    body = {"end": True}
    for _ in range(62):
        body = {"a": body}

    recorded(tmp_path, "tape", body)

    assert played(tmp_path, "tape") == body


@pytest.mark.parametrize("body", [{"n": 10**50 + 1}, {"text": "\ud800"}])
def test_what_nobody_could_load_again_is_not_saved(tmp_path, body):
    """h14"""
    with pytest.raises(CassetteError, match="'tape' was not saved, for nobody could read it again"):
        recorded(tmp_path, "tape", body)

    assert list(tmp_path.iterdir()) == []


def test_leaving_the_harness_saves_what_was_recorded(tmp_path):
    """h12"""
    mock = ToolMock()
    mock.set_response("t", MockResponse(body={"ok": True}))
    with AgentTestHarness(None, "a", cassette_dir=tmp_path, mode="record", client=mock) as one:
        one.start_cassette("tape")
        one.execute("t", {})

    assert played(tmp_path, "tape") == {"ok": True}


def test_leaving_the_harness_complains_about_entries_that_nobody_used():
    """h4"""
    tape = Cassette("tape", [CassetteEntry("t", {}, 200)])

    with pytest.raises(CassetteUnused), AgentTestHarness(None, "a") as one:
        one.start_cassette(tape)


def test_leaving_the_harness_with_an_error_saves_nothing_and_hides_nothing(tmp_path):
    """h12"""

    def fail():
        mock = ToolMock(strict=False)
        with AgentTestHarness(None, "a", cassette_dir=tmp_path, mode="record", client=mock) as one:
            one.start_cassette("tape")
            one.execute("t", {})
            raise KeyError("broken")

    with pytest.raises(KeyError, match="broken"):
        fail()
    assert not (tmp_path / "tape.json").exists()


@pytest.mark.parametrize("recorded_at", ["2062-01-01T00:00:00Z", Decimal("1E+300"), float("inf")])
def test_a_recording_of_the_future_is_not_young_for_ever(recorded_at):
    """H23, h20"""
    tape = Cassette("tape", [CassetteEntry("t", {}, 200)], {"recorded_at": recorded_at})
    now = Clock(start=1_800_000_000)
    one = AgentTestHarness(None, "a", max_age=3600, on_expired="error", clock=now)

    with pytest.raises(CassetteExpired, match="does not say how old it is"):
        one.start_cassette(tape)


def test_clocks_may_differ_a_little():
    """h20"""
    tape = Cassette("tape", [CassetteEntry("t", {}, 200)], {"recorded_at": 1_800_003_600})
    now = Clock(start=1_800_000_000)
    one = AgentTestHarness(None, "a", max_age=60, on_expired="error", clock=now)

    with one.cassette(tape):
        one.execute("t", {})


def test_a_change_of_a_balance_is_exact_to_any_digit():
    """H16"""
    one = AgentTestHarness(None, "a")
    long = "12345678901234567890123456.7891"
    one.assert_balance_changed("0", long, long)
    with localcontext() as context:
        context.prec = 3
        one.assert_balance_changed("12345.67", "12345.68", "0.01")

    with pytest.raises(AssertionError, match="the balance should change by 10000000000"):
        one.assert_balance_changed("0.00000000000000000000000000001", "10000000000", "10000000000")


@pytest.mark.parametrize("name", [5, None, b"tape"])
def test_a_cassette_is_named_by_text(name):
    """h15"""
    with pytest.raises(TypeError, match="named by text"):
        AgentTestHarness(None, "a").start_cassette(name)


@pytest.mark.parametrize("latency", ["recorded", "scaled"])
def test_a_time_below_zero_in_a_file_is_no_wait(latency):
    """h22"""
    tape = Cassette("tape", [CassetteEntry("t", {}, 200, latency_ms=-5.0)])
    one = AgentTestHarness(None, "a", latency=latency, clock=Clock())

    with one.cassette(tape):
        assert one.execute("t", {}).latency_ms == 0
