"""Names of participants, versions, branches, environments and tools: one grammar each.

Every check looks at the whole string, so a trailing newline never passes.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from client_sdk.contract.errors import Fault, NameRefused

MAX_TOOL_NAME = 255


@dataclass(frozen=True, slots=True)
class _Grammar:
    noun: str
    pattern: re.Pattern[str]
    rule: str


_PARTICIPANT: Final = _Grammar(
    "participant name",
    re.compile(r"(?=.{1,128}\Z)[A-Za-z0-9@](?:[A-Za-z0-9 ._@:+-]*[A-Za-z0-9])?(?<!@)"),
    "1 to 128 letters, digits, spaces or . _ @ : + -, "
    "beginning with a letter, a digit or @ and ending with a letter or a digit",
)
_BRANCH: Final = _Grammar(
    "branch name",
    re.compile(r"(?=.{1,128}\Z)[A-Za-z0-9@](?:[A-Za-z0-9 ._@:+/-]*[A-Za-z0-9])?(?<!@)"),
    "1 to 128 letters, digits, spaces or . _ @ : + - /, "
    "beginning with a letter, a digit or @ and ending with a letter or a digit",
)
_VERSION: Final = _Grammar(
    "version number",
    re.compile(r"[A-Za-z0-9][A-Za-z0-9._@:+-]{0,127}"),
    "1 to 128 letters, digits or . _ @ : + -, beginning with a letter or a digit",
)
_ENVIRONMENT: Final = _Grammar(
    "environment name",
    re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,62}"),
    "1 to 63 letters, digits or . _ -, beginning with a letter or a digit",
)


def check_participant_name(name: object) -> str:
    """Give back the name of a participant, or raise NameRefused."""
    return _checked(name, _PARTICIPANT)


def check_version_number(number: object) -> str:
    """Give back a version number, or raise NameRefused."""
    return _checked(number, _VERSION)


def check_branch_name(name: object) -> str:
    """Give back the name of a branch, or raise NameRefused."""
    return _checked(name, _BRANCH)


def check_environment_name(name: object) -> str:
    """Give back the name of an environment, or raise NameRefused."""
    return _checked(name, _ENVIRONMENT)


def check_tool_name(name: object) -> str:
    """Give back the name of a tool, or raise NameRefused.

    Printable means what Unicode says: no control, format (zero-width, bidirectional marks),
    unassigned or surrogate characters, and no space other than U+0020.
    """
    printable = isinstance(name, str) and name.isprintable() and name == name.strip()
    if not isinstance(name, str) or not printable or not 1 <= len(name) <= MAX_TOOL_NAME:
        rule = f"1 to {MAX_TOOL_NAME} printable characters without surrounding white space"
        raise _refused("tool name", rule)
    return name


def fold_name(name: str) -> str:
    """Give the identity of a name: names that differ only by case are the same participant."""
    return name.casefold()


def _checked(name: object, grammar: _Grammar) -> str:
    if not isinstance(name, str) or grammar.pattern.fullmatch(name) is None:
        raise _refused(grammar.noun, grammar.rule)
    return name


def _refused(noun: str, rule: str) -> NameRefused:
    article = "An" if noun[0] in "aeiou" else "A"
    message = f"{article} {noun} has {rule}."
    return NameRefused(message, (Fault(NameRefused.code, "", message),))
