import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from client_sdk.contract.patterns import (
    Exhausted,
    every_text,
    is_subset,
    language,
    literal,
)

PIECES = st.sampled_from(
    [
        *("^a", "b$", "^a*$", "^[ab]{2,4}$", r"\ba", r"b\B", "^(?!aa)", "(?=ab)", "^(ab|c){1,3}$"),
        *("[^a]", "^.{0,3}$", r"^\d+$", "a|^b$", "", "[]", "^$"),
    ]
)
TEXTS = st.text(st.sampled_from("abc1 "), max_size=5)
BUDGET = 2_000


@st.composite
def languages(draw, depth=2):
    kind = draw(st.sampled_from(["pattern", "words", "length", "and", "or", "not"]))
    if depth == 0 or kind == "pattern":
        return language(draw(PIECES))
    if kind == "words":
        return literal(*draw(st.lists(TEXTS, max_size=3)))
    if kind == "length":
        least = draw(st.integers(0, 4))
        return every_text().with_length(least, draw(st.integers(least, 6) | st.none()))
    first = draw(languages(depth=depth - 1))
    if kind == "not":
        return first.complement()
    second = draw(languages(depth=depth - 1))
    return first.intersect(second) if kind == "and" else first.union(second)


@pytest.mark.parametrize(
    ("narrow", "wide"),
    [
        (r"^[0-9a-f]{8}-[0-9a-f]{4}$", "^[0-9a-fA-F-]{13}$"),
        ("^.{1,64}$", "^.{1,255}$"),
        (r"^\d+(\.\d{2})?$", r"^\d+(\.\d+)?$"),
        ("^(USD|EUR)$", "^[A-Z]{3}$"),
        ("^abc$", "b"),
        (r"^[a-z]+@[a-z]+\.com$", "^.+@.+$"),
        (r"\bfoo\b", "foo"),
        ("^(?!ab)[ab]+$", "^(b|aa|a$)"),
        ("^(?=.*a)(?=.*b).*$", "a"),
        ("[]", "^x$"),
        (r"^\p{Lu}$", r"^\p{L}$"),
        (r"^\d$", r"^\p{Nd}$"),
        ("^a{500}$", "^a{1,1000}$"),
    ],
)
def test_a_narrower_pattern_is_a_subset_and_not_the_other_way(narrow, wide):
    assert is_subset(language(narrow), language(wide)) is True
    assert is_subset(language(wide), language(narrow)) is False


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("^(a{1,20}){1,20}$", "^a{1,400}$"),
        ("^(a|b)*$", "^[ab]*$"),
        ("^(a*)*$", "^a*$"),
        (r"^(\d{3}){2}$", r"^\d{6}$"),
        ("^(?=.*a)[ab]*$", "^b*a[ab]*$"),
        (r"\ba|\Ba", "a"),
        ("(?!^)b", "[^]b"),
        ("^(?:^|a){2}b", "^a{0,2}b"),
        ("(?=[])|^a", "^a"),
        ("^(?:|b*)$", "^b*$"),
        ("^(?:a?){0}$", "^$"),
        ("^(?:a{0}[]|c)$", "^c$"),
        ("^(?:[]){0,2}$", "^$"),
        ("^(?:[]){1,2}$", "[]"),
        ("^(?:|a|bc){2}$", "^(?:|a|bc|aa|abc|bca|bcbc)$"),
    ],
)
def test_two_ways_to_write_a_language_are_subsets_of_each_other(one, other):
    assert is_subset(language(one), language(other)) is True
    assert is_subset(language(other), language(one)) is True


@pytest.mark.parametrize(
    ("described", "inside", "outside"),
    [
        (language("^ab?$"), ["a", "ab"], ["", "b", "abb"]),
        (literal("a", ""), ["a", ""], ["b"]),
        (every_text().with_length(1, 2), ["a", "\U0001f642b"], ["", "abc"]),
        (language("a").intersect(language("b")), ["ab", "ba"], ["a", "b"]),
        (language("^a").union(language("b$")), ["a", "b"], ["ba"]),
        (language("^(?=(?:a|bc)d)"), ["ad", "bcd"], ["bd", "cbd", "a"]),
        (language("a").complement(), ["", "b"], ["a"]),
        (language("a").complement().complement(), ["a"], ["b"]),
        (language("^a{5}$").with_length(0, 2), [], ["", "aa", "aaaaa"]),
    ],
)
def test_a_text_is_in_the_language_that_describes_it(described, inside, outside):
    assert all(described.contains(text) for text in inside)
    assert not any(described.contains(text) for text in outside)
    assert described.is_empty() is (not inside)
    assert all(is_subset(literal(text), described) is True for text in inside)
    assert all(is_subset(literal(text), described) is False for text in outside)


def test_counting_ends_at_the_cap():
    assert language("^[ab]{0,5}$").size(63) == 63
    assert language("^[ab]{0,5}$").size(10) == 10
    assert language("^[ab]{0,5}$").size(7) == 7


@pytest.mark.parametrize(
    ("described", "word"),
    [
        (language("^[0-9a-f]{4}$"), "aaaa"),
        (language(r"^\d+$").difference(language("^0")), "1"),
        (language("^.{1,255}$").difference(language("^.{1,64}$")), "a" * 65),
        (language("^a|b$").complement(), ""),
        (language(r"^\W$"), "!"),
        (language(r"^[\n ]$"), " "),
        (language(r"^\s$").difference(literal(" ")), "\u1680"),
        (literal("b", "a"), "a"),
        (literal(), None),
        (literal("x").intersect(literal("y")), None),
        (language("a").with_length(3), "aaa"),
        (language("^a{2}$").with_length(3), None),
        (language("^a*$").with_length(5, 9), "aaaaa"),
        (every_text().with_length(2, 2), "aa"),
        (language(r"^\uD800$"), None),
        (language("^[a-z]{2,5}$").intersect(literal("x", "yes", "no")), "no"),
    ],
)
def test_the_shortest_text_is_the_readable_one(described, word):
    assert described.shortest() == word
    assert described.is_empty() is (word is None)


