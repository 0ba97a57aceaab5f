"""The work SQLite does for a question, in steps of its virtual machine: exact, on any machine."""

from itertools import count

import pytest
from builders import World, a_tool
from sqlalchemy import event

from broker.domain.can_i_deploy import ToMain
from broker.domain.participant import VersionRef
from broker.storage.unit_of_work import open_store

SHORT, LONG = 30, 150  # beyond the lists that are cut at 20
TOLERATED = 1.35  # one more level of a tree, one more page of a list


class Meter:
    """Counts the steps of every connection of a store."""

    def __init__(self, store):
        self.steps = 0
        event.listen(store._engine, "checkout", self._watch)

    def _watch(self, connection, *_others):
        connection.set_progress_handler(self._step, 1)

    def _step(self):
        self.steps += 1

    def of(self, ask):
        before = self.steps
        ask()
        return self.steps - before


@pytest.fixture(scope="module")
def costs(sqlite_databases, tmp_path_factory):
    """Steps of every question, with a short history and with a long one."""
    url = sqlite_databases.clone(tmp_path_factory.mktemp("growth"))
    with open_store(url) as store:
        world, meter = World(store), Meter(store)
        world.has_environment()
        world.publishes("shop@first", "retired", branch="main")
        world.verifies("retired@1", "shop@first", branch="main")
        world.deploys("retired@1")
        world.has_environment("guarded", requires=("chaos",))
        world.publishes("strict@1", "pricing", [a_tool(expectations={"max_bytes": 9})])
        world.verifies("pricing@2", "strict@1")
        asked = questions(store, world)
        found = {}
        for begin, size in ((0, SHORT), (SHORT, LONG)):
            for number in range(begin, size):
                grow(world, number)
            for ask in asked.values():
                ask()
            found[size] = {name: meter.of(ask) for name, ask in asked.items()}
        yield found


def grow(world, number):
    """One more version on either side: published, verified, deployed in the place of the last."""
    tools = [a_tool(version=str(number // 20))]
    world.publishes(f"shop@{number}", "pricing", tools, branch="main")
    world.verifies(f"pricing@{number}", f"shop@{number}", branch="main")
    world.deploys(f"shop@{number}")
    world.deploys(f"pricing@{number}")
    world.finds("shop@first", run=number)
    world.measures("pricing@2", latency_ms={"p95": number})


def questions(store, world):
    fresh = count()

    def facts():
        with store.reading() as work:
            ref = VersionRef("shop", "unheard-of")
            work.publications.facts(ref, ("pricing", "retired"), "feature", live=True)

    def needed():
        with store.reading() as work:
            work.publications.needed_from("pricing", branch="main", environment=None, consumer=None)

    return {
        "facts before publishing": facts,
        "publishing": lambda: world.publishes(f"shop@new-{next(fresh)}", "pricing", branch="main"),
        "verifying": lambda: world.verifies(f"pricing@new-{next(fresh)}", "shop@0", branch="main"),
        "deciding for an environment": lambda: world.can_deploy("shop@first"),
        "deciding for main branches": lambda: world.can_deploy("shop@first", to=ToMain()),
        "deciding for a producer": lambda: world.can_deploy("pricing@2"),
        "deciding with evidence": lambda: world.can_deploy("shop@first", to="guarded"),
        "deciding with expectations": lambda: world.can_deploy(
            "strict@1", "pricing@2", to="each other"
        ),
        "publishing evidence": lambda: world.finds("shop@first", fresh=next(fresh)),
        "what a producer must verify": needed,
        "deploying": lambda: world.deploys("shop@first"),
    }


@pytest.mark.parametrize(
    "question",
    [
        "facts before publishing",
        "publishing",
        "verifying",
        "deciding for an environment",
        "deciding for main branches",
        "deciding for a producer",
        "deciding with evidence",
        "deciding with expectations",
        "publishing evidence",
        "what a producer must verify",
        "deploying",
    ],
)
def test_a_long_history_costs_no_more_than_a_short_one(costs, question):
    short, long = costs[SHORT][question], costs[LONG][question]

    assert long <= TOLERATED * short, (short, long)
