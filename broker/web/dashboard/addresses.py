"""Every address the screens link to; names are percent-encoded, nothing else is ever linked."""

from collections.abc import Mapping
from urllib.parse import quote, urlencode, urlsplit

from flask import request

from broker.web.context import context

JSON_SUFFIX = ".json"
AS_PAGE = "html"
LIVE = "/overview/live"


def address(*parts: str, **query: str | int | None) -> str:
    """The page below these path segments; a query member that is empty or `None` is left out."""
    path = f"{request.script_root}/{'/'.join(quote(part, safe='@:') for part in parts)}"
    given = {name.rstrip("_"): value for name, value in query.items() if value not in (None, "")}
    if path.endswith(JSON_SUFFIX):
        given["format"] = AS_PAGE
    return f"{path}?{urlencode(given)}" if given else path


def participant_address(name: str, tab: str | None = None) -> str:
    """One participant."""
    return address("participants", name, tab=tab)


def version_address(participant: str, number: str) -> str:
    """One version."""
    return address("participants", participant, "versions", number)


def integration_address(consumer: str, producer: str, *more: str, **query: str | None) -> str:
    """One integration, or one of its tabs."""
    return address("integrations", consumer, producer, *more, **query)


def contract_address(digest: str, pointer: str = "") -> str:
    """One content, at a place inside it."""
    return address("contracts", digest) + (f"#{quote(pointer)}" if pointer else "")


def verification_address(identifier: int) -> str:
    """One verification."""
    return address("verifications", str(identifier))


def evidence_address(identifier: int) -> str:
    """One piece of evidence."""
    return address("evidence", str(identifier))


def environment_address(name: str) -> str:
    """One environment."""
    return address("environments", name)


def here(**changes: str | None) -> str:
    """This page with some of its query changed; `None` takes a member out.

    The live part of the overview speaks for the page that holds it.
    """
    given: dict[str, str] = {**request.args.to_dict(), **_without_none(changes)}
    for name, value in changes.items():
        if value is None:
            given.pop(name, None)
    page = "/" if request.path == LIVE else request.path
    path = f"{request.script_root}{quote(page, safe='/@:')}"
    return f"{path}?{urlencode(given)}" if given else path


def twin(suffix: str) -> str:
    """This page's data: `json` or `csv`, under the same filters."""
    path = "/overview" if request.path == "/" else request.path
    query = f"?{request.query_string.decode('latin-1')}" if request.query_string else ""
    return f"{request.script_root}{quote(path)}.{suffix}{query}"


def asked(name: str) -> str | None:
    """A member of this page's query, `None` when it is absent."""
    return request.args.get(name)


def origin() -> str:
    """Where this broker is reached, without a slash at the end."""
    return (context().base_url or request.host_url).rstrip("/")


def contract_badge(consumer: str, producer: str) -> str:
    """The badge of an integration as Markdown, a link to its page."""
    pair = _encoded(consumer, producer)
    return _badge(f"contracts/{pair}", f"integrations/{pair}")


def deploy_badge(participant: str, environment: str) -> str:
    """The badge of a participant's main branch for an environment, a link to its page."""
    places = _encoded(participant, environment)
    return _badge(f"deploy/{places}", f"participants/{_encoded(participant)}")


def web_link(text: str | None) -> str | None:
    """The text as the target of a link, when it is an http or https address; else `None`."""
    if text is None or "\\" in text or not text.isprintable():
        return None
    try:
        parts = urlsplit(text)
    except ValueError:
        return None
    return text if parts.scheme in {"http", "https"} and parts.hostname else None


def _encoded(*parts: str) -> str:
    return "/".join(quote(part, safe="") for part in parts)


def _badge(picture: str, page: str) -> str:
    return f"[![Tallystick]({origin()}/api/v1/badges/{picture}.svg)]({origin()}/{page})"


def _without_none(changes: Mapping[str, str | None]) -> dict[str, str]:
    return {name: value for name, value in changes.items() if value is not None}
