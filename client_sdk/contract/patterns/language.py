"""Sets of texts as values: what patterns, words and lengths allow, joined and compared.

A `Language` is only a description; each question builds its own automaton, answers within a
budget of states and lets everything go. Lengths are counted in code points. Texts hold no
surrogates, as JSON texts do not: a text made of surrogates is in no language and no witness.
"""

from collections.abc import Callable
from dataclasses import dataclass

from client_sdk.contract.patterns.asking import (
    finite,
    shortest_word,
    word_count,
    word_list,
)
from client_sdk.contract.patterns.exploring import DEFAULT_STATES, Exhausted
from client_sdk.contract.patterns.formulas import (
    AllOf,
    AnyOf,
    Complement,
    Expression,
    OfLength,
    Searched,
    Words,
    holds,
)
from client_sdk.contract.patterns.lengths import EVERY_LENGTH, Lengths
from client_sdk.contract.patterns.pattern import compile_pattern


@dataclass(frozen=True, slots=True)
class Language:
    """A set of texts; ``expression`` says which."""

    expression: Expression

    def intersect(self, *others: "Language") -> "Language":
        """Return the texts in this language and in every other."""
        return Language(AllOf((self.expression, *(each.expression for each in others))))

    def union(self, *others: "Language") -> "Language":
        """Return the texts in this language or in any other."""
        return Language(AnyOf((self.expression, *(each.expression for each in others))))

    def complement(self) -> "Language":
        """Return the texts that are not in this language."""
        return Language(Complement(self.expression))

    def difference(self, other: "Language") -> "Language":
        """Return the texts in this language and not in the other."""
        return self.intersect(other.complement())

    def with_length(self, least: int = 0, most: int | None = None) -> "Language":
        """Return the texts of this language with ``least`` to ``most`` code points."""
        return self.intersect(Language(OfLength(Lengths(least, most))))

    def contains(self, text: str) -> bool:
        """Tell whether a text is in the language; linear in the text, no budget needed."""
        return holds(self.expression, text)

    def shortest(
        self,
        budget: int = DEFAULT_STATES,
        *,
        min_length: int = 0,
        max_length: int | None = None,
        seed: int = 0,
    ) -> str | Exhausted | None:
        """Find a shortest text of the language within the lengths; None when there is none.

        Among the shortest, letters come before digits before other characters. Another
        ``seed`` picks other characters at the same length, repeatably.
        """
        if max_length is not None and max_length < min_length:
            return None
        lengths = Lengths(min_length, max_length)
        return shortest_word(self.expression, lengths, budget, seed=seed)[0]

    def shortest_and_cost(
        self, budget: int = DEFAULT_STATES, watch: Callable[[], None] | None = None
    ) -> tuple[str | Exhausted | None, int]:
        """Find a shortest text as `shortest` does, and say how many states that cost.

        ``watch`` is called now and then; what it raises ends the search.
        """
        return shortest_word(self.expression, EVERY_LENGTH, budget, watch=watch)

    def is_empty(self, budget: int = DEFAULT_STATES) -> bool | Exhausted:
        """Tell whether no text is in the language."""
        found = self.shortest(budget)
        return found if isinstance(found, Exhausted) else found is None

    def is_finite(self, budget: int = DEFAULT_STATES) -> bool | Exhausted:
        """Tell whether the language has an end."""
        return finite(self.expression, budget)

    def size(
        self, cap: int, budget: int = DEFAULT_STATES, *, max_length: int | None = None
    ) -> int | Exhausted:
        """Count the texts (of at most ``max_length`` characters), but not beyond ``cap``."""
        return word_count(self.expression, Lengths(0, max_length), cap, budget)

    def words(
        self, limit: int, budget: int = DEFAULT_STATES, *, max_length: int | None = None
    ) -> tuple[str, ...] | Exhausted:
        """List up to ``limit`` texts, shorter ones first; fewer only when there are no more."""
        return word_list(self.expression, Lengths(0, max_length), limit, budget)


def language(source: str) -> Language:
    """Return the texts in which a pattern is found.

    Raises:
        PatternInvalid: the text breaks the grammar.
        PatternUnsupported: the engine does not decide the pattern.
    """
    compile_pattern(source)
    return Language(Searched(source))


def literal(*texts: str) -> Language:
    """Return exactly these texts; none at all is the empty language."""
    return Language(Words(frozenset(texts)))


def every_text() -> Language:
    """Return all texts."""
    return Language(OfLength(EVERY_LENGTH))


def is_subset(one: Language, two: Language, budget: int = DEFAULT_STATES) -> bool | Exhausted:
    """Tell whether every text of the first language is in the second."""
    return one.difference(two).is_empty(budget)
