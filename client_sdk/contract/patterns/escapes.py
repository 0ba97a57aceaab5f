r"""What follows a backslash: a set of characters, or one code point.

ECMA-262 with the ``u`` flag lets a backslash stand only before syntax characters and
``/``. Patterns in published schemas escape other punctuation too (``\-``, ``\_``, ``\@``),
and every engine without the flag reads it as itself; refusing those would refuse working
documents, and no other meaning is possible, so ASCII punctuation reads as itself. Letters and
digits without a meaning stay refused: there other engines do give them one (``\A``, ``\Z``).
"""

from client_sdk.contract.patterns.charset import DIGITS, LAST_CODE_POINT, SPACES, WORD, CharSet
from client_sdk.contract.patterns.cursor import Cursor
from client_sdk.contract.patterns.properties import UnknownProperty, property_set

_CLASSES = {
    "d": DIGITS,
    "D": DIGITS.complement(),
    "w": WORD,
    "W": WORD.complement(),
    "s": SPACES,
    "S": SPACES.complement(),
}
_CONTROLS = {"t": 0x09, "n": 0x0A, "v": 0x0B, "f": 0x0C, "r": 0x0D}
_LEADING = range(0xD800, 0xDC00)
_TRAILING = range(0xDC00, 0xE000)
_UNIT_DIGITS = 4
_HEX = "0123456789abcdefABCDEF"
_PUNCTUATION = frozenset("!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~")


def read_class_escape(cursor: Cursor) -> CharSet | None:
    """Read ``d``, ``W``, ``p{..}`` and their kin after the backslash, or take nothing."""
    letter = cursor.peek()
    if letter in _CLASSES:
        cursor.take()
        return _CLASSES[letter]
    if letter in {"p", "P"}:
        return _read_property(cursor)
    return None


def read_character_escape(cursor: Cursor) -> int:
    """Read one escaped code point after the backslash."""
    start = cursor.position - 1
    if cursor.at_end():
        cursor.invalid("a backslash at the end escapes nothing", at=start)
    letter = cursor.take()
    if letter in _CONTROLS:
        return _CONTROLS[letter]
    if letter in _PUNCTUATION:
        return ord(letter)
    if letter not in _NUMERIC:
        cursor.invalid(f"\\{letter} has no meaning in ECMA-262", at=start)
    return _NUMERIC[letter](cursor, start)


def _read_property(cursor: Cursor) -> CharSet:
    start = cursor.position - 1
    negated = cursor.take() == "P"
    name = cursor.take_until("}") if cursor.accept("{") else None
    if name is None:
        cursor.invalid("\\p needs a property in braces", at=start)
    try:
        charset = property_set(name)
    except UnknownProperty:
        cursor.unsupported("property", f"the property {name!r} is not supported", at=start)
    return charset.complement() if negated else charset


def _read_null(cursor: Cursor, start: int) -> int:
    if cursor.peek() and cursor.peek() in "0123456789":
        cursor.invalid("octal escapes are not part of the grammar", at=start)
    return 0


def _read_control(cursor: Cursor, start: int) -> int:
    letter = cursor.peek()
    if not (letter.isascii() and letter.isalpha()):
        cursor.invalid("\\c needs a letter", at=start)
    return ord(cursor.take()) % 32


def _read_hex(cursor: Cursor, width: int, start: int) -> int:
    digits = cursor.take_while(_HEX, width)
    if len(digits) < width:
        cursor.invalid(f"the escape needs {width} hexadecimal digits", at=start)
    return int(digits, 16)


def _read_unicode(cursor: Cursor, start: int) -> int:
    if cursor.accept("{"):
        return _read_braced(cursor, start)
    unit = _read_hex(cursor, _UNIT_DIGITS, start)
    if not (unit in _LEADING and cursor.sees("\\u")):
        return unit
    # A leading surrogate joins a trailing one; alone, it stands for itself.
    after = cursor.position
    cursor.position += 2
    digits = cursor.take_while(_HEX, _UNIT_DIGITS)
    if len(digits) == _UNIT_DIGITS and int(digits, 16) in _TRAILING:
        return 0x10000 + ((unit - 0xD800) << 10) + int(digits, 16) - 0xDC00
    cursor.position = after
    return unit


def _read_braced(cursor: Cursor, start: int) -> int:
    digits = cursor.take_while(_HEX, len(cursor.source))
    if not digits or not cursor.accept("}"):
        cursor.invalid("\\u{ needs hexadecimal digits and a closing brace", at=start)
    code_point = int(digits, 16)
    if code_point > LAST_CODE_POINT:
        cursor.invalid("the code point is beyond U+10FFFF", at=start)
    return code_point


def _read_byte(cursor: Cursor, start: int) -> int:
    return _read_hex(cursor, 2, start)


_NUMERIC = {"0": _read_null, "c": _read_control, "x": _read_byte, "u": _read_unicode}
