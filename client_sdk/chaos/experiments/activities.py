"""Probes and actions: what an experiment looks at and what it does."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from client_sdk.contract.values import JsonObject, JsonValue


@dataclass(frozen=True, slots=True)
class Activity:
    """A probe or an action: `run` does it and gives its output.

    `document` is how it stood in a file; an activity made in code says its kind and name.
    """

    kind: str
    name: str
    run: Callable[[], Any]
    tolerance: JsonValue = None
    pause_before_s: float = 0.0
    pause_after_s: float = 0.0
    document: Mapping[str, Any] = field(default_factory=dict)

    def to_json(self) -> JsonObject:
        """Give it as it stands in a journal."""
        if self.document:
            return dict(self.document)
        said: JsonObject = {"type": self.kind, "name": self.name}
        return said | ({"tolerance": self.tolerance} if self.kind == "probe" else {})


def probe(name: str, run: Callable[[], Any], tolerance: JsonValue = True) -> Activity:  # noqa: FBT002 - a JSON value
    """Give a probe: the steady state holds when its output is within the tolerance."""
    return Activity("probe", name, run, tolerance)


def action(name: str, run: Callable[[], Any]) -> Activity:
    """Give an action."""
    return Activity("action", name, run)
