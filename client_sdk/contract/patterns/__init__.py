"""ECMA-262 patterns (``u`` flag), matched in linear time and decided as languages.

``compile_pattern(source).search(text)`` answers as an ECMAScript engine would, in time linear
in the text whatever the pattern; ``language(source)`` opens the same pattern to set algebra:
intersection, union, complement, inclusion, a shortest text, counting.

How it works, in the order of reading:

1. ``parser`` (with ``cursor``, ``escapes``, ``classes``, ``properties``) reads a pattern into the
   tree of ``syntax``, whose leaves are sets of code points (``charset``).
2. ``alphabet`` folds the code points that no set tells apart into letters, so a set of letters is
   one integer.
3. ``arena`` builds ``nodes``: hash-consed, simplified while they are built; repeat counts stay
   arithmetic (``counts``). ``compiling`` turns trees into nodes.
4. ``moves`` and ``derivatives`` say what remains of a node after one letter. Anchors and word
   boundaries look at the place, look-aheads leave conditions on the rest. ``settling`` drops ``^``
   behind the start.
5. ``scanning`` grows an automaton out of derivatives while it reads a text; ``matching`` answers
   the look-aheads (``looking`` takes them out) by reading backwards first; ``pattern`` is the
   public face.
6. ``formulas`` describes languages, ``exploring`` walks their automata breadth first within a
   budget, ``counting`` counts their texts, ``asking`` puts the questions, ``language`` is the
   public face, ``example`` makes texts.

Refused as `PatternUnsupported`: back-references, look-behind, flags inside a pattern, properties
the standard library cannot answer for, and patterns that unfold to too many places. Liberties
beyond the ``u`` grammar are named in ``parser``, ``escapes`` and ``classes``.
"""

from client_sdk.contract.patterns.errors import (
    PatternInvalid,
    PatternRefused,
    PatternUnsupported,
)
from client_sdk.contract.patterns.example import example_string
from client_sdk.contract.patterns.exploring import DEFAULT_STATES, Exhausted
from client_sdk.contract.patterns.language import (
    Language,
    every_text,
    is_subset,
    language,
    literal,
)
from client_sdk.contract.patterns.pattern import Pattern, compile_pattern

__all__ = [
    "DEFAULT_STATES",
    "Exhausted",
    "Language",
    "Pattern",
    "PatternInvalid",
    "PatternRefused",
    "PatternUnsupported",
    "compile_pattern",
    "every_text",
    "example_string",
    "is_subset",
    "language",
    "literal",
]
