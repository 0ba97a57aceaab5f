"""Families of refusals: what they share, and which status they get."""

from dataclasses import dataclass
from typing import ClassVar

from client_sdk.contract.errors import Fault


class Refusal(Exception):
    """The broker declines; nothing was stored."""

    code: ClassVar[str] = "refused"


class NotKnown(Refusal):
    """Something that was named does not exist."""


class Conflict(Refusal):
    """The request contradicts what is stored."""


class Malformed(Refusal):
    """The question cannot be read."""


@dataclass(eq=False)
class Unacceptable(Refusal):
    """The request is well-formed and still not what it must be; `faults` says where."""

    faults: tuple[Fault, ...]

    def __str__(self) -> str:
        return " ".join(fault.message for fault in self.faults)


class ComeBackLater(Refusal):
    """Nothing was stored; the same request will likely succeed a little later."""
