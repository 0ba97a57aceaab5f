"""Calls and entries: h1 to h4, h20, and what a mismatch says."""

from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from client_sdk.harness import (
    AgentTestHarness,
    Cassette,
    CassetteEntry,
    CassetteMismatch,
    CassetteUnused,
    NoCassette,
)
from client_sdk.harness.matching import Matcher

MODES = "'record', 'playback', 'passthrough', 'once', 'new_episodes', 'all', 'rewrite'"


@pytest.mark.parametrize("mode", ["replay", "", "Playback", "none"])
def test_a_typo_in_the_mode_is_refused_with_the_list(mode):
    """h1"""
    with pytest.raises(ValueError, match=f"mode is one of {MODES}"):
        AgentTestHarness("test-key", "test-a", mode=mode)


@pytest.mark.parametrize("mode", ["replay", "RECORD"])
def test_a_typo_that_is_set_later_is_refused_too(harness, scripted, mode):
    """h1"""
    client = scripted()
    one = harness(client=client)
    one.mode = mode
    with pytest.raises(ValueError, match="mode is one of"):
        one.start_cassette("one")
    with pytest.raises(NoCassette):
        one.execute("ping", {})
    assert client.calls == []


@pytest.mark.parametrize(
    "options",
    [{"order": "loose"}, {"on_expired": "ignore"}, {"latency": "real"}, {"compat": "seed"},
     {"mapping": "tool-in-header"}, {"match_on": ("input",)}, {"match_on": ("tool", "path")},
     {"match_on": "tool"}, {"max_age": -1}, {"max_age": float("nan")}, {"max_age": True},
     {"latency_scale": -1},
     {"ignore_paths": [""]}],
)  # fmt: skip
def test_any_other_choice_that_is_none_is_refused(options):
    with pytest.raises(ValueError, match=f"{next(iter(options))}|path"):
        AgentTestHarness("test-key", "test-a", **options)


def test_another_amount_is_not_the_recorded_call(recorded, harness):
    """h2"""
    recorded("pay", ("pay", {"amount": "5.00", "to": "test-b"}, {"ok": True}))
    one = harness()

    with pytest.raises(CassetteMismatch) as caught, one.cassette("pay"):
        one.execute("pay", {"amount": "500.00", "to": "test-b"})
    assert '/amount: "5.00" → "500.00"' in str(caught.value)
    assert "/to" not in str(caught.value)


def test_another_tool_raises_at_once_and_stands_in_the_failures(recorded, harness):
    """h3"""
    recorded("pay", ("pay", {}, {"ok": True}))
    one = harness()

    with pytest.raises(CassetteMismatch), one.cassette("pay"):
        one.execute("refund", {})
    assert len(one.failures) == 1
    assert one.report()["passed"] is False


def test_entries_that_nobody_used_fail_the_test(recorded, harness):
    """h4"""
    recorded("two", ("ping", {"n": 1}, {}), ("ping", {"n": 2}, {}))
    one = harness()

    with (
        pytest.raises(CassetteUnused, match=r'1 of 2 entries were not used: ping\({"n": 2}\)'),
        one.cassette("two"),
    ):
        one.execute("ping", {"n": 1})
    assert len(one.failures) == 1


def test_unused_entries_may_be_allowed(recorded, harness):
    recorded("two", ("ping", {"n": 1}, {}), ("ping", {"n": 2}, {}))
    one = harness(allow_unused=True)
    with one.cassette("two"):
        one.execute("ping", {"n": 1})


def test_the_guides_own_matching_is_a_switch(recorded, harness):
    """h2, h3, h4: compat="guide" """
    recorded("two", ("ping", {"n": 1}, {"a": 1}), ("pong", {}, {"a": 2}), ("pang", {}, {}))
    one = harness(compat="guide")
    with one.cassette("two"):
        answers = [one.execute("ping", {"n": 7}).body, one.execute("ping", {}).body]

    assert answers == [{"a": 1}, {"a": 2}]
    assert one.failures == ["'pong' was recorded where 'ping' was called"]


def test_a_mismatch_that_the_agent_swallows_fails_at_the_end(recorded, harness):
    """h3"""
    recorded("one", ("ping", {}, {}))
    one = harness()

    def agent():
        one.execute("ping", {})
        with suppress(Exception):
            one.execute("pong", {})

    one.start_cassette("one")
    agent()
    with pytest.raises(CassetteMismatch, match="the test went on"):
        one.stop_cassette()


def test_a_mismatch_that_the_test_itself_caught_is_not_said_again(recorded, harness):
    """H7, H11: the report still says it"""
    recorded("one", ("ping", {}, {}))
    one = harness()
    with one.cassette("one"):
        one.execute("ping", {})
        with pytest.raises(CassetteMismatch, match="1 calls are recorded, and call 2 is 'ping'"):
            one.execute("ping", {})
    assert one.report()["passed"] is False


