"""Random schema pairs of every dialect, related by mutation, and random values to judge them by.

Patterns keep to what Python's and ECMA's engines agree on; numbers to what binary floats hold.
"""

from __future__ import annotations

import copy
from random import Random

DIALECTS = ("draft4", "draft6", "draft7", "2019-09", "2020-12")
NAMES = ("a", "b", "ab", "x1")
PATTERNS = ("^a", "b$", "^[ab]*$", "^x", "^.{2}$", "a", "^[a-c]{1,3}$")
NUMBERS = (-1, 0, 1, 2, 3, 5, 0.5, 2.5)
ATOMS = (None, True, False, *NUMBERS, "", "a", "b", "ab", "abc", "x1", [], {})
STEPS = (1, 2, 3, 0.5)
TYPES = ("null", "boolean", "integer", "number", "string", "array", "object")
DEPTH = 3
SPOKEN = {
    "array": "items minItems maxItems uniqueItems contains counted tuple prefixItems "
    "unevaluatedItems enum const",
    "object": "properties required patternProperties additionalProperties minProperties "
    "maxProperties propertyNames dependentRequired dependentSchemas dependencies "
    "unevaluatedProperties properties enum const",
    "string": "minLength maxLength pattern enum const pattern",
    "integer": "minimum maximum multipleOf exclusiveMinimum exclusiveMaximum strict enum",
    "number": "minimum maximum multipleOf exclusiveMinimum exclusiveMaximum strict enum",
}
MODERN = {"2019-09", "2020-12"}


