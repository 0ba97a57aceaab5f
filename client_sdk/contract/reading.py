"""Contracts out of bytes and documents: all faults at once, or a value to trust."""

from __future__ import annotations

from client_sdk.contract.document import parse_untrusted
from client_sdk.contract.errors import DocumentInvalid, Fault, Severity
from client_sdk.contract.lint import examine
from client_sdk.contract.model import Contract
from client_sdk.contract.values import DEFAULT_LIMITS, JsonValue, Limits


def parse_contract(raw: bytes, *, limits: Limits = DEFAULT_LIMITS) -> Contract:
    """Read a contract file.

    Raises:
        DocumentMalformed: the bytes are not strict JSON.
        DocumentTooLarge: they are over a size limit.
        DocumentInvalid: they are JSON but no contract; `faults` holds every error.
    """
    return contract_from_document(parse_untrusted(raw, limits=limits), limits=limits)


def contract_from_document(document: JsonValue, *, limits: Limits = DEFAULT_LIMITS) -> Contract:
    """Read a contract out of JSON that was parsed before.

    Raises:
        DocumentInvalid: it is no contract; `faults` holds every error.
    """
    examination = examine(document, limits=limits)
    if examination.contract is None:
        raise invalid("contract", examination.faults)
    return examination.contract


def invalid(noun: str, faults: tuple[Fault, ...]) -> DocumentInvalid:
    """Make the refusal of a document out of what was found; warnings are left out."""
    errors = tuple(fault for fault in faults if fault.severity is Severity.ERROR)
    first = errors[0]
    more = f" (and {len(errors) - 1} more)" if len(errors) > 1 else ""
    place = first.pointer or "the document"
    return DocumentInvalid(f"No valid {noun}: at {place}: {first.message}{more}", errors)
