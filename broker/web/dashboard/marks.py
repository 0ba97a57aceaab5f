"""How every state is shown: a shape, a word and a tone; never a colour alone."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum

from broker.domain.can_i_deploy import Answer
from broker.domain.evidence import Verdict
from broker.domain.matrix import MatrixRow, RowOutcome
from broker.domain.overview import State
from broker.domain.verification import ToolOutcome


@dataclass(frozen=True, slots=True)
class Mark:
    """`icon` names a shape of the icon macro, `tone` a class of the style sheet."""

    icon: str
    word: str
    tone: str


_VERIFIED = Mark("check", "verified", "good")
_FAILED = Mark("cross", "failed", "bad")
_UNVERIFIED = Mark("ring", "unverified", "plain")
_STALE = Mark("quarter", "stale", "warn")
_ABSENT = Mark("dash", "–", "plain")

# By class too: words of different enumerations are equal texts.
_MARKS: Mapping[tuple[type[Enum], str], Mark] = {
    (State, State.VERIFIED): _VERIFIED,
    (State, State.FAILED): _FAILED,
    (State, State.UNKNOWN): _UNVERIFIED,
    (State, State.STALE): _STALE,
    (State, State.PENDING): Mark("dots", "pending", "plain"),
    (RowOutcome, RowOutcome.VERIFIED): _VERIFIED,
    (RowOutcome, RowOutcome.FAILED): _FAILED,
    (RowOutcome, RowOutcome.UNKNOWN): _UNVERIFIED,
    (RowOutcome, RowOutcome.INFERRED): Mark("check", "inferred", "good"),
    (RowOutcome, RowOutcome.FITS): Mark("check", "fits", "good"),
    (RowOutcome, RowOutcome.MISSING): Mark("dash", "missing", "plain"),
    (ToolOutcome, ToolOutcome.PASSED): Mark("check", "passed", "good"),
    (ToolOutcome, ToolOutcome.FAILED): _FAILED,
    (ToolOutcome, ToolOutcome.NOT_TESTED): Mark("ring", "not tested", "plain"),
    (Verdict, Verdict.PASS): Mark("check", "pass", "good"),
    (Verdict, Verdict.FAIL): Mark("cross", "fail", "bad"),
    (Verdict, Verdict.ERROR): Mark("cross", "error", "bad"),
    (Verdict, Verdict.INCONCLUSIVE): Mark("question", "inconclusive", "warn"),
    (Answer, Answer.YES): Mark("check", "yes", "good"),
    (Answer, Answer.NO): Mark("cross", "no", "bad"),
    (Answer, Answer.UNKNOWN): Mark("question", "cannot decide", "warn"),
}
_WORDS = {
    "error": Mark("cross", "breaking", "bad"),
    "warning": Mark("alert", "warning", "warn"),
    "info": Mark("info", "info", "good"),
    "none": Mark("check", "no change", "good"),
    "proved": Mark("check", "proved", "good"),
    "refuted": Mark("cross", "refuted", "bad"),
    "undecided": Mark("question", "cannot decide", "warn"),
}


def mark_of(value: Enum | str | None) -> Mark:
    """The mark of a state, an outcome, an answer, a severity or a verdict."""
    if value is None:
        return _ABSENT
    word = str(value.value if isinstance(value, Enum) else value)
    if isinstance(value, Enum) and (type(value), word) in _MARKS:
        return _MARKS[type(value), word]
    return _WORDS.get(word, Mark("info", word, "plain"))


def mark_of_row(row: MatrixRow) -> Mark:
    """The mark of a pair of versions; an unknown one whose older content passed is stale."""
    return _STALE if row.stale and row.outcome is RowOutcome.UNKNOWN else mark_of(row.outcome)
