"""Every answer forbids the browser everything it does not need."""

import pytest
from fakes import FakeStore

from broker.app import create_app
from broker.settings import Settings


@pytest.mark.parametrize(
    "path", ["/api/v1/limits", "/nothing", "/health/live", "/metrics", "/docs/api"]
)
def test_every_answer_has_the_headers(client, path):
    headers = client.get(path).headers

    assert headers["Content-Security-Policy"].startswith("default-src 'none'; ")
    assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["X-Frame-Options"] == "DENY"
    assert "Access-Control-Allow-Origin" not in headers
    assert "Set-Cookie" not in headers


def test_an_error_is_never_kept_by_a_cache(client):
    assert client.get("/api/v1/nothing").headers["Cache-Control"] == "no-store"


def test_only_trusted_hosts_are_answered():
    settings = Settings(trusted_hosts=("tally.example", "[::1]"))
    client = create_app(settings, store=FakeStore()).test_client()

    assert client.get("/health/live", headers={"Host": "tally.example:8700"}).status_code == 200
    assert client.get("/health/live", headers={"Host": "[::1]:8700"}).status_code == 200
    evil = client.get("/health/live", headers={"Host": "evil.example"})
    assert (evil.status_code, evil.json["code"]) == (400, "host-unknown")
    assert "evil" not in evil.text


def test_links_never_come_from_the_host_header(client, api):
    answer = client.post(
        "/api/v1/environments", json={"name": "production"}, headers={"Host": "evil.example"}
    )

    assert answer.headers["Location"] == "/api/v1/environments/production"


def test_links_begin_with_the_configured_address():
    settings = Settings(base_url="https://tally.example/broker")
    client = create_app(settings, store=FakeStore()).test_client()

    answer = client.post("/api/v1/environments", json={"name": "production"})

    assert (
        answer.headers["Location"] == "https://tally.example/broker/api/v1/environments/production"
    )
