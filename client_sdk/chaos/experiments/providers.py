"""Providers: how an activity of a file is carried out. HTTP, and the functions of `actions`.

A file is data. It cannot name other Python code or a program to start.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, Final

from client_sdk.chaos.arguments import unknown
from client_sdk.chaos.experiments.actions import FUNCTIONS
from client_sdk.chaos.experiments.refusal import ExperimentRefused
from client_sdk.contract.document import dumps, parse_untrusted
from client_sdk.contract.errors import ContractError
from client_sdk.contract.values import JsonValue
from client_sdk.transport import Timeout, Transport

MODULE: Final = "client_sdk.chaos.experiments.actions"
SECONDS: Final = 10.0
MAX_ANSWER_BYTES: Final = 1024 * 1024


def runner_of(name: str, provider: Mapping[str, Any]) -> Callable[[], Any]:
    """Give what carries out the provider of an activity.

    Raises:
        ExperimentRefused: it is of a kind that is not run here, or names something unknown.
    """
    kind = provider.get("type")
    if kind == "http":
        return _http(name, provider)
    if kind == "python":
        return _python(name, provider)
    raise ExperimentRefused(
        f"{name!r}: a provider of type {kind!r} is not run from a file; use http, or python with "
        f"module {MODULE}"
    )


def _http(name: str, provider: Mapping[str, Any]) -> Callable[[], Any]:
    url = provider.get("url")
    if not isinstance(url, str) or not url.startswith(("http://", "https://")):
        raise ExperimentRefused(f"{name!r}: url {url!r} is no http(s) address")
    timeout = provider.get("timeout", SECONDS)
    if isinstance(timeout, list):
        timeout = max(timeout, default=SECONDS)
    return partial(
        _called,
        str(provider.get("method", "GET")).upper(),
        url,
        provider.get("arguments"),
        dict(provider.get("headers") or {}),
        float(timeout),
    )


def _called(
    method: str, url: str, body: JsonValue, headers: dict[str, str], seconds: float
) -> dict[str, Any]:
    transport = Transport(Timeout(seconds, seconds, seconds), max_answer_bytes=MAX_ANSWER_BYTES)
    content = None if body is None else dumps(body).encode()
    if content is not None:
        headers = {"Content-Type": "application/json", **headers}
    try:
        answer = transport.send(method, url, content=content, headers=headers)
    finally:
        transport.close()
    return {
        "status": answer.status,
        "headers": dict(answer.headers),
        "body": _body(answer.content),
    }


def _body(content: bytes) -> JsonValue:
    try:
        return parse_untrusted(content)
    except ContractError:
        return content.decode("utf-8", errors="replace")


def _python(name: str, provider: Mapping[str, Any]) -> Callable[[], Any]:
    module, func = provider.get("module"), str(provider.get("func", ""))
    if module != MODULE:
        raise ExperimentRefused(
            f"{name!r}: module {module!r} is not loaded from a file; use {MODULE}"
        )
    function = FUNCTIONS.get(func)
    if function is None:
        raise ExperimentRefused(f"{name!r}: {unknown('function', func, tuple(FUNCTIONS))}")
    arguments = provider.get("arguments") or {}
    try:
        inspect.signature(function).bind(**arguments)
    except TypeError as error:
        raise ExperimentRefused(f"{name!r}: arguments of {func}: {error}") from error
    return partial(function, **arguments)
