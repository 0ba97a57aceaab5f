"""As much of HTTP/1.1 as a fault proxy needs: the head of an answer, and where its body ends."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

HEAD_END: Final = b"\r\n\r\n"
MAX_DIGITS: Final = 12
_FRAMING: Final = (b"content-length:", b"transfer-encoding:", b"connection:")
_WITHOUT_BODY: Final = (b"204", b"304")


@dataclass(frozen=True, slots=True)
class Head:
    """The bytes of a head, its empty line included."""

    raw: bytes

    @property
    def length(self) -> int | None:
        """The declared length of the body, or None."""
        value = self._field(b"content-length:")
        return int(value) if value.isdigit() and len(value) <= MAX_DIGITS else None

    @property
    def is_chunked(self) -> bool:
        """Whether the body comes in chunks."""
        return self._field(b"transfer-encoding:").lower().endswith(b"chunked")

    @property
    def has_no_body(self) -> bool:
        """Whether no body follows."""
        status = self.raw.split(b" ", 2)[1:2]
        return self.length == 0 or (bool(status) and status[0] in _WITHOUT_BODY)

    def chunked(self) -> bytes:
        """Give the head of the same answer sent in chunks."""
        return self._framed(b"Transfer-Encoding: chunked")

    def with_length(self, length: int) -> bytes:
        """Give the head of an answer whose body has this length."""
        return self._framed(b"Content-Length: %d" % length)

    def _framed(self, framing: bytes) -> bytes:
        lines = self.raw.removesuffix(HEAD_END).split(b"\r\n")
        kept = [line for line in lines if not line.lower().startswith(_FRAMING)]
        return b"\r\n".join([*kept, framing, b"Connection: close"]) + HEAD_END

    def _field(self, name: bytes) -> bytes:
        for line in self.raw.split(b"\r\n"):
            if line.lower().startswith(name):
                return line[len(name) :].strip()
        return b""


@dataclass(frozen=True, slots=True)
class WholeAnswer:
    """An answer that has come whole; its body without chunks."""

    head: Head
    body: bytes


def head_in(seen: bytes) -> Head | None:
    """Find the head at the beginning of what has come, once it is complete."""
    end = seen.find(HEAD_END)
    return None if end < 0 else Head(seen[: end + len(HEAD_END)])


def whole_answer_in(seen: bytes, *, has_ended: bool) -> WholeAnswer | None:
    """Give the answer once it is complete; one without a length ends with its connection."""
    head = head_in(seen)
    if head is None:
        return None
    body = seen[len(head.raw) :]
    if head.is_chunked:
        joined = _dechunked(body)
        return None if joined is None else WholeAnswer(head, joined)
    length = head.length
    if length is None or len(body) < length:
        return WholeAnswer(head, body) if has_ended else None
    return WholeAnswer(head, body[:length])


def _dechunked(body: bytes) -> bytes | None:
    """Join chunks; None as long as the last one has not come, or when there is no size."""
    joined, rest = b"", body
    while True:
        line, found, rest = rest.partition(b"\r\n")
        digits = line.split(b";", 1)[0].strip()
        if not found or len(digits) > MAX_DIGITS:
            return None
        try:
            size = int(digits, 16)
        except ValueError:
            return None
        if size == 0:
            return joined
        if len(rest) < size + 2:
            return None
        joined, rest = joined + rest[:size], rest[size + 2 :]
