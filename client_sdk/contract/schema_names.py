"""The places inside one schema, and the names that references may use for them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final, TypeVar
from urllib.parse import urljoin, urlsplit

from client_sdk.contract.dialect import Dialect
from client_sdk.contract.keywords import ref_stands_alone
from client_sdk.contract.members import Faults, shown
from client_sdk.contract.pointer import escape
from client_sdk.contract.values import JsonObject

MAX_URI: Final = 2_000  # characters; every reference is joined to a base, so both stay short

MAX_TOKEN: Final = 2_000  # characters of a member name that a fault repeats

_Key = TypeVar("_Key")
_HAS_ANCHORS: Final = frozenset((Dialect.D2019, Dialect.D2020))


@dataclass(slots=True, eq=False)
class Place:
    """One schema inside a schema, linked to the schema around it.

    `tokens` lead here from there, and `inside` leads on. The pointer is made on demand: stored at
    every place, one long member name would fill the memory. `in_place` are the schemas that
    judge the same value as this one.
    """

    schema: JsonObject | bool
    around: Place | None = None
    tokens: tuple[str, ...] = ()
    depth: int = 1
    base: str = ""
    inside: dict[tuple[str, ...], Place] = field(default_factory=dict)
    in_place: list[Place] = field(default_factory=list)

    def pointer(self, *more: str) -> str:
        """Give the JSON Pointer of this place, or of something below it."""
        steps: list[tuple[str, ...]] = [more]
        place: Place | None = self
        while place is not None:
            steps.append(place.tokens)
            place = place.around
        shortened = (token[:MAX_TOKEN] for tokens in reversed(steps) for token in tokens)
        return "".join(f"/{escape(token)}" for token in shortened)


def joined(base: str, reference: str) -> str:
    """Resolve a reference against a base (RFC 3986); ValueError when it is no URI reference."""
    uri = urljoin(base, reference)
    urlsplit(uri)  # urljoin looks closely only when the base is not empty
    return uri


@dataclass(slots=True)
class Names:
    """Places by name: whole resources by URI, others by URI and anchor.

    `dynamic` and `recursive` gather the places that a dynamic reference may end up at.
    """

    dialect: Dialect
    faults: Faults
    resources: dict[str, Place] = field(default_factory=dict)
    anchors: dict[tuple[str, str], Place] = field(default_factory=dict)
    dynamic: dict[str, Place] = field(default_factory=dict)
    recursive: Place = field(default_factory=lambda: Place(schema=True))

    def learn(self, place: Place, schema: JsonObject) -> None:
        """Note the names of a place; an `$id` changes the base of the place."""
        if not ref_stands_alone(schema, self.dialect):
            self._learn_id(place, schema)
        if self.dialect is Dialect.D2019 and schema.get("$recursiveAnchor") is True:
            self.recursive.in_place.append(place)
        if self.dialect in _HAS_ANCHORS:
            self._learn_anchor(place, schema, "$anchor")
        if self.dialect is Dialect.D2020 and self._learn_anchor(place, schema, "$dynamicAnchor"):
            gathering = self.dynamic.setdefault(str(schema["$dynamicAnchor"]), Place(schema=True))
            gathering.in_place.append(place)

    def _learn_id(self, place: Place, schema: JsonObject) -> None:
        keyword = "id" if self.dialect is Dialect.DRAFT4 else "$id"
        name = schema.get(keyword)
        if not isinstance(name, str):
            return
        uri, _, fragment = name.partition("#")
        if fragment and (uri or self.dialect in _HAS_ANCHORS):
            message = f"A fragment has no place in {shown(keyword)} here."
            self.faults.error("keyword-shape", place.pointer(keyword), message)
        elif fragment:
            self._claim(self.anchors, (place.base, fragment), place, keyword)
        elif uri and self._rebase(place, uri, keyword):
            self._claim(self.resources, place.base, place, keyword)

    def _learn_anchor(self, place: Place, schema: JsonObject, keyword: str) -> bool:
        name = schema.get(keyword)
        if not isinstance(name, str):
            return False
        self._claim(self.anchors, (place.base, name), place, keyword)
        return True

    def _rebase(self, place: Place, uri: str, keyword: str) -> bool:
        try:
            base = joined(place.base, uri) if len(uri) <= MAX_URI else uri
        except ValueError:
            self.faults.error("keyword-shape", place.pointer(keyword), f"{shown(uri)} is no URI.")
            return False
        if len(base) > MAX_URI:
            message = f"A URI has at most {MAX_URI} characters here."
            self.faults.error("keyword-shape", place.pointer(keyword), message)
            return False
        place.base = base
        return True

    def _claim(self, names: dict[_Key, Place], key: _Key, place: Place, keyword: str) -> None:
        if names.setdefault(key, place) is not place:
            message = "Another place of this schema has the same name."
            self.faults.error("repeated-name", place.pointer(keyword), message)
