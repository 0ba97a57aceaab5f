from concurrent.futures import ThreadPoolExecutor

import pytest

from client_sdk.contract.patterns import compile_pattern, language
from client_sdk.contract.patterns.matching import Matcher
from client_sdk.contract.patterns.parser import parse
from client_sdk.contract.patterns.scanning import MOST_KEPT, Scanner

LENGTH = 5_000
# The digits of a power of three have no pattern that an automaton could settle into.
MIXED = f"{3**3200:b}"[:LENGTH].translate({ord("0"): "a", ord("1"): "b"})


@pytest.mark.parametrize(
    ("source", "text", "most_steps"),
    [
        ("^(a+)+$", "a" * LENGTH + "!", 10),
        ("^(a{1,20}){1,20}b$", "a" * LENGTH + "!", 500),
        ("(a|a)*b", "a" * LENGTH, 10),
        ("(.*)*x", "a" * LENGTH, 10),
        (r"\s+$", " " * LENGTH + "x", 20),
        ("(x+x+)+y", "x" * LENGTH, 10),
        ("(.*a){20}x", MIXED, 200),
        ("^(a|b)*a(a|b){12}$", MIXED, 3 * LENGTH),
        ("^[ab]*a[ab]{9000}$", MIXED, 3 * LENGTH),
        ("(abc){300}x", "abc" * (LENGTH // 3), 3_000),
        ("(?:(?=.*a.{12}).)*x", MIXED, 200),
        ("(?=.*a.{20})(?=.*b.{20}).*x", MIXED, 500),
        ("(?:(?=(?:(?!b.{9}).)*a).)+x", MIXED, 500),
        ("((a{0,10}b?){0,10}c?){0,10}$", MIXED, 2_000),
    ],
)
def test_a_hostile_pattern_costs_few_steps(source, text, most_steps):
    matcher = Matcher(parse(source))

    matcher.finds(text)

    assert matcher.steps() <= most_steps


def test_reading_the_same_again_costs_nothing():
    matcher = Matcher(parse(r"^\d+(\.\d{2})?$"))
    matcher.finds("12.34")
    before = matcher.steps()

    assert matcher.finds("12.34")

    assert matcher.steps() == before


def test_a_scanner_starts_over_when_it_remembers_too_much(monkeypatch):
    monkeypatch.setattr("client_sdk.contract.patterns.scanning.MOST_REMEMBERED", 60)
    source = r"^([ab]{2,3}|\bc(?!d)|^x)*a[ab]{3}$"
    matcher = Matcher(parse(source))

    answers = [matcher.finds(text) for text in ("abababaabb", "x" + "ab" * 40 + "abbb", "cdabbb")]

    assert answers == [True, True, False]


def test_a_scanner_keeps_little_after_a_long_text():
    scanner = Scanner(parse("^(a|b)*a(a|b){12}$"), tests=0, open_end=True)
    state = scanner.start
    for character in MIXED:
        state = state[character]
    assert scanner.size() > MOST_KEPT

    scanner.trim()

    assert scanner.size() < 100
    assert len(scanner.start) == 0


def test_one_pattern_serves_many_threads():
    pattern = compile_pattern("^(a|b)*a(a|b){5}(?!c)$")
    texts = [MIXED[start : start + 40] for start in range(200)] * 4
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(pattern.search, texts))

    assert answers == [text[-6] == "a" for text in texts]


def test_counted_characters_stay_one_state_wide():
    assert language("^.{1,9999}$").with_length(2, 3).is_empty(budget=10) is False
    assert language("^a{5000}$").shortest() == "a" * 5000


@pytest.mark.parametrize("opening", ["(?:a", "(?=a", "(?!a", "(?:b|(?!a)a"])
def test_the_deepest_nesting_fits_the_stack(opening):
    closing = ")" if opening.startswith(("(?=", "(?!")) else ")*"
    source = opening * 49 + closing * 49

    assert compile_pattern(source).search("a" * 60) in {True, False}
    assert language(source).intersect(language("^$")).is_empty() in {True, False}
