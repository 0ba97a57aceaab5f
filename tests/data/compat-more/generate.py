"""Writes handwritten.jsonl: realistic changes of API schemas, each label checked or argued.

Run as ``python tests/data/compat-more/generate.py``. A pair labelled "not contained" carries a
witness that `jsonschema` accepts under `a` and refuses under `b`. A pair labelled "contained" has
a note that says why; no value in reach of a random search contradicts it.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from random import Random

import jsonschema

HERE = Path(__file__).parent
VALIDATORS = {
    "draft4": jsonschema.Draft4Validator,
    "draft6": jsonschema.Draft6Validator,
    "draft7": jsonschema.Draft7Validator,
    "2019-09": jsonschema.Draft201909Validator,
    "2020-12": jsonschema.Draft202012Validator,
}
S, I, N, B = ({"type": each} for each in ("string", "integer", "number", "boolean"))
NONE = object()

# word for the thing, two of its members, states, prefix of ids, a bound
DOMAINS = (
    ("order", "total", "memo", ("open", "paid", "sent", "void"), "ord", 50),
    ("invoice", "amount", "note", ("draft", "due", "settled", "lost"), "inv", 120),
    ("user", "age", "nickname", ("active", "locked", "gone", "new"), "usr", 130),
    ("parcel", "weight", "label", ("packed", "moving", "there", "back"), "pcl", 30),
    ("booking", "nights", "wish", ("asked", "held", "sure", "off"), "bkg", 28),
    ("sensor", "level", "place", ("on", "off", "idle", "dead"), "sns", 99),
    ("ticket", "priority", "topic", ("todo", "doing", "done", "stuck"), "tkt", 5),
    ("payment", "cents", "reference", ("begun", "held", "taken", "failed"), "pay", 999),
)


def obj(required=(), closed=False, **members):
    schema = {"type": "object", "properties": members}
    if required:
        schema["required"] = list(required)
    if closed:
        schema["additionalProperties"] = False
    return schema


def arr(items, **more):
    return {"type": "array", "items": items, **more}


def ref(name, base="$defs"):
    return {"$ref": f"#/{base}/{name}"}


def rows(domain) -> Iterator[tuple]:
    """Give (tag, draft, a, b, witness or NONE when contained, note)."""
    w, n, t, st, p, k = domain
    new = "2020-12"
    e = lambda *v: {"enum": list(v)}  # noqa: E731
    one = obj([w], **{w: obj([n, t], **{n: {**I, "minimum": 0}, t: S})})
    yield (
        "needle",
        new,
        {**one, "properties": {**one["properties"], t: {**S, "maxLength": k}}},
        {**one, "properties": {**one["properties"], t: {**S, "maxLength": k - 1}}},
        {w: {n: 0, t: ""}, t: "x" * k},
        "one bound tightened by one, beside what stays",
    )
    yield (
        "needle",
        new,
        obj([w], **{w: obj([n], **{n: {**I, "minimum": 1}})}),
        obj([w], **{w: obj([n], **{n: {**N, "exclusiveMinimum": 0}})}),
        NONE,
        "an integer from one on is a number above zero",
    )
    x = {"anyOf": [obj([n], **{n: I}), obj([t], **{t: S})]}
    yield (
        "combinators",
        new,
        x,
        {"anyOf": [{"anyOf": x["anyOf"][::-1]}, {"type": "null"}]},
        NONE,
        "branches turned round, one added, nested",
    )
    yield (
        "combinators",
        new,
        {"allOf": [obj(**{n: I}), {"required": [n]}]},
        {"not": {"anyOf": [{"not": obj(**{n: N})}, {"not": {"required": [n]}}]}},
        NONE,
        "De Morgan, and the member's type widened",
    )
    yield (
        "combinators",
        new,
        x,
        {"oneOf": x["anyOf"]},
        {n: 1, t: "x"},
        "both branches may hold: exactly one is narrower",
    )
    yield (
        "combinators",
        new,
        {"type": ["integer", "string"]},
        {
            "anyOf": [
                {"type": "integer", "maximum": k},
                {"type": "number", "minimum": k + 1},
                {"type": "string", "maxLength": 3},
                {"type": "string", "minLength": 4},
            ]
        },
        NONE,
        "integers up to k and from k+1, strings up to 3 and from 4: together all",
    )
    yield (
        "numbers",
        new,
        {"type": "integer", "minimum": 0, "maximum": k, "multipleOf": 6},
        {"multipleOf": 3, "maximum": k},
        NONE,
        "multiples of six are multiples of three",
    )
    yield (
        "numbers",
        new,
        {"type": "number", "minimum": 0, "maximum": k},
        {"type": "number", "exclusiveMinimum": 0, "maximum": k},
        0,
        "the bound itself was allowed",
    )
    yield (
        "numbers",
        new,
        {"type": "integer", "exclusiveMinimum": k - 1, "exclusiveMaximum": k + 2},
        e(k, k + 1),
        NONE,
        "two integers lie strictly between",
    )
    yield (
        "numbers",
        new,
        {"multipleOf": 0.25},
        {"multipleOf": 0.5},
        0.25,
        "a finer step is not a coarser one",
    )
    yield (
        "strings",
        new,
        {"type": "string", "pattern": f"^{p}_[0-9]{{4}}$"},
        {"type": "string", "pattern": f"^{p}_[0-9a-f]{{4,8}}$", "maxLength": len(p) + 9},
        NONE,
        "digits are hexadecimal digits, four is among four to eight",
    )
    yield (
        "strings",
        new,
        {"type": "string", "pattern": f"^{p}_[0-9a-f]+$", "maxLength": len(p) + 3},
        {"type": "string", "pattern": f"^{p}_[0-9]+$"},
        f"{p}_a",
        "a letter was allowed",
    )
    yield (
        "strings",
        new,
        {"type": "string", "pattern": f"^{p}-[A-Z]{{2}}$"},
        {"minLength": len(p) + 3, "maxLength": len(p) + 3},
        NONE,
        "the pattern fixes the length",
    )
    yield (
        "strings",
        new,
        {"enum": [f"{p}_1", f"{p}_22"]},
        {"type": "string", "pattern": f"^{p}_[0-9]+$"},
        NONE,
        "each listed value fits the pattern",
    )
    full = obj(
        ["id", "state"],
        id={"type": "string", "pattern": f"^{p}_[0-9]+$"},
        state=e(*st[:3]),
        lines=arr(obj(["sku", "qty"], sku=S, qty={**I, "minimum": 1}), minItems=1),
    )
    more = obj(
        ["id"],
        id=S,
        state=e(*st),
        lines=arr(obj(["sku"], sku=S, qty={**I, "minimum": 0})),
        **{t: {}},
    )
    yield (
        "api",
        new,
        full,
        more,
        NONE,
        "state added, requirements and bounds loosened, member without a type added",
    )
    yield ("api", new, more, full, {"id": ""}, "the same change read backwards")
    yield (
        "api",
        new,
        full,
        {**full, "required": ["id", "state", "lines"]},
        {"id": f"{p}_0", "state": st[0]},
        "an optional member became required",
    )
    yield (
        "refs",
        new,
        {"$defs": {"id": {"type": "string", "minLength": 3}}, **obj(["id"], id=ref("id"))},
        obj(["id"], id={"type": "string", "minLength": 1}),
        NONE,
        "inlined and loosened",
    )

    def tree(leaf):
        node = obj([n], **{n: leaf, "kids": arr(ref("node"))})
        return {"$defs": {"node": node}, "$ref": "#/$defs/node"}

    yield (
        "refs",
        new,
        tree({**I, "minimum": k}),
        tree(N),
        NONE,
        "the same tree with wider leaves; by induction on its height",
    )
    yield ("refs", new, tree(N), tree(I), {n: 0.5}, "leaves narrowed in a recursive definition")
    yield (
        "refs",
        "draft7",
        {
            "definitions": {"a": S, "b": ref("a", "definitions")},
            **obj(**{t: {**ref("b", "definitions"), "maxLength": 1}}),
        },
        obj(**{t: S}),
        NONE,
        "two references deep; the sibling does not count",
    )
    yield (
        "additional",
        new,
        obj(closed=True, **{n: I, t: S}),
        {"type": "object", "additionalProperties": {"type": ["integer", "string"]}},
        NONE,
        "the declared members fit the class",
    )
    yield (
        "additional",
        new,
        {"type": "object", "patternProperties": {f"^{p}_": I}, "additionalProperties": False},
        {"type": "object", "propertyNames": {"minLength": len(p) + 1}, "additionalProperties": N},
        NONE,
        "names with the prefix are that long, integers are numbers",
    )
    yield (
        "additional",
        new,
        obj(**{n: I}),
        obj(**{n: I, t: S}),
        {t: 1},
        "an open object may hold anything under the new name",
    )
    yield (
        "contains",
        new,
        arr(e(*st), contains={"const": st[0]}),
        arr(S, minItems=1),
        NONE,
        "something found means something there",
    )
    yield (
        "contains",
        new,
        arr(e(*st), minItems=2),
        {"contains": {"const": st[0]}},
        [st[1], st[1]],
        "none of them need be the one",
    )
    yield (
        "contains",
        new,
        {"type": "array", "contains": I, "minContains": 2, "maxContains": 3},
        {"contains": N, "minContains": 1},
        NONE,
        "two integers are at least one number",
    )
    yield (
        "drafts",
        "draft4",
        {"type": "number", "minimum": k, "exclusiveMinimum": True},
        {"type": "number", "minimum": k},
        NONE,
        "strict is within not strict",
    )
    yield (
        "drafts",
        "draft4",
        {"type": "number", "maximum": k},
        {"type": "number", "maximum": k, "exclusiveMaximum": True},
        k,
        "the bound itself was allowed",
    )
    yield (
        "drafts",
        "2019-09",
        {"type": "array", "items": [I, S], "additionalItems": False},
        {"type": "array", "items": [N], "additionalItems": S},
        NONE,
        "place by place, then the rest",
    )
    yield (
        "names",
        new,
        {"type": "object", "propertyNames": {"pattern": f"^{p}[a-z]*$"}},
        {"type": "object", "propertyNames": {"pattern": "^[a-z]+$"}},
        NONE,
        "the prefix is made of letters",
    )
    yield (
        "names",
        new,
        {"type": "object", "propertyNames": e(*st), "minProperties": len(st)},
        {"required": [st[0]]},
        NONE,
        "four names, four members: all are there",
    )
    yield (
        "names",
        new,
        {"type": "object", "propertyNames": {"maxLength": 8}},
        {"type": "object", "propertyNames": {"maxLength": 7}},
        {"abcdefgh": 0},
        "names were allowed to be longer",
    )
    deep = lambda leaf: obj([w], **{w: arr(obj([t], **{t: obj([n], **{n: leaf})}))})  # noqa: E731
    yield (
        "nested",
        new,
        deep({**I, "minimum": 1}),
        deep({**I, "minimum": 0}),
        NONE,
        "one bound loosened four steps down",
    )
    yield (
        "nested",
        new,
        deep(I),
        deep({**I, "minimum": 0}),
        {w: [{t: {n: -1}}]},
        "one bound added four steps down",
    )
    yield (
        "types",
        new,
        {"type": ["integer", "null"]},
        {"type": ["number", "null", "string"]},
        NONE,
        "each type is among or within",
    )
    yield (
        "types",
        new,
        obj([t], **{t: {"type": ["string", "null"]}}),
        obj([t], **{t: S}),
        {t: None},
        "null was allowed",
    )
    yield (
        "types",
        new,
        {"minLength": 1, "type": ["string", "integer"]},
        {"anyOf": [{"type": "integer"}, {"minLength": 1, "type": "string"}]},
        NONE,
        "a length says nothing of integers",
    )
    yield (
        "tuples",
        new,
        {"type": "array", "prefixItems": [I, S, B], "items": False, "minItems": 3},
        {"type": "array", "prefixItems": [N, S], "maxItems": 3},
        NONE,
        "the rest is free, the length the same",
    )
    yield (
        "tuples",
        new,
        {"type": "array", "prefixItems": [I, S]},
        {"type": "array", "prefixItems": [I, S], "minItems": 2},
        [],
        "places need not be filled",
    )
    yield (
        "unique",
        new,
        arr(e(*st), uniqueItems=True),
        arr(e(*st), maxItems=4),
        NONE,
        "four values without repetition: at most four items",
    )
    yield (
        "unique",
        new,
        arr(e(*st), maxItems=3),
        arr(e(*st), uniqueItems=True),
        [st[0], st[0]],
        "repetition was allowed",
    )
    tagged = {
        "if": obj(["kind"], kind={"const": st[0]}),
        "then": {"required": [n]},
        "else": {"required": [t]},
    }
    yield (
        "conditional",
        new,
        {"type": "object", **tagged},
        {"anyOf": [{"required": [n]}, {"required": [t]}]},
        NONE,
        "either way one of the two is there",
    )
    yield (
        "conditional",
        new,
        {"type": "object", **tagged},
        {"required": [n]},
        {t: ""},
        "the other case asks for something else",
    )
    yield (
        "enum",
        new,
        obj(["state"], state=e(*st[:2])),
        obj(["state"], state=e(*st)),
        NONE,
        "states added",
    )
    yield (
        "enum",
        new,
        obj(["state"], state=e(*st)),
        obj(["state"], state=e(*st[1:])),
        {"state": st[0]},
        "a state removed",
    )
    yield (
        "unevaluated",
        new,
        {"allOf": [obj(**{n: I}), obj(**{t: S})], "unevaluatedProperties": False},
        obj(closed=True, **{n: N, t: S}),
        NONE,
        "closed over both branches, then written in one",
    )
    yield (
        "unevaluated",
        "2019-09",
        {"type": "object", "anyOf": [obj([n], **{n: I}), True], "unevaluatedProperties": False},
        obj([n], **{n: I}),
        {},
        "the second branch declares nothing: the empty object is left",
    )
    yield (
        "const",
        new,
        {"const": {n: 1.0, t: [k]}},
        obj([n, t], **{n: I, t: arr({"const": float(k)})}),
        NONE,
        "1.0 is an integer and k is k.0",
    )
    yield ("const", new, {"enum": [1, True]}, {"enum": [1, 0]}, True, "true is not one")
    yield (
        "dependent",
        new,
        {"type": "object", "dependentRequired": {n: [t], t: ["id"]}, "required": [n]},
        {"required": ["id"]},
        NONE,
        "one brings the next",
    )
    yield (
        "dependent",
        new,
        {"type": "object"},
        {"dependentRequired": {n: [t]}},
        {n: 0},
        "a new dependency",
    )
    many = {f"{t}{i}": {**S, "maxLength": k + i} for i in range(60)}
    yield (
        "large",
        new,
        obj(list(many)[:30], **many),
        obj(list(many)[:20], **dict.fromkeys(many, S)),
        NONE,
        "sixty members, each bound dropped",
    )
    yield (
        "large",
        new,
        obj(list(many)[:3], **many),
        obj(list(many)[:3], **{**many, f"{t}59": {**S, "minLength": 1}}),
        {**{f"{t}{i}": "" for i in range(3)}, f"{t}59": ""},
        "sixty members, one narrowed",
    )
    yield (
        "required",
        new,
        obj([n, t, "id"], id=S),
        obj([n, t]),
        NONE,
        "one member became optional and undeclared",
    )
    yield ("required", new, obj([n]), obj([n, t]), {n: 0}, "one more member required")
    yield (
        "required",
        new,
        {
            "type": "object",
            "minProperties": 2,
            "properties": {n: {}, t: {}},
            "additionalProperties": False,
        },
        {"required": [n, t]},
        NONE,
        "two members possible, two wanted",
    )


def check(pair: dict, random: Random) -> None:
    """Stop on a label that a value contradicts."""
    a, b = (VALIDATORS[pair["draft"]](pair[side]) for side in "ab")
    if not pair["expected"]:
        assert a.is_valid(pair["witness"]), pair
        assert not b.is_valid(pair["witness"]), pair
        return
    for value in generating.instances(random, pair["draft"], pair["a"], pair["b"], 300):
        assert not a.is_valid(value) or b.is_valid(value), (pair, value)


def pairs() -> Iterator[dict]:
    """Give every pair, checked."""
    random = Random(20)
    counts: dict[str, int] = {}
    seen: set[str] = set()
    for domain in DOMAINS:
        for tag, draft, a, b, witness, note in rows(domain):
            text = json.dumps([draft, a, b], sort_keys=True)
            if text in seen:
                continue
            seen.add(text)
            counts[tag] = counts.get(tag, 0) + 1
            pair = {"id": f"more/{tag}/{counts[tag]:02}", "draft": draft, "a": a, "b": b}
            pair["expected"] = witness is NONE
            if witness is not NONE:
                pair["witness"] = witness
            pair |= {"tag": tag, "source": "handwritten", "note": note}
            check(pair, random)
            yield pair


if __name__ == "__main__":
    sys.path.insert(0, str(HERE.parents[1] / "client_sdk" / "contract" / "compat_adversary"))
    import generating

    lines = [json.dumps(each, ensure_ascii=False) for each in pairs()]
    (HERE / "handwritten.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")
    print(len(lines))
