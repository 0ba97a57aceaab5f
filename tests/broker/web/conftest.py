"""An application on a store in memory, and a client that knows the description of the API."""

import pytest
import structlog
from fakes import FakeClock, FakeStore
from web_client import Api, ConformingClient

from broker.app import create_app
from broker.settings import Settings


@pytest.fixture(autouse=True)
def no_logging_left_behind():
    yield
    structlog.reset_defaults()


@pytest.fixture
def clock():
    return FakeClock()


@pytest.fixture
def app(clock):
    application = create_app(Settings(), store=FakeStore(), clock=clock)
    application.test_client_class = ConformingClient
    return application


@pytest.fixture
def client(app):
    return app.test_client()


@pytest.fixture
def api(client):
    return Api(client)
