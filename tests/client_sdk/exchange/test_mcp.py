"""The MCP client against a real public server, and against servers that do it wrong."""

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal

import pytest
from awaiting import awaited

from client_sdk.contract import NameRefused, offer_from_document
from client_sdk.contract.sources.mcp import contract_from_tools, offer_from_tools
from client_sdk.errors import SettingsFault, Unreachable
from client_sdk.exchange.mcp import McpClient

GIT_SERVER = [sys.executable, "-m", "mcp_server_git"]

ODD_SERVER = """
import asyncio, os
from mcp.server import Server
from mcp.server.stdio import stdio_server
from mcp.types import CallToolResult, ImageContent, ListToolsResult, TextContent, Tool

STRICT = {"type": "object", "properties": {"n": {"type": "integer"}}, "required": ["n"]}

async def listed(ctx, params):
    page = int(params.cursor or 0) if params else 0
    names = [["echo", "strict"], ["image", "empty"], ["texts", "die", "huge"]]
    tools = [Tool(name=n, input_schema={"type": "object"}, output_schema=STRICT if n == "strict" else None) for n in names[page]]
    return ListToolsResult(tools=tools, next_cursor=str(page + 1) if page < 2 else None)

async def called(ctx, params):
    match params.name:
        case "echo": return CallToolResult(content=[], structured_content=params.arguments)
        case "strict": return CallToolResult(content=[], structured_content={"n": "text"})
        case "image": return CallToolResult(content=[ImageContent(data="AA==", mime_type="image/png")])
        case "empty": return CallToolResult(content=[])
        case "texts": return CallToolResult(content=[TextContent(text='{"a":'), TextContent(text=" 1.10}")])
        case "huge": return CallToolResult(content=[TextContent(text="[" * 100 + "]" * 100)])
        case "die": os._exit(3)

async def main():
    server = Server("odd", version="7", on_list_tools=listed, on_call_tool=called)
    async with stdio_server() as (r, w):
        await server.run(r, w, server.create_initialization_options())

asyncio.run(main())
"""


@pytest.fixture(scope="module")
def repository(tmp_path_factory):
    folder = tmp_path_factory.mktemp("repository")
    subprocess.run(["git", "init", "-q", "-b", "main", str(folder)], check=True)
    (folder / "new.txt").write_text("hello")
    return folder


@pytest.fixture(scope="module")
def git():
    with McpClient.over_stdio(GIT_SERVER) as client:
        yield client


@pytest.fixture(scope="module")
def odd():
    with McpClient.over_stdio([sys.executable, "-c", ODD_SERVER], timeout=5) as client:
        yield client


def test_a_public_server_lists_its_tools(git):
    listing = git.list_tools()

    assert listing["server"] == "mcp-git"
    assert {"git_status", "git_log", "git_commit"} <= {tool["name"] for tool in listing["tools"]}


def test_an_offer_and_a_contract_are_made_of_what_it_lists(git):
    listing = git.list_tools()

    offer = offer_from_document(offer_from_tools(listing, producer="git"))
    contract = contract_from_tools(listing, consumer="me", producer="git", tools=["git_status"])

    assert offer.source == "mcp"
    assert offer.tool("git_status").input.schema["required"] == ["repo_path"]
    assert offer.tool("git_status").annotations["readOnlyHint"] is True
    assert contract["tools"][0]["tool_name"] == "git_status"


def test_a_tool_of_a_public_server_is_called(git, repository):
    result = git.execute("git_status", {"repo_path": str(repository)})

    assert result.status_code == 200
    assert "new.txt" in result["body"]
    assert result.fault.startswith("its text is no JSON")
    assert result.latency_ms > 0


def test_an_error_result_is_500(git):
    result = git.execute("git_status", {"repo_path": "/nowhere"})

    assert (result.status_code, "nowhere" in result.body) == (500, True)


def test_an_unknown_tool_is_500_with_the_protocols_error(git):
    result = git.execute("git_stauts", {})

    assert (result.status_code, result.body["code"]) == (500, -32602)


def test_calls_at_once_share_the_connection(git, repository):
    with ThreadPoolExecutor(4) as pool:
        results = list(
            pool.map(lambda _: git.execute("git_status", {"repo_path": str(repository)}), range(8))
        )

    assert [result.status_code for result in results] == [200] * 8


def test_a_call_may_be_awaited(git, repository):
    result = awaited(git.aexecute("git_status", {"repo_path": str(repository)}))

    assert result.status_code == 200


def test_every_page_is_listed_and_the_version_is_kept(odd):
    listing = odd.list_tools()

    assert (listing["server"], listing["version"]) == ("odd", "7")
    assert [tool["name"] for tool in listing["tools"]] == [
        "echo",
        "strict",
        "image",
        "empty",
        "texts",
        "die",
        "huge",
    ]


