"""Compares two versions of a contract: what changed, whether it matters, who is hurt."""

from __future__ import annotations

from client_sdk.contract.compat.verdicts import DEFAULT_BUDGET, Budget
from client_sdk.contract.model import Contract
from client_sdk.contract.report import (
    NO_WITNESS,
    Finding,
    Hurt,
    Mode,
    Obligation,
    Report,
    Side,
    report_from_json,
)

__all__ = [
    "NO_WITNESS",
    "Finding",
    "Hurt",
    "Mode",
    "Obligation",
    "Report",
    "Side",
    "evolve",
    "report_from_json",
]


def evolve(
    old: Contract | None, new: Contract, mode: Mode = Mode.GUIDE, *, budget: Budget = DEFAULT_BUDGET
) -> Report:
    """Compare `new` with `old`; without an old contract, or with equal content, nothing is found."""
    del budget
    if old is None or old.digest == new.digest:
        return Report(mode)
    raise NotImplementedError
