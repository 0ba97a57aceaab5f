"""Findings in a colleague's words: what changed, who is hurt and how, what to do; and how grave."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from client_sdk.contract.changes.change import Change
from client_sdk.contract.changes.wording import shown
from client_sdk.contract.compat.rules import rule_of
from client_sdk.contract.errors import Severity
from client_sdk.contract.model import ToolContract
from client_sdk.contract.questions import Question
from client_sdk.contract.report import (
    MADE_UP_FOR,
    NO_WITNESS,
    Finding,
    Hurt,
    Mode,
    Obligation,
    Side,
    VerdictWord,
    Witness,
    gravest,
)
from client_sdk.contract.sampling import sample_inputs
from client_sdk.contract.values import JsonValue

_BOTH: Final = (Hurt.CONSUMERS, Hurt.PRODUCERS)
_JUDGED: Final[dict[Mode, tuple[Hurt, ...]]] = {
    Mode.GUIDE: _BOTH,
    Mode.BACKWARD: (Hurt.CONSUMERS,),
    Mode.BACKWARD_TRANSITIVE: (Hurt.CONSUMERS,),
    Mode.FORWARD: (Hurt.PRODUCERS,),
    Mode.FORWARD_TRANSITIVE: (Hurt.PRODUCERS,),
    Mode.FULL: _BOTH,
    Mode.FULL_TRANSITIVE: _BOTH,
    Mode.NONE: (),
}
_UNEXPLAINED: Final[dict[tuple[Side, Hurt], str]] = {
    (Side.INPUT, Hurt.CONSUMERS): "input-narrowed",
    (Side.INPUT, Hurt.PRODUCERS): "input-widened",
    (Side.OUTPUT, Hurt.CONSUMERS): "output-widened",
    (Side.OUTPUT, Hurt.PRODUCERS): "output-narrowed",
}


def finding_of(
    tool: str, change: Change, obligations: tuple[Obligation, ...], mode: Mode
) -> Finding:
    """The finding about one change, from the obligations it touches."""
    return _finding(tool, change, obligations or _known(change), mode)


def unexplained_finding(
    tool: str, question: Question, obligation: Obligation, mode: Mode
) -> Finding:
    """What the changes do together, when none of them does it alone."""
    rule = _UNEXPLAINED[question.side, question.hurts]
    member = "input_schema" if question.side is Side.INPUT else "output_schema"
    path = f"/{member}" if question.status is None else f"/responses/{question.status}"
    change = Change(rule, question.side, path, "Taken together, the changes matter.")
    return _finding(tool, change, (obligation,), mode)


def tool_added(tool: ToolContract, mode: Mode) -> Finding:
    """A producer that satisfied the old contract need not have this tool; an input shows it."""
    samples = sample_inputs(tool.input_shape(), seed=0, around=None, pinned=frozenset(), limit=1)
    given = [example.input for example in tool.examples] + [sample.value for sample in samples]
    text = f"tool {tool.tool_name} is in the old contract"
    obligation = (
        Obligation(Hurt.PRODUCERS, text, "refuted", given[0])
        if given
        else Obligation(Hurt.PRODUCERS, text, "undecided", reason="no-input-found")
    )
    change = Change("tool-added", Side.TOOL, "", f"The tool `{tool.tool_name}` is new.")
    return _finding(tool.tool_name, change, (obligation,), mode)


def tool_removed(tool: ToolContract, mode: Mode) -> Finding:
    """The consumer stopped using a tool: nobody is hurt by less being asked."""
    change = Change("tool-removed", Side.TOOL, "", f"The tool `{tool.tool_name}` is gone.")
    return _finding(tool.tool_name, change, (), mode)


def more_findings(count: int) -> Finding:
    """The last line of a list that was cut."""
    return Finding(
        id="more-findings",
        severity=rule_of("more-findings").severity,
        tool="",
        side=Side.TOOL,
        path="",
        message=f"There are {count} more findings. Compare the two versions in smaller steps.",
        verdict="undecided",
    )


def _known(change: Change) -> tuple[Obligation, ...]:
    """Verdicts that need no engine: a status or an example is its own evidence."""
    make = _KNOWN.get(change.rule)
    return () if make is None else (make(change),)


def _status(hurts: Hurt, text: str) -> Callable[[Change], Obligation]:
    def make(change: Change) -> Obligation:
        witness: JsonValue = {"status_code": change.status}
        return Obligation(hurts, text, "refuted", witness)

    return make


_KNOWN: Final[dict[str, Callable[[Change], Obligation]]] = {
    "status-added": _status(Hurt.CONSUMERS, "statuses(new) ⊆ statuses(old)"),
    "status-removed": _status(Hurt.PRODUCERS, "statuses(old) ⊆ statuses(new)"),
    "example-added": lambda change: Obligation(
        Hurt.PRODUCERS, "examples(new) ⊆ examples(old)", "refuted", change.new
    ),
}


def _finding(tool: str, change: Change, obligations: tuple[Obligation, ...], mode: Mode) -> Finding:
    hurts = tuple(hurt for hurt in _BOTH if any(_is_broken(each, hurt) for each in obligations))
    return Finding(
        id=change.rule,
        severity=_severity(change, obligations, mode),
        tool=tool,
        side=change.side,
        path=change.path,
        message=_message(change, obligations, hurts),
        verdict=_verdict(obligations),
        hurts=hurts,
        witness=_witness(obligations, mode),
        old=change.old,
        new=change.new,
        obligations=obligations,
    )


def _is_broken(obligation: Obligation, hurt: Hurt) -> bool:
    return obligation.hurts is hurt and obligation.verdict == "refuted"


def _is_doubtful(obligation: Obligation) -> bool:
    """Undecided, and not because another change of the same comparison is to blame."""
    return obligation.verdict == "undecided" and obligation.reason != MADE_UP_FOR


def _verdict(obligations: tuple[Obligation, ...]) -> VerdictWord:
    return gravest(tuple(each.verdict for each in obligations))


def _witness(obligations: tuple[Obligation, ...], mode: Mode) -> Witness:
    """The witness that the mode cares about first, else any."""
    judged = _JUDGED[mode]
    ordered = sorted(obligations, key=lambda each: each.hurts not in judged)
    return next((each.witness for each in ordered if each.witness is not NO_WITNESS), NO_WITNESS)


def _severity(change: Change, obligations: tuple[Obligation, ...], mode: Mode) -> Severity:
    if mode is Mode.NONE:
        return Severity.INFO
    if mode is Mode.GUIDE:
        return _guide_severity(change, obligations)
    judged = [each for each in obligations if each.hurts in _JUDGED[mode]]
    if any(each.verdict == "refuted" for each in judged):
        return Severity.ERROR
    return Severity.WARNING if any(map(_is_doubtful, judged)) else Severity.INFO


def _guide_severity(change: Change, obligations: tuple[Obligation, ...]) -> Severity:
    """The guide's word where it has one; else an input narrowing is an error, doubt a warning."""
    listed = rule_of(change.rule).severity
    if listed is Severity.ERROR and _is_harmless(obligations):
        return Severity.INFO
    consumers = any(_is_broken(each, Hurt.CONSUMERS) for each in obligations)
    if listed is Severity.ERROR or (change.side is Side.INPUT and consumers):
        return Severity.ERROR
    doubt = any(map(_is_doubtful, obligations))
    widened = change.side is not Side.INPUT and consumers
    # A looser output, a doubt and the rows that say so are for a person to look at.
    return Severity.WARNING if listed is Severity.WARNING or widened or doubt else Severity.INFO


