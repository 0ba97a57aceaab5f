"""Whether a call is the recorded one: the tool and its input, without what differs every time."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Final

from client_sdk.contract.canonical import dumps, equality_key
from client_sdk.contract.pointer import join, tokens_of
from client_sdk.contract.values import JsonValue
from client_sdk.exchange import Scrubber
from client_sdk.harness.entry import CassetteEntry

VOLATILE: Final = frozenset({"request_id", "timestamp", "created_at"})
PARTS: Final = ("tool", "input")
ANY_ITEM: Final = "*"
ALL_TOKENS: Final = "⟨secret⟩"
LOCAL: Final = "⟨secret:local-"
ANY_TOKEN: Final = re.compile(r"⟨secret:(?:local-)?[0-9]+⟩")
LONGEST_SHOWN: Final = 120
SHOWN_DIFFERENCES: Final = 12


def path_tokens(path: str) -> tuple[str, ...]:
    """Split a path: a JSON Pointer when it begins with `/`, else members joined by dots.

    Raises:
        ValueError: it is empty or no JSON Pointer.
    """
    if not path:
        raise ValueError("a path names a member: 'items.0.id' or '/items/0/id'")
    return tokens_of(path) if path.startswith("/") else tuple(path.split("."))


@dataclass(frozen=True)
class Matcher:
    """Compares calls with entries; `match_on` names what counts, `ignore_paths` what does not.

    Members named in `VOLATILE` never count, at any depth. A path is a JSON Pointer or dotted, with
    `*` for every item or member.
    """

    match_on: Sequence[str] = PARTS
    ignore_paths: Sequence[str] = ()
    named_secrets: Sequence[str] = ()
    _paths: tuple[tuple[str, ...], ...] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        unknown = sorted(set(self.match_on) - set(PARTS))
        if unknown or "tool" not in self.match_on or isinstance(self.match_on, str):
            raise ValueError(f"match_on is ('tool', 'input') or ('tool',), not {self.match_on!r}")
        paths = [self.ignore_paths] if isinstance(self.ignore_paths, str) else self.ignore_paths
        object.__setattr__(self, "_paths", tuple(map(path_tokens, paths)))

    def key(self, tool: str, input_data: JsonValue) -> str:
        """Give the text that equal calls share."""
        if "input" not in self.match_on:
            return tool
        return f"{tool}\n{equality_key(self.counted(input_data))}"

    def loose_key(self, tool: str, input_data: JsonValue) -> str:
        """Give the text that calls share which are equal but for their secrets."""
        return ANY_TOKEN.sub(ALL_TOKENS, self.key(tool, input_data))

    def counted(self, input_data: JsonValue) -> JsonValue:
        """Give what counts of an input."""
        kept = _without_volatile(input_data)
        for path in self._paths:
            _drop(kept, path)
        return kept


class SecretPairs:
    """Which secret of this run stands for which placeholder of the file; each pair for good."""

    def __init__(self, named: Iterable[str] = ()) -> None:
        self._scrubber = _LocalScrubber(named)
        self._recorded: dict[str, str] = {}

    def scrubbed(self, input_data: JsonValue) -> JsonValue:
        """Give the input with placeholders of this run where it holds secrets."""
        return self._scrubber.scrub(input_data)

    def agree(self, given: JsonValue, recorded: JsonValue) -> bool:
        """Say whether two inputs, equal but for secrets, name the same secrets; remember them."""
        pairs = dict(self._recorded)
        texts = (equality_key(given), equality_key(recorded))
        mine, theirs = (ANY_TOKEN.findall(text) for text in texts)
        for left, right in zip(mine, theirs, strict=True):
            known = pairs.setdefault(left, right) if left.startswith(LOCAL) else left
            if known != right:
                return False
        if len(set(pairs.values())) < len(pairs):
            return False
        self._recorded = pairs
        return True


class _LocalScrubber(Scrubber):
    """Numbers apart from the file's, so that a placeholder that came from the file stays."""

    def placeholder(self, secret: str) -> str:
        return super().placeholder(secret).replace("⟨secret:", LOCAL) if _is_raw(secret) else secret


