"""Answers as the served mock sends them: every kind a test may set, and callers that leave."""

import http.client
import json
import socket
import struct
from urllib.parse import urlsplit

import pytest
import requests

from client_sdk import GreenHelixMock, MockResponse, ToolMock
from client_sdk.errors import SettingsFault


@pytest.fixture
def mock():
    return ToolMock(strict=False)


def sent(mock, response):
    """What a client gets over HTTP: status, header fields and the bytes of the body."""
    mock.set_response("t", response)
    with mock.serve() as running:
        got = requests.post(f"{running.url}/v1/t", json={}, timeout=5)
    return got.status_code, got.headers, got.content


@pytest.mark.parametrize("name", ["content-type", "Content-Type", "CONTENT-TYPE"])
def test_a_media_type_counts_however_its_name_is_written(mock, name):
    """M1"""
    status, headers, content = sent(mock, MockResponse(200, "hello", {name: "text/plain"}))

    assert (status, content) == (200, b"hello")
    assert headers["content-type"] == "text/plain"


def test_bytes_are_sent_as_they_are(mock):
    """M1"""
    response = MockResponse(200, b"\xff\x00", {"content-type": "application/octet-stream"})

    assert sent(mock, response)[2] == b"\xff\x00"


def test_a_text_without_a_body_is_empty(mock):
    """M1"""
    assert sent(mock, MockResponse(200, None, {"content-type": "text/plain"}))[2] == b""


@pytest.mark.parametrize("status", [204, 304])
def test_an_answer_that_has_no_body_is_sent_without_one(mock, status):
    """M1: nothing of it is left on a kept connection"""
    mock.set_response("t", MockResponse(status, None))
    with mock.serve() as running, socket.create_connection(_address(running.url), 5) as caller:
        caller.sendall(b"POST /v1/t HTTP/1.1\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}")
        answer = b"".join(iter(lambda: caller.recv(4096), b""))

    assert answer.endswith(b"\r\n\r\n")
    assert b"content-length" not in answer.lower()


def test_a_length_that_was_set_is_not_sent_beside_the_true_one(mock):
    """M1: as when the headers of a real answer are copied"""
    response = MockResponse(
        200, {"ok": True}, {"content-type": "application/json", "Content-Length": "999"}
    )
    _, headers, content = sent(mock, response)

    assert headers["content-length"] == str(len(content))


@pytest.mark.parametrize(
    "response",
    [
        MockResponse(body={"at": {1, 2}}),
        MockResponse(body={"score": float("nan")}),
        MockResponse(headers={"x-name": "\N{GRINNING FACE}"}),
        MockResponse(headers={"x-name": "a\r\nx-other: b"}),
        MockResponse(headers={"x name": "a"}),
    ],
)
def test_an_answer_that_http_cannot_carry_is_a_500_that_says_so(mock, response):
    """m13: and no connection that breaks without a word"""
    status, _, content = sent(mock, response)

    assert status == 500
    assert json.loads(content)["code"] == "answer-unsendable"


def test_a_request_that_was_cut_short_is_not_acted_upon():
    """M18"""
    mock = GreenHelixMock()
    with mock.serve() as running, socket.create_connection(_address(running.url), 5) as caller:
        caller.sendall(b"POST /v1/list_escrows HTTP/1.1\r\nContent-Length: 200\r\n\r\n{}")
        caller.shutdown(socket.SHUT_WR)
        answer = http.client.HTTPResponse(caller)
        answer.begin()
        status, problem = answer.status, json.loads(answer.read())

    assert (status, problem["code"]) == (400, "body-cut-short")
    assert mock.get_call_log() == []


def test_nothing_is_said_of_a_caller_that_hung_up(mock, capfd):
    """m7: as one does whose own timeout is over"""
    mock.set_response("t", MockResponse(body={"much": "x" * 5_000_000}))
    with mock.serve() as running:
        caller = socket.create_connection(_address(running.url), 5)
        caller.sendall(b"POST /v1/t HTTP/1.1\r\nContent-Length: 2\r\n\r\n{}")
        caller.recv(1)
        caller.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        caller.close()

    assert capfd.readouterr().err == ""


@pytest.mark.parametrize("port", [-1, 65536])
def test_a_port_that_there_is_not_is_refused(mock, port):
    """m13"""
    with pytest.raises(SettingsFault, match="cannot listen"), mock.serve(port=port):
        pass


@pytest.mark.skipif(not socket.has_ipv6, reason="this machine has no IPv6")
def test_the_other_loopback_is_served_too(mock):
    """M18"""
    mock.set_response("t", MockResponse(body={"ok": True}))
    try:
        with mock.serve(host="::1") as running:
            got = requests.post(f"{running.url}/v1/t", json={}, timeout=5)
    except SettingsFault:
        pytest.skip("this machine has no ::1")

    assert got.json() == {"ok": True}


def _address(url):
    parts = urlsplit(url)
    return parts.hostname, parts.port