def test_what_a_caught_mismatch_leaves_over_is_still_unused(recorded, harness):
    """h4"""
    recorded("one", ("ping", {}, {}))
    one = harness()
    one.start_cassette("one")
    with pytest.raises(CassetteMismatch):
        one.execute("pong", {})
    with pytest.raises(CassetteUnused, match="1 of 1 entries were not used"):
        one.stop_cassette()


def test_a_failing_test_is_not_told_about_unused_entries_too(recorded, harness):
    recorded("one", ("ping", {}, {}))
    one = harness()
    with pytest.raises(KeyError), one.cassette("one"):
        raise KeyError


def test_the_nearest_entry_is_shown_when_the_order_is_free(recorded, harness):
    """h2"""
    recorded("two", ("pay", {"a": 1, "b": 1, "c": 1}, {}), ("pay", {"a": 2, "b": 2, "c": 2}, {}))
    one = harness(order="any")

    with pytest.raises(CassetteMismatch, match="the nearest is") as caught, one.cassette("two"):
        one.execute("pay", {"a": 2, "b": 2, "c": 3})
    assert "/c: 2 → 3" in str(caught.value)


@pytest.mark.parametrize("order", ["strict", "any"])
def test_an_entry_answers_again_only_when_repeats_are_allowed(recorded, harness, order):
    recorded("one", ("ping", {}, {"a": 1}))
    patient, strict = harness(order=order, allow_repeats=True), harness(order=order)
    with patient.cassette("one"):
        assert [patient.execute("ping", {}).body for _ in range(3)] == [{"a": 1}] * 3
    strict.start_cassette("one")
    strict.execute("ping", {})
    with pytest.raises(CassetteMismatch, match="exhausted"):
        strict.execute("ping", {})


@pytest.mark.parametrize("path", ["items.*.id", "/items/*/id", "items.0.id"])
def test_named_places_do_not_count(recorded, harness, path):
    """h20"""
    recorded("one", ("ping", {"items": [{"id": 1, "n": 1}]}, {}))
    one = harness(ignore_paths=[path])
    with one.cassette("one"):
        one.execute("ping", {"items": [{"id": 2, "n": 1}]})


def test_the_input_may_be_left_out_of_matching(recorded, harness):
    """h20"""
    recorded("one", ("ping", {"n": 1}, {}))
    one = harness(match_on=("tool",))
    with one.cassette("one"):
        one.execute("ping", {"n": 2})


def test_the_order_of_members_and_the_form_of_numbers_do_not_count():
    matcher = Matcher()

    assert matcher.key("t", {"a": 1, "b": [1.0]}) == matcher.key("t", {"b": [1], "a": 1})
    assert matcher.key("t", {"a": True}) != matcher.key("t", {"a": 1})


def test_a_second_cassette_inside_the_first_is_refused(recorded, harness):
    """h12"""
    recorded("one", ("ping", {}, {}))
    one = harness()
    one.start_cassette("one")

    with pytest.raises(NoCassette, match="'one' is running"):
        one.start_cassette("one")
    one.stop_cassette(failed=True)


@pytest.mark.parametrize("mode", ["record", "once", "new_episodes", "all", "rewrite", "playback"])
def test_a_call_without_a_cassette_is_an_error_in_every_mode_but_passthrough(
    harness, scripted, mode
):
    """h13"""
    client = scripted()
    with pytest.raises(NoCassette):
        harness(mode, client=client).execute("ping", {})
    assert client.calls == []


INPUTS = st.dictionaries(
    st.sampled_from("abc"),
    st.one_of(st.integers(0, 3), st.text("xy", max_size=2), st.none()),
    max_size=3,
)


@settings(deadline=None)
@given(st.lists(st.tuples(st.sampled_from(["ping", "pong"]), INPUTS), max_size=6), st.randoms())
def test_every_recorded_call_plays_in_its_order_and_in_any_other(calls, chance):
    """H25: what was recorded is found again, and then everything is used."""
    entries = [CassetteEntry(tool, sent, 200, {"n": n}) for n, (tool, sent) in enumerate(calls)]
    for order in ("strict", "any"):
        again = list(calls)
        if order == "any":
            chance.shuffle(again)
        with (
            AgentTestHarness("test-key", "test-a", order=order) as one,
            one.cassette(Cassette("all", entries)),
        ):
            answers = [one.execute(tool, sent).body["n"] for tool, sent in again]
        assert sorted(answers) == list(range(len(calls)))
        assert all(calls[n] == call for n, call in zip(answers, again, strict=True))
