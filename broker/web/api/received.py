"""Contracts as they come in: one file that must fit its address, or many in one body."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from client_sdk.contract.document import JsonValue, Limits, dumps
from client_sdk.contract.errors import DocumentInvalid, Fault
from client_sdk.contract.model import Contract
from client_sdk.contract.names import fold_name
from client_sdk.contract.reading import contract_from_document


def check_path_names(contract: Contract, *, consumer: str, producer: str) -> None:
    """Refuse a contract that names other participants than its address does."""
    faults = tuple(
        _differs(member, inside, outside)
        for member, inside, outside in (
            ("consumer", contract.consumer, consumer),
            ("producer", contract.producer, producer),
        )
        if fold_name(inside) != fold_name(outside)
    )
    if faults:
        raise DocumentInvalid("The contract names other participants than its address.", faults)


def contracts_from_documents(
    documents: Sequence[JsonValue], *, limits: Limits
) -> tuple[tuple[Contract, bytes], ...]:
    """Each contract with its own bytes; raises DocumentInvalid with the faults of all at once."""
    contracts: list[tuple[Contract, bytes]] = []
    faults: list[Fault] = []
    for index, document in enumerate(documents):
        try:
            contract = contract_from_document(document, limits=limits)
        except DocumentInvalid as refused:
            faults.extend(_placed(refused.faults, f"/contracts/{index}"))
        else:
            contracts.append((contract, dumps(document).encode()))
    if faults:
        raise DocumentInvalid("Not every contract of the body is valid.", faults)
    return tuple(contracts)


def _differs(member: str, inside: str, outside: str) -> Fault:
    message = f"The {member} is {inside!r}, but the address says {outside!r}."
    return Fault("address-differs", f"/{member}", message)


def _placed(faults: Iterable[Fault], prefix: str) -> Iterable[Fault]:
    return (replace(fault, pointer=prefix + fault.pointer) for fault in faults)
