import pytest

from client_sdk.contract.errors import NameRefused
from client_sdk.errors import SettingsFault
from client_sdk.exchange import ToolMapping


@pytest.mark.parametrize("base", ["http://h:1", "http://h:1/", "http://h:1/v1", "http://h:1/v1/"])
def test_v1_stands_in_the_address_once(base):
    assert ToolMapping.BODY.call(base, "get_balance", {}).url == "http://h:1/v1"
    assert ToolMapping.PATH.call(base, "get_balance", {}).url == "http://h:1/v1/get_balance"


def test_a_base_may_have_a_path_of_its_own():
    assert ToolMapping.BODY.call("https://h/api", "t", {}).url == "https://h/api/v1"


def test_the_tool_stands_in_the_body():
    assert (
        ToolMapping.BODY.call("http://h", "t", {"a": 1}).content
        == b'{"tool": "t", "input": {"a": 1}}'
    )


def test_the_tool_stands_in_the_path_percent_encoded():
    call = ToolMapping.PATH.call("http://h", "read/file é?", {"a": 1})

    assert call.url == "http://h/v1/read%2Ffile%20%C3%A9%3F"
    assert call.content == b'{"a": 1}'


@pytest.mark.parametrize("name", [".", ".."])
def test_a_dot_segment_is_no_path(name):
    with pytest.raises(SettingsFault):
        ToolMapping.PATH.call("http://h", name, {})


def test_a_name_outside_the_grammar_is_refused():
    with pytest.raises(NameRefused):
        ToolMapping.BODY.call("http://h", "a\nb", {})


@pytest.mark.parametrize(
    "base", ["h:1", "ftp://h", "http://", "http://u:p@h", "http://h/?q=1", "http://h/#f"]
)
def test_an_address_that_cannot_be_used_is_said_so(base):
    with pytest.raises(SettingsFault):
        ToolMapping.BODY.call(base, "t", {})
