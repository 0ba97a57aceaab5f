"""Help: the words of the screens, the marks, and the keyboard."""

from dataclasses import dataclass
from enum import Enum

from broker.domain.can_i_deploy import Answer
from broker.domain.overview import State
from broker.web.dashboard.answers import Shown
from broker.web.dashboard.routing import Screen


@dataclass(frozen=True, slots=True)
class HelpScreen:
    """Every mark of an integration with its meaning, and the words."""

    marks: tuple[tuple[Enum, str], ...]
    words: tuple[tuple[str, str], ...]
    keys: tuple[tuple[str, str], ...]


_MARKS: tuple[tuple[Enum, str], ...] = (
    (State.FAILED, "The newest producer version broke the contract."),
    (State.STALE, "It verified an earlier content of the contract, not this one."),
    (State.UNKNOWN, "It never verified this content, though others may have."),
    (State.PENDING, "Nobody has verified the content yet, and it is not deployed."),
    (State.VERIFIED, "The newest producer version keeps to the contract."),
    (Answer.UNKNOWN, "The evidence is not enough; it counts as a no."),
)
_WORDS = (
    ("contract", "What one consumer needs of one producer: tools, inputs, outputs."),
    ("content", "A contract without its metadata; equal contents share results."),
    ("integration", "A consumer and a producer with at least one contract."),
    ("verification", "A producer version was run against a content, tool by tool."),
    ("finding", "One change between two versions: what, where, whom it hurts."),
    ("witness", "A value that proves a finding: copy it and try."),
    ("evidence", "What another test run found about one version; environments may demand it."),
    ("verdict", "proved, refuted (with a witness) or cannot decide."),
    ("drift", "How many versions of one participant stand in environments."),
)
_KEYS = (
    ("/", "search participants"),
    ("g m", "overview"),
    ("g g", "graph"),
    ("g p", "participants"),
    ("g e", "environments"),
    ("g c", "can I deploy"),
    ("j k", "next and previous row; Enter opens it"),
    ("← ↑ ↓ →", "from cell to cell in a matrix"),
    ("[ ]", "previous and next change"),
    ("y", "copy the address of this page"),
    ("?", "this page"),
)


def help_page() -> Shown:
    """GET the help."""
    return Shown("help.html", HelpScreen(_MARKS, _WORDS, _KEYS))


SCREENS = (Screen("/help", help_page),)
