"""What a reader chose for this browser, kept in cookies and rendered by the server: no flash."""

from dataclasses import dataclass

from flask import Response, redirect, request
from werkzeug.exceptions import Forbidden

THEMES = ("auto", "light", "dark")
_THEME_COOKIE = "tallystick_theme"
_KEYS_COOKIE = "tallystick_keys"
_YEAR = 365 * 24 * 3600


@dataclass(frozen=True, slots=True)
class Preferences:
    """`theme` is `auto`, `light` or `dark`; `keys`: single-key shortcuts are on."""

    theme: str = "auto"
    keys: bool = True

    @property
    def next_theme(self) -> str:
        """The theme a click on the switch leads to."""
        return THEMES[(THEMES.index(self.theme) + 1) % len(THEMES)]


def preferences() -> Preferences:
    """The choices of this request's cookies; anything unknown counts as not chosen."""
    theme = request.cookies.get(_THEME_COOKIE, "auto")
    keys = request.cookies.get(_KEYS_COOKIE) != "off"
    return Preferences(theme if theme in THEMES else "auto", keys)


def save_preferences() -> Response:
    """POST from the switches: set what is named, and go back to the page."""
    if request.headers.get("Sec-Fetch-Site", "same-origin") not in {"same-origin", "none"}:
        raise Forbidden
    response = redirect(_back(request.form.get("back", "/")), 303)
    if request.form.get("theme") in THEMES:
        _keep(response, _THEME_COOKIE, request.form["theme"])
    if request.form.get("keys") in {"on", "off"}:
        _keep(response, _KEYS_COOKIE, request.form["keys"])
    assert isinstance(response, Response)  # noqa: S101 - redirect makes the application's own class
    return response


def _back(target: str) -> str:
    """A path of this site; anything that a browser could read as another host becomes `/`."""
    local = target.startswith("/") and not target.startswith("//") and "\\" not in target
    return target if local and target.isprintable() else "/"


def _keep(response: object, name: str, value: str) -> None:
    if isinstance(response, Response):
        response.set_cookie(
            name, value, max_age=_YEAR, httponly=True, samesite="Lax", secure=request.is_secure
        )
