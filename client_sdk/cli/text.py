"""Text from elsewhere, made safe and short enough for a terminal."""

import re
from datetime import datetime
from typing import TextIO

# Control, direction and line separator characters, and what no XML and no UTF-8 can hold.
_UNPRINTABLE = re.compile(
    r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069"
    r"\ud800-\udfff\ufffe\uffff]"
)
_SURROGATE = re.compile(r"[\ud800-\udfff]")  # a byte of a file's name that is no UTF-8


def printable(text: str) -> str:
    """`text` without control, escape and direction characters: it cannot forge a terminal."""
    return _UNPRINTABLE.sub("\N{REPLACEMENT CHARACTER}", text)


def encodable(text: str) -> str:
    """`text` as UTF-8 can hold it."""
    return _SURROGATE.sub("\N{REPLACEMENT CHARACTER}", text)


def shortened(text: str, width: int = 80) -> str:
    """`text` on one line and at most `width` characters long, cut with an ellipsis."""
    line = " ".join(text.split())
    return line if len(line) <= width else line[: width - 1] + "…"


def counted(count: int, noun: str) -> str:
    """`1 error`, `2 errors`; a word that has no plural stays as it is."""
    if count == 1 or noun == "info":
        return f"{count} {noun}"
    return f"{count} {noun.removesuffix('y')}ies" if noun.endswith("y") else f"{count} {noun}s"


def short_digest(digest: str | None) -> str:
    """The first twelve hex digits of `sha256:…`, or a dash."""
    return digest.removeprefix("sha256:")[:12] if digest else "–"


def short_time(text: str | None) -> str:
    """An ISO 8601 instant to the minute, or a dash."""
    if not text:
        return "–"
    return datetime.fromisoformat(text).strftime("%Y-%m-%d %H:%M")


def is_terminal(stream: TextIO | None) -> bool:
    """Somebody watches: the stream is open (a closed one is `None`) and is a terminal."""
    return stream is not None and stream.isatty()
