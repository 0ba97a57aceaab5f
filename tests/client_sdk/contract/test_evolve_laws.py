"""Laws of every comparison: no break goes unsaid, nothing is made up."""

from evolve_claims import INTEGER, NUMBER, TEXT, contract, obj, tool
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from client_sdk.contract.closed import undeclared_members
from client_sdk.contract.compat.rules import RULES
from client_sdk.contract.document import dumps, parse_untrusted
from client_sdk.contract.evolve import Hurt, Mode, evolve, report_from_json
from client_sdk.contract.validation import is_valid

NAMES = st.sampled_from(["a", "b"])
SCALARS = st.sampled_from(
    [TEXT, NUMBER, INTEGER, {"enum": ["x", "y"]}, {"enum": ["x"]}, {"maximum": 3}, {"const": 1}, {}]
)
FIELDS = st.fixed_dictionaries(
    {"type": st.just("object")},
    optional={
        "properties": st.dictionaries(
            NAMES, SCALARS | st.builds(obj, st.just([]), a=SCALARS), max_size=2
        ),
        "required": st.lists(NAMES, max_size=2, unique=True),
        "additionalProperties": st.booleans() | SCALARS,
        "minProperties": st.integers(0, 3),
        "anyOf": st.lists(
            st.builds(obj, st.lists(NAMES, max_size=1), b=SCALARS), min_size=1, max_size=2
        ),
        "not": st.builds(obj, st.lists(NAMES, min_size=1, max_size=1)),
    },
)
TOOLS = st.fixed_dictionaries(
    {"input_schema": FIELDS, "output_schema": FIELDS},
    optional={
        "required_output_fields": st.lists(NAMES, max_size=2, unique=True),
        "status_codes": st.sampled_from([[200], [201], [200, 404]]),
    },
)
RANDOM = settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))


@given(old=TOOLS, new=TOOLS, mode=st.sampled_from(list(Mode)))
@RANDOM
def test_a_witness_separates_and_no_broken_question_goes_unsaid(old, new, mode):
    before, after = contract(tool(**old)), contract(tool(**new))
    report = evolve(before, after, mode)
    one, other = before.tool("quote"), after.tool("quote")

    for finding in report.findings:
        assert finding.id in {rule.id for rule in RULES}
        assert (finding.verdict == "refuted") is bool(finding.hurts)
        for each in finding.obligations:
            if each.verdict == "refuted" and "put(" in each.question:
                left, right = sides(each.question, one, other)
                assert is_valid(left, each.witness)
                assert not is_valid(right, each.witness) or undeclared_members(right, each.witness)
    assert report_from_json(parse_untrusted(dumps(report.to_json()).encode())) == report
    assert [each.to_json() for each in evolve(before, after, mode).findings] == [
        each.to_json() for each in report.findings
    ]


def sides(question, old, new):
    """The two shapes that a question such as `closed input(old) ⊆ input(new)` is about, as written."""
    tools = {"old": old, "new": new}

    def shape(text):
        kind, _, inside = text.removeprefix("closed ").partition("(")
        name, _, status = inside.rstrip(")").partition(", ")
        return (
            tools[name].input_shape() if kind == "input" else tools[name].output_shape(int(status))
        )

    left, _, right = question.partition(" ⊆ ")
    return shape(left), shape(right)


@given(
    old=TOOLS,
    new=TOOLS,
    values=st.lists(
        st.dictionaries(NAMES, st.sampled_from([1, 5, "x", "z", {"a": 1}, None]), max_size=2),
        max_size=12,
    ),
)
@RANDOM
def test_a_value_that_tells_two_contents_apart_means_a_finding(old, new, values):
    before, after = contract(tool(**old)), contract(tool(**new))
    one, other = before.tool("quote"), after.tool("quote")
    full = evolve(before, after, Mode.FULL)
    differs = any(
        is_valid(one.input_shape(), value) != is_valid(other.input_shape(), value)
        or is_valid(one.output_shape(200), value) != is_valid(other.output_shape(200), value)
        for value in values
    )

    assert full.findings or not differs
    if any(
        is_valid(one.input_shape(), value)
        and not undeclared_members(one.input_shape(), value)
        and not is_valid(other.input_shape(), value)
        for value in values
    ):
        assert full.severity in {"error", "warning"}
        assert any(
            each.hurts is Hurt.CONSUMERS and each.verdict != "proved"
            for finding in full.findings
            for each in finding.obligations
        )


@given(only=TOOLS, mode=st.sampled_from(list(Mode)))
@RANDOM
def test_nothing_changes_between_a_contract_and_itself(only, mode):
    assert evolve(contract(tool(**only)), contract(tool(**only)), mode).findings == ()
