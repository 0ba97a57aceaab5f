"""Requests that are not what they must be, or cannot be read."""

from dataclasses import dataclass
from typing import ClassVar

from broker.domain.errors.families import Malformed, Unacceptable


@dataclass(eq=False)
class PublicationInvalid(Unacceptable):
    """The contracts of one publication do not belong together."""

    code: ClassVar[str] = "publication-invalid"


@dataclass(eq=False)
class VerificationInvalid(Unacceptable):
    """A result contradicts itself, or names a contract it cannot belong to."""

    code: ClassVar[str] = "verification-invalid"


@dataclass(eq=False)
class ToolsNotReported(Unacceptable):
    """Not every tool of the contract was reported exactly once."""

    code: ClassVar[str] = "tools-not-reported"
    missing: tuple[str, ...] = ()
    repeated: tuple[str, ...] = ()
    unexpected: tuple[str, ...] = ()


@dataclass(eq=False)
class EvidenceInvalid(Unacceptable):
    """The digest that came with a piece of evidence is not the digest of the rest."""

    code: ClassVar[str] = "evidence-invalid"


@dataclass(eq=False)
class CursorInvalid(Malformed):
    """The cursor is none that this broker gave out for this list."""

    code: ClassVar[str] = "cursor-invalid"
    cursor: str

    def __str__(self) -> str:
        return "The cursor is not one of this list. Start again without it."


@dataclass(eq=False)
class LimitInvalid(Malformed):
    """The page size is outside what a list gives."""

    code: ClassVar[str] = "limit-invalid"
    limit: int
    largest: int

    def __str__(self) -> str:
        return f"A page holds 1 to {self.largest} items, not {self.limit}."
