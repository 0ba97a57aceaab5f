"""Checks of arguments: each fault is a ValueError that names the argument and the remedy."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from copy import deepcopy
from importlib.util import find_spec
from math import isfinite
from typing import Final

from client_sdk.contract.document import canonical_json
from client_sdk.contract.errors import ContractError
from client_sdk.contract.spelling import near_miss
from client_sdk.contract.values import JsonObject

KNOWN_STATUSES: Final = range(100, 600)


def one_of(name: str, given: object, known: Sequence[str]) -> str:
    """Give the known word that was given.

    Raises:
        ValueError: it is none; the message names the nearest.
    """
    found = next((word for word in known if word == given), None)
    if found is None:
        raise ValueError(unknown(name, str(given), [str(word) for word in known]))
    return found


def unknown(what: str, name: str, known: Sequence[str]) -> str:
    """Say that a name is unknown, and which one was meant or may be used."""
    near = near_miss(name, known)
    hint = f"did you mean {near!r}?" if near else f"use {listed(known) or 'none: it has none'}"
    return f"{what} {name!r} is unknown; {hint}"


def listed(words: Iterable[str]) -> str:
    """Write words one after the other."""
    return ", ".join(str(word) for word in words)


def check_id(given: object) -> None:
    """Make sure that a name of one's own is one."""
    if given is not None and (not isinstance(given, str) or not given):
        raise ValueError(f"id={given!r} must be a text that is not empty, or None")


def check_probability(probability: object) -> None:
    """Make sure that a probability is one."""
    is_number = isinstance(probability, int | float) and not isinstance(probability, bool)
    if not is_number or not 0 <= float(str(probability)) <= 1:
        raise ValueError(
            f"probability={probability!r} must be a number from 0 (never) to 1 (always)"
        )


def names_in(name: str, given: object) -> list[str]:
    """Give a list of names as it is."""
    if isinstance(given, str) or not isinstance(given, Iterable):
        raise ValueError(  # noqa: TRY004 - every fault of an argument is one kind
            f"{name}={given!r} must be a list of names; put it in brackets"
        )
    names = list(given)
    if not all(isinstance(each, str) and each for each in names):
        raise ValueError(f"{name}={given!r} must hold names that are not empty")
    return names


def check_number(name: str, number: object, *, whole: bool) -> None:
    """Make sure that a number is finite and not negative, or a whole one from 1."""
    is_number = isinstance(number, int | float) and not isinstance(number, bool)
    if not is_number or not isfinite(float(str(number))):
        raise ValueError(f"{name}={number!r} must be a number")
    if whole and (not isinstance(number, int) or number < 1):
        raise ValueError(f"{name}={number!r} must be a whole number from 1")
    if float(str(number)) < 0:
        raise ValueError(f"{name}={number!r} must not be negative")


def check_limits(max_injections: int | None, ttl_s: float | None) -> None:
    """Make sure that limits are above zero, where there are any."""
    is_count = isinstance(max_injections, int) and not isinstance(max_injections, bool)
    if max_injections is not None and (not is_count or max_injections < 1):
        raise ValueError(
            f"max_injections={max_injections!r} must be a whole number from 1, or None"
        )
    is_time = isinstance(ttl_s, int | float) and not isinstance(ttl_s, bool)
    if ttl_s is not None and not (is_time and 0 < float(str(ttl_s)) < float("inf")):
        raise ValueError(f"ttl_s={ttl_s!r} must be a number of seconds above 0, or None")


def members_in(name: str, given: object) -> JsonObject:
    """Give a copy of an argument that has JSON values by the names of members."""
    if not isinstance(given, Mapping) or not all(isinstance(each, str) for each in given):
        raise ValueError(f"{name}={given!r} must be a dict with a value for each member's name")
    members = deepcopy(dict(given))
    try:
        canonical_json(members)
    except (ContractError, TypeError, RecursionError) as error:
        raise ValueError(f"{name}={given!r} must hold JSON values only: {error}") from error
    return members


def statuses_in(given: object) -> tuple[int, ...]:
    """Give HTTP statuses."""
    kept = tuple(given) if isinstance(given, Iterable) else ()
    statuses = tuple(each for each in kept if isinstance(each, int) and each in KNOWN_STATUSES)
    if not kept or len(statuses) < len(kept):
        raise ValueError(f"statuses={given!r} must be HTTP statuses from 100 to 599")
    return statuses


def check_library(raise_as: str) -> None:
    """Make sure that the library whose exceptions are raised is installed."""
    if raise_as != "builtin" and find_spec(raise_as) is None:
        raise ValueError(f"raise_as={raise_as!r} needs that library: pip install {raise_as}")
