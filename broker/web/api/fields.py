"""The types of members and parameters: each checks one value that came from outside."""

import re
from collections.abc import Callable
from decimal import Decimal
from typing import Annotated, TypeVar
from urllib.parse import urlsplit

from pydantic import AfterValidator, BeforeValidator, StringConstraints

from broker.domain.evidence import check_evidence_kind
from client_sdk.contract.errors import NameRefused
from client_sdk.contract.names import (
    check_branch_name,
    check_environment_name,
    check_participant_name,
    check_tool_name,
    check_version_number,
)

T = TypeVar("T")

LARGEST_ID = 2**63 - 1

_ID_DIGITS = 19
_DIGEST = re.compile(r"sha256:[0-9a-f]{64}")


def identifier(text: str) -> int:
    """The number of a stored row; raises ValueError for a text that no row can have."""
    if not (text.isascii() and text.isdigit() and len(text) <= _ID_DIGITS):
        raise ValueError("must be a whole number")
    if int(text) > LARGEST_ID:
        raise ValueError("is larger than any stored number")
    return int(text)


def check_digest(text: str) -> str:
    """The name of a content; raises ValueError for any other text."""
    if not _DIGEST.fullmatch(text):
        raise ValueError("must be sha256: and 64 hexadecimal digits")
    return text


def web_address(text: str) -> str:
    """An absolute http or https address without credentials; raises ValueError otherwise."""
    parts = urlsplit(text)
    if parts.scheme not in {"http", "https"} or not parts.hostname or "\\" in text:
        raise ValueError("must be an absolute http or https address")
    if parts.username is not None or parts.password is not None:
        raise ValueError("must not carry credentials")
    if not (text.isascii() and text.isprintable()) or " " in text:
        raise ValueError("must be percent-encoded ASCII")
    return text


def _named(check: Callable[[str], str]) -> Callable[[str], str]:
    def checked(name: str) -> str:
        try:
            return check(name)
        except NameRefused as refused:
            raise ValueError(str(refused)) from None

    return checked


def _printable(text: str) -> str:
    if not text.isprintable():
        raise ValueError("must have printable characters only")
    return text


def _whole(value: object) -> object:
    """1.0 is 1 in JSON; true is not."""
    if isinstance(value, Decimal) and value == value.to_integral_value():
        return int(value)
    return value


def _whole_from_text(value: object) -> object:
    if not isinstance(value, str):
        return value
    return identifier(value)


def _claim_from_text(value: object) -> object:
    match value:
        case "true":
            return True
        case "false":
            return False
        case _:
            raise ValueError("must be true or false")


ParticipantName = Annotated[str, AfterValidator(_named(check_participant_name))]
VersionNumber = Annotated[str, AfterValidator(_named(check_version_number))]
BranchName = Annotated[str, AfterValidator(_named(check_branch_name))]
EnvironmentName = Annotated[str, AfterValidator(_named(check_environment_name))]
ToolName = Annotated[str, AfterValidator(_named(check_tool_name))]

EvidenceKind = Annotated[str, AfterValidator(_named(check_evidence_kind))]

Digest = Annotated[str, AfterValidator(check_digest)]
WebAddress = Annotated[str, StringConstraints(max_length=2_000), AfterValidator(web_address)]
Line = Annotated[str, StringConstraints(min_length=1, max_length=255), AfterValidator(_printable)]
Whole = Annotated[int, BeforeValidator(_whole)]

# Parameters are texts.
WholeText = Annotated[int, BeforeValidator(_whole_from_text)]
ClaimText = Annotated[bool, BeforeValidator(_claim_from_text)]
