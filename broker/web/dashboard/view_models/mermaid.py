"""The network as text that Mermaid draws; no name can mean anything to it."""

from collections.abc import Sequence

from broker.domain.network import Connection
from broker.domain.overview import State
from broker.web.dashboard.marks import mark_of

_ARROWS = {State.FAILED: "==>", State.VERIFIED: "-->"}
_OTHER = "-.->"
_PLAIN = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789 ._-")


def mermaid_of(connections: Sequence[Connection]) -> str:
    """A flow chart: a thick arrow where it failed, a dotted one where nothing is known for sure."""
    names = sorted({name for each in connections for name in each.sides})
    number = {name: f"n{index}" for index, name in enumerate(names)}
    lines = ["flowchart LR", *(f'  {number[name]}["{quoted(name)}"]' for name in names)]
    for each in connections:
        arrow, word = _ARROWS.get(each.state, _OTHER), mark_of(each.state).word
        lines.append(f'  {number[each.consumer]} {arrow}|"{word}"| {number[each.producer]}')
    return "\n".join(lines) + "\n"


def quoted(text: str) -> str:
    """The text between quotes: every character that is no letter, digit or blank as its number."""
    return "".join(each if each in _PLAIN else f"#{ord(each)};" for each in text)
