"""Turns syntax trees into nodes, and refuses trees that would cost too much."""

from typing import assert_never

from client_sdk.contract.patterns.arena import Arena
from client_sdk.contract.patterns.counts import between
from client_sdk.contract.patterns.nodes import Node
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

# How many places a reader could stand at in one pattern at once, and so what one character
# may cost: repeated groups count as often as they are repeated, repeated single characters once.
HEAVIEST = 1_000


def weight(tree: Tree) -> int:
    """Return how many places a reader can stand at inside the tree."""
    match tree:
        case Chars() | Anchor() | Known():
            return 1
        case Sequence(parts):
            return sum(map(weight, parts))
        case Choice(options):
            return sum(map(weight, options))
        case Look(body):
            return 1 + weight(body)
        case Repeat(body, least, most):
            if _is_one_character(body):
                return 1
            return weight(body) * max(1, least if most is None else most)
        case _:
            assert_never(tree)


def expression_from_tree(arena: Arena, tree: Tree) -> Node:
    """Build the expression for a stretch of text that looks like the tree."""
    match tree:
        case Chars(charset):
            return arena.letters(arena.alphabet.mask(charset))
        case Sequence(parts):
            built = arena.empty
            for part in reversed(parts):
                built = arena.cat(expression_from_tree(arena, part), built)
            return built
        case Choice(options):
            return arena.alt(expression_from_tree(arena, each) for each in options)
        case Repeat(body, least, most):
            return arena.power(expression_from_tree(arena, body), between(least, most))
        case Look(body, negative):
            formula = arena.cat(expression_from_tree(arena, body), arena.any_text)
            return arena.ahead(arena.negation(formula) if negative else formula)
        case Anchor() | Known():
            return arena.place(tree)
        case _:
            assert_never(tree)


def search_formula(arena: Arena, tree: Tree) -> Node:
    """Build the formula for every text in which the tree is found."""
    return arena.cat(arena.any_text, arena.cat(expression_from_tree(arena, tree), arena.any_text))


def _is_one_character(tree: Tree) -> bool:
    if isinstance(tree, Choice):
        return all(_is_one_character(option) for option in tree.options)
    return isinstance(tree, Chars)
