"""What a search knows of one kind of value, literal by literal."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest

from client_sdk.contract.compat.meter import Meter
from client_sdk.contract.compat.solving.models import Models
from client_sdk.contract.compat.solving.numbers import NumberState
from client_sdk.contract.compat.solving.solver import Solver
from client_sdk.contract.compat.solving.strings import StringState
from client_sdk.contract.compat.terms.arena import Arena
from client_sdk.contract.compat.terms.evaluating import MAX_NESTING, fits
from client_sdk.contract.compat.terms.kinds import INTEGER, NUMBER, STRING
from client_sdk.contract.compat.verdicts import Budget

FINEST = Fraction(1, 2**60)  # finer than any point of an interval that is tried


@pytest.fixture
def arena() -> Arena:
    return Arena(Meter(Budget(wall_seconds=120)))


def answer(search) -> Models:
    """What a search gives that asks nothing."""
    with pytest.raises(StopIteration) as stop:
        next(search)
    return stop.value.value


def numbers(arena, *, low=None, high=None) -> NumberState:
    state = NumberState(arena)
    if low is not None:
        assert state.add(arena.bound(Fraction(low), upper=False, strict=False))
    if high is not None:
        assert state.add(arena.bound(Fraction(high), upper=True, strict=False))
    return state


def test_a_type_of_another_kind_clashes_and_is_screened_out(arena):
    state = StringState(arena)

    assert state.screened(arena.types(NUMBER)) is False
    assert state.add(arena.types(NUMBER)) is False
    assert state.taken == {}


def test_all_numbers_are_no_narrower_than_numbers(arena):
    state = numbers(arena)

    assert state.add(arena.types(NUMBER | STRING))
    assert state.step is None
    assert state.add(arena.types(INTEGER))
    assert state.step == 1


def test_a_bound_already_holds_cannot_hold_or_says_something_new(arena):
    state = numbers(arena, low=0, high=10)
    known = state.facts()

    assert state.screened(arena.bound(Fraction(20), upper=True, strict=False)) is True
    assert state.screened(arena.bound(Fraction(20), upper=False, strict=False)) is False
    assert state.screened(arena.bound(Fraction(5), upper=True, strict=False)) is None
    assert state.facts() == known


@pytest.mark.parametrize(("low", "high"), [(0, None), (None, 0), (None, None), (7, None)])
def test_there_are_as_many_numbers_as_are_wanted_where_one_side_is_open(arena, low, high):
    found = answer(numbers(arena, low=low, high=high).models(5_000)).values

    assert len(set(found)) == 5_000
    assert all((low is None or low <= each) and (high is None or each <= high) for each in found)


def test_numbers_that_are_not_found_between_two_bounds_may_still_be_there(arena):
    state = numbers(arena, low=0, high=1)
    state.divide(FINEST, negative=True)

    assert answer(state.models(1)) == Models((), complete=False)


def test_a_few_numbers_between_two_bounds_are_never_all(arena):
    found = answer(numbers(arena, low=0, high=1).models(5_000))

    assert not found.complete
    assert found.values[:3] == (0, 1, Decimal("0.5"))


@pytest.mark.parametrize(
    ("low", "high", "listed"),
    [
        (-2, 3, [0, 1, -1, 2, -2, 3]),
        (-3, 1, [0, 1, -1, -2, -3]),
        (2, 4, [2, 3, 4]),
        (-4, -2, [-2, -3, -4]),
    ],
)
def test_whole_numbers_between_two_bounds_are_all_listed_nearest_zero_first(
    arena, low, high, listed
):
    state = numbers(arena, low=low, high=high)
    state.divide(Fraction(1), negative=False)

    assert answer(state.models(100)) == Models(tuple(listed), complete=True)


@pytest.mark.parametrize(
    ("low", "high", "first"),
    [(-2, None, [0, 1, -1, 2, -2, 3, 4]), (None, 2, [0, 1, -1, 2, -2, -3, -4])],
)
def test_whole_numbers_without_end_go_on_where_there_is_room(arena, low, high, first):
    state = numbers(arena, low=low, high=high)
    state.divide(Fraction(1), negative=False)

    assert answer(state.models(7)) == Models(tuple(first), complete=False)


def test_more_words_than_letters_are_found(arena):
    state = StringState(arena)
    assert state.add(arena.size(STRING, 2, upper=False))

    found = answer(state.models(26 * 26 + 2)).values

    assert len(set(found)) == 26 * 26 + 2
    assert found[0] == "aa"
    assert found[-1] == "aab"


def test_words_of_a_pattern_too_large_to_list_are_found_one_by_one(arena):
    state = StringState(arena)
    assert state.add(arena.matches("^[ab]*a[ab]{9}$"))

    found = answer(state.models(9))

    assert not found.complete
    assert found.values[0] == "aaaaaaaaaa"
    assert len(set(found.values)) == 9


def test_a_term_nested_too_deep_is_not_known(arena):
    term, value = arena.size(STRING, 2, upper=False), "a"
    for _ in range(MAX_NESTING + 1):
        term, value = arena.has("m", term), {"m": value}

    assert fits(arena, term, value) is None
    assert fits(arena, term.node, value["m"]) is False


def test_a_count_is_known_only_as_far_as_its_items_are(arena):
    unknown = arena.opaque("nobody knows", STRING)
    least, most = (arena.count(0, unknown, 2, upper=upper) for upper in (False, True))

    assert fits(arena, least, ["a", "b"]) is None
    assert fits(arena, most, ["a", "b"]) is True
    assert fits(arena, least, ["a"]) is False
    assert fits(arena, most, ["a", "b", "c"]) is None
    assert fits(arena, least, [1, 2, "a"]) is True


def test_a_definition_beside_its_complement_accepts_nothing(arena):
    name, other = arena.variable("t"), arena.size(STRING, 2, upper=False)

    assert arena.all_of((name, other, arena.negate(name))) is arena.never
    assert arena.any_of((name, other, arena.negate(name))) is arena.anything


def test_a_definition_is_opened_when_its_complement_is_searched(arena):
    arena.bodies["t"] = arena.types(STRING)
    complement = arena.negate(arena.variable("t"))

    assert Solver(arena).models(arena.both(arena.types(STRING), complement)) == Models(
        (), complete=True
    )
