"""Templates: one environment for all screens, compiled once, everything escaped."""

import functools
import hashlib
import re
from datetime import UTC, datetime
from importlib.resources import files

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape

from broker.web.context import now
from broker.web.dashboard import addresses
from broker.web.dashboard.marks import mark_of, mark_of_row
from broker.web.dashboard.view_models.commands import tally_command
from client_sdk.contract.document import JsonValue, dumps

_STEPS = ((60, "s"), (60, "min"), (24, "h"), (30, "d"), (12, "mo"))
_SHORT = 12
_TICKED = re.compile(r"`([^`]+)`")
_OWN_FILES = ("dashboard.css", "dashboard.js", "vendor/htmx-4.0.1.min.js")


@functools.cache
def templates() -> Environment:
    """The environment; an undefined name in a template is a bug, not an empty place."""
    environment = Environment(
        loader=PackageLoader("broker.web.dashboard"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
        extensions=["jinja2.ext.do"],
    )
    environment.filters.update(
        ago=ago,
        exact=exact,
        iso=iso,
        short=short_digest,
        pretty=pretty,
        compact=dumps,
        ticked=ticked,
    )
    environment.globals.update(
        _addresses(),
        mark_of=mark_of,
        mark_of_row=mark_of_row,
        static=static_address,
        tally=tally_command,
    )
    return environment


def _addresses() -> dict[str, object]:
    """What a template calls to lead to another page."""
    return {
        "address": addresses.address,
        "asked": addresses.asked,
        "contract_badge": addresses.contract_badge,
        "contract_address": addresses.contract_address,
        "deploy_badge": addresses.deploy_badge,
        "evidence_address": addresses.evidence_address,
        "environment_address": addresses.environment_address,
        "here": addresses.here,
        "integration_address": addresses.integration_address,
        "origin": addresses.origin,
        "participant_address": addresses.participant_address,
        "twin": addresses.twin,
        "verification_address": addresses.verification_address,
        "version_address": addresses.version_address,
        "web_link": addresses.web_link,
    }


def static_address(name: str) -> str:
    """One of our own files; the address changes with its content, so it is cached for good."""
    return addresses.address("static", *name.split("/"), v=_digests()[name])


@functools.cache
def assets_digest() -> str:
    """Changes whenever a style, a script or a template does."""
    folder = files("broker.web.dashboard").joinpath("templates")
    texts = (each.read_bytes() for each in sorted(folder.iterdir(), key=str) if each.is_file())
    whole = hashlib.sha256("".join(_digests().values()).encode())
    for text in texts:
        whole.update(text)
    return whole.hexdigest()[:_SHORT]


def ago(moment: datetime) -> str:
    """How long ago, in one word, such as `5 min`."""
    left = max(int((now() - moment).total_seconds()), 0)
    for size, unit in _STEPS:
        if left < size:
            return "now" if unit == "s" else f"{left} {unit}"
        left //= size
    return f"{left} y"


def exact(moment: datetime) -> str:
    """To the second, in UTC."""
    return moment.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S UTC")


def iso(moment: datetime) -> str:
    """For the `datetime` of a `<time>`."""
    return moment.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


def short_digest(digest: str) -> str:
    """The first digits: enough to tell two contents apart on a screen."""
    return digest.removeprefix("sha256:")[:_SHORT]


def ticked(text: str) -> Markup:
    """A sentence whose `words` between back-ticks are code; ticks without a partner stay."""
    code = Markup("<code>{}</code>")
    parts = (
        code.format(part) if place % 2 else escape(part)
        for place, part in enumerate(_TICKED.split(text))
    )
    return Markup("").join(parts)


def pretty(value: JsonValue) -> str:
    """JSON over several lines, numbers exact."""
    return dumps(value, indent=2)


@functools.cache
def _digests() -> dict[str, str]:
    folder = files("broker.web.dashboard").joinpath("static")
    return {
        name: hashlib.sha256(folder.joinpath(name).read_bytes()).hexdigest()[:_SHORT]
        for name in _OWN_FILES
    }
