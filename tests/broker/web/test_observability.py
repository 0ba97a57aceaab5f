"""Each request has a name, a line in the log and a place in the numbers."""

import json
import re

import pytest

from broker.domain.errors import StoreUnavailable
from broker.observability import configure_logging


def test_a_sound_request_id_is_kept(client):
    answer = client.get("/api/v1/limits", headers={"X-Request-Id": "build-77"})

    assert answer.headers["X-Request-Id"] == "build-77"


@pytest.mark.parametrize("name", ["", "a b", "x" * 65, "\u00e9", "a_b", "a;b"])
def test_any_other_request_id_is_replaced(client, name):
    answer = client.get("/api/v1/limits", headers={"X-Request-Id": name})

    assert re.fullmatch(r"[0-9a-f]{32}", answer.headers["X-Request-Id"])


def test_numbers_are_told_by_route_and_never_by_path(client):
    client.get("/api/v1/participants/secret-name")
    client.get("/secret-path")

    numbers = client.get("/metrics").text

    assert (
        'tally_http_requests_total{method="GET",route="/api/v1/participants/<participant>",status="404"} 1.0'
        in numbers
    )
    assert 'route="(none)",status="404"} 1.0' in numbers
    assert "secret" not in numbers
    assert "tally_http_requests_in_flight 1.0" in numbers


def test_the_log_is_one_line_of_json_per_request(app, capsys):
    configure_logging(level="info", as_json=True)

    app.test_client().get(
        "/api/v1/participants/secret-name?x=secret", headers={"X-Request-Id": "r1"}
    )

    line = json.loads(capsys.readouterr().err)
    assert line["route"] == "/api/v1/participants/<participant>"
    assert (line["status"], line["request_id"], line["level"]) == (400, "r1", "info")
    assert "secret" not in json.dumps(line)


def test_probes_are_answered_and_not_logged(app, capsys):
    configure_logging(level="info", as_json=True)
    client = app.test_client()

    assert client.get("/health/live").json == {"status": "live"}
    assert client.get("/health/ready").json == {"status": "ready"}
    assert capsys.readouterr().err == ""


@pytest.mark.parametrize("trouble", [BrokenPipeError, OSError(28, "No space left"), ValueError])
def test_a_log_that_nobody_takes_fails_no_request(app, monkeypatch, trouble):
    class Gone:
        def isatty(self):
            return False

        def write(self, _):
            raise trouble

    monkeypatch.setattr("sys.stderr", Gone())
    configure_logging(level="info", as_json=True)

    answer = app.test_client().post("/api/v1/environments", json={"name": "production"})

    assert answer.status_code == 201


def test_a_store_that_is_away_is_not_ready_but_alive(app, client, monkeypatch):
    def away():
        raise StoreUnavailable

    monkeypatch.setattr(app.extensions["tallystick"].store, "reading", away)

    assert client.get("/health/live").status_code == 200
    assert client.get("/health/ready").json["code"] == "not-ready"
    answer = client.get("/api/v1/participants")
    assert (answer.status_code, answer.json["code"]) == (503, "store-unavailable")
    assert answer.headers["Retry-After"] == "1"


def test_the_log_says_why_somebody_was_told_to_come_back(app, monkeypatch, capsys):
    def away():
        raise StoreUnavailable from OSError("no route to the database")

    monkeypatch.setattr(app.extensions["tallystick"].store, "reading", away)
    configure_logging(level="warning", as_json=True)

    answer = app.test_client().get("/api/v1/participants", headers={"X-Request-Id": "r1"})

    line = json.loads(capsys.readouterr().err)
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "1")
    assert "route to" not in answer.text
    assert (line["event"], line["code"]) == ("come-back-later", "store-unavailable")
    assert (line["cause"], line["request_id"]) == ("no route to the database", "r1")