def test_numbers_go_as_numbers_and_come_back_exactly(odd):
    sent = {"half": Decimal("0.5"), "big": 10**17, "money": "1.10", "none": None}

    assert odd.execute("echo", sent).body == sent


def test_an_answer_that_breaks_the_tools_own_schema_is_given_as_it_came(odd):
    """The protocol's package would raise, and hide what is wrong from verification."""
    odd.list_tools()

    result = odd.execute("strict", {})

    assert (result.status_code, result.body) == (200, {"n": "text"})


def test_content_that_is_no_text_is_the_list_of_its_blocks(odd):
    result = odd.execute("image", {})

    assert result.body[0]["mimeType"] == "image/png"
    assert result.fault == "its content is more than text"


def test_texts_are_read_as_one(odd):
    assert odd.execute("texts", {}).body == {"a": Decimal("1.10")}
    assert odd.execute("empty", {}).body is None


def test_a_text_over_the_limits_stays_text(odd):
    result = odd.execute("huge", {})

    assert (result.body[:3], "no JSON" in result.fault) == ("[[[", True)


def test_a_server_that_dies_is_unreachable_from_then_on():
    with McpClient.over_stdio([sys.executable, "-c", ODD_SERVER], timeout=5) as mortal:
        with pytest.raises(Unreachable):
            mortal.execute("die", {})
        with pytest.raises(Unreachable):
            mortal.execute("echo", {})


@pytest.mark.parametrize(
    ("command", "said"),
    [
        (["/no/such/program"], "No such file"),
        ([sys.executable, "-c", "raise SystemExit('it is broken')"], "it wrote: it is broken"),
    ],
)
def test_a_server_that_does_not_start_says_why(command, said):
    with McpClient.over_stdio(command, timeout=5) as client:
        for _ in range(2):
            with pytest.raises(Unreachable, match=said):
                client.list_tools()


def test_a_server_that_hangs_is_given_up():
    command = [sys.executable, "-c", "import sys; sys.stdin.read()"]
    with (
        McpClient.over_stdio(command, timeout=0.3) as client,
        pytest.raises(Unreachable, match=r"nothing within 0\.3 s"),
    ):
        client.execute("echo", {})


FLOODED = """
import sys
from client_sdk.errors import Unreachable
from client_sdk.exchange.mcp import McpClient
flood = "while True: print('{}')"
with McpClient.over_stdio([sys.executable, "-c", flood], timeout=0.5) as client:
    try:
        client.list_tools()
    except Unreachable as error:
        print(error)
"""


def test_a_server_that_floods_is_given_up_quietly():
    done = subprocess.run(
        [sys.executable, "-c", FLOODED], capture_output=True, text=True, timeout=30, check=True
    )

    assert "did not open: nothing within 0.5 s" in done.stdout
    assert done.stderr == ""


def test_nobody_at_an_address_is_unreachable():
    with (
        McpClient.over_http("http://127.0.0.1:9/mcp", timeout=2) as client,
        pytest.raises(Unreachable, match=r"http://127\.0\.0\.1:9/mcp cannot be reached"),
    ):
        client.list_tools()


@pytest.mark.parametrize("command", ["python -m server", [], ()])
def test_a_command_is_a_list_of_words(command):
    with pytest.raises(SettingsFault, match="the MCP command is a list"):
        McpClient.over_stdio(command)


@pytest.mark.parametrize("url", ["ftp://x/", "mcp", "http:///", "http://user:pw@host/"])
def test_an_address_is_checked(url):
    with pytest.raises(SettingsFault, match="the MCP address"):
        McpClient.over_http(url)


@pytest.mark.parametrize("value", [None, [], "text", 5])
def test_an_input_is_an_object(value):
    client = McpClient.over_http("http://127.0.0.1:9/mcp")

    with pytest.raises(SettingsFault, match="JSON object"):
        client.execute("echo", value)


def test_a_name_outside_the_grammar_is_refused():
    with pytest.raises(NameRefused):
        McpClient.over_http("http://127.0.0.1:9/mcp").execute("a\nb", {})


def test_without_the_extra_the_remedy_is_said(monkeypatch):
    monkeypatch.setattr("client_sdk.exchange.mcp_connection.find_spec", lambda _: None)

    with pytest.raises(SettingsFault, match=r"pip install 'tallystick\[mcp\]'"):
        McpClient.over_stdio(["server"])


def test_a_closed_client_says_so():
    client = McpClient.over_stdio([sys.executable, "-c", ODD_SERVER])
    client.list_tools()
    client.close()
    client.close()

    with pytest.raises(Unreachable, match="is closed"):
        client.list_tools()
