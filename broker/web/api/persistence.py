"""A request whose transaction had to end for another's sake is answered again, a moment later."""

import random
import time
from collections.abc import Callable
from functools import wraps

from flask import Response

from broker.domain.errors import WriteContended

TRIES = 4
LONGEST_PAUSE = 0.05

View = Callable[..., Response]


def persistent(view: View, *, pause: Callable[[float], None] = time.sleep) -> View:
    """The view, tried again when a deadlock or a race ended its transaction.

    Nothing was stored then, so trying again is safe. The pauses differ by chance: two requests
    that met once would otherwise meet again.
    """

    @wraps(view)
    def answered(**names: str) -> Response:
        for earlier in range(TRIES - 1):
            try:
                return view(**names)
            except WriteContended:
                pause(random.uniform(0, LONGEST_PAUSE * 2**earlier))  # noqa: S311 - no secret
        return view(**names)

    return answered
