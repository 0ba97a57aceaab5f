"""A reading position in a pattern, and the two ways to stop there."""

from typing import NoReturn

from client_sdk.contract.patterns.errors import PatternInvalid, PatternUnsupported


class Cursor:
    """Reads a pattern character by character, never beyond its end."""

    __slots__ = ("position", "source")

    def __init__(self, source: str) -> None:
        self.source = source
        self.position = 0

    def at_end(self) -> bool:
        """Tell whether everything has been read."""
        return self.position >= len(self.source)

    def peek(self) -> str:
        """Return the next character without taking it, or the empty string at the end."""
        return self.source[self.position : self.position + 1]

    def sees(self, text: str) -> bool:
        """Tell whether the rest starts with ``text``."""
        return self.source.startswith(text, self.position)

    def accept(self, text: str) -> bool:
        """Take ``text`` if it comes next, and tell whether it did."""
        if not self.sees(text):
            return False
        self.position += len(text)
        return True

    def take(self) -> str:
        """Take the next character; the caller knows that there is one."""
        character = self.source[self.position]
        self.position += 1
        return character

    def take_while(self, allowed: str, most: int) -> str:
        """Take up to ``most`` characters out of ``allowed``."""
        start = self.position
        while self.position - start < most and self.peek() and self.peek() in allowed:
            self.position += 1
        return self.source[start : self.position]

    def take_until(self, end: str) -> str | None:
        """Take everything before ``end``, and ``end`` itself; None when it never comes."""
        found = self.source.find(end, self.position)
        if found < 0:
            return None
        taken = self.source[self.position : found]
        self.position = found + len(end)
        return taken

    def invalid(self, message: str, *, at: int | None = None) -> NoReturn:
        """Refuse a pattern that breaks the grammar."""
        position = self.position if at is None else at
        raise PatternInvalid(self.source, position, "syntax", message)

    def unsupported(self, reason: str, message: str, *, at: int | None = None) -> NoReturn:
        """Refuse a pattern that is right but not decided."""
        position = self.position if at is None else at
        raise PatternUnsupported(self.source, position, reason, message)
