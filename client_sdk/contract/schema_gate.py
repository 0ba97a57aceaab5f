"""The gate every user's schema passes before anything validates or compares with it.

It never recurses, never fetches and never runs a pattern; it costs time in proportion to the
schema. What passes can be evaluated without leaving the document and without endless references.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from client_sdk.contract.dialect import Dialect
from client_sdk.contract.errors import Fault
from client_sdk.contract.members import Faults
from client_sdk.contract.pattern_gate import PatternGate
from client_sdk.contract.schema_names import Place
from client_sdk.contract.schema_references import check_paths, follow_references
from client_sdk.contract.schema_walk import Walk
from client_sdk.contract.values import DEFAULT_LIMITS, JsonValue, Limits


@dataclass(frozen=True, slots=True)
class Passage:
    """What the gate found, and how many schemas it counted; pointers start at the schema."""

    faults: tuple[Fault, ...]
    schema_count: int


def check_user_schema(
    schema: JsonValue, dialect: Dialect, *, pointer: str = "", limits: Limits = DEFAULT_LIMITS
) -> tuple[Fault, ...]:
    """Give everything that is wrong or doubtful about a schema; never raise.

    `pointer` is where the schema stands in its document; the pointers of the faults begin there.
    """
    faults = pass_gate(schema, dialect, PatternGate(limits)).faults
    return tuple(replace(fault, pointer=pointer + fault.pointer) for fault in faults)


def pass_gate(schema: JsonValue, dialect: Dialect, patterns: PatternGate) -> Passage:
    """Look at a schema and at every schema inside it, under the limits of the pattern gate."""
    faults = Faults()
    if not isinstance(schema, dict | bool):
        faults.error("not-a-schema", "", "A schema is an object or a boolean.")
        return Passage(tuple(faults.found), 0)
    if isinstance(schema, bool) and dialect is Dialect.DRAFT4:
        faults.error("not-a-schema", "", "A schema of draft 4 is an object.")
        return Passage(tuple(faults.found), 0)
    walk = Walk(Place(schema), dialect, patterns, faults)
    follow_references(walk)
    if not walk.is_cut:
        check_paths(walk)
    return Passage(tuple(faults.found), len(walk.places))
