"""`${name}` in an experiment's texts, filled from its configuration."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

from client_sdk.chaos.experiments.refusal import ExperimentRefused
from client_sdk.contract.values import JsonObject, JsonValue

NAME: Final = re.compile(r"\$\{([A-Za-z_][A-Za-z0-9_]{0,80})\}", re.ASCII)


def substituted(document: JsonObject, environ: Mapping[str, str]) -> JsonObject:
    """Give the document with its configuration filled in.

    A configuration value is a plain value, or `{"type": "env", "key", "default"}`. A text that is
    a name and nothing else becomes the value itself, with its type.

    Raises:
        ExperimentRefused: a name has no value, or a value is of another kind.
    """
    given = document.get("configuration", {})
    if not isinstance(given, dict):
        raise ExperimentRefused("configuration: it is an object of names and values")
    values = {name: _value(name, value, environ) for name, value in given.items()}
    rest = {name: value for name, value in document.items() if name != "configuration"}
    return {name: _filled(value, values) for name, value in rest.items()}


def _value(name: str, value: JsonValue, environ: Mapping[str, str]) -> JsonValue:
    if not isinstance(value, dict):
        return value
    if value.get("type") != "env":
        raise ExperimentRefused(f"configuration {name!r}: only plain values and env are read")
    key = str(value.get("key", ""))
    if key not in environ and "default" not in value:
        raise ExperimentRefused(f"configuration {name!r}: {key} is not set and has no default")
    return environ.get(key, value.get("default"))


def _filled(value: JsonValue, values: Mapping[str, JsonValue]) -> Any:  # noqa: ANN401 - JSON
    if isinstance(value, list):
        return [_filled(item, values) for item in value]
    if isinstance(value, dict):
        return {name: _filled(member, values) for name, member in value.items()}
    if not isinstance(value, str):
        return value
    whole = NAME.fullmatch(value)
    if whole is not None:
        return _known(whole[1], values)
    return NAME.sub(lambda found: str(_known(found[1], values)), value)


def _known(name: str, values: Mapping[str, JsonValue]) -> JsonValue:
    if name not in values:
        raise ExperimentRefused(f"${{{name}}} has no value; add it to configuration")
    return values[name]
