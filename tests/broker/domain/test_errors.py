"""Refusals: one class per cause, a stable code each, a sentence for people."""

import dataclasses
import re

import pytest

from broker.domain import errors
from broker.domain.can_i_deploy import Answer, Decision, ToMain
from client_sdk.contract.errors import Fault
from client_sdk.contract.evolve import Mode, Report

FAMILIES = {"Refusal", "NotKnown", "Conflict", "Malformed", "Unacceptable", "ComeBackLater"}
CAUSES = [getattr(errors, name) for name in errors.__all__ if name not in FAMILIES]
EXAMPLES = {
    "id": 7,
    "limit": 0,
    "largest": 500,
    "attempts": 6,
    "expected": 1,
    "as_of": 2,
    "faults": (Fault("some-fault", "/tools", "This is wrong."),),
    "report": Report(Mode.GUIDE),
    "decision": Decision((), ToMain(), Answer.NO, (), (), 2),
}


def an_instance(cause):
    values = {}
    for each in dataclasses.fields(cause):
        listed = ("x",) if "tuple" in str(each.type) else "x"
        values[each.name] = EXAMPLES.get(each.name, listed)
    return cause(**values)


@pytest.mark.parametrize("cause", CAUSES, ids=lambda cause: cause.__name__)
def test_every_refusal_says_a_whole_sentence(cause):
    assert re.fullmatch(r"[A-Za-z].+[.]", str(an_instance(cause)))


def test_every_code_is_stable_text_and_belongs_to_one_class():
    codes = [cause.code for cause in CAUSES]
    assert len(set(codes)) == len(codes)
    assert all(re.fullmatch(r"[a-z]+(-[a-z]+)*", code) for code in codes)


def test_the_tree_at_the_top_names_every_class():
    assert [name for name in errors.__all__ if name not in errors.__doc__] == []


def test_what_still_runs_is_named_whole_or_by_version():
    whole = errors.DeployedVersion("shop", None, ("production",))
    one = errors.DeployedVersion("shop", "1", ("production",))
    assert str(whole) == "shop is still deployed to or supported in: production."
    assert str(one) == "shop@1 is still deployed to or supported in: production."
