"""What the kernel refuses, and what it finds wrong with a document.

ContractError
├── DocumentMalformed   not strict JSON
├── DocumentTooLarge    over a size limit
├── DocumentInvalid     JSON, but not the document it must be
└── NameRefused         a name outside its grammar
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar


class Severity(StrEnum):
    """How grave a fault, a violation or a finding is."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"


@dataclass(frozen=True, slots=True)
class Fault:
    """One finding about a document: a stable code, where it is, and a sentence for its author.

    `pointer` is a JSON Pointer into the document; the empty string is its root.
    """

    code: str
    pointer: str
    message: str
    severity: Severity = Severity.ERROR


class ContractError(Exception):
    """Root of the kernel's refusals; `code` is stable, `faults` says where and why."""

    code: ClassVar[str] = "contract-error"

    def __init__(self, message: str, faults: Iterable[Fault] = ()) -> None:
        super().__init__(message)
        self.faults: tuple[Fault, ...] = tuple(faults)


class DocumentMalformed(ContractError):
    """The bytes are not strict JSON; the one fault names the position."""

    code = "document-malformed"


class DocumentTooLarge(ContractError):
    """The document is over a size limit; the message names the limit."""

    code = "document-too-large"


class DocumentInvalid(ContractError):
    """The document is JSON, but not what it must be; `faults` holds all that was found."""

    code = "document-invalid"


class NameRefused(ContractError, ValueError):
    """A name is outside its grammar; the message says the grammar."""

    code = "name-invalid"
