"""What a page's query string asks for, checked: a name outside its grammar is refused."""

from collections.abc import Callable
from datetime import UTC, datetime
from enum import StrEnum
from typing import TypeVar

from flask import request

from broker.domain.evidence import check_evidence_kind
from broker.domain.paging import Page
from broker.web.refusals import FieldFault, ParametersInvalid
from client_sdk.contract.errors import NameRefused
from client_sdk.contract.names import (
    check_branch_name,
    check_environment_name,
    check_participant_name,
    check_version_number,
)

Word = TypeVar("Word", bound=StrEnum)

PAGE_SIZE = 50
CHECKS: dict[str, Callable[[str], str]] = {
    "participant": check_participant_name,
    "consumer": check_participant_name,
    "producer": check_participant_name,
    "version": check_version_number,
    "from": check_version_number,
    "to": check_version_number,
    "branch": check_branch_name,
    "kind": check_evidence_kind,
    "env": check_environment_name,
    "environment": check_environment_name,
}


def name_in_query(parameter: str, *, kind: str | None = None) -> str | None:
    """The name given, `None` when it is absent or empty."""
    text = text_in_query(parameter)
    if text is None:
        return None
    try:
        return CHECKS[kind or parameter](text)
    except NameRefused as refused:
        raise _invalid(parameter, str(refused)) from None


def text_in_query(parameter: str) -> str | None:
    """Any text, trimmed; `None` when it is absent or empty."""
    return request.args.get(parameter, "").strip() or None


def word_in_query(parameter: str, words: type[Word]) -> Word | None:
    """One of some words, `None` when it is absent or empty."""
    text = text_in_query(parameter)
    if text is None:
        return None
    try:
        return words(text)
    except ValueError:
        raise _invalid(parameter, f"must be one of {', '.join(words)}") from None


def choice_in_query(parameter: str, choices: tuple[str, ...]) -> str:
    """One of some choices; the first when it is absent or none of them."""
    text = text_in_query(parameter)
    return text if text in choices else choices[0]


def number_in_query(parameter: str, *, most: int, or_else: str) -> int | None:
    """A whole number from 1 to `most`, `None` when it is absent or empty.

    `or_else` is what else the reader may be told to write.
    """
    text = text_in_query(parameter)
    if text is None:
        return None
    is_whole = text.isascii() and text.isdigit() and len(text) <= len(str(most))
    if not is_whole or not 1 <= int(text) <= most:
        raise _invalid(parameter, f"must be a whole number from 1 to {most}, or {or_else}")
    return int(text)


def moment_in_query(parameter: str) -> datetime | None:
    """An ISO 8601 time, UTC unless it says otherwise."""
    text = text_in_query(parameter)
    if text is None:
        return None
    try:
        moment = datetime.fromisoformat(text)
        return moment.replace(tzinfo=moment.tzinfo or UTC).astimezone(UTC)
    except (ValueError, OverflowError):
        raise _invalid(parameter, "must be a time such as 2026-01-31T12:00") from None


def page_in_query(limit: int = PAGE_SIZE) -> Page:
    """Which part of a list; the size is the screen's own."""
    return Page(cursor=text_in_query("cursor"), limit=limit)


def _invalid(parameter: str, message: str) -> ParametersInvalid:
    return ParametersInvalid((FieldFault(message, parameter=parameter),))
