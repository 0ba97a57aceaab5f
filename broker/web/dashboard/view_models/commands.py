"""Commands to copy: each repeats on a terminal what a screen shows."""

from shlex import join as quoted
from shlex import quote
from urllib.parse import quote as percent
from urllib.parse import urlencode

from client_sdk.contract.document import JsonValue, dumps

_TARGET = '"$PRODUCER_URL/v1"'


def call_command(tool: str, given: JsonValue) -> str:
    """Call the tool of a running producer; the shell's PRODUCER_URL says where it is."""
    body = dumps({"tool": tool, "input": given})
    return (
        f"curl -sS -X POST {_TARGET} -H {quote('Content-Type: application/json')} -d {quote(body)}"
    )


def diff_command(origin: str, pair: tuple[str, str], versions: tuple[str, str]) -> str:
    """Ask the API for the same comparison."""
    path = "/".join(percent(name, safe="") for name in pair)
    query = urlencode({"from": versions[0], "to": versions[1]})
    return quoted(("curl", "-sS", f"{origin}/api/v1/contracts/{path}/diff?{query}"))


def tally_command(origin: str, *words: str, **options: str | bool | None) -> str:
    """Give a call of `tally` that asks this broker; an option that is `None` is left out."""
    line = ["tally", *words]
    for name, value in options.items():
        flag = "--" + name.replace("_", "-")
        if value is True:
            line.append(flag)
        elif value:
            line += [flag, value]
    return quoted([*line, "--broker-url", origin])


def deploy_command(
    versions: tuple[tuple[str, str], ...], environment: str | None, origin: str
) -> str:
    """Ask the same question on the command line."""
    words = ["tally", "can-i-deploy"]
    for participant, number in versions:
        words += ["--participant", participant, "--version", number]
    words += ["--to-main"] if environment is None else ["--environment", environment]
    return quoted([*words, "--broker-url", origin])
