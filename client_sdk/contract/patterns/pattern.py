"""One compiled pattern: read once, searched often."""

from functools import lru_cache

from client_sdk.contract.patterns.compiling import HEAVIEST, weight
from client_sdk.contract.patterns.errors import PatternUnsupported
from client_sdk.contract.patterns.looking import most_tests
from client_sdk.contract.patterns.matching import Matcher
from client_sdk.contract.patterns.parser import parse
from client_sdk.contract.patterns.syntax import Tree

# Letters double with every test that has to travel with them.
MOST_TESTS = 8


class Pattern:
    """A pattern of ECMA-262 with the ``u`` flag, ready to be searched.

    ``source`` is the text it was compiled from.
    """

    __slots__ = ("_matcher", "source", "tree")

    def __init__(self, source: str, tree: Tree) -> None:
        self.source = source
        self.tree = tree
        self._matcher = Matcher(tree)

    def search(self, text: str) -> bool:
        """Tell whether the pattern is found anywhere in the text.

        The time is linear in the text, whatever the pattern.
        """
        return self._matcher.finds(text)

    def __repr__(self) -> str:
        return f"Pattern({self.source!r})"


def read(source: str) -> Tree:
    """Read a pattern and weigh it.

    Raises:
        PatternInvalid: the text breaks the grammar.
        PatternUnsupported: the engine does not decide it, or it would cost too much.
    """
    tree = parse(source)
    # Without repeated groups a pattern weighs no more than it is long.
    heaviest = max(HEAVIEST, len(source))
    if weight(tree) > heaviest:
        message = f"repeated groups unfold to more than {heaviest} places"
        raise PatternUnsupported(source, len(source), "too-complex", message)
    if most_tests(tree) > MOST_TESTS:
        message = f"more than {MOST_TESTS} look-aheads stand at different places"
        raise PatternUnsupported(source, len(source), "too-complex", message)
    return tree


@lru_cache(maxsize=128)
def compile_pattern(source: str) -> Pattern:
    """Compile a pattern, or hand out the one compiled before.

    Raises:
        PatternInvalid: the text breaks the grammar.
        PatternUnsupported: the engine does not decide it, or it would cost too much.
    """
    return Pattern(source, read(source))
