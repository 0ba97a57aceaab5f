"""A fault in words: the sentence, and below it every place that the sentence does not say."""

from collections.abc import Iterable

from client_sdk.contract.errors import ContractError


def sentence_of(error: ContractError) -> str:
    """Everything that is wrong with a document."""
    faults = [(fault.pointer, fault.message) for fault in error.faults]
    return "\n".join([str(error), *lines_of(faults, beside=str(error))])


def lines_of(faults: Iterable[tuple[str, str]], *, beside: str) -> list[str]:
    """A line for each fault, without what the sentence `beside` says already."""
    lines = []
    for place, message in faults:
        if message not in beside:
            lines.append(f"  {place or '/'}: {message}")
        elif place not in beside:
            lines.append(f"  at {place}")
    return lines
