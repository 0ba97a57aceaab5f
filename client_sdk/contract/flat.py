"""Flat shapes: objects that name their members in one place, with nothing named below.

Most tools are asked and answer like that. What they declare is read off at once, where any other
shape is walked through.
"""

from __future__ import annotations

from client_sdk.contract.shape import SchemaResource, Shape
from client_sdk.contract.standing import STRUCTURE, is_leaf, listed, mapped

_NAMING = frozenset({"properties", "required"})
_ELSEWHERE = (STRUCTURE - _NAMING) | {"const", "enum"}


def declared_names(shape: Shape) -> tuple[str, ...] | None:
    """The members that a flat shape declares, in order; None for any other shape."""
    names: dict[str, None] = {}
    for part in shape.parts:
        if not _is_flat(part):
            return None
        if isinstance(part.schema, dict):
            names.update(dict.fromkeys(mapped(part.schema.get("properties"))))
            names.update(dict.fromkeys(map(str, listed(part.schema.get("required")))))
    return tuple(names)


def _is_flat(part: SchemaResource) -> bool:
    if not isinstance(part.schema, dict):
        return True
    if not _ELSEWHERE.isdisjoint(part.schema):
        return False
    members = mapped(part.schema.get("properties")).values()
    return all(not isinstance(each, dict) or is_leaf(each) for each in members)
