"""Descriptions of languages, and the formulas that the automaton is built from."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import assert_never

from client_sdk.contract.patterns.arena import Arena
from client_sdk.contract.patterns.charset import single
from client_sdk.contract.patterns.compiling import search_formula
from client_sdk.contract.patterns.counts import between
from client_sdk.contract.patterns.lengths import EVERY_LENGTH, Lengths, searched_lengths
from client_sdk.contract.patterns.nodes import Node
from client_sdk.contract.patterns.pattern import compile_pattern
from client_sdk.contract.patterns.syntax import Chars, Tree


@dataclass(frozen=True, slots=True)
class Searched:
    """Texts in which a pattern is found."""

    source: str


@dataclass(frozen=True, slots=True)
class Words:
    """Exactly these texts."""

    texts: frozenset[str]


@dataclass(frozen=True, slots=True)
class OfLength:
    """Texts with so many code points."""

    lengths: Lengths


@dataclass(frozen=True, slots=True)
class AllOf:
    """Texts in every part; in no part at all means any text."""

    parts: "tuple[Expression, ...]"


@dataclass(frozen=True, slots=True)
class AnyOf:
    """Texts in at least one part."""

    parts: "tuple[Expression, ...]"


@dataclass(frozen=True, slots=True)
class Complement:
    """Texts not in the part."""

    part: "Expression"


Expression = Searched | Words | OfLength | AllOf | AnyOf | Complement


def holds(expression: Expression, text: str) -> bool:
    """Tell whether a text is described."""
    match expression:
        case Searched(source):
            return compile_pattern(source).search(text)
        case Words(texts):
            return text in texts
        case OfLength(lengths):
            return lengths.covers(Lengths(len(text), len(text)))
        case AllOf(parts):
            return all(holds(part, text) for part in parts)
        case AnyOf(parts):
            return any(holds(part, text) for part in parts)
        case Complement(part):
            return not holds(part, text)
        case _:
            assert_never(expression)


def trees_of(expression: Expression) -> Iterator[Tree]:
    """Yield the trees whose characters the alphabet has to tell apart."""
    match expression:
        case Searched(source):
            yield compile_pattern(source).tree
        case Words(texts):
            for character in sorted(set().union(*texts)):
                yield Chars(single(ord(character)))
        case OfLength():
            return
        case AllOf(parts) | AnyOf(parts):
            for part in parts:
                yield from trees_of(part)
        case Complement(part):
            yield from trees_of(part)
        case _:
            assert_never(expression)


def bounds_of(expression: Expression) -> Lengths | None:
    """Bound the lengths of the described texts; None when there can be none."""
    return _overlap([_lengths_of(part) for part in _conjuncts(expression)])


def bounded_formula(arena: Arena, expression: Expression, known: Lengths) -> Node:
    """Build the formula for the described texts, as far as they are of the ``known`` lengths.

    Whoever walks it keeps to the upper bound; the lower one is part of the formula.
    """
    parts = [part for part in _conjuncts(expression) if not isinstance(part, OfLength)]
    implied = _overlap([_lengths_of(part) for part in parts]) or EVERY_LENGTH
    floor = _length_formula(arena, Lengths(known.least, None), implied)
    return arena.conjunction((floor, *(formula_of(arena, part, known) for part in parts)))


def formula_of(arena: Arena, expression: Expression, known: Lengths) -> Node:
    """Build the formula; it is asked only about texts of the ``known`` lengths."""
    match expression:
        case Searched(source):
            return search_formula(arena, compile_pattern(source).tree)
        case Words(texts):
            return arena.alt(_word(arena, text) for text in texts)
        case OfLength(lengths):
            return _length_formula(arena, lengths, known)
        case AllOf(parts):
            return arena.conjunction(formula_of(arena, part, known) for part in parts)
        case AnyOf(parts):
            return arena.alt(formula_of(arena, part, known) for part in parts)
        case Complement(part):
            return arena.negation(formula_of(arena, part, known))
        case _:
            assert_never(expression)


def _conjuncts(expression: Expression) -> Iterator[Expression]:
    if isinstance(expression, AllOf):
        for part in expression.parts:
            yield from _conjuncts(part)
    else:
        yield expression


def _lengths_of(part: Expression) -> Lengths | None:
    match part:
        case Searched(source):
            return searched_lengths(compile_pattern(source).tree)
        case Words(texts):
            sizes = [len(text) for text in texts]
            return Lengths(min(sizes), max(sizes)) if sizes else None
        case OfLength(lengths):
            return lengths
        case _:
            return EVERY_LENGTH


def _overlap(bounds: list[Lengths | None]) -> Lengths | None:
    overlap: Lengths | None = EVERY_LENGTH
    for each in bounds:
        overlap = None if overlap is None or each is None else overlap.overlap(each)
    return overlap


def _word(arena: Arena, text: str) -> Node:
    built = arena.empty
    for character in reversed(text):
        letter = arena.letters(arena.alphabet.mask(single(ord(character))))
        built = arena.cat(letter, built)
    return built


def _length_formula(arena: Arena, lengths: Lengths, known: Lengths) -> Node:
    overlap = lengths.overlap(known)
    if overlap is None:
        return arena.nothing
    if overlap == known:
        return arena.any_text
    any_letter = arena.letters(arena.alphabet.letters)
    return arena.power(any_letter, between(lengths.least, lengths.most))
