"""Effects on a stream of steps, without a socket."""

import pytest

from client_sdk.chaos.decisions import Draws
from client_sdk.chaos.proxy import Toxic
from client_sdk.chaos.proxy.steps import EFFECTS, Cut, End, Hang, Reset, Send, Wait

DRAWS = Draws(1, "toxic", "connection", 1)
HEAD = b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\n"


def after(kind, *steps, **settings):
    return list(EFFECTS[kind](iter(steps), Toxic(kind, settings), DRAWS))


def sent(steps):
    return b"".join(step.data for step in steps if isinstance(step, Send))


@pytest.mark.parametrize("kind", EFFECTS)
def test_a_stream_that_ends_at_once_ends_and_nothing_is_made_up(kind):
    steps = after(kind, End())

    assert steps[-1] == End()
    assert sent(steps) == b""


@pytest.mark.parametrize("kind", EFFECTS)
def test_what_other_toxics_do_passes_through(kind):
    steps = after(kind, Wait(1.5), Send(HEAD + b"body"), Cut())

    assert steps[0] == Wait(1.5)


@pytest.mark.parametrize(
    ("kind", "settings"),
    [
        ("latency", {"latency_ms": 5, "jitter_ms": 5}),
        ("bandwidth", {"bytes_per_s": 30}),
        ("slow_close", {}),
        ("slicer", {"size": 3, "delay_ms": 1}),
        ("slow_drip", {"size": 3}),
        ("limit_data", {"bytes": 1000}),
    ],
)
def test_a_toxic_that_only_slows_loses_no_byte(kind, settings):
    whole = HEAD + b"body"
    steps = after(kind, Send(whole[:10]), Send(whole[10:]), End(), **settings)

    assert sent(steps) == whole
    assert steps[-1] == End()


@pytest.mark.parametrize("kind", ["short_body", "stall", "malformed_chunk", "slow_drip"])
def test_a_head_that_comes_in_pieces_is_put_together(kind):
    whole = HEAD + b"body"
    pieces = [Send(whole[at : at + 5]) for at in range(0, len(whole), 5)]

    assert sent(after(kind, *pieces, End())).startswith(b"HTTP/1.1 200 OK\r\n")


def test_half_of_a_body_is_sent_and_then_the_wire_is_as_the_toxic_says():
    answer = Send(HEAD + b"body")

    assert after("short_body", answer) == [Send(HEAD + b"bo"), Cut()]
    assert after("stall", answer) == [Send(HEAD + b"bo"), Hang(), Cut()]
    assert after("reset_peer", answer, at="body") == [Send(HEAD + b"bo"), Wait(0.02), Reset()]


def test_an_answer_without_a_body_is_cut_after_its_head():
    head = b"HTTP/1.1 204 No Content\r\n\r\n"

    assert after("short_body", Send(head)) == [Send(head), Cut()]


@pytest.mark.parametrize("kind", ["short_body", "stall", "malformed_chunk", "truncated_json"])
def test_bytes_that_are_no_http_arrive_as_they_are(kind):
    assert sent(after(kind, Send(b"SSH-2.0 hello"), End())) == b"SSH-2.0 hello"


def test_only_the_first_answer_of_a_kept_connection_is_taken_apart():
    steps = after("slow_drip", Send(HEAD + b"body"), Send(HEAD + b"more"), End(), size=2)

    assert sent(steps) == HEAD + b"body" + HEAD + b"more"


def test_a_wait_grows_with_its_jitter_and_no_more():
    waits = [
        step.seconds
        for step in after("latency", *[Send(b"x")] * 50, latency_ms=100, jitter_ms=100)
        if isinstance(step, Wait)
    ]

    assert 0.1 <= min(waits) < max(waits) <= 0.2


def test_a_limit_counts_over_all_pieces():
    assert after("limit_data", Send(b"abc"), Send(b"def"), bytes=4) == [
        *(Send(b"abc"), Send(b"d"), Cut()),
    ]


def test_a_timeout_that_has_a_time_hangs_so_long():
    assert after("timeout", Send(b"x"), timeout_ms=1500) == [Hang(1.5), Cut()]
    assert after("timeout", Send(b"x")) == [Hang(None), Cut()]
