"""The mock as a process: it says where it listens, and ends when it is asked to."""

import threading

import pytest

from client_sdk.mock import GreenHelixMock
from client_sdk.mock.__main__ import main
from client_sdk.mock.running import Place, Wire, run


@pytest.fixture
def stopped():
    event = threading.Event()
    event.set()
    return event


@pytest.mark.parametrize(("wire", "path"), [(Wire.HTTP, ""), (Wire.MCP_HTTP, "/mcp")])
def test_the_first_line_says_the_address(capsys, stopped, wire, path):
    run(GreenHelixMock(), wire, Place(), stopped=stopped)

    address = capsys.readouterr().out.split("listens on ")[1].strip()
    assert address.startswith("http://127.0.0.1:")
    assert address.endswith(path)


def test_a_host_others_could_reach_is_refused_with_the_code_of_a_usage_fault(capsys):
    assert main(["--host", "203.0.113.7"]) == 2
    assert "loopback only" in capsys.readouterr().err


@pytest.mark.parametrize("arguments", [["--wire", "pigeon"], ["--behaviour", "lazy"]])
def test_options_that_cannot_be_meant_are_refused(arguments):
    with pytest.raises(SystemExit) as left:
        main(arguments)

    assert left.value.code == 2
