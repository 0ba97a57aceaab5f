"""References inside one schema: where each leads, that none runs in circles or multiplies."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final
from urllib.parse import unquote, urldefrag

from client_sdk.contract.dialect import Dialect
from client_sdk.contract.members import shown
from client_sdk.contract.pointer import index_of, tokens_of
from client_sdk.contract.schema_names import MAX_URI, Place, joined
from client_sdk.contract.schema_walk import Walk
from client_sdk.contract.values import JsonValue

_REFERENCES: Final = {
    Dialect.DRAFT4: ("$ref",),
    Dialect.DRAFT6: ("$ref",),
    Dialect.DRAFT7: ("$ref",),
    Dialect.D2019: ("$ref", "$recursiveRef"),
    Dialect.D2020: ("$ref", "$dynamicRef"),
}


def follow_references(walk: Walk) -> None:
    """Add to every place what its references lead to, noting those that lead nowhere.

    What a reference points at is walked too: a pointer may lead to a schema under an unknown
    keyword, which holds references of its own. The list of places grows while it is read.
    """
    for place in walk.places:
        if isinstance(place.schema, dict):
            for keyword in _REFERENCES[walk.dialect]:
                reference = place.schema.get(keyword)
                if isinstance(reference, str):
                    place.in_place.extend(_targets(walk, place, keyword, reference))


def check_paths(walk: Walk) -> None:
    """Note references that come back to the same value, or that meet too many schemas there."""
    sizes: dict[Place, int] = {}
    for root in walk.places:
        if root not in sizes:
            _check_paths_from(walk, root, sizes)


def _check_paths_from(walk: Walk, root: Place, sizes: dict[Place, int]) -> None:
    """Go depth first, with an own stack, to everything that judges the value at `root`."""
    trail = [(root, iter(root.in_place))]
    on_trail = {root}
    while trail:
        place, inner = trail[-1]
        child = next(inner, None)
        if child is None:
            trail.pop()
            on_trail.discard(place)
            sizes[place] = _size(walk, place, sizes)
        elif child in on_trail:
            _note_circle(walk, place, child)
        elif child not in sizes:
            on_trail.add(child)
            trail.append((child, iter(child.in_place)))


def _size(walk: Walk, place: Place, sizes: dict[Place, int]) -> int:
    """Count the schemas that one value meets at a place; past the limit it counts as one."""
    most = walk.limits.max_expanded_nodes
    size = 1 + sum(sizes.get(child, 1) for child in place.in_place)
    if size <= most:
        return size
    message = f"One value would meet more than {most} schemas here; references multiply."
    walk.faults.error("too-many-expansions", place.pointer(), message)
    return 1


def _note_circle(walk: Walk, place: Place, child: Place) -> None:
    message = (
        f"This comes back to {shown('#' + child.pointer())} for the same value, "
        "so checking a value would never end."
    )
    walk.faults.error("endless-reference", place.pointer(), message)


def _targets(walk: Walk, place: Place, keyword: str, reference: str) -> Iterator[Place]:
    """Give the places that a reference may lead to; a dynamic one may lead to several."""
    if keyword == "$recursiveRef" and reference != "#":
        message = "'$recursiveRef' is always '#'."
        walk.faults.error("keyword-shape", place.pointer(keyword), message)
        return
    target = _target(walk, place, keyword, reference)
    if target is None:
        return
    yield target
    if isinstance(target.schema, bool):
        return
    if keyword == "$recursiveRef" and target.schema.get("$recursiveAnchor") is True:
        yield walk.names.recursive
    anchor = target.schema.get("$dynamicAnchor")
    if keyword == "$dynamicRef" and isinstance(anchor, str) and reference.endswith(f"#{anchor}"):
        yield walk.names.dynamic[anchor]


def _target(walk: Walk, place: Place, keyword: str, reference: str) -> Place | None:
    """Find the place that a reference names, walking it if it was not walked yet."""
    try:
        uri, fragment = urldefrag(_absolute(place.base, reference))
        resource = walk.names.resources.get(uri)
        target = None if resource is None else _inside(walk, resource, uri, unquote(fragment))
    except ValueError:
        message = f"{shown(reference)} is no URI reference."
        walk.faults.error("reference-unresolved", place.pointer(keyword), message)
        return None
    if resource is None:
        message = f"{shown(reference)} leaves the document; nothing is ever fetched."
        walk.faults.error("remote-reference", place.pointer(keyword), message)
    elif target is None:
        message = f"{shown(reference)} leads to no schema of this document."
        walk.faults.error("reference-unresolved", place.pointer(keyword), message)
    return target


def _absolute(base: str, reference: str) -> str:
    # urljoin knows no relative references to names such as urn:…, but a fragment always is one.
    if reference.startswith("#"):
        return base + reference
    if len(reference) > MAX_URI:
        raise ValueError(reference)
    return joined(base, reference)


def _inside(walk: Walk, resource: Place, uri: str, fragment: str) -> Place | None:
    if not fragment:
        return resource
    if not fragment.startswith("/"):
        return walk.names.anchors.get((uri, fragment))
    return _at(walk, resource, tokens_of(fragment))


def _at(walk: Walk, place: Place, tokens: tuple[str, ...]) -> Place | None:
    """Go down by tokens, from schema to schema and through what lies between them."""
    while tokens:
        one, two = tokens[:1], tokens[:2]
        step = two if two in place.inside else one
        inner = place.inside.get(step)
        if inner is None:
            return _between(walk, place, tokens)
        place, tokens = inner, tokens[len(step) :]
    return place


def _between(walk: Walk, around: Place, tokens: tuple[str, ...]) -> Place | None:
    """Walk a schema that stands where the dialect expects none, for instance under `x-…`."""
    value: JsonValue = around.schema
    for token in tokens:
        index = index_of(token)
        if isinstance(value, dict) and token in value:
            value = value[token]
        elif isinstance(value, list) and index is not None and index < len(value):
            value = value[index]
        else:
            return None
    if not isinstance(value, dict | bool):
        return None
    place = Place(value, around, tokens, around.depth + len(tokens), around.base)
    around.inside[tokens] = place
    walk.extend(place)
    return place
