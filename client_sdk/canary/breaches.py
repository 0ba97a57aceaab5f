"""Contracts that the canary's live answers break: a reason that names the consumer."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from client_sdk.canary.traffic import ContractCheck

if TYPE_CHECKING:
    from client_sdk.canary.controller import CanaryController


def note_breach(controller: CanaryController, tool: str, result: Mapping[str, Any]) -> None:
    """Check a success of the canary, and keep the first breach as the reason to roll back."""
    if controller.contract_check is None or controller.breach is not None:
        return
    breach = breach_in(controller.contract_check, tool, result)
    if breach is not None:
        with controller.traffic.lock:
            controller.breach = breach
        controller.tell("contract", {"reason": breach})


def breach_in(check: ContractCheck, tool: str, result: Mapping[str, Any]) -> str | None:
    """Give the first breaking violation in words, or None; a check that fails is one too."""
    try:
        found = check(tool, result)
    except Exception as error:  # noqa: BLE001 - an answer that cannot be judged is not in order
        return f"{tool}: the contract could not be checked: {type(error).__name__}: {error}"
    for violation in found:
        if _is_breaking(violation):
            return _in_words(tool, violation)
    return None


def _is_breaking(violation: object) -> bool:
    severity = getattr(violation, "severity", "error")
    return str(getattr(severity, "value", severity)).lower() == "error"


def _in_words(tool: str, violation: object) -> str:
    if isinstance(violation, str):
        return f"{tool} breaks a contract: {violation}"
    consumer = getattr(violation, "consumer", "") or "a consumer"
    message = getattr(violation, "message", "") or str(violation)
    return f"{tool} breaks the contract of {consumer}: {message}"
