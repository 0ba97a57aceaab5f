r"""Character classes: everything between square brackets.

A hyphen beside a class escape (``[\w-.]``) breaks the grammar under the ``u`` flag, but the
web's grammar without it reads a literal hyphen, and e-mail patterns in published schemas rely
on that; no second meaning exists, so the hyphen is read as itself.
"""

from client_sdk.contract.patterns.charset import CharSet, charset_from_intervals, single
from client_sdk.contract.patterns.cursor import Cursor
from client_sdk.contract.patterns.escapes import read_character_escape, read_class_escape


def read_class(cursor: Cursor) -> CharSet:
    """Read a class after its opening bracket, up to and with the closing one."""
    start = cursor.position - 1
    negated = cursor.accept("^")
    found: list[CharSet] = []
    while not cursor.accept("]"):
        if cursor.at_end():
            cursor.invalid("the character class is never closed", at=start)
        found.extend(_read_item(cursor))
    charset = charset_from_intervals(interval for each in found for interval in each.intervals)
    return charset.complement() if negated else charset


def _read_item(cursor: Cursor) -> list[CharSet]:
    """Read one member or one range."""
    start = cursor.position
    low = _read_atom(cursor)
    if not cursor.sees("-") or cursor.sees("-]") or cursor.source[cursor.position :] == "-":
        return [_as_set(low)]
    cursor.take()
    high = _read_atom(cursor)
    if isinstance(low, CharSet) or isinstance(high, CharSet):
        return [_as_set(low), single(ord("-")), _as_set(high)]
    if low > high:
        cursor.invalid("the range runs backwards", at=start)
    return [CharSet(((low, high),))]


def _read_atom(cursor: Cursor) -> CharSet | int:
    if not cursor.accept("\\"):
        return ord(cursor.take())
    charset = read_class_escape(cursor)
    if charset is not None:
        return charset
    if cursor.accept("b"):
        return 0x08
    return read_character_escape(cursor)


def _as_set(atom: CharSet | int) -> CharSet:
    return atom if isinstance(atom, CharSet) else single(atom)
