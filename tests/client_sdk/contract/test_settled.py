"""Remembered containments: decided ones only, and no more than there is room for."""

from client_sdk.contract import settled
from client_sdk.contract.compat import Budget, Proved, Refuted, Undecided
from client_sdk.contract.dialect import Dialect
from client_sdk.contract.settled import Settled
from client_sdk.contract.shape import SchemaResource, Shape


def shape_of(schema):
    return Shape((SchemaResource(schema, Dialect.D2020),))


def counted(monkeypatch, verdict):
    asked = []

    def answer(left, right, *, budget):
        asked.append((left, right))
        return verdict

    monkeypatch.setattr(settled, "shape_contained", answer)
    return asked


def test_a_decided_question_is_asked_once(monkeypatch):
    memory, asked = Settled(), counted(monkeypatch, Proved())

    answers = [memory.contained(shape_of({}), shape_of(True), Budget()) for _ in range(3)]

    assert answers == [Proved()] * 3
    assert len(asked) == 1


def test_the_two_directions_are_two_questions():
    memory = Settled()

    assert (
        memory.contained(shape_of({"maximum": 1}), shape_of({"maximum": 2}), Budget()) == Proved()
    )
    assert isinstance(
        memory.contained(shape_of({"maximum": 2}), shape_of({"maximum": 1}), Budget()), Refuted
    )


def test_true_and_one_are_not_the_same_schema():
    memory = Settled()
    one, true = shape_of({"const": 1}), shape_of({"const": True})

    assert memory.contained(one, shape_of({"type": "integer"}), Budget()) == Proved()
    assert isinstance(memory.contained(true, shape_of({"type": "integer"}), Budget()), Refuted)


def test_doubt_is_asked_again(monkeypatch):
    memory, asked = Settled(), counted(monkeypatch, Undecided("budget-spent", ""))

    for _ in range(2):
        memory.contained(shape_of({}), shape_of(True), Budget())

    assert len(asked) == 2


def test_the_oldest_is_forgotten_first(monkeypatch):
    memory, asked = Settled(size=2), counted(monkeypatch, Proved())

    for maximum in (1, 2, 1, 3, 1, 2):
        memory.contained(shape_of({"maximum": maximum}), shape_of({}), Budget())

    assert [left.parts[0].schema["maximum"] for left, _ in asked] == [1, 2, 3, 2]
