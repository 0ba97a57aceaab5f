"""A walk over every schema inside a schema: what stands where, and which keyword is misshapen.

The walk keeps its own stack and stops at the limits, so a Python value of any depth is safe.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from client_sdk.contract.dialect import Dialect
from client_sdk.contract.keyword_checks import Spot, check_keyword
from client_sdk.contract.keywords import Holds, Keyword, keywords_of, ref_stands_alone
from client_sdk.contract.members import Faults, shown
from client_sdk.contract.pattern_gate import PatternGate
from client_sdk.contract.schema_names import Names, Place
from client_sdk.contract.spelling import near_miss
from client_sdk.contract.values import JsonObject, JsonValue

_MAY_BE_BOOLEAN: Final = frozenset(("additionalProperties", "additionalItems"))  # in draft 4
_FINE_BESIDE_REF: Final = frozenset(
    (
        "$ref",
        "$schema",
        "$id",
        "id",
        "$comment",
        "title",
        "description",
        "default",
        "examples",
        "definitions",
        "$defs",
    )
)


class Walk:
    """The places of one schema in the order they were met, and their names.

    `is_cut` says that the limit of schemas ended the walk, so that places are missing.
    """

    def __init__(
        self, root: Place, dialect: Dialect, patterns: PatternGate, faults: Faults
    ) -> None:
        self.dialect = dialect
        self.patterns = patterns
        self.limits = patterns.limits
        self.faults = faults
        self.places: list[Place] = []
        self.names = Names(dialect, faults, {"": root})
        self.is_cut = False
        self._keywords = keywords_of(dialect)
        self.extend(root)

    def extend(self, start: Place) -> None:
        """Walk from a place that was not walked yet; what is wrong there is noted."""
        waiting = [start]
        while waiting and not self.is_cut:
            place = waiting.pop()
            self.places.append(place)
            if len(self.places) > self.limits.max_schema_nodes:
                self.is_cut = True
                message = f"At most {self.limits.max_schema_nodes} schemas are allowed."
                self.faults.error("too-many-schemas", place.pointer(), message)
            elif place.depth > self.limits.max_depth:
                message = f"Schemas are nested at most {self.limits.max_depth} deep."
                self.faults.error("too-deep", place.pointer(), message)
            elif isinstance(place.schema, dict):
                self.names.learn(place, place.schema)
                self._check_keywords(place, place.schema)
                waiting.extend(reversed(place.inside.values()))

    def _check_keywords(self, place: Place, schema: JsonObject) -> None:
        """Check the keywords of one schema and link the schemas inside them."""
        alone = ref_stands_alone(schema, self.dialect)
        for name, value in schema.items():
            keyword = self._keyword(name, value, place)
            if keyword is None:
                continue
            check_keyword(schema, Spot(place, name, self.dialect, self.patterns, self.faults))
            if alone and name not in _FINE_BESIDE_REF:
                message = f"{shown(name)} is void beside '$ref' up to draft 7."
                self.faults.warning("void-beside-ref", place.pointer(name), message)
            for tokens, inner in _schemas_in(keyword, value, name):
                child = Place(inner, place, tokens, place.depth + len(tokens), place.base)
                place.inside[tokens] = child
                if keyword.in_place and not alone:
                    place.in_place.append(child)
                if isinstance(inner, bool):
                    self._check_boolean(name, child)

    def _keyword(self, name: str, value: JsonValue, place: Place) -> Keyword | None:
        """Find the keyword of a member, noting an unknown name or a value of the wrong form."""
        keyword = self._keywords.get(name)
        if keyword is None:
            if not name.startswith("x-") and not self.faults.is_full_of_warnings:
                self._note_unknown(name, place)
        elif not keyword.fits(value):
            message = f"{shown(name)} is {keyword.form} in {self.dialect}."
            self.faults.error("keyword-shape", place.pointer(name), message)
            return None
        return keyword

    def _note_unknown(self, name: str, place: Place) -> None:
        meant = near_miss(name, self._keywords)
        hint = f"; did you mean {shown(meant)}?" if meant else "."
        message = f"{shown(name)} is no keyword of {self.dialect} and checks nothing{hint}"
        self.faults.warning("unknown-keyword", place.pointer(name), message)

    def _check_boolean(self, name: str, place: Place) -> None:
        if self.dialect is Dialect.DRAFT4 and name not in _MAY_BE_BOOLEAN:
            message = "A schema of draft 4 is an object."
            self.faults.error("keyword-shape", place.pointer(), message)


def _schemas_in(
    keyword: Keyword, value: JsonValue, name: str
) -> Iterator[tuple[tuple[str, ...], JsonObject | bool]]:
    """Give the schemas that the value of a keyword holds, with the tokens that lead to each."""
    if keyword.holds is Holds.NOTHING:
        return
    if keyword.holds is Holds.MAP and isinstance(value, dict):
        inside: Iterator[tuple[tuple[str, ...], JsonValue]] = (
            ((name, member), inner) for member, inner in value.items()
        )
    elif isinstance(value, list):
        inside = (((name, str(index)), inner) for index, inner in enumerate(value))
    else:
        inside = iter([((name,), value)])
    for tokens, inner in inside:
        if isinstance(inner, dict | bool):  # in `dependencies` an array names members
            yield tokens, inner
