"""The syntax tree of a pattern, free of everything that does not change what it finds."""

from dataclasses import dataclass
from enum import Enum

from client_sdk.contract.patterns.charset import CharSet


class Anchor(Enum):
    """A zero-width test of the place between two characters."""

    START = "^"
    END = "$"
    BOUNDARY = "\\b"
    NOT_BOUNDARY = "\\B"


@dataclass(frozen=True, slots=True)
class Chars:
    """One character out of a set."""

    charset: CharSet


@dataclass(frozen=True, slots=True)
class Sequence:
    """Parts one after the other; no part is the empty word."""

    parts: "tuple[Tree, ...]"


@dataclass(frozen=True, slots=True)
class Choice:
    """Any one of the options."""

    options: "tuple[Tree, ...]"


@dataclass(frozen=True, slots=True)
class Repeat:
    """The body, ``least`` to ``most`` times; ``None`` means without end."""

    body: "Tree"
    least: int
    most: int | None


@dataclass(frozen=True, slots=True)
class Look:
    """A look-ahead: the rest of the text starts (or, negative, does not) with the body."""

    body: "Tree"
    negative: bool


@dataclass(frozen=True, slots=True)
class Known:
    """A zero-width test whose outcome at every place is handed in with the text.

    Matching replaces look-aheads by these; ``number`` says which.
    """

    number: int


Tree = Chars | Sequence | Choice | Repeat | Look | Anchor | Known
