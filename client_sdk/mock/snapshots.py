"""How a mock was at a moment."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from client_sdk.mock.agreement import States
from client_sdk.mock.call_log import CallLog
from client_sdk.mock.programme import Programme


@dataclass(frozen=True, slots=True)
class Snapshot:
    """How a mock was at a moment, for `restore` of the same mock; opaque."""

    programme: Programme
    log: CallLog
    scenarios: Mapping[str, Mapping[str, str]]
    agreed: States
    world: object