def test_the_shortest_text_keeps_to_asked_lengths():
    words = language("^(ab)+$")

    assert words.shortest(min_length=3) == "abab"
    assert words.shortest(min_length=3, max_length=3) is None
    assert words.shortest(max_length=1) is None
    assert words.shortest(min_length=2, max_length=1) is None


@pytest.mark.parametrize(
    ("described", "size", "finite"),
    [
        (language("^[ab]{0,2}$"), 7, True),
        (language("^a*$"), 50, False),
        (language("^a*$").with_length(0, 3), 4, True),
        (language("^.$"), 50, True),
        (literal(), 0, True),
        (literal("x", "yy"), 2, True),
        (literal("x").complement(), 50, False),
        (language("^(a|ab)(c|bc)$"), 3, True),
        (language("^(ab?){0,2}$").with_length(1), 6, True),
    ],
)
def test_texts_are_counted_up_to_a_cap(described, size, finite):
    assert described.size(50) == size
    assert described.is_finite() is finite
    assert len(described.words(50)) == size


def test_texts_are_listed_shortest_first():
    assert language("^[ba]{0,2}$").words(20) == ("", "a", "b", "aa", "ab", "ba", "bb")
    assert language("^(aa)*$").words(3) == ("", "aa", "aaaa")
    assert language("^a*$").words(9, max_length=2) == ("", "a", "aa")
    assert language("^a*$").words(0) == ()
    assert language("^a*$").size(9, max_length=2) == 3
    assert language("a").size(10**9, max_length=1) == 1


def test_the_size_of_large_languages_is_exact():
    assert language("^[a-z]{3}$").size(10**9) == 26**3
    assert every_text().size(10**9, max_length=1) == 1 + 0x110000 - 0x800


@pytest.mark.parametrize(
    "ask",
    [
        lambda words, budget: words.shortest(budget),
        lambda words, budget: words.is_empty(budget),
        lambda words, budget: words.is_finite(budget),
        lambda words, budget: words.size(9, budget),
        lambda words, budget: words.words(9, budget),
        lambda words, budget: is_subset(words, literal("abc"), budget),
    ],
)
def test_a_spent_budget_is_an_answer_of_its_own(ask):
    answer = ask(language("^(abc){5}$"), 3)

    assert answer == Exhausted(states=3)
    with pytest.raises(TypeError):
        bool(answer)


def test_counting_long_texts_keeps_to_the_budget():
    sparse = every_text().with_length(0, 9_000).intersect(language("^(a{50})*$"))

    assert sparse.size(10_000, budget=60) == Exhausted(states=60)


def test_lengths_far_apart_stay_apart():
    apart = every_text().with_length(2, 2).union(every_text().with_length(30_000, 30_001))

    assert apart.shortest() == "aa"
    assert apart.complement().with_length(2).shortest() == "aaa"


def test_lengths_cost_no_states():
    assert is_subset(language("^a{2,5}$"), every_text().with_length(1, 10**6), budget=9) is True
    assert language("^a*$").with_length(0, 10**6).shortest(budget=3) == ""
    assert every_text().with_length(5, 4 + 10**6).union(literal("a")).shortest(budget=3) == "a"


@settings(max_examples=150, deadline=None)
@given(languages(), TEXTS)
def test_the_automaton_holds_what_the_description_holds(words, text):
    only = words.intersect(literal(text)).is_empty(BUDGET)

    assert isinstance(only, Exhausted) or only is not words.contains(text)


@settings(max_examples=100, deadline=None)
@given(languages())
def test_a_shortest_text_is_in_its_language(words):
    word = words.shortest(BUDGET)

    assert word is None or isinstance(word, Exhausted) or words.contains(word)


@settings(max_examples=100, deadline=None)
@given(languages(), TEXTS)
def test_an_empty_language_holds_no_text(words, text):
    if words.is_empty(BUDGET) is True:
        assert not words.contains(text)


@settings(max_examples=60, deadline=None)
@given(languages(), languages())
def test_union_and_intersection_enclose(one, two):
    for narrow, wide in [(one, one.union(two)), (one.intersect(two), one), (one, one)]:
        verdict = is_subset(narrow, wide, BUDGET)
        assert isinstance(verdict, Exhausted) or verdict


@settings(max_examples=60, deadline=None)
@given(languages())
def test_a_language_and_its_complement_share_nothing_and_leave_nothing_out(words):
    nothing = words.intersect(words.complement()).is_empty(BUDGET)
    left_out = words.union(words.complement()).complement().is_empty(BUDGET)

    assert isinstance(nothing, Exhausted) or nothing
    assert isinstance(left_out, Exhausted) or left_out


@settings(max_examples=60, deadline=None)
@given(languages())
def test_listed_texts_are_distinct_members_in_order(words):
    listed = words.words(12, BUDGET)
    if isinstance(listed, Exhausted):
        return

    assert len(set(listed)) == len(listed)
    assert [len(text) for text in listed] == sorted(len(text) for text in listed)
    assert all(words.contains(text) for text in listed)
    assert words.size(12, BUDGET) == len(listed)
