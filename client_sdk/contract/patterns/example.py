"""A text for a pattern, the same one every time."""

from client_sdk.contract.patterns.exploring import Exhausted
from client_sdk.contract.patterns.language import language

_LONGER_BY = 4


def example_string(
    source: str, seed: int = 0, min_length: int = 0, max_length: int | None = None
) -> str | None:
    """Return a text in which the pattern is found.

    Seed 0 gives a shortest one; other seeds other characters, and where the pattern allows
    it up to three more of them. ``None`` when no text of these lengths fits, or when finding
    one would take too long.

    Raises:
        PatternInvalid: the text breaks the grammar.
        PatternUnsupported: the engine does not decide the pattern.
    """
    texts = language(source)
    shortest = texts.shortest(min_length=min_length, max_length=max_length, seed=seed)
    if shortest is None or isinstance(shortest, Exhausted):
        return None
    wanted = len(shortest) + seed % _LONGER_BY
    longer = texts.shortest(min_length=wanted, max_length=max_length, seed=seed)
    return longer if isinstance(longer, str) else shortest
