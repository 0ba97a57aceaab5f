"""Somebody at the broker's address who is no broker: never a success, never an internal error."""

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from abuse_cases import sound_contract

COMMANDS = {
    "publish": ("publish", "FILE", "--version", "1"),
    "publish several": ("publish", "FILE", "--version", "1", "--merge"),
    "verify": ("verify", "--producer", "target", "--base-url", "http://127.0.0.1:1"),
    "can-i-deploy": ("can-i-deploy", "-p", "a", "-v", "1", "-e", "x"),
    "record-deployment": ("record-deployment", "-p", "a", "-v", "1", "-e", "x"),
    "record-undeployment": ("record-undeployment", "-p", "a", "-e", "x"),
    "record-release": ("record-release", "-p", "a", "-v", "1", "-e", "x"),
    "matrix": ("matrix",),
    "participants list": ("participants", "list"),
    "participants show": ("participants", "show", "a"),
    "participants update": ("participants", "update", "a", "--main-branch", "m"),
    "participants delete": ("participants", "delete", "a", "--yes"),
    "environments list": ("environments", "list"),
    "environments create": ("environments", "create", "x"),
    "environments update": ("environments", "update", "x", "--production"),
    "environments show": ("environments", "show", "x"),
    "evidence list": ("evidence", "list"),
}
ANSWERS = {
    "nothing": (200, b""),
    "a page": (200, b"<html>welcome</html>"),
    "an empty object": (200, b"{}"),
    "a list": (200, b"[]"),
    "another object": (200, b'{"items": {}, "rows": 1, "decision": 5, "deployment": "yes"}'),
    "a way to a login": (302, b""),
    "a gateway's fault": (502, b"<html>bad gateway</html>"),
}


@pytest.fixture
def stranger():
    """Answers every request with `answer`: a status and a body."""

    class Handler(BaseHTTPRequestHandler):
        answer = 200, b""

        def handle_one_request(self):
            super().handle_one_request()
            self.close_connection = True

        def do_GET(self):
            self.rfile.read(int(self.headers.get("Content-Length") or 0))
            status, body = Handler.answer
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.send_header("Location", "http://127.0.0.1:1/")
            self.end_headers()
            self.wfile.write(body)

        def do_POST(self):
            self.do_GET()

        def do_PUT(self):
            self.do_GET()

        def do_PATCH(self):
            self.do_GET()

        def do_DELETE(self):
            self.do_GET()

        def log_message(self, *_):
            """Nobody reads it."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    Handler.url = f"http://127.0.0.1:{server.server_port}"
    yield Handler
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize("answer", ANSWERS)
def test_whoever_answers_like_no_broker_is_said_to_be_none(
    tally, tmp_path, stranger, command, answer
):
    stranger.answer = ANSWERS[answer]
    file = tmp_path / "one.contract.json"
    file.write_text(json.dumps(sound_contract()))
    line = [str(file) if word == "FILE" else word for word in COMMANDS[command]]

    said = tally(*line, "--broker-url", stranger.url)

    assert (said.code, said.out) == (4, "")
    assert "is this a Tallystick broker?" in said.err
