"""Hypothesis strategies for schemas that go together: small, odd, and often overlapping."""

from __future__ import annotations

from itertools import product

from hypothesis import strategies as st

NAMES = ["a", "b", "c"]
VALUES = [
    None, True, False, 0, 1, 2, -1, 0.5, 1.5, "", "a", "b", "ab", "aa",
    [], [1], [1, 1], ["a"], [True], [0, 1], {}, {"a": 1}, {"b": "a"}, {"a": 1, "b": 2}, {"a": {}},
]  # fmt: skip
PATTERNS = ["^a", "b$", "^[ab]$", "a+", "^$", "^(ab)*$"]
NAME_PATTERNS = ["^a", "b", "^[ab]$", "^[^a]*$"]
TYPES = ["null", "boolean", "integer", "number", "string", "array", "object"]

names = st.sampled_from(NAMES)
counts = st.integers(0, 3)
limits = st.sampled_from([-1, 0, 0.5, 1, 2, 3])
values = st.recursive(
    st.sampled_from(VALUES),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from([*NAMES, "ab", "d"]), inner, max_size=3)
    ),
    max_leaves=6,
)


def schemas(depth=2):
    """Schemas of draft 2020-12 with keywords of every kind, `depth` levels deep."""
    if depth == 0:
        return st.booleans() | st.one_of(_about_values())
    inner = schemas(depth - 1)
    parts = [*_about_values(), *_about_arrays(inner), *_about_objects(inner), *_logic(inner)]
    merged = st.lists(st.one_of(parts), min_size=1, max_size=3).map(_merged)
    return st.one_of(st.booleans(), merged, merged, merged)


def recursive_schemas():
    """Schemas whose definitions refer to each other through members and items."""
    body = schemas(1).flatmap(
        lambda leaf: st.sampled_from(["#/$defs/x", "#/$defs/y", "#"]).map(
            lambda target: {
                "anyOf": [
                    leaf,
                    {"type": "array", "items": {"$ref": target}, "minItems": 1},
                    {"type": "object", "properties": {"a": {"$ref": target}}, "required": ["a"]},
                ]
            }
        )
    )
    return st.fixed_dictionaries(
        {
            "$ref": st.sampled_from(["#/$defs/x", "#/$defs/y"]),
            "$defs": st.fixed_dictionaries({"x": body, "y": body}),
        }
    )


@st.composite
def finite(draw, depth=2):
    """A schema with few values, told without listing them; gives it and the values."""
    kinds = ["integer", "boolean", "null", "string"] + (["array", "object"] * 2 if depth else [])
    match draw(st.sampled_from(kinds)):
        case "integer":
            low = draw(st.integers(-1, 2))
            high = low + draw(st.integers(0, 2))
            found = [*range(low, high + 1)]
            return {"type": "integer", "minimum": low, "maximum": high}, found
        case "boolean":
            return {"type": "boolean"}, [False, True]
        case "string":
            words = draw(st.sampled_from([["a", "b"], ["ab"], ["", "a"], ["a", "aa", "b"]]))
            return {"type": "string", "pattern": f"^({'|'.join(words)})$"}, words
        case "array":
            return _finite_array(draw, depth)
        case "object":
            return _finite_object(draw, depth)
        case _:
            return {"type": "null"}, [None]


def _finite_array(draw, depth):
    prefix = [draw(finite(depth - 1)) for _ in range(draw(st.integers(0, 2)))]
    rest = draw(finite(depth - 1))
    least, most = sorted(draw(st.tuples(counts, counts)))
    schema = {
        "type": "array",
        "prefixItems": [each for each, _ in prefix],
        "items": rest[0],
        "minItems": least,
        "maxItems": most,
    }
    found = []
    for length in range(least, most + 1):
        columns = [(prefix[place] if place < len(prefix) else rest)[1] for place in range(length)]
        found += [list(items) for items in product(*columns)]
    return (schema, found) if len(found) <= 150 else draw(finite(0))


def _finite_object(draw, depth):
    chosen = draw(st.lists(names, unique=True, max_size=3))
    members = {name: draw(finite(depth - 1)) for name in chosen}
    required = [name for name in chosen if draw(st.booleans())]
    schema = {
        "type": "object",
        "properties": {name: each for name, (each, _) in members.items()},
        "required": required,
        "additionalProperties": False,
    }
    columns = [
        [(name, value) for value in found] + ([] if name in required else [None])
        for name, (_, found) in members.items()
    ]
    listed = [dict(pair for pair in row if pair) for row in product(*columns)]
    return (schema, listed) if len(listed) <= 150 else draw(finite(0))


def _one(keyword, strategy):
    return strategy.map(lambda argument: {keyword: argument})


def _merged(parts):
    return {keyword: argument for part in parts for keyword, argument in part.items()}


def _about_values():
    return [
        _one("type", st.sampled_from(TYPES) | st.lists(st.sampled_from(TYPES), min_size=1)),
        _one("enum", st.lists(st.sampled_from(VALUES), min_size=1, max_size=4)),
        _one("minimum", limits),
        _one("exclusiveMaximum", limits),
        _one("multipleOf", st.sampled_from([0.5, 1, 1.5, 2, 3])),
        _one("minLength", counts),
        _one("maxLength", counts),
        _one("pattern", st.sampled_from(PATTERNS)),
    ]


def _about_arrays(inner):
    return [
        _one("items", inner),
        _one("prefixItems", st.lists(inner, min_size=1, max_size=2)),
        _one("unevaluatedItems", inner),
        _one("minItems", counts),
        _one("maxItems", counts),
        _one("uniqueItems", st.just(value=True)),
        st.fixed_dictionaries(
            {"contains": inner}, optional={"minContains": counts, "maxContains": counts}
        ),
    ]


def _about_objects(inner):
    return [
        _one("properties", st.dictionaries(names, inner, min_size=1, max_size=2)),
        _one(
            "patternProperties", st.dictionaries(st.sampled_from(NAME_PATTERNS), inner, max_size=2)
        ),
        _one("additionalProperties", inner),
        _one("unevaluatedProperties", inner),
        _one("propertyNames", _one("pattern", st.sampled_from(NAME_PATTERNS)) | inner),
        _one("required", st.lists(names, min_size=1, max_size=2, unique=True)),
        _one("minProperties", counts),
        _one("maxProperties", counts),
        _one("dependentRequired", st.dictionaries(names, st.lists(names, max_size=2, unique=True))),
        _one("dependentSchemas", st.dictionaries(names, inner, max_size=1)),
    ]


def _logic(inner):
    some = st.lists(inner, min_size=1, max_size=3)
    return [
        _one("allOf", some),
        _one("anyOf", some),
        _one("oneOf", some),
        _one("not", inner),
        st.fixed_dictionaries({"if": inner}, optional={"then": inner, "else": inner}),
    ]
