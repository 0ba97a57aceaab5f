"""A damaged file is refused as one, or read: it never ends in another error."""

import json
from copy import deepcopy

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from client_sdk.harness import Cassette, CassetteEntry, CassetteInvalid, RecordedError

JSON = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(allow_nan=False, allow_infinity=False), st.text(max_size=5),
              st.sampled_from(["http://[", "base64", "2026-99-99", "gzip", "⟨secret:x⟩", "$bytes", 10**30])),
    lambda inner: st.one_of(st.lists(inner, max_size=2), st.dictionaries(st.sampled_from(["$bytes", "$datetime", "a"]), inner, max_size=2)),
    max_leaves=4,
)  # fmt: skip
TAPE = Cassette(
    "tape",
    [
        CassetteEntry("ping", {"a": 1}, 200, {"b": b"\0"}, {"content-type": "application/json"}, 1.0, 2.0, response_fault="x"),
        CassetteEntry("GET /a", {"query": {"q": "1"}}, 0, error=RecordedError("requests", "ReadTimeout", "slow")),
    ],
    {"recorded_at": "2026-01-01T00:00:00Z", "base_url": "http://127.0.0.1:1/v1"},
)  # fmt: skip
VCR = {
    "interactions": [
        {"request": {"uri": "http://h/v1/ping?a=1", "method": "POST", "body": {"string": "{}"}, "headers": {}},
         "response": {"status": {"code": 200}, "headers": {"Content-Encoding": ["gzip"]}, "body": {"string": "{}"}}}
    ],
    "version": 1,
}  # fmt: skip
HAR = json.loads(json.dumps(TAPE.to_har()))


def places(value, path=()):
    yield path
    members = (
        value.items()
        if isinstance(value, dict)
        else enumerate(value)
        if isinstance(value, list)
        else ()
    )
    for key, each in members:
        yield from places(each, (*path, key))


@st.composite
def damaged(draw, document):
    """The document with one place replaced, or taken out."""
    path = draw(st.sampled_from(list(places(document))[1:]))
    spoilt = deepcopy(document)
    inside = spoilt
    for key in path[:-1]:
        inside = inside[key]
    if draw(st.booleans()):
        inside[path[-1]] = draw(JSON)
    else:
        del inside[path[-1]]
    return spoilt


def used(tape):
    """Do with a cassette what everybody does."""
    tape.document()
    tape.diff(tape)
    tape.to_har()
    assert isinstance(tape.verify([]).passed, bool)


@settings(deadline=None)
@given(damaged(TAPE.document()))
def test_a_damaged_cassette_is_read_or_refused(tmp_path_factory, document):
    """h14"""
    file = tmp_path_factory.getbasetemp() / "damaged.json"
    file.write_text(json.dumps(document, default=str))
    try:
        tape = Cassette.load(file)
    except CassetteInvalid:
        return
    used(tape)


@pytest.mark.parametrize("kind", ["from_vcr", "from_har"])
@settings(deadline=None)
@given(st.data())
def test_a_damaged_recording_of_others_is_read_or_refused(kind, data):
    document = data.draw(damaged(VCR if kind == "from_vcr" else HAR))
    try:
        tape = getattr(Cassette, kind)(document)
    except CassetteInvalid:
        return
    used(tape)
