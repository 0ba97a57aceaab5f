"""What a wire does, step by step, and how each toxic changes the steps.

A stream of bytes is an iterator of steps. A toxic takes the steps and gives others, so toxics
combine in the order in which they stand.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final, TypeAlias

from client_sdk.chaos.decisions import Draws
from client_sdk.chaos.proxy.answers import Head, WholeAnswer, head_in, whole_answer_in
from client_sdk.chaos.proxy.toxics import Toxic

GARBAGE: Final = b"\x16\x03\x01 this is no HTTP at all\r\n\r\n"
BAD_CHUNK: Final = b"5\r\nchaos\r\nzz\r\n"
SETTLING_SECONDS: Final = 0.02  # what was sent is read before the reset overtakes it


@dataclass(frozen=True, slots=True)
class Send:
    """Send bytes on."""

    data: bytes


@dataclass(frozen=True, slots=True)
class Wait:
    """Do nothing for a while."""

    seconds: float


@dataclass(frozen=True, slots=True)
class Hang:
    """Do nothing until the client leaves, or for so many seconds."""

    seconds: float | None = None


@dataclass(frozen=True, slots=True)
class End:
    """The sender has closed its side."""


@dataclass(frozen=True, slots=True)
class Cut:
    """Close the connection in order."""


@dataclass(frozen=True, slots=True)
class Reset:
    """Close the connection with a TCP reset."""


Step: TypeAlias = "Send | Wait | Hang | End | Cut | Reset"
Steps: TypeAlias = Iterator[Step]
Effect = Callable[[Steps, Toxic, Draws], Steps]


def latency(steps: Steps, toxic: Toxic, draws: Draws) -> Steps:
    """Send everything later."""
    for at, step in enumerate(steps):
        if isinstance(step, Send):
            jitter = toxic.seconds("jitter_ms") * draws.share(f"jitter {at}")
            yield Wait(toxic.seconds("latency_ms") + jitter)
        yield step


def bandwidth(steps: Steps, toxic: Toxic, _: Draws) -> Steps:
    """Send no more bytes a second than allowed."""
    speed = toxic.number("bytes_per_s")
    for step in _sliced(steps, max(1, int(speed / 10))):
        if isinstance(step, Send):
            yield Wait(len(step.data) / speed)
        yield step


def slow_close(steps: Steps, toxic: Toxic, _: Draws) -> Steps:
    """Close late."""
    for step in steps:
        if isinstance(step, End):
            yield Wait(toxic.seconds("delay_ms"))
        yield step


def timeout(steps: Steps, toxic: Toxic, _: Draws) -> Steps:
    """Let nothing through, and close after a while (0: when the client leaves)."""
    for step in steps:
        if isinstance(step, Send):
            yield Hang(toxic.seconds("timeout_ms") or None)
            yield Cut()
            return
        yield step


def slicer(steps: Steps, toxic: Toxic, _: Draws) -> Steps:
    """Send in small pieces."""
    for step in _sliced(steps, int(toxic.number("size"))):
        yield step
        if isinstance(step, Send):
            yield Wait(toxic.seconds("delay_ms"))


def limit_data(steps: Steps, toxic: Toxic, _: Draws) -> Steps:
    """Close after so many bytes."""
    left = int(toxic.number("bytes"))
    for step in steps:
        if isinstance(step, Send):
            if len(step.data) > left:
                yield Send(step.data[:left])
                yield Cut()
                return
            left -= len(step.data)
        yield step


def reset_peer(steps: Steps, toxic: Toxic, _: Draws) -> Steps:
    """Reset the connection before the first byte, or in the middle of a body."""
    source = _by_head(steps) if toxic.word("at") == "body" else steps
    for step in source:
        if isinstance(step, Send):
            yield Reset()
            return
        if isinstance(step, _Parted):
            yield from _half(step)
            yield Wait(SETTLING_SECONDS)
            yield Reset()
            return
        yield step


def garbage(steps: Steps, _: Toxic, __: Draws) -> Steps:
    """Answer something that is no HTTP."""
    for step in steps:
        if isinstance(step, Send):
            yield Send(GARBAGE)
            yield Cut()
            return
        yield step


def malformed_chunk(steps: Steps, _: Toxic, __: Draws) -> Steps:
    """Answer in chunks, one of which has no size."""
    for step in _by_head(steps):
        if isinstance(step, _Parted):
            yield Send(step.head.chunked() + BAD_CHUNK)
            yield Cut()
            return
        yield step


def short_body(steps: Steps, _: Toxic, __: Draws) -> Steps:
    """Close after half of the body, though more was declared."""
    for step in _by_head(steps):
        if isinstance(step, _Parted):
            yield from _half(step)
            yield Cut()
            return
        yield step


def stall(steps: Steps, _: Toxic, __: Draws) -> Steps:
    """Send half of the body and then nothing, until the client leaves."""
    for step in _by_head(steps):
        if isinstance(step, _Parted):
            yield from _half(step)
            yield Hang()
            yield Cut()
            return
        yield step


def slow_drip(steps: Steps, toxic: Toxic, _: Draws) -> Steps:
    """Send the body in small pieces with a wait before each: no read times out."""
    size, interval = int(toxic.number("size")), toxic.seconds("interval_ms")
    dripping = False
    for step in _by_head(steps):
        if isinstance(step, _Parted):
            yield Send(step.head.raw)
            pieces: Steps = _sliced(iter((Send(step.body),)), size)
        else:
            pieces = _sliced(iter((step,)), size) if dripping else iter((step,))
        dripping = True
        for piece in pieces:
            if isinstance(piece, Send):
                yield Wait(interval)
            yield piece


def truncated_json(steps: Steps, _: Toxic, __: Draws) -> Steps:
    """Give an answer that is complete as HTTP, with half of its JSON."""
    seen = b""
    for step in steps:
        if not isinstance(step, Send | End):
            yield step
            continue
        seen += step.data if isinstance(step, Send) else b""
        answer = whole_answer_in(seen, has_ended=isinstance(step, End))
        if answer is not None:
            yield Send(_with_half_of_body(answer))
            yield Cut()
            return
        if isinstance(step, End):
            yield Send(seen)
            yield step


EFFECTS: Final[dict[str, Effect]] = {
    "latency": latency,
    "bandwidth": bandwidth,
    "slow_close": slow_close,
    "timeout": timeout,
    "slicer": slicer,
    "limit_data": limit_data,
    "reset_peer": reset_peer,
    "garbage": garbage,
    "malformed_chunk": malformed_chunk,
    "short_body": short_body,
    "stall": stall,
    "slow_drip": slow_drip,
    "truncated_json": truncated_json,
}


@dataclass(frozen=True, slots=True)
class _Parted:
    """The head of an answer, and what has come of its body."""

    head: Head
    body: bytes


def _by_head(steps: Steps) -> Iterator[Step | _Parted]:
    """Hold bytes back until the head and a part of the body have come; then let them flow."""
    seen = b""
    is_open = True
    for step in steps:
        if not is_open or not isinstance(step, Send | End):
            yield step
            continue
        seen += step.data if isinstance(step, Send) else b""
        head = head_in(seen)
        body = b"" if head is None else seen[len(head.raw) :]
        if head is not None and (body or head.has_no_body or isinstance(step, End)):
            is_open = False
            yield _Parted(head, body)
        elif isinstance(step, End):
            yield Send(seen)
        if isinstance(step, End):
            yield step


def _half(parted: _Parted) -> Steps:
    yield Send(parted.head.raw + parted.body[: len(parted.body) // 2])


def _sliced(steps: Steps, size: int) -> Steps:
    for step in steps:
        if isinstance(step, Send):
            for start in range(0, len(step.data), size):
                yield Send(step.data[start : start + size])
        else:
            yield step


def _with_half_of_body(answer: WholeAnswer) -> bytes:
    half = answer.body[: max(1, len(answer.body) // 2)]
    return answer.head.with_length(len(half)) + half