class Maker:
    """Makes schemas of one dialect from one source of chance."""

    def __init__(self, random: Random, dialect: str) -> None:
        self.random = random
        self.dialect = dialect
        self.definitions = "$defs" if dialect in MODERN else "definitions"
        self.refs: list[str] = []
        self.makers = self._makers()

    def root(self) -> dict:
        """Give a schema that may have definitions, possibly recursive."""
        defined = self.random.random() < 0.35
        self.refs = [f"#/{self.definitions}/{name}" for name in ("D", "E")] if defined else []
        schema = self.schema(0)
        schema = schema if isinstance(schema, dict) else {"not": {}}
        if defined and "$ref" not in schema:
            schema[self.definitions] = {name: self.definition() for name in ("D", "E")}
        elif defined:
            schema = {"allOf": [schema], self.definitions: {n: self.definition() for n in "DE"}}
        return schema

    def definition(self) -> dict:
        """Give a definition that leads to another only below a member or an item."""
        ref = {"$ref": self.random.choice(self.refs)}
        below = self.random.choice(
            [
                {"type": "array", "items": ref},
                {"type": "object", "properties": {"a": ref}, "required": ["a"]},
                {"properties": {"a": ref, "b": self.flat()}},
                {"type": "array", "items": ref, "minItems": 1, "maxItems": 2},
                {"type": "object", "additionalProperties": ref},
            ]
        )
        return self.random.choice([below, {"anyOf": [below, self.flat()]}, self.flat()])

    def flat(self) -> dict:
        """Give a schema without references."""
        refs, self.refs = self.refs, []
        schema = self.schema(DEPTH - 1)
        self.refs = refs
        return schema if isinstance(schema, dict) else {"type": "string"}

    def schema(self, depth: int) -> dict | bool:
        """Give a small schema."""
        random = self.random
        if self.dialect != "draft4" and random.random() < 0.04:
            return random.random() < 0.6
        if self.refs and depth and random.random() < 0.25:
            return {"$ref": random.choice(self.refs)}
        schema: dict = {}
        if random.random() < 0.5:
            schema["type"] = self.type_()
        for _ in range(random.choice((0, 1, 1, 2, 2, 3)) if depth < DEPTH else 1):
            self.makers[self.keyword(schema)](schema, depth + 1)
        return schema

    def keyword(self, schema: dict) -> str:
        """Choose a keyword, mostly one that says something about the schema's type."""
        spoken = SPOKEN.get(str(schema.get("type")), "")
        usual = [each for each in self.makers if each in spoken.split()]
        return self.random.choice(usual if usual and self.random.random() < 0.7 else [*self.makers])

    def type_(self) -> str | list[str]:
        """Give one type, or sometimes two."""
        if self.random.random() < 0.2:
            return self.random.sample(TYPES, 2)
        return self.random.choice(("object", "array", "string", "integer", *TYPES))

    def value(self, depth: int = 0):
        """Give a small JSON value."""
        random = self.random
        if depth < 3 and random.random() < 0.45:
            if random.random() < 0.5:
                return [self.value(depth + 1) for _ in range(random.choice((0, 1, 1, 2, 3)))]
            names = random.sample(NAMES, random.choice((0, 1, 1, 2, 3)))
            return {name: self.value(depth + 1) for name in names}
        return copy.copy(random.choice(ATOMS))  # lists are added to later

    def _makers(self) -> dict:
        random, put = self.random, self._put
        deep = self.schema
        count = lambda: random.choice((0, 1, 1, 2, 2, 3))  # noqa: E731 - one draw, many keywords
        number = lambda: random.choice(NUMBERS)  # noqa: E731
        some = lambda: random.sample(NAMES, random.choice((1, 1, 2)))  # noqa: E731
        many = lambda d: [deep(d) for _ in range(random.choice((1, 2, 2, 3)))]  # noqa: E731
        named = lambda d: {name: deep(d) for name in some()}  # noqa: E731
        makers = {
            "enum": put("enum", lambda _: self._listed()),
            "multipleOf": put("multipleOf", lambda _: random.choice(STEPS)),
            "minimum": put("minimum", lambda _: number()),
            "maximum": put("maximum", lambda _: number()),
            "minLength": put("minLength", lambda _: count()),
            "maxLength": put("maxLength", lambda _: count()),
            "pattern": put("pattern", lambda _: random.choice(PATTERNS)),
            "minItems": put("minItems", lambda _: count()),
            "maxItems": put("maxItems", lambda _: count()),
            "uniqueItems": put("uniqueItems", lambda _: True),
            "items": put("items", deep),
            "minProperties": put("minProperties", lambda _: count()),
            "maxProperties": put("maxProperties", lambda _: count()),
            "required": put("required", lambda _: some()),
            "properties": put("properties", named),
            "patternProperties": put(
                "patternProperties", lambda d: {random.choice(PATTERNS): deep(d)}
            ),
            "additionalProperties": put(
                "additionalProperties", lambda d: random.choice((False, deep(d)))
            ),
            "allOf": put("allOf", many),
            "anyOf": put("anyOf", many),
            "oneOf": put("oneOf", many),
            "not": put("not", deep),
        }
        return makers | self._dialect_makers(put, deep, number, some, named, many)

    def _dialect_makers(self, put, deep, number, some, named, many) -> dict:
        random = self.random
        makers: dict = {}
        if self.dialect != "2020-12":
            makers["tuple"] = self._tuple
        else:
            makers["prefixItems"] = put("prefixItems", many)
        if self.dialect == "draft4":
            makers["strict"] = self._strict
        else:
            makers["const"] = put("const", lambda _: self.value(1))
            makers["contains"] = put("contains", deep)
            makers["propertyNames"] = put("propertyNames", deep)
            makers["exclusiveMinimum"] = put("exclusiveMinimum", lambda _: number())
            makers["exclusiveMaximum"] = put("exclusiveMaximum", lambda _: number())
        if self.dialect not in {"draft4", "draft6"}:
            makers["if"] = self._condition
        if self.dialect in MODERN:
            makers["dependentRequired"] = put(
                "dependentRequired", lambda _: {random.choice(NAMES): some()}
            )
            makers["dependentSchemas"] = put("dependentSchemas", named)
            makers["counted"] = self._counted
            makers["unevaluatedItems"] = put("unevaluatedItems", self._closed)
            makers["unevaluatedProperties"] = put("unevaluatedProperties", self._closed)
        else:
            makers["dependencies"] = put(
                "dependencies",
                lambda d: {random.choice(NAMES): random.choice((some(), deep(d)))},
            )
        return makers

    def _closed(self, depth: int):
        return self.random.choice((False, self.schema(depth)))

    def _listed(self) -> list:
        values = [self.value(1) for _ in range(self.random.choice((1, 2, 3)))]
        return [v for i, v in enumerate(values) if not any(same(v, o) for o in values[:i])]

    @staticmethod
    def _put(keyword: str, make):
        def put(schema: dict, depth: int) -> None:
            schema[keyword] = make(depth)

        return put

    def _tuple(self, schema: dict, depth: int) -> None:
        schema["items"] = [self.schema(depth) for _ in range(self.random.choice((1, 2)))]
        if self.random.random() < 0.5:
            schema["additionalItems"] = self.random.choice((False, {"type": self.type_()}))

    def _strict(self, schema: dict, _depth: int) -> None:
        side = self.random.choice(("Min", "Max"))
        schema[f"{side.lower()}imum"] = self.random.choice(NUMBERS)
        schema[f"exclusive{side}imum"] = True

    def _condition(self, schema: dict, depth: int) -> None:
        schema["if"] = self.schema(depth)
        for keyword in self.random.sample(("then", "else"), self.random.choice((1, 2))):
            schema[keyword] = self.schema(depth)

    def _counted(self, schema: dict, depth: int) -> None:
        schema["contains"] = self.schema(depth)
        if self.random.random() < 0.6:
            schema["minContains"] = self.random.choice((0, 1, 2))
        if self.random.random() < 0.6:
            schema["maxContains"] = self.random.choice((1, 2))


