"""Fixtures for the broker's tests: every store that keeps the promises of the ports."""

import pytest
from builders import World
from fakes import FakeStore

from broker.storage.unit_of_work import open_store

STORES = ["memory", "sqlite", pytest.param("postgres", marks=pytest.mark.postgres)]


@pytest.fixture(params=STORES)
def any_store(request: pytest.FixtureRequest):
    """An empty store of each kind."""
    if request.param == "memory":
        yield FakeStore()
        return
    with open_store(request.getfixturevalue(f"{request.param}_url")) as store:
        yield store


@pytest.fixture
def world(any_store) -> World:
    """An empty broker on each kind of store."""
    return World(any_store)


@pytest.fixture
def memory() -> FakeStore:
    """An empty store in memory, for tests that look at the moment between two transactions."""
    return FakeStore()
