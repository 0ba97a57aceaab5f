"""Contracts in whatever form they are handed in: a value, a document, or another form."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol, TypeAlias

from client_sdk.contract.model import Contract
from client_sdk.contract.reading import contract_from_document


class ReadsAsContract(Protocol):
    """A contract in another form, such as the validator's `AgentContract`."""

    def to_kernel(self) -> Contract:
        """Give the contract as the kernel reads it."""
        ...


AnyContract: TypeAlias = Contract | ReadsAsContract | Mapping[str, Any]


def kernel_contract(contract: AnyContract) -> Contract:
    """Give a contract as the kernel reads it; a dict is its document.

    Raises:
        TypeError: it is none.
        ContractError: the document is none.
    """
    if isinstance(contract, Contract):
        return contract
    if isinstance(contract, Mapping):
        return contract_from_document(dict(contract))
    if not hasattr(contract, "to_kernel"):
        raise TypeError(
            f"contract is a Contract, an AgentContract or its document, not {contract!r}"
        )
    return contract.to_kernel()
