"""The server while every thread has something to wait for."""

import contextlib
import sqlite3
from concurrent.futures import ThreadPoolExecutor

import pytest
from journeys.processes import broker_process
from raw_http import exchange, get, request_bytes


@pytest.fixture
def held(tmp_path):
    """A broker whose database somebody else is writing to."""
    file = tmp_path / "tally.db"
    with (
        broker_process(f"sqlite:///{file}") as running,
        contextlib.closing(sqlite3.connect(file, isolation_level=None)) as other,
    ):
        other.execute("BEGIN IMMEDIATE")
        yield running.url.removeprefix("http://"), other


def test_a_probe_is_answered_while_every_thread_waits_for_the_database(held):
    address, other = held
    with ThreadPoolExecutor(12) as crowd:
        waiting = [crowd.submit(exchange, address, creation(address, i)) for i in range(12)]
        probe = get(address, "/health/live")
        pending = [each for each in waiting if not each.done()]
        other.execute("ROLLBACK")

        assert (probe.status, len(pending)) == (200, 12)
        assert {each.result().status for each in waiting} == {201}


def creation(address, number):
    body = b'{"name": "e%d"}' % number
    return request_bytes("POST", "/api/v1/environments", (), body, address=address)
