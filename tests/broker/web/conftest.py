"""An application on a store in memory, and a client that knows the description of the API."""

from datetime import timedelta

import pytest
import structlog
from fakes import FakeClock, FakeStore
from web_client import Api, ConformingClient

from broker.app import create_app
from broker.settings import Settings
from broker.storage.unit_of_work import open_store


@pytest.fixture(autouse=True)
def no_logging_left_behind():
    yield
    structlog.reset_defaults()


class MovedClock(FakeClock):
    """A fake clock that a test can move on."""

    def pass_hours(self, hours):
        self._next += timedelta(hours=hours)


@pytest.fixture
def clock():
    return MovedClock()


@pytest.fixture
def kept_in(request):
    return getattr(request, "param", "memory")


@pytest.fixture
def broker_store(kept_in, request):
    if kept_in == "memory":
        yield FakeStore()
        return
    with open_store(request.getfixturevalue(f"{kept_in}_url")) as opened:
        yield opened


@pytest.fixture
def app(clock, broker_store):
    application = create_app(Settings(), store=broker_store, clock=clock)
    application.test_client_class = ConformingClient
    return application


@pytest.fixture
def client(app):
    return app.test_client()


@pytest.fixture
def api(client):
    return Api(client)
