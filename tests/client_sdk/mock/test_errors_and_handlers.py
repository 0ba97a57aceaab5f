"""Programmed errors, silence and handlers, where a test does something out of the ordinary."""

import copy
import pickle

import pytest

from client_sdk import GreenHelixMock, MockResponse, ToolMock, create_timeout_mock
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


@pytest.mark.parametrize("delay", [-1, float("inf"), float("nan"), "5", None, True, 10**400])
def test_a_delay_that_cannot_be_waited_is_refused_wherever_it_is_given(delay):
    """m9, M14"""
    mock = GreenHelixMock()
    for give in (
        lambda: mock.inject_error(500, delay_ms=delay),
        lambda: mock.set_response("deposit", MockResponse(delay_ms=delay)),
        lambda: mock.no_answer(["deposit"], after_ms=delay),
        lambda: create_timeout_mock(["deposit"], delay),
    ):
        with pytest.raises(ValueError, match="is not negative and finite"):
            give()


@pytest.mark.parametrize("status", [200.0, "200", True, None, 99, 600])
def test_a_status_is_a_whole_number(status):
    """M1"""
    with pytest.raises(ValueError, match="status_code is an HTTP status"):
        GreenHelixMock().set_response("deposit", MockResponse(status))


@pytest.mark.parametrize("agent_id", ["", None, 5, "x" * 129])
def test_money_is_given_to_nobody_that_no_call_can_name(agent_id):
    """M4"""
    with pytest.raises(ValueError, match="agent_id is a text of 1 to 128"):
        GreenHelixMock().set_balance(agent_id, "1.00")
    with pytest.raises(ValueError, match="agent_id is a text of 1 to 128"):
        GreenHelixMock().set_trust_score(agent_id, "0.5")
