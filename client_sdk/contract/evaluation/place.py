"""A place: one schema applied to one value, within the budget of one run."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Final, TypeAlias

from client_sdk.contract import pointer as pointers
from client_sdk.contract.dialect import Dialect
from client_sdk.contract.document import equality_key
from client_sdk.contract.evaluation.failures import (
    EvaluationTooComplex,
    Failure,
    SchemaUnusable,
)
from client_sdk.contract.evaluation.resources import Base, LoadedResource
from client_sdk.contract.values import JsonObject, JsonValue

Keyword: TypeAlias = "Callable[[Place, JsonValue], None]"

MAX_STEPS: Final = 600_000
MAX_NESTING: Final = 220  # schemas inside schemas; up to four Python frames each
CHARACTERS_PER_STEP: Final = 100
MAX_FAILURES: Final = 200  # what a reader may want to see of one value


@dataclass(slots=True)
class Run:
    """One judgement under way: its resource and what is left of its budget."""

    resource: LoadedResource
    vocabularies: Mapping[Dialect, Mapping[str, Keyword]]
    steps_left: int = MAX_STEPS
    nesting: int = 0
    explaining: bool = False  # whether the words of a failure are being looked for
    _keys: dict[int, str] = field(default_factory=dict)

    def spend(self, steps: int = 1) -> None:
        """Take steps off the budget.

        Raises:
            EvaluationTooComplex: none are left.
        """
        self.steps_left -= steps
        if self.steps_left < 0:
            raise EvaluationTooComplex(f"The value needs more than {MAX_STEPS} steps to judge.")

    def key_of(self, value: JsonValue) -> str:
        """Give the value's equality key; that of a container is written once per run."""
        if not isinstance(value, dict | list):
            return equality_key(value)
        key = self._keys.get(id(value))
        if key is None:
            key = self._keys[id(value)] = equality_key(value)
            self.spend(len(key) // CHARACTERS_PER_STEP)
        return key

    def enter(self) -> None:
        """Go one schema deeper.

        Raises:
            EvaluationTooComplex: the nesting is deeper than a document can ask for.
        """
        self.nesting += 1
        if self.nesting > MAX_NESTING:
            raise EvaluationTooComplex(f"Schemas nest more than {MAX_NESTING} deep here.")


@dataclass(slots=True)
class Place:
    """One schema object at one value; `members` and `items` are what keywords evaluated.

    A `brief` place stops at its first failure: only validity is asked for.
    """

    run: Run
    base: Base
    schema: JsonObject
    value: JsonValue
    pointer: str
    brief: bool
    failures: list[Failure] = field(default_factory=list)
    members: set[str] = field(default_factory=set)
    items: set[int] = field(default_factory=set)

    @property
    def valid(self) -> bool:
        """Whether no keyword has failed so far."""
        return not self.failures

    def fail(self, rule: str, expected: str, *, member: str | None = None) -> None:
        """Note that the value, or its member of this name, does not satisfy `rule`."""
        where, actual = self.pointer, self.value
        if member is not None:
            where = pointers.join(where, member)
            actual = actual.get(member) if isinstance(actual, dict) else None
        if len(self.failures) < MAX_FAILURES:
            self.failures.append(Failure(where, rule, expected, actual))

    def include(self, other: Place) -> None:
        """Take over what a place that must hold has found: failures, and evaluations."""
        if other.failures:
            room = MAX_FAILURES - len(self.failures)
            self.failures.extend(other.failures[: max(room, 0)])
        elif self.run.resource.tracks_evaluation:
            self.members |= other.members
            self.items |= other.items


def apply(
    at: Place,
    schema: JsonValue,
    *,
    token: str | int | None = None,
    base: Base | None = None,
    brief: bool | None = None,
) -> Place:
    """Judge the value of `at`, or its child at `token`, under a schema, and give the new place."""
    run = at.run
    run.spend()
    child = _child_place(at, schema, token)
    child.brief = at.brief if brief is None else brief
    if schema is False:
        child.fail("false", "nothing")
    if isinstance(schema, bool):
        return child
    # a reference's target brings its base along: applying its $id again would double it
    child.base = run.resource.base_within(at.base, child.schema) if base is None else base
    run.enter()
    judge_place(child)
    run.nesting -= 1
    return child


def judge_place(at: Place) -> None:
    """Apply every keyword of the place's schema to its value, annotations' readers last."""
    vocabulary = at.run.vocabularies[at.base.dialect]
    schema = at.schema
    if "$ref" in schema and at.base.ref_stands_alone:
        vocabulary["$ref"](at, schema["$ref"])
        return
    late: list[str] = []
    for keyword, argument in schema.items():
        if keyword.startswith("unevaluated"):
            late.append(keyword)
        elif keyword in vocabulary:
            vocabulary[keyword](at, argument)
            if at.failures and at.brief:
                return
    for keyword in late:
        if keyword in vocabulary:
            vocabulary[keyword](at, schema[keyword])


def _child_place(at: Place, schema: JsonValue, token: str | int | None) -> Place:
    if not isinstance(schema, dict | bool):
        raise SchemaUnusable(f"A schema is an object or a boolean, not {type(schema).__name__}.")
    value, pointer = at.value, at.pointer
    if token is not None:
        value = value[token]  # type: ignore[index]
        pointer = pointers.join(pointer, token)
    return Place(
        run=at.run,
        base=at.base,
        schema=schema if isinstance(schema, dict) else {},
        value=value,
        pointer=pointer,
        brief=at.brief,
    )
