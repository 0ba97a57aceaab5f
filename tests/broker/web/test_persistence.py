import pytest
from flask import Response

from broker.domain.errors import StoreBusy, WriteContended
from broker.web.api.persistence import persistent


class Flaky:
    """A view that fails a few times before it answers."""

    __name__ = "flaky"

    def __init__(self, failures, cause):
        self.asked = 0
        self._failures = failures
        self._cause = cause

    def __call__(self, **names):
        self.asked += 1
        if self.asked <= self._failures:
            raise self._cause
        return Response(names["participant"])


def test_a_request_that_lost_to_another_is_answered_again():
    view, pauses = Flaky(3, WriteContended(1)), []

    answer = persistent(view, pause=pauses.append)(participant="shop")

    assert answer.get_data(as_text=True) == "shop"
    assert view.asked == 4
    assert len(pauses) == 3
    assert all(0 <= pause <= 0.2 for pause in pauses)


def test_who_loses_every_time_is_told_to_come_back():
    view = Flaky(4, WriteContended(1))

    with pytest.raises(WriteContended):
        persistent(view, pause=lambda _: None)(participant="shop")

    assert view.asked == 4


def test_a_busy_store_is_not_asked_again():
    view = Flaky(1, StoreBusy())

    with pytest.raises(StoreBusy):
        persistent(view)(participant="shop")

    assert view.asked == 1
