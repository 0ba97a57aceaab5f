"""Takes look-aheads out of a tree, and turns a tree around."""

from typing import assert_never

from client_sdk.contract.patterns.syntax import (
    Anchor,
    Chars,
    Choice,
    Known,
    Look,
    Repeat,
    Sequence,
    Tree,
)

Test = tuple[Look, ...]

_MIRRORED = {Anchor.START: Anchor.END, Anchor.END: Anchor.START}


def without_looks(tree: Tree) -> tuple[Tree, tuple[Test, ...]]:
    """Replace the outermost look-aheads by `Known` leaves.

    Look-aheads side by side become one test, which holds when all of them do; the number of a
    leaf is the place of its test in the list.
    """
    numbers: dict[Test, int] = {}
    plain = _plain(tree, numbers)
    return plain, tuple(numbers)


def most_tests(tree: Tree) -> int:
    """Return the largest number of tests that one level of look-aheads needs."""
    _, tests = without_looks(tree)
    inner = (most_tests(look.body) for test in tests for look in test)
    return max(len(tests), *inner, 0)


def backwards(tree: Tree) -> Tree:
    """Return the tree for the same texts read from their end; it holds no look-ahead."""
    match tree:
        case Sequence(parts):
            return Sequence(tuple(backwards(part) for part in reversed(parts)))
        case Choice(options):
            return Choice(tuple(backwards(option) for option in options))
        case Repeat(body, least, most):
            return Repeat(backwards(body), least, most)
        case Anchor():
            return _MIRRORED.get(tree, tree)
        case Chars() | Known() | Look():
            return tree
        case _:
            assert_never(tree)


def _plain(tree: Tree, numbers: dict[Test, int]) -> Tree:
    match tree:
        case Sequence(parts):
            return _plain_sequence(parts, numbers)
        case Choice(options):
            return Choice(tuple(_plain(option, numbers) for option in options))
        case Repeat(body, least, most):
            return Repeat(_plain(body, numbers), least, most)
        case Look():
            return _known((tree,), numbers)
        case Chars() | Known() | Anchor():
            return tree
        case _:
            assert_never(tree)


def _plain_sequence(parts: tuple[Tree, ...], numbers: dict[Test, int]) -> Tree:
    plain: list[Tree] = []
    side_by_side: list[Look] = []
    for part in parts:
        if isinstance(part, Look):
            side_by_side.append(part)
            continue
        if side_by_side:
            plain.append(_known(tuple(side_by_side), numbers))
            side_by_side = []
        plain.append(_plain(part, numbers))
    if side_by_side:
        plain.append(_known(tuple(side_by_side), numbers))
    return Sequence(tuple(plain))


def _known(test: Test, numbers: dict[Test, int]) -> Known:
    return Known(numbers.setdefault(test, len(numbers)))
