"""Kinds of option values: what a shell hands over when a variable is unset is never taken."""

from __future__ import annotations

from math import isfinite
from typing import Any, Final

import click


class _Text(click.types.StringParamType):
    """A text that says something; an empty one would silently ask another question."""

    name = "text"

    def convert(self, value: Any, *where: Any, **more: Any) -> str:  # noqa: ANN401 - as given
        """The text; fails for one of blanks alone."""
        text = str(value)
        if not text.strip():
            self.fail("it is empty: is a variable of your pipeline unset?", *where, **more)
        return text


class _Seconds(click.FloatRange):
    """A number of seconds, of which there are finitely many."""

    def convert(self, value: Any, *where: Any, **more: Any) -> float:  # noqa: ANN401 - as given
        """The number; fails for one that is none, or that has no end."""
        seconds = float(super().convert(value, *where, **more))
        if not isfinite(seconds):
            self.fail(f"{value} is no number of seconds.", *where, **more)
        return seconds


TEXT: Final = _Text()
SECONDS: Final = _Seconds(min=0, max=86_400)
SECONDS_ABOVE_0: Final = _Seconds(min=0, min_open=True, max=86_400)