def _is_harmless(obligations: tuple[Obligation, ...]) -> bool:
    """Shown to change no set of values, in either direction."""
    asked = {each.hurts for each in obligations}
    return len(asked) > 1 and all(each.verdict == "proved" for each in obligations)


def _message(change: Change, obligations: tuple[Obligation, ...], hurts: tuple[Hurt, ...]) -> str:
    if not hurts:
        return f"{change.what} {_unhurt(obligations)}"
    said = [change.what]
    for hurt in hurts:
        witness = next(each.witness for each in obligations if _is_broken(each, hurt))
        said.append(_HURT[_spoken_side(change), hurt].format(_quoted(witness)))
    said.append(_ADVICE[_spoken_side(change), hurts[0]])
    return " ".join(said)


def _unhurt(obligations: tuple[Obligation, ...]) -> str:
    doubts = [each for each in obligations if each.verdict == "undecided"]
    if doubts and doubts[0].reason == "undeclared-input":
        return (
            "The new schema is open, so the member would be accepted and ignored. "
            "Declare it, or close the schema so that it is refused."
        )
    if doubts and not any(map(_is_doubtful, doubts)):
        return "Another change of this comparison decides what happens here."
    if doubts:
        return (
            f"Whether anybody is hurt could not be decided ({doubts[0].reason}). "
            "Verify the producer against this version."
        )
    return "Nobody is hurt."


def _quoted(witness: Witness) -> str:
    return "such a value" if witness is NO_WITNESS else shown(witness)


def _spoken_side(change: Change) -> Side:
    return Side.OUTPUT if change.side is Side.CONSTRAINT else change.side


_HURT: Final[dict[tuple[Side, Hurt], str]] = {
    (Side.INPUT, Hurt.CONSUMERS): "A consumer that still sends {} is refused.",
    (Side.INPUT, Hurt.PRODUCERS): "A producer was never tested with {}.",
    (Side.OUTPUT, Hurt.CONSUMERS): "A consumer of the old contract does not understand {}.",
    (Side.OUTPUT, Hurt.PRODUCERS): "A producer that answers {} no longer satisfies the contract.",
    (Side.STATUS, Hurt.CONSUMERS): "A consumer of the old contract does not handle {}.",
    (Side.STATUS, Hurt.PRODUCERS): "A producer that answers {} no longer satisfies the contract.",
    (Side.TOOL, Hurt.PRODUCERS): "A producer of the old contract need not answer {}.",
    (Side.EXAMPLE, Hurt.PRODUCERS): "A producer was never tested with {}.",
}
_ADVICE: Final[dict[tuple[Side, Hurt], str]] = {
    (Side.INPUT, Hurt.CONSUMERS): "Keep accepting it, or publish a new tool version beside it.",
    (Side.INPUT, Hurt.PRODUCERS): "Verify the producer against this version before you deploy.",
    (Side.OUTPUT, Hurt.CONSUMERS): "Make sure every consumer reads the new form first.",
    (Side.OUTPUT, Hurt.PRODUCERS): "Verify the producer against this version before you deploy.",
    (Side.STATUS, Hurt.CONSUMERS): "Make sure every consumer handles it first.",
    (Side.STATUS, Hurt.PRODUCERS): "Verify the producer against this version before you deploy.",
    (Side.TOOL, Hurt.PRODUCERS): "Verify the producer against this version before you deploy.",
    (Side.EXAMPLE, Hurt.PRODUCERS): "Verify the producer against this version before you deploy.",
}
