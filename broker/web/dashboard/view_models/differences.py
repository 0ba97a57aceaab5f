"""The raw difference of two documents: a JSON Patch (RFC 6902), and their text side by side."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import zip_longest

from client_sdk.contract.document import JsonObject, JsonValue, dumps, json_equal
from client_sdk.contract.pointer import join

CONTEXT = 3
MOST_LINES = 20_000


@dataclass(frozen=True, slots=True)
class Edit:
    """One step of the patch; `old` is what stood there, `value` what comes."""

    op: str  # add, remove or replace
    path: str
    old: JsonValue = None
    value: JsonValue = None

    def to_patch(self) -> JsonObject:
        """The step as RFC 6902 writes it."""
        step: JsonObject = {"op": self.op, "path": self.path}
        return step if self.op == "remove" else {**step, "value": self.value}


@dataclass(frozen=True, slots=True)
class Line:
    """One line of both texts; a side that has none there has number 0.

    `kind` is `same`, `was`, `is`, `both` (changed) or `gap` (`old_number` lines left out).
    """

    kind: str
    old_number: int = 0
    old: str = ""
    new_number: int = 0
    new: str = ""


def edits_between(old: JsonValue, new: JsonValue, path: str = "") -> Iterator[Edit]:
    """Steps that turn `old` into `new` when taken in order."""
    if isinstance(old, dict) and isinstance(new, dict):
        yield from _edits_of_members(old, new, path)
    elif isinstance(old, list) and isinstance(new, list):
        yield from _edits_of_items(old, new, path)
    elif not json_equal(old, new):
        yield Edit("replace", path, old, new)


def canonical_lines(document: JsonValue) -> tuple[str, ...]:
    """The document over many lines, members by name, so that equal contents have equal lines."""
    return tuple(dumps(_sorted(document), indent=2).splitlines())


def lines_between(
    old: Sequence[str], new: Sequence[str], *, expand: bool = False
) -> tuple[Line, ...] | None:
    """Both texts, line beside line; `None` when they are too long to be compared here.

    Long stretches that are the same are left out unless `expand`.
    """
    if len(old) + len(new) > MOST_LINES:
        return None
    lines: list[Line] = []
    codes = SequenceMatcher(a=old, b=new, autojunk=True).get_opcodes()
    for index, (tag, *places) in enumerate(codes):
        if tag == "equal":
            same = _same(old, new, places)
            lines += same if expand else _shortened(same, index == 0, index == len(codes) - 1)
        else:
            lines += _changed(old, new, places)
    return tuple(lines)


def _edits_of_members(
    old: dict[str, JsonValue], new: dict[str, JsonValue], path: str
) -> Iterator[Edit]:
    for name in sorted(old.keys() | new.keys()):
        place = join(path, name)
        if name not in new:
            yield Edit("remove", place, old[name])
        elif name not in old:
            yield Edit("add", place, value=new[name])
        else:
            yield from edits_between(old[name], new[name], place)


def _edits_of_items(old: list[JsonValue], new: list[JsonValue], path: str) -> Iterator[Edit]:
    """Item by item; what is left over is taken from the end, or put there."""
    shared = min(len(old), len(new))
    for index in range(shared):
        yield from edits_between(old[index], new[index], join(path, str(index)))
    for index in range(len(old) - 1, shared - 1, -1):
        yield Edit("remove", join(path, str(index)), old[index])
    for item in new[shared:]:
        yield Edit("add", join(path, "-"), value=item)


def _sorted(value: JsonValue) -> JsonValue:
    if isinstance(value, dict):
        return {name: _sorted(value[name]) for name in sorted(value)}
    return [_sorted(item) for item in value] if isinstance(value, list) else value


def _same(old: Sequence[str], new: Sequence[str], places: Sequence[int]) -> list[Line]:
    begin, end, other, _ = places
    return [
        Line("same", begin + step + 1, old[begin + step], other + step + 1, new[other + step])
        for step in range(end - begin)
    ]


def _changed(old: Sequence[str], new: Sequence[str], places: Sequence[int]) -> list[Line]:
    was = range(places[0], places[1])
    now = range(places[2], places[3])
    return [_changed_line(old, new, left, right) for left, right in zip_longest(was, now)]


def _changed_line(
    old: Sequence[str], new: Sequence[str], left: int | None, right: int | None
) -> Line:
    if left is None:
        return Line("is", new_number=(right or 0) + 1, new=new[right or 0])
    if right is None:
        return Line("was", old_number=left + 1, old=old[left])
    return Line("both", left + 1, old[left], right + 1, new[right])


def _shortened(same: list[Line], is_first: bool, is_last: bool) -> list[Line]:  # noqa: FBT001 - two ends
    head = 0 if is_first else CONTEXT
    tail = 0 if is_last else CONTEXT
    hidden = len(same) - head - tail
    if hidden < 2:  # noqa: PLR2004 - a gap of one line takes as much room as the line
        return same
    return [*same[:head], Line("gap", hidden), *same[len(same) - tail :]]