def _is_raw(secret: str) -> bool:
    return not secret.startswith("⟨secret:")


def differences(recorded: Any, given: Any) -> list[str]:  # noqa: ANN401 - JSON values
    """Say field by field how a value differs from the recorded one."""
    from deepdiff import DeepDiff  # noqa: PLC0415 - it loads slowly, and only a mismatch needs it

    found = DeepDiff(recorded, given, verbose_level=2).tree.values()
    lines = [_line(each) for changes in found for each in changes if not _is_same(each)]
    more = len(lines) - SHOWN_DIFFERENCES
    return [*sorted(lines)[:SHOWN_DIFFERENCES], *([f"… and {more} more"] if more > 0 else [])]


def nearest(
    entries: Sequence[CassetteEntry], tool: str, counted: JsonValue, matcher: Matcher
) -> CassetteEntry | None:
    """Give the entry that differs least: of the same tool if there is one."""
    same_tool = [entry for entry in entries if entry.request_tool == tool]
    return min(
        same_tool or entries,
        key=lambda entry: len(differences(matcher.counted(entry.request_input), counted)),
        default=None,
    )


def mismatch_text(
    entry: CassetteEntry, tool: str, counted: JsonValue, matcher: Matcher
) -> list[str]:
    """Say how a call differs from an entry, a line per field; no secret is shown."""
    tools = [] if entry.request_tool == tool else [f"tool: {entry.request_tool!r} → {tool!r}"]
    recorded = without_secrets(matcher.counted(entry.request_input))
    found = tools + differences(recorded, without_secrets(counted))
    return found or ["a secret is another one than the one recorded at this place"]


def without_secrets(value: JsonValue) -> JsonValue:
    """Give a value fit to be shown: every secret and every placeholder as the same mark."""
    hidden = dumps(Scrubber().scrub(value))
    shown_value: JsonValue = json.loads(ANY_TOKEN.sub(ALL_TOKENS, hidden), parse_float=Decimal)
    return shown_value


def shown(value: Any) -> str:  # noqa: ANN401 - any value
    """Write a value on one line, cut where it is long."""
    try:
        text = dumps(value)
    except (TypeError, ValueError):
        text = repr(value)
    return text if len(text) <= LONGEST_SHOWN else text[: LONGEST_SHOWN - 1] + "…"


def _line(change: Any) -> str:  # noqa: ANN401 - deepdiff has no types
    pointer = ""
    for step in change.path(output_format="list"):
        pointer = join(pointer, step)
    place = pointer or "/"
    if change.report_type in {"dictionary_item_added", "iterable_item_added"}:
        return f"{place}: not recorded → {shown(change.t2)}"
    if change.report_type in {"dictionary_item_removed", "iterable_item_removed"}:
        return f"{place}: {shown(change.t1)} → missing"
    return f"{place}: {shown(change.t1)} → {shown(change.t2)}"


def _is_same(change: Any) -> bool:  # noqa: ANN401 - deepdiff has no types
    """Say whether a change is none in JSON: `1` is `1.0`, and `true` is no `1`."""
    if change.report_type not in {"type_changes", "values_changed"}:
        return False
    return equality_key(change.t1) == equality_key(change.t2)


def _without_volatile(value: JsonValue) -> JsonValue:
    if isinstance(value, dict):
        return {key: _without_volatile(each) for key, each in value.items() if key not in VOLATILE}
    if isinstance(value, list):
        return [_without_volatile(each) for each in value]
    return value


def _drop(value: JsonValue, path: tuple[str, ...]) -> None:
    head, *rest = path
    if isinstance(value, list):
        indexes = range(len(value)) if head == ANY_ITEM else [int(head)] if head.isdigit() else []
        for index in indexes:
            if rest and index < len(value):
                _drop(value[index], tuple(rest))
            elif index < len(value):
                value[index] = None
    elif isinstance(value, dict):
        for key in list(value) if head == ANY_ITEM else [head]:
            if rest and key in value:
                _drop(value[key], tuple(rest))
            else:
                value.pop(key, None)
