"""Where the broker is and how to be let in: flags, then the environment, then files."""

import netrc
import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

_URL_NAMES = ("TALLY_BROKER_URL", "PACT_BROKER_BASE_URL")
_TOKEN_NAMES = ("TALLY_TOKEN", "PACT_BROKER_TOKEN")


class AddressFault(ValueError):
    """There is no broker address, or one that cannot be used; says what to do."""


@dataclass(frozen=True, slots=True)
class BrokerAddress:
    """The broker's base URL without a trailing slash, and the bearer token if there is one."""

    url: str
    token: str | None = None


def broker_address(
    *,
    url: str | None = None,
    token: str | None = None,
    token_file: Path | None = None,
    environ: Mapping[str, str] = os.environ,
    folder: Path | None = None,
) -> BrokerAddress:
    """Find the broker: the given values, else the environment, else netrc and pyproject.toml.

    The address may stand in `[tool.tallystick] broker_url` of the nearest pyproject.toml; the token
    never does. Raises AddressFault when no address is found or one is not http(s), and for a token
    that no header can carry.
    """
    found = url or _first(environ, _URL_NAMES) or _url_from_pyproject(folder or Path.cwd())
    if not found:
        raise AddressFault(
            "no broker address: give --broker-url, set TALLY_BROKER_URL, "
            "or write broker_url under [tool.tallystick] in pyproject.toml"
        )
    checked = _checked_url(found)
    secret = token or _token_from_file(token_file) or _first(environ, _TOKEN_NAMES)
    return BrokerAddress(checked, _checked_token(secret or _token_from_netrc(checked, environ)))


def is_token(text: str) -> bool:
    """A header can carry it: visible ASCII without blanks."""
    return bool(text) and text.isascii() and text.isprintable() and " " not in text


def is_web_address(text: str) -> bool:
    """It is an http(s) URL with a host, and with a port that there can be."""
    try:
        parts = urlsplit(text)
        reachable = parts.port is None or parts.port > 0
    except ValueError:
        return False
    plain = text.isprintable() and " " not in text
    return plain and reachable and parts.scheme in {"http", "https"} and bool(parts.hostname)


def _first(environ: Mapping[str, str], names: tuple[str, ...]) -> str | None:
    return next((environ[name] for name in names if environ.get(name)), None)


def _checked_url(url: str) -> str:
    if "@" in url:
        raise AddressFault("the broker address carries a user name or password: use TALLY_TOKEN")
    text = url.strip()
    if not is_web_address(text):
        raise AddressFault(f"the broker address {url!r} is not an http:// or https:// URL")
    if "?" in text or "#" in text:
        raise AddressFault(
            f"the broker address {url!r} has a query or a fragment: give it as far as the path"
        )
    return text.rstrip("/")


def _checked_token(token: str | None) -> str | None:
    if token is not None and not is_token(token):
        raise AddressFault(
            "the token cannot be sent: it has a blank, a line break or a letter that is not ASCII "
            "(it is not shown here); see --token, --token-file, TALLY_TOKEN and netrc"
        )
    return token


def _token_from_file(file: Path | None) -> str | None:
    if file is None:
        return None
    try:
        token = file.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise AddressFault(f"the token file {file} cannot be read: {error}") from error
    if not token:
        raise AddressFault(f"the token file {file} is empty")
    return token


def _token_from_netrc(url: str, environ: Mapping[str, str]) -> str | None:
    file = Path(environ.get("NETRC") or Path.home() / ".netrc")
    if not file.is_file():
        return None
    try:
        found = netrc.netrc(str(file)).authenticators(urlsplit(url).hostname or "")
    except (OSError, ValueError, netrc.NetrcParseError):  # ValueError: it is no UTF-8
        return None
    return found[2] if found else None


def _url_from_pyproject(folder: Path) -> str | None:
    for place in (folder, *folder.parents):
        file = place / "pyproject.toml"
        if not file.is_file():
            continue
        try:
            table = tomllib.loads(file.read_text(encoding="utf-8"))
        except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
            raise AddressFault(f"{file} cannot be read: {error}") from error
        tools = table.get("tool")
        ours = tools.get("tallystick", {}) if isinstance(tools, dict) else {}
        return _url_from_table(ours, file)
    return None


def _url_from_table(table: object, file: Path) -> str | None:
    if not isinstance(table, dict):
        raise AddressFault(f"tool.tallystick in {file} is not a table: write [tool.tallystick]")
    if "token" in table:
        raise AddressFault(
            f"{file} holds a token, which whoever reads the repository could use: "
            "take it out, and set TALLY_TOKEN or give --token-file"
        )
    url = table.get("broker_url")
    if url is not None and not isinstance(url, str):
        raise AddressFault(f"broker_url under [tool.tallystick] in {file} is not a string")
    return url