def same(one, two) -> bool:
    """Say whether two values are one to JSON, as far as lists of values need it."""
    return one == two and isinstance(one, bool) == isinstance(two, bool)


def pair(seed: int) -> tuple[str, dict, dict]:
    """Give a dialect and two schemas that have much in common."""
    random = Random(seed)
    dialect = random.choice(DIALECTS)
    maker = Maker(random, dialect)
    a = maker.root()
    if random.random() < 0.12:
        return dialect, a, maker.root()
    b = copy.deepcopy(a)
    for _ in range(random.choice((1, 1, 2, 3))):
        b = mutated(random, maker, b)
    return (dialect, a, b) if random.random() < 0.5 else (dialect, b, a)


def mutated(random: Random, maker: Maker, schema: dict) -> dict:
    """Give a schema that differs in one place: in form alone, or in meaning too."""
    places = [each for each in subschemas(schema) if "$ref" not in each]
    if not places:
        return schema
    place = random.choice(places)
    keywords = [k for k in place if k not in {"$defs", "definitions"}]
    changes = [
        lambda: _without(random, place, keywords),
        lambda: random.choice(list(maker.makers.values()))(place, DEPTH),
        lambda: _nudge(random, place),
        lambda: _wrap(place, keywords, lambda inner: {"not": {"not": inner}}),
        lambda: _wrap(place, keywords, lambda inner: {"allOf": [inner, maker.schema(DEPTH)]}),
        lambda: _wrap(place, keywords, lambda inner: {"anyOf": [maker.schema(DEPTH), inner]}),
        lambda: _wrap(place, keywords, lambda inner: {"not": {"allOf": [{"not": inner}]}}),
        lambda: _shuffle(random, place),
        lambda: _wrap(place, keywords, lambda inner: {"oneOf": [inner, {"not": {}}]}),
    ]
    random.choice(changes)()
    _tidy(place)
    return schema


def _without(random: Random, place: dict, keywords: list[str]) -> None:
    if keywords:
        del place[random.choice(keywords)]


def _shuffle(random: Random, place: dict) -> None:
    items = list(place.items())
    random.shuffle(items)
    place.clear()
    place.update(items)


def _wrap(place: dict, keywords: list[str], make) -> None:
    inner = {keyword: place.pop(keyword) for keyword in keywords}
    place.update(make(inner))


def _nudge(random: Random, place: dict) -> None:
    for keyword, argument in place.items():
        if isinstance(argument, int) and not isinstance(argument, bool):
            place[keyword] = max(argument + random.choice((-1, 1)), 1)
            return
        if keyword in {"enum", "required"} and isinstance(argument, list) and len(argument) > 1:
            argument.pop()
            return
        if keyword == "type" and argument == "integer":
            place[keyword] = "number"
            return


def _tidy(place: dict) -> None:
    """Drop what has no meaning without a keyword that is gone."""
    for flag, bound in (("exclusiveMinimum", "minimum"), ("exclusiveMaximum", "maximum")):
        if place.get(flag) is True and bound not in place:
            del place[flag]


def subschemas(schema) -> list[dict]:
    """List the schema objects of a schema, itself first; values of enum and const are none."""
    if not isinstance(schema, dict):
        return []
    found = [schema]
    for keyword, argument in schema.items():
        if keyword in MAPS and isinstance(argument, dict):
            for each in argument.values():
                found += subschemas(each)
        elif keyword in SCHEMAS:
            for each in argument if isinstance(argument, list) else [argument]:
                found += subschemas(each)
    return found


MAPS = {
    "$defs",
    "definitions",
    "properties",
    "patternProperties",
    "dependentSchemas",
    "dependencies",
}
SCHEMAS = {
    "items",
    "additionalItems",
    "prefixItems",
    "contains",
    "additionalProperties",
    "propertyNames",
    "unevaluatedItems",
    "unevaluatedProperties",
    "allOf",
    "anyOf",
    "oneOf",
    "not",
    "if",
    "then",
    "else",
}


def instances(random: Random, dialect: str, a, b, count: int) -> list:
    """Give random values, and the ones that the schemas themselves mention, varied."""
    maker = Maker(random, dialect)
    maker.refs = []
    mentioned = [*ATOMS]
    for schema in (*subschemas(a), *subschemas(b)):
        mentioned += schema.get("enum", [])
        mentioned += [schema["const"]] if "const" in schema else []
    mentioned = copy.deepcopy(mentioned)
    values = list(mentioned)
    for _ in range(count):
        value = maker.value()
        if isinstance(value, list) and random.random() < 0.3:
            value.append(copy.deepcopy(random.choice(mentioned)))
        if isinstance(value, dict) and random.random() < 0.3:
            value[random.choice(NAMES)] = copy.deepcopy(random.choice(mentioned))
        values.append(value)
    return values
