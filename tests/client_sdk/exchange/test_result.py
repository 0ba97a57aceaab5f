from decimal import Decimal

import pytest

from client_sdk.exchange import Result
from client_sdk.exchange.client import result_from_answer
from client_sdk.transport import Answer


def answer(content, content_type="application/json", status=200):
    return Answer("http://h/v1", status, {"Content-Type": content_type, "X-A": "b"}, content, 12.5)


def test_a_result_is_a_dict_with_attributes():
    result = Result(200, {"a": 1}, {"x": "y"}, 3.0)

    assert result == {
        "status_code": 200,
        "body": {"a": 1},
        "headers": {"x": "y"},
        "latency_ms": 3.0,
    }
    assert (result.status_code, result.body, result.headers, result.latency_ms) == (
        200,
        {"a": 1},
        {"x": "y"},
        3.0,
    )


@pytest.mark.parametrize(
    "media", ["application/json", "application/problem+json", "Application/JSON; charset=utf-8"]
)
def test_every_json_media_type_is_parsed_exactly(media):
    result = result_from_answer(answer(b'{"amount": 0.10}', media))

    assert result.body == {"amount": Decimal("0.10")}
    assert result.fault is None


def test_header_names_are_small():
    assert result_from_answer(answer(b"{}")).headers["x-a"] == "b"


@pytest.mark.parametrize(
    ("content", "media", "fault"),
    [
        (b"<html>", "text/html", "its content type is text/html"),
        (b"{}", "", "its content type is not given"),
    ],
)
def test_another_media_type_is_text_and_says_so(content, media, fault):
    result = result_from_answer(answer(content, media))

    assert (result.body, result.fault) == (content.decode(), fault)


@pytest.mark.parametrize("content", [b'{"a": 1', b'{"a": 1, "a": 2}', b"NaN", b"\xff\xfe"])
def test_what_is_declared_json_and_is_none_is_a_fault(content):
    assert result_from_answer(answer(content)).fault


def test_no_content_is_no_body_and_no_fault():
    result = result_from_answer(answer(b"", "", status=204))

    assert (result.body, result.fault) == (None, None)
