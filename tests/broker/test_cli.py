"""The server's commands: what they refuse, and a real server from start to graceful stop."""

import json
import os
import re
import signal
import socket
import subprocess
import sys
import threading
import urllib.error
import urllib.request

import pytest
from click.testing import CliRunner

from broker.cli import _with_own_hosts, commands
from broker.settings import Settings

SERVE, DB = commands


def run(command, *arguments, **environ):
    runner = CliRunner(env={name: None for name in os.environ if name.startswith("TALLY_")})
    return runner.invoke(command, arguments, env=environ)


def test_faulty_settings_are_all_named_and_nothing_starts():
    result = run(SERVE, "--port", "x", TALLY_THREADS="0")

    assert result.exit_code == 2
    assert "--port must be a whole number" in result.stderr
    assert "TALLY_THREADS must be a whole number" in result.stderr


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.0.2.1", "tally.example"])  # noqa: S104
def test_an_open_address_is_refused_without_tokens(host):
    result = run(SERVE, "--host", host)

    assert result.exit_code == 2
    assert f"will not listen on {host}: no tokens guard this broker" in result.stderr


def test_an_option_wins_over_a_secret_file(tmp_path):
    result = run(DB, "current", "--database-url", "mysql://x", TALLY_DATABASE_URL_FILE="nowhere")

    assert "must begin with sqlite: or postgresql:" in result.stderr


def test_a_database_that_is_behind_is_refused_with_the_command(tmp_path):
    url = f"sqlite:///{tmp_path / 'tally.db'}"

    result = run(SERVE, "--database-url", url, "--no-auto-migrate")

    assert result.exit_code == 1
    assert "Run `tally db upgrade`" in result.stderr


def test_the_database_goes_up_and_down(tmp_path):
    url = f"sqlite:///{tmp_path / 'tally.db'}"

    assert run(DB, "current", "--database-url", url).exit_code == 1
    assert run(DB, "upgrade", "--database-url", url).exit_code == 0
    assert run(DB, "current", "--database-url", url).exit_code == 0
    assert run(DB, "downgrade", "--database-url", url, "base").exit_code == 0
    assert run(DB, "current", "--database-url", url).exit_code == 1


def test_a_database_that_cannot_be_reached_is_exit_code_4(tmp_path):
    url = f"sqlite:///{tmp_path / 'no' / 'such' / 'folder' / 'tally.db'}"

    assert run(DB, "upgrade", "--database-url", url).exit_code == 4


class Server:
    def __init__(self, url, *arguments):
        environ = {k: v for k, v in os.environ.items() if not k.startswith("TALLY_")}
        self.process = subprocess.Popen(
            [
                sys.executable,
                "-m",
                "broker",
                "serve",
                "--port",
                "0",
                "--database-url",
                url,
                *arguments,
            ],
            env=environ,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        line = self.process.stdout.readline()
        self.url = re.fullmatch(r"Serving on (http://127\.0\.0\.1:\d+)\n", line)[1]

    @property
    def port(self):
        return int(self.url.rpartition(":")[2])

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        _, stderr = self.process.communicate(timeout=20)
        return stderr


@pytest.fixture
def server(tmp_path):
    started = Server(f"sqlite:///{tmp_path / 'tally.db'}")
    yield started
    if started.process.poll() is None:
        started.process.kill()
        started.process.communicate()


def fetch(server, path, **headers):
    request = urllib.request.Request(server.url + path, headers=headers)
    try:
        with urllib.request.urlopen(request, timeout=10) as answer:
            return answer.status, answer.read()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.read()


def test_a_server_migrates_serves_and_stops_when_told(server):
    assert fetch(server, "/health/ready") == (200, b'{"status": "ready"}')
    status, _ = fetch(server, "/api/v1/participants")
    assert status == 200

    stderr = server.stop()

    assert server.process.returncode == 0
    assert "Local mode" in stderr
    logged = [json.loads(line) for line in stderr.splitlines() if line.startswith("{")]
    assert [line["route"] for line in logged] == ["/api/v1/participants"]


def test_a_web_page_that_renames_us_is_not_answered(server):
    status, body = fetch(server, "/api/v1/participants", Host="evil.example")

    assert (status, json.loads(body)["code"]) == (400, "host-unknown")


def test_a_request_in_flight_is_answered_before_the_end(server):
    body = json.dumps({"name": "production"}).encode()
    head = (
        "POST /api/v1/environments HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
        f"Content-Length: {len(body)}\r\n\r\n"
    ).encode()
    with socket.create_connection(("127.0.0.1", server.port), timeout=10) as connection:
        connection.sendall(head + body[:5])
        stopping = threading.Thread(target=server.stop)
        fetch(server, "/health/live")
        stopping.start()
        connection.sendall(body[5:])
        answer = connection.recv(65_536)
        stopping.join()

    assert answer.startswith(b"HTTP/1.1 201 ")
    assert server.process.returncode == 0


def test_a_large_body_is_refused_with_a_problem(server):
    request = urllib.request.Request(
        server.url + "/api/v1/environments",
        data=b" " * (3 * 2**20),
        headers={"Content-Type": "application/json"},
    )

    with pytest.raises(urllib.error.HTTPError) as caught:
        urllib.request.urlopen(request, timeout=10)

    with caught.value as answer:
        assert (answer.code, json.loads(answer.read())["code"]) == (413, "body-too-large")


def test_a_port_that_is_taken_is_named(tmp_path):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        result = run(
            SERVE, "--port", str(port), "--database-url", f"sqlite:///{tmp_path / 'tally.db'}"
        )

    assert result.exit_code == 2
    assert f"cannot listen on 127.0.0.1:{port}" in result.stderr


def test_a_database_nobody_answers_at_is_named_with_the_cause_and_without_its_password():
    result = run(DB, "upgrade", "--database-url", "postgresql://tally:sekret@127.0.0.1:1/contracts")

    assert result.exit_code == 4
    assert "postgresql+psycopg://tally:***@127.0.0.1:1/contracts: " in result.stderr
    assert "refused" in result.stderr
    assert "sekret" not in result.stderr


def test_the_address_it_listens_on_is_a_name_of_its_own():
    settings = Settings(host="127.0.0.2")

    assert "127.0.0.2" in _with_own_hosts(settings).trusted_hosts
