"""Keywords that apply schemas in place: combinations, conditions and references."""

from __future__ import annotations

from typing import Final

from client_sdk.contract.evaluation.assertions import a_list, a_string, an_object, need_beside
from client_sdk.contract.evaluation.failures import Failure
from client_sdk.contract.evaluation.place import Place, apply
from client_sdk.contract.values import JsonValue

EXPLAINED_BRANCHES: Final = 20


def ref(at: Place, reference: JsonValue) -> None:
    """Hold when the value holds under the schema that is referred to."""
    schema, base = at.run.resource.target_of(at.base, a_string(reference))
    at.include(apply(at, schema, base=base))


def recursive_ref(at: Place, reference: JsonValue) -> None:
    """Hold when the value holds under the outermost schema that lets itself be recursed to."""
    a_string(reference)
    schema, base = at.run.resource.recursive_target_of(at.base)
    at.include(apply(at, schema, base=base))


def all_of(at: Place, schemas: JsonValue) -> None:
    """Hold when the value holds under every schema."""
    for schema in a_list(schemas):
        at.include(apply(at, schema))


def any_of(at: Place, schemas: JsonValue) -> None:
    """Hold when the value holds under at least one schema."""
    branches = a_list(schemas)
    if not _fitting(at, branches, enough=1):
        _fail_with_closest(at, "anyOf", branches)


def one_of(at: Place, schemas: JsonValue) -> None:
    """Hold when the value holds under exactly one schema."""
    branches = a_list(schemas)
    fitting = _fitting(at, branches, enough=2)
    if not fitting:
        _fail_with_closest(at, "oneOf", branches)
    elif len(fitting) > 1:
        at.fail("oneOf", f"exactly one of {len(branches)} alternatives, and more than one fits")


def not_(at: Place, schema: JsonValue) -> None:
    """Hold when the value does not hold under the schema."""
    if apply(at, schema, brief=True).valid:
        at.fail("not", "anything that the schema under 'not' refuses")


def if_(at: Place, condition: JsonValue) -> None:
    """Hold when the value holds under `then` if it fits the condition, else under `else`."""
    tested = apply(at, condition, brief=True)
    branch = "then" if tested.valid else "else"
    if tested.valid:
        at.include(tested)
    if branch in at.schema:
        at.include(apply(at, at.schema[branch]))


def dependent_schemas(at: Place, schemas: JsonValue) -> None:
    """Hold when the object holds under the schema of each member that is present."""
    if isinstance(at.value, dict):
        for member, schema in an_object(schemas).items():
            if member in at.value:
                at.include(apply(at, schema))


def dependencies(at: Place, groups: JsonValue) -> None:
    """Hold as `dependentRequired` for arrays and `dependentSchemas` for schemas (to draft 7)."""
    if isinstance(at.value, dict):
        for member, wanted in an_object(groups).items():
            if isinstance(wanted, list):
                need_beside(at, member, wanted, "dependencies")
            elif member in at.value:
                at.include(apply(at, wanted))


def _fitting(at: Place, branches: list[JsonValue], *, enough: int) -> list[Place]:
    """Give the branches that hold; all of them when what they evaluate is asked for."""
    fitting: list[Place] = []
    for branch in branches:
        tried = apply(at, branch, brief=True)
        if tried.valid:
            fitting.append(tried)
            at.include(tried)
            if len(fitting) >= enough and not at.run.resource.tracks_evaluation:
                break
    return fitting


def _fail_with_closest(at: Place, rule: str, branches: list[JsonValue]) -> None:
    """Note the failure, in the words of the branch that came closest."""
    words = f"one of {len(branches)} alternatives"
    run = at.run
    if branches and not at.brief and not run.explaining:
        # Alternatives inside are not explained again: each level would double the work.
        run.explaining = True
        closest = _closest(at, branches)
        run.explaining = False
        below = closest.pointer[len(at.pointer) :]
        words += f" (closest: {below or 'the value itself'} should be {closest.expected})"
    at.fail(rule, words)


def _closest(at: Place, branches: list[JsonValue]) -> Failure:
    """Give the deepest first failure of any branch; none of them holds."""
    first = [apply(at, branch).failures[0] for branch in branches[:EXPLAINED_BRANCHES]]
    return max(first, key=lambda failure: failure.pointer.count("/"))
