"""What a request may use: the store, the clock, the limits, and where the broker is reached."""

from dataclasses import dataclass
from datetime import datetime
from typing import cast

from flask import current_app, g, has_app_context

from broker.services.ports import Clock, Store
from client_sdk.contract.document import Limits

KEY = "tallystick"


@dataclass(frozen=True, slots=True)
class Context:
    """Put together once by `create_app`; hangs on `app.extensions["tallystick"]`.

    `base_url` is the configured public address, without a slash at the end; `None`: links are
    relative to the root of the host. `local_mode` is true while no tokens guard the broker.
    """

    store: Store
    clock: Clock
    limits: Limits
    base_url: str | None = None
    trusted_hosts: tuple[str, ...] = ()
    local_mode: bool = True


def context() -> Context:
    """The context of the application that answers this request."""
    return cast("Context", current_app.extensions[KEY])


def now() -> datetime:
    """The time of the context's clock, aware, in UTC."""
    return context().clock.now()


def request_id() -> str:
    """The name of this request in answers and logs; empty outside a request."""
    return cast("str", g.get("request_id", "")) if has_app_context() else ""
