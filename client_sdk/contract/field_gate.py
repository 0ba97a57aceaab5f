"""The fields that one document names: which of them can be meant, and how much they may cost."""

from __future__ import annotations

from dataclasses import dataclass

from client_sdk.contract.constraints import field_tokens
from client_sdk.contract.pointer import index_of
from client_sdk.contract.values import DEFAULT_LIMITS, Limits


@dataclass(slots=True)
class FieldGate:
    """Checks fields; the schemas that all of them compile to count against one limit.

    A step to index 999 alone compiles to a thousand schemas, one for every place before it.
    """

    limits: Limits = DEFAULT_LIMITS
    _spent: int = 0

    def trouble(self, field: str) -> str | None:
        """Say why a field is refused; None when it is not."""
        try:
            tokens = field_tokens(field)
        except ValueError as error:
            return str(error)
        is_pointer = field.startswith("/")
        self._spent += sum(2 + (index_of(token) or 0 if is_pointer else 0) for token in tokens)
        if self._spent > self.limits.max_values:
            return "The fields of this document are too many, or their indexes too large."
        return None
