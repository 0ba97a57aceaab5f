"""Whole histories by chance: every store decides as the model does that shares no code with it."""

import random

import pytest
from builders import a_result
from decision_model import AMONG, MAIN, Model

from broker.domain.errors import Refusal
from broker.domain.verification import ToolOutcome
from broker.services.participants import delete_version

STEPS, QUESTIONS = 50, 30
NAMES, NUMBERS, PLACES = "abcd", "123", ("test", "live")
OUTCOMES = (*[ToolOutcome.PASSED] * 3, ToolOutcome.FAILED, ToolOutcome.NOT_TESTED)


class History:
    """Tells the same to a broker and to the model; what the broker refuses the model never hears."""

    def __init__(self, world, seed):
        self.world, self.model, self.chance = world, Model(), random.Random(seed)
        self.deployments = {}
        for place in PLACES:
            world.has_environment(place)

    def version(self, name=None):
        return (name or self.chance.choice(NAMES), self.chance.choice(NUMBERS))

    def branch(self):
        return self.chance.choice((MAIN, MAIN, "dev", None))

    def step(self):
        act = self.chance.choice(
            [self.publish] * 4
            + [self.verify] * 6
            + [self.deploy] * 3
            + [self.support, self.undeploy, self.use_nothing, self.delete]
        )
        try:
            act()
        except Refusal:
            return

    def publish(self):
        consumer, producer = self.chance.sample(NAMES, 2)
        version, branch = self.version(consumer), self.branch()
        tools = [{"tool_name": "quote", "version": self.chance.choice("12"), **SCHEMAS}]
        outcome = self.world.publishes("@".join(version), producer, tools, branch=branch)
        self.model.publish(version, producer, outcome.publication.digest)
        self.model.join(version, branch)

    def verify(self):
        pairs = [(of, to) for of, producers in self.model.published.items() for to in producers]
        if not pairs:
            return
        of, producer = self.chance.choice(pairs)
        by, branch = self.version(producer), self.branch()
        result = a_result("quote", self.chance.choice(OUTCOMES))
        found = self.world.verifies("@".join(by), "@".join(of), result, branch=branch)
        self.model.versions.add(by)
        self.model.results[(found.contract_digest, by)] = found.outcome.value
        self.model.join(by, branch)

    def deploy(self):
        version, place = self.version(), self.chance.choice(PLACES)
        instance = self.chance.choice((None, "eu"))
        deployed = self.world.deploys("@".join(version), place, instance=instance)
        self.model.versions.add(version)
        self.model.running[(place, version[0], instance)] = version[1]
        self.deployments[(place, version[0], instance)] = deployed

    def undeploy(self):
        if self.deployments:
            place = self.chance.choice(sorted(self.deployments, key=str))
            self.world.undeploys(self.deployments.pop(place))
            del self.model.running[place]

    def support(self):
        version, place = self.version(), self.chance.choice(PLACES)
        self.world.releases("@".join(version), place)
        self.model.versions.add(version)
        self.model.supported.add((place, version))

    def use_nothing(self):
        version = self.version()
        self.world.publishes_all("@".join(version))
        self.model.versions.add(version)
        self.model.use_nothing.add(version)

    def delete(self):
        version = self.version()
        delete_version(self.world.store, *version, clock=self.world.clock)
        assert not self.model.is_placed(version)
        self.model.delete(version)


SCHEMAS = {"input_schema": {"sku": {"type": "string"}}, "output_schema": {}}


@pytest.mark.parametrize("seed", range(8))
def test_whatever_happened_the_decision_is_that_of_the_page(world, seed):
    """Broker page, section 2: which rows there are, what each says, and what follows."""
    history = History(world, seed)
    for _ in range(STEPS):
        history.step()
    known = sorted({participant for participant, _ in history.model.versions})
    for _ in range(QUESTIONS):
        names = history.chance.sample(known, history.chance.randint(1, min(3, len(known))))
        named = [history.version(name) for name in names]
        places = (*PLACES, MAIN, AMONG) if len(names) > 1 else (*PLACES, MAIN)
        destination = history.chance.choice(places)
        ignored = set(history.chance.sample(known, 1)) if history.chance.random() < 0.3 else set()

        decision = world.can_deploy(*map("@".join, named), to=destination, ignore=ignored)

        told = (decision.answer.value, {row_told(row) for row in decision.rows})
        assert told == history.model.decide(named, destination, ignored)


def row_told(row):
    consumer = (row.consumer.participant, row.consumer.number)
    return consumer, row.producer, row.producer_version, row.outcome.value
