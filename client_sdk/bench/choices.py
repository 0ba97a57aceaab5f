"""Arguments that are one of a few words."""

from __future__ import annotations

from enum import StrEnum
from typing import TypeVar

_Word = TypeVar("_Word", bound=StrEnum)


class Compat(StrEnum):
    """By which rule results are compared: on intervals, or the guide's on two points."""

    STRICT = "strict"
    GUIDE = "guide"

    @property
    def method(self) -> str:
        """What `compare_results` calls it."""
        return "threshold" if self is Compat.GUIDE else "interval"


def word_of(kind: type[_Word], name: str, given: str) -> _Word:
    """Read an argument called `name`.

    Raises:
        ValueError: it is none of the words.
    """
    try:
        return kind(given)
    except ValueError:
        words = ", ".join(each.value for each in kind)
        raise ValueError(f"{name}: {given!r} is none of {words}") from None
