"""Programmed errors, silence and handlers, where a test does something out of the ordinary."""

import copy
import pickle

import pytest

from client_sdk import GreenHelixMock, ToolMock
from client_sdk.mock import NoAnswer


@pytest.mark.parametrize("carried", [copy.copy, lambda error: pickle.loads(pickle.dumps(error))])  # noqa: S301 - our own
def test_a_silence_is_carried_from_one_process_to_another(carried):
    """m7"""
    mock = GreenHelixMock()
    mock.no_answer(["deposit"], after_ms=0)
    with pytest.raises(NoAnswer) as raised:
        mock.execute("deposit", {})

    again = carried(raised.value)

    assert isinstance(again, TimeoutError)
    assert str(again) == "deposit did not answer within 0 ms"
    assert again.after_ms == 0


def test_the_media_type_of_an_error_stands_once_however_it_is_written():
    """m9"""
    mock = GreenHelixMock()
    mock.inject_error(503, "sorry", headers={"Content-Type": "text/plain"})

    assert mock.execute("get_balance", {}).headers == {"Content-Type": "text/plain"}


def test_an_async_handler_is_refused_instead_of_answering_a_coroutine():
    """E2"""
    mock = ToolMock()

    async def answer(input_data):
        return input_data

    with pytest.raises(TypeError, match="the handler of 'ping' is async"):
        mock.handler("ping")(answer)
