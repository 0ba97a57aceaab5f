"""Reads the text of a pattern into its syntax tree (ECMA-262 §22.2.1, ``u`` flag).

Two liberties, both without a second meaning: escaped ASCII punctuation reads as itself (see
``escapes``), and a ``]``, ``}`` or ``{`` that closes or opens nothing reads as itself, as the
grammar for web browsers (Annex B) has it.
"""

from client_sdk.contract.patterns.charset import DOT, single
from client_sdk.contract.patterns.classes import read_class
from client_sdk.contract.patterns.cursor import Cursor
from client_sdk.contract.patterns.errors import PatternUnsupported
from client_sdk.contract.patterns.escapes import read_character_escape, read_class_escape
from client_sdk.contract.patterns.syntax import (
    Anchor,
    Chars,
    Choice,
    Look,
    Repeat,
    Sequence,
    Tree,
)

LONGEST_SOURCE = 10_000
DEEPEST_NESTING = 50
# A count of five digits is an accident or an attack; lengths belong to maxLength.
HIGHEST_COUNT = 9_999

_DIGITS = "0123456789"


def parse(source: str) -> Tree:
    """Read a pattern.

    Raises:
        PatternInvalid: the text breaks the grammar.
        PatternUnsupported: back-references, look-behind, flags inside the pattern, unknown
            properties, and whatever exceeds the limits.
    """
    if len(source) > LONGEST_SOURCE:
        message = f"patterns may have {LONGEST_SOURCE} characters, this one has {len(source)}"
        raise PatternUnsupported(source, LONGEST_SOURCE, "too-complex", message)
    cursor = Cursor(source)
    tree = _read_choice(cursor, 0)
    if not cursor.at_end():
        cursor.invalid("the parenthesis closes nothing")
    return tree


def _read_choice(cursor: Cursor, depth: int) -> Tree:
    options = [_read_sequence(cursor, depth)]
    while cursor.accept("|"):
        options.append(_read_sequence(cursor, depth))
    return options[0] if len(options) == 1 else Choice(tuple(options))


def _read_sequence(cursor: Cursor, depth: int) -> Tree:
    parts: list[Tree] = []
    while not cursor.at_end() and cursor.peek() not in "|)":
        parts.append(_read_term(cursor, depth))
    return parts[0] if len(parts) == 1 else Sequence(tuple(parts))


def _read_term(cursor: Cursor, depth: int) -> Tree:
    start = cursor.position
    tree = _read_assertion(cursor, depth)
    if tree is not None:
        if _read_quantifier(cursor) is not None:
            cursor.invalid("an assertion cannot be repeated", at=start)
        return tree
    atom = _read_atom(cursor, depth)
    bounds = _read_quantifier(cursor)
    return atom if bounds is None else Repeat(atom, *bounds)


def _read_assertion(cursor: Cursor, depth: int) -> Tree | None:
    for anchor in Anchor:
        if cursor.accept(anchor.value):
            return anchor
    for opening, negative in (("(?=", False), ("(?!", True)):
        if cursor.sees(opening):
            return Look(_read_group(cursor, opening, depth), negative)
    return None


def _read_atom(cursor: Cursor, depth: int) -> Tree:
    if cursor.sees("("):
        return _read_group(cursor, _group_opening(cursor), depth)
    if cursor.sees("{") and _read_quantifier(cursor) is not None:
        cursor.invalid("there is nothing to repeat")
    character = cursor.take()
    match character:
        case ".":
            return Chars(DOT)
        case "[":
            return Chars(read_class(cursor))
        case "\\":
            return _read_escape(cursor)
        case "*" | "+" | "?":
            return cursor.invalid("there is nothing to repeat", at=cursor.position - 1)
        case _:
            return Chars(single(ord(character)))


def _read_group(cursor: Cursor, opening: str, depth: int) -> Tree:
    start = cursor.position
    if depth >= DEEPEST_NESTING:
        cursor.unsupported("too-complex", f"groups nest deeper than {DEEPEST_NESTING}")
    cursor.accept(opening)
    tree = _read_choice(cursor, depth + 1)
    if not cursor.accept(")"):
        cursor.invalid("the group is never closed", at=start)
    return tree


def _group_opening(cursor: Cursor) -> str:
    """Return the characters that open the group here, its name among them."""
    if not cursor.sees("(?"):
        return "("
    if cursor.sees("(?:"):
        return "(?:"
    if cursor.sees("(?<=") or cursor.sees("(?<!"):
        cursor.unsupported("look-behind", "look-behind is not supported")
    if not cursor.sees("(?<"):
        return _refuse_extension(cursor)
    name, closed, _ = cursor.source[cursor.position + 3 :].partition(">")
    if not closed or not name.replace("$", "_").isidentifier():
        cursor.invalid("the group's name is not an identifier")
    return f"(?<{name}>"


def _refuse_extension(cursor: Cursor) -> str:
    letter = cursor.source[cursor.position + 2 : cursor.position + 3]
    if letter and letter in "ims-":
        cursor.unsupported("flags", "flags inside a pattern are not supported")
    return cursor.invalid("(? opens no group of ECMA-262")


def _read_escape(cursor: Cursor) -> Tree:
    letter = cursor.peek()
    if (letter and letter in "123456789") or cursor.sees("k<"):
        cursor.unsupported(
            "back-reference", "back-references are not supported", at=cursor.position - 1
        )
    charset = read_class_escape(cursor)
    return Chars(single(read_character_escape(cursor)) if charset is None else charset)


def _read_quantifier(cursor: Cursor) -> tuple[int, int | None] | None:
    """Read the bounds of a repetition and its lazy mark, or take nothing."""
    bounds = _read_bounds(cursor)
    if bounds is not None:
        # A lazy mark prefers the shorter find; whether there is one stays the same.
        cursor.accept("?")
    return bounds


def _read_bounds(cursor: Cursor) -> tuple[int, int | None] | None:
    for mark, bounds in (("*", (0, None)), ("+", (1, None)), ("?", (0, 1))):
        if cursor.accept(mark):
            return bounds
    start = cursor.position
    if not cursor.accept("{"):
        return None
    least = cursor.take_while(_DIGITS, len(cursor.source))
    comma = cursor.accept(",")
    most = cursor.take_while(_DIGITS, len(cursor.source)) if comma else least
    if not least or not cursor.accept("}"):
        cursor.position = start
        return None
    return _checked_bounds(cursor, start, least, most)


def _checked_bounds(cursor: Cursor, start: int, least: str, most: str) -> tuple[int, int | None]:
    if max(len(least.lstrip("0")), len(most.lstrip("0"))) > len(str(HIGHEST_COUNT)):
        message = f"repeat counts go up to {HIGHEST_COUNT}"
        cursor.unsupported("too-complex", message, at=start)
    low = int(least.lstrip("0") or "0")
    high = int(most.lstrip("0") or "0") if most else None
    if high is not None and high < low:
        cursor.invalid("the repeat counts run backwards", at=start)
    return low, high
