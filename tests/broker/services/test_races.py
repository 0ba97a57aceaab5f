"""Several at once: one wins, nobody is lost, and nobody waits for ever."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import pytest
from builders import World, contract_bytes
from fakes import FakeStore

from broker.domain.errors import ContentConflict, WriteContended
from broker.domain.publication import OnConflict
from broker.services import publishing
from client_sdk.contract.reading import parse_contract

MANY = 8


def all_at_once(action) -> list:
    with ThreadPoolExecutor(MANY) as pool:
        return list(pool.map(action, range(MANY)))


def test_of_many_contents_for_one_version_exactly_one_is_created(world):
    def publish(index):
        try:
            return world.publishes("shop@1", "pricing", [f"tool-{index}"]).created
        except ContentConflict:
            return False

    assert sum(all_at_once(publish)) == 1


def test_the_same_content_published_many_times_is_created_once(world):
    outcomes = all_at_once(lambda _: world.publishes("shop@1", "pricing", branch="main"))
    assert sum(outcome.created for outcome in outcomes) == 1
    assert len({outcome.publication.digest for outcome in outcomes}) == 1


def test_shards_that_merge_at_the_same_time_lose_no_tool(world):
    all_at_once(
        lambda index: world.publishes_all(
            "shop@1",
            contract_bytes("shop", "pricing", [f"tool-{index}"]),
            on_conflict=OnConflict.MERGE,
        )
    )
    stored = publishing.get_publication(world.store, "shop", "pricing", "1")
    names = {tool.tool_name for tool in parse_contract(stored.received).tools}
    assert names == {f"tool-{index}" for index in range(MANY)}


def test_versions_published_at_once_all_arrive_and_are_counted_one_by_one(world):
    all_at_once(lambda index: world.publishes(f"shop@{index}", "pricing", branch="main"))
    decision = world.can_deploy("shop@0", to="main")
    assert decision.as_of == MANY


def test_results_recorded_at_once_get_a_number_each(world):
    world.publishes("shop@1", "pricing")
    found = all_at_once(lambda index: world.verifies(f"pricing@{index % 2}", "shop@1"))
    assert sorted(result.number for result in found) == list(range(1, MANY + 1))


def test_deployments_at_once_leave_one_running(world):
    world.has_environment()
    world.publishes("shop@1", "pricing")
    all_at_once(lambda index: world.deploys(f"shop@{index}"))
    with world.store.reading() as uow:
        assert len(uow.deployments.current("production", "shop")) == 1


class NeverFirst(FakeStore):
    """Somebody else always has the place."""

    @contextmanager
    def writing(self):
        with super().writing() as uow:
            uow.publications.add = lambda _: False
            yield uow


def test_a_store_that_never_lets_one_through_ends_in_a_refusal():
    with pytest.raises(WriteContended):
        World(NeverFirst()).publishes("shop@1", "pricing")
