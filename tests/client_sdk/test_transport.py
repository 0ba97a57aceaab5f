import contextlib
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from client_sdk.errors import Unreachable
from client_sdk.transport import Timeout, Transport

QUICK = Timeout(connect=1, read=1, total=0.4)


class Server(BaseHTTPRequestHandler):
    """Answers by path: well, slowly, too much, or elsewhere."""

    def do_GET(self):
        with contextlib.suppress(OSError):  # the client may hang up first
            getattr(self, self.path.strip("/"))()

    def fine(self):
        self._head(200, {"Content-Length": "2"})
        self.wfile.write(b"ok")

    def moved(self):
        self._head(302, {"Location": "/fine", "Content-Length": "0"})

    def flood(self):
        self._head(200, {"Content-Length": "100000"})
        self.wfile.write(b"x" * 100_000)

    def slow_body(self):
        self._head(200, {"Content-Length": "1000"})
        self._drip()

    def slow_head(self):
        self._drip()

    def _drip(self):
        for _ in range(40):
            self.wfile.write(b"x")
            self.wfile.flush()
            time.sleep(0.05)

    def _head(self, status, headers):
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()

    def log_message(self, *_):
        """Say nothing."""


@pytest.fixture
def url():
    server = ThreadingHTTPServer(("127.0.0.1", 0), Server)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


def test_an_answer_comes_back_whole(url):
    answer = Transport().send("GET", f"{url}/fine")
    assert (answer.status, answer.content, answer.headers["content-length"]) == (200, b"ok", "2")


def test_a_redirect_is_an_answer_and_is_not_followed(url):
    assert Transport().send("GET", f"{url}/moved").status == 302


@pytest.mark.parametrize("path", ["slow_body", "slow_head"])
def test_a_slow_drip_ends_at_the_total_deadline_although_every_read_is_quick(url, path):
    with pytest.raises(Unreachable, match=r"did not answer completely within 0\.4 s"):
        Transport(QUICK).send("GET", f"{url}/{path}")


def test_an_answer_over_the_limit_is_not_read_to_its_end(url):
    with pytest.raises(Unreachable, match="more than 1000 bytes"):
        Transport(max_answer_bytes=1_000).send("GET", f"{url}/flood")


def test_nobody_listening_is_said_with_the_address():
    with pytest.raises(Unreachable, match=r"http://127\.0\.0\.1:1/ cannot be reached: .*refused"):
        Transport().send("GET", "http://127.0.0.1:1/")
