"""What the HTTP server refuses by itself looks like every other refusal: a problem with a code."""

import pytest
from journeys.processes import broker_process
from raw_http import exchange, get

HOST = b"Host: localhost\r\nConnection: close\r\n"
JSON = b"Content-Type: application/json\r\n"
POST = b"POST /api/v1/environments HTTP/1.1\r\n" + HOST + JSON
CHUNKS = b'8\r\n{"name":\r\n7\r\n "test"\r\n1\r\n}\r\n0\r\n\r\n'

UNREADABLE = {
    "no request line": (b"GARBAGE\r\n\r\n", 400, "request-malformed"),
    "a length that is no number": (
        POST + b"Content-Length: -5\r\n\r\n{}",
        400,
        "request-malformed",
    ),
    "two lengths": (
        POST + b"Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n" + CHUNKS,
        400,
        "request-malformed",
    ),
    "a header with a control character": (
        b"GET /health/live HTTP/1.1\r\nX: a\x01b\r\n" + HOST + b"\r\n",
        400,
        "request-malformed",
    ),
    "a body of unknown length": (
        POST + b"Transfer-Encoding: chunked\r\n\r\n" + CHUNKS,
        411,
        "length-required",
    ),
    "a body of unknown length, in HTTP/1.0": (
        POST.replace(b"1.1", b"1.0") + b"Transfer-Encoding: chunked\r\n\r\n" + CHUNKS,
        411,
        "length-required",
    ),
    "a body that nobody will read": (
        POST + b"Content-Length: 100000000\r\n\r\n{}",
        413,
        "body-too-large",
    ),
    "headers that nobody will read": (
        b"GET /health/live HTTP/1.1\r\n" + HOST + b"X: " + b"a" * 70_000 + b"\r\n\r\n",
        431,
        "headers-too-large",
    ),
    "another transfer encoding": (
        POST + b"Transfer-Encoding: gzip\r\n\r\n",
        501,
        "transfer-encoding-unsupported",
    ),
}


@pytest.fixture(scope="module")
def address(tmp_path_factory):
    folder = tmp_path_factory.mktemp("wire")
    with broker_process(f"sqlite:///{folder / 'tally.db'}") as running:
        yield running.url.removeprefix("http://")


@pytest.mark.parametrize("name", UNREADABLE)
def test_a_request_that_cannot_be_read_is_answered_with_a_problem(address, name):
    """Must-have 9: refused by its head, and the connection is closed."""
    data, status, code = UNREADABLE[name]

    reply = exchange(address, data)

    assert (reply.status, reply.problem["code"], reply.problem["status"]) == (status, code, status)
    assert reply.header("X-Request-Id") == reply.problem["request_id"] != ""
    assert reply.header("Connection") == "close"


def test_nothing_is_kept_of_a_body_that_was_refused_unread(address):
    exchange(address, POST + b"Transfer-Encoding: chunked\r\n\r\n" + CHUNKS)

    assert b'"items": []' in get(address, "/api/v1/environments").body


def test_who_asks_before_sending_a_body_is_spared_the_sending(address):
    asking = POST + b"Expect: 100-continue\r\nContent-Length: 100000000\r\n\r\n"

    assert exchange(address, asking).status == 413


def test_what_cannot_be_read_is_said_in_one_sentence(address):
    data = POST + b"Transfer-Encoding: chunked\r\n\r\n" + CHUNKS

    assert exchange(address, data).problem["detail"] == (
        "The request cannot be read: Send the body with a Content-Length header."
    )
