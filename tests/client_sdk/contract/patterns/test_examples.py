import pytest

from client_sdk.contract.patterns import compile_pattern, example_string

SOURCES = [
    r"^[0-9a-f]{8}-[0-9a-f]{4}-[1-5][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$",
    r"^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z$",
    r"^\d+(\.\d{2})?$",
    r"^[\w-\.]+@([\w-]+\.)+[\w-]{2,4}$",
    "^(?=.*[A-Z])(?=.*[0-9]).{8,}$",
    r"\bfoo\b",
    r"^\p{Lu}\p{Ll}+$",
    "^(USD|EUR)$",
]


@pytest.mark.parametrize("source", SOURCES)
@pytest.mark.parametrize("seed", range(6))
def test_an_example_matches_and_repeats(source, seed):
    example = example_string(source, seed)

    assert example is not None
    assert compile_pattern(source).search(example)
    assert example_string(source, seed) == example


@pytest.mark.parametrize(
    ("source", "example"),
    [
        ("^[0-9a-f]{4}$", "aaaa"),
        (r"^\d+(\.\d{2})?$", "0"),
        (r"^[\w.]+@[\w.]+$", "a@a"),
        ("", ""),
        ("[]", None),
    ],
)
def test_the_plain_example_is_the_shortest(source, example):
    assert example_string(source) == example


def test_other_seeds_differ_in_characters_and_length():
    examples = {example_string("^[a-z0-9]+$", seed) for seed in range(8)}

    assert len(examples) == 8
    assert {len(example) for example in examples} == {1, 2, 3, 4}


def test_an_example_keeps_to_asked_lengths():
    assert example_string("^a+$", 3, min_length=5, max_length=6) == "aaaaa"
    assert example_string("^a+$", 2, min_length=5, max_length=8) == "aaaaaaa"
    assert example_string("^a{3}$", max_length=2) is None
