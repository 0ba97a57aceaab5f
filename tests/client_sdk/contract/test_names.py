import pytest

from client_sdk.contract.errors import NameRefused
from client_sdk.contract.names import (
    check_branch_name,
    check_environment_name,
    check_participant_name,
    check_tool_name,
    check_version_number,
    fold_name,
)

NEVER = [
    "",
    " ",
    "a\n",
    "\na",
    "a\x00b",
    "a\tb",
    "ä",
    "\u0430",
    "a\u200b",
    "a\u202eb",
    None,
    1,
    ["a"],
    b"a",
]


@pytest.mark.parametrize(
    "name", ["a", "A1", "@scope.agent", "buyer agent-v2", "a:b+c_d@e.f", "x" * 128, "7"]
)
def test_a_participant_may_have_this_name(name):
    assert check_participant_name(name) == name


@pytest.mark.parametrize(
    "name",
    [*NEVER, "@", "-a", ".a", "a.", "a ", " a", "a@", "a/b", "..", "x" * 129, "a" * 128 + "\n"],
)
def test_a_participant_may_not_have_this_name(name):
    with pytest.raises(NameRefused) as refusal:
        check_participant_name(name)

    assert refusal.value.code == "name-invalid"
    assert "1 to 128" in str(refusal.value)


@pytest.mark.parametrize("name", ["main", "feature/escrow-2", "@me/x"])
def test_a_branch_may_have_this_name(name):
    assert check_branch_name(name) == name


@pytest.mark.parametrize("name", [*NEVER, "/a", "a/", "x" * 129])
def test_a_branch_may_not_have_this_name(name):
    with pytest.raises(NameRefused):
        check_branch_name(name)


@pytest.mark.parametrize("number", ["1.0", "2024-11-05", "abc123", "1.0.0+build:7_@x-", "v" * 128])
def test_a_version_may_have_this_number(number):
    assert check_version_number(number) == number


@pytest.mark.parametrize("number", [*NEVER, ".1", "1 0", "1/0", "v" * 129, 1.0])
def test_a_version_may_not_have_this_number(number):
    with pytest.raises(NameRefused):
        check_version_number(number)


@pytest.mark.parametrize("name", ["production", "eu-west.1", "e" * 63])
def test_an_environment_may_have_this_name(name):
    assert check_environment_name(name) == name


@pytest.mark.parametrize("name", [*NEVER, "a b", "a/b", "@a", "-a", "e" * 64])
def test_an_environment_may_not_have_this_name(name):
    with pytest.raises(NameRefused):
        check_environment_name(name)


@pytest.mark.parametrize("name", ["create_escrow", "größe ändern", "a/b", "..", "t" * 255, "工具"])
def test_a_tool_may_have_this_name(name):
    assert check_tool_name(name) == name


@pytest.mark.parametrize(
    "name",
    ["", " ", " a", "a ", "a\n", "a\x00", "a\u200bb", "a\u202eb", "\ud800", "t" * 256, 1, None],
)
def test_a_tool_may_not_have_this_name(name):
    with pytest.raises(NameRefused):
        check_tool_name(name)


def test_names_that_differ_by_case_are_the_same():
    assert fold_name("Buyer-Agent") == fold_name("buyer-AGENT") != fold_name("buyer.agent")
