"""Every address the broker gives out, in one place; names are percent-encoded."""

from urllib.parse import quote

from broker.web.context import context

API = "/api/v1"


def contract_url(consumer: str, producer: str, version: str) -> str:
    """What a version published for a producer."""
    return _api("contracts", consumer, producer, "versions", version)


def verification_url(identifier: int) -> str:
    """One verification."""
    return _api("verifications", str(identifier))


def evidence_url(identifier: int) -> str:
    """One piece of evidence."""
    return _api("evidence", str(identifier))


def environment_url(name: str) -> str:
    """One environment."""
    return _api("environments", name)


def deployment_url(environment: str, identifier: int) -> str:
    """One deployment; DELETE ends it."""
    return _api("environments", environment, "deployments", str(identifier))


def release_url(environment: str, identifier: int) -> str:
    """One release; DELETE ends support."""
    return _api("environments", environment, "releases", str(identifier))


def _api(*parts: str) -> str:
    path = "/".join(quote(part, safe="") for part in parts)
    return f"{context().base_url or ''}{API}/{path}"
