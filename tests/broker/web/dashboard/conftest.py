"""A broker in memory with a short history, and a reader with a browser's Accept header."""

import pytest
from builders import World, a_tool, failed
from fakes import FakeClock, FakeStore

from broker.app import create_app
from broker.settings import Settings

HTML = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}


class Reader:
    def __init__(self, client):
        self.client = client

    def get(self, path, **headers):
        return self.client.get(path, headers={**HTML, **headers})

    def text(self, path):
        answer = self.get(path)
        assert answer.status_code == 200, answer.text
        return answer.text

    def json(self, path):
        answer = self.client.get(path, headers={"Accept": "application/json"})
        assert answer.status_code == 200, answer.text
        return answer.get_json()


@pytest.fixture
def world():
    return World(FakeStore(), FakeClock())


@pytest.fixture
def app(world):
    return create_app(Settings(), store=world.store, clock=world.clock)


@pytest.fixture
def reader(app):
    return Reader(app.test_client())


@pytest.fixture
def history(world):
    """One integration verified, one failed; two versions of one contract; two environments."""
    world.has_environment()
    world.has_environment("staging", production=False)
    world.publishes("fine@1", "pricing", branch="main")
    world.verifies("pricing@1", "fine@1", branch="main")
    world.publishes("shop@1", "pricing", branch="main")
    narrower = a_tool(input_schema={"sku": {"type": "string", "maxLength": 3}})
    world.publishes("shop@2", "pricing", [narrower], branch="main")
    violation = {
        "field": "price",
        "expected": "a number",
        "actual": "<b>12</b>",
        "severity": "error",
        "message": "price is text",
        "path": "/price",
    }
    world.result = world.verifies("pricing@1", "shop@2", failed(violations=(violation,))).id
    world.deploys("fine@1")
    world.deploys("pricing@1")
    world.deploys("shop@2", "staging")
    return world
