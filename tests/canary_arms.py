"""Two arms whose errors and latencies come by seed, and a deployment over them in virtual time."""

import random
from dataclasses import dataclass, field

from client_sdk.canary import CanaryConfig, CanaryController
from client_sdk.clock import VirtualClock
from client_sdk.exchange import Result


@dataclass
class Arm:
    """Answers with errors at a rate and latencies around `typical_ms`; remembers its calls."""

    chance: random.Random = field(default_factory=lambda: random.Random(1))
    error_rate: float = 0.0
    slower: float = 1.0
    status: int = 500
    calls: list = field(default_factory=list)
    answers: dict = field(default_factory=dict)

    def execute(self, tool, input_data):
        self.calls.append((tool, input_data))
        answer = self.answers.get(tool)
        if isinstance(answer, Exception):
            raise answer
        if answer is not None:
            return answer
        status = self.status if self.chance.random() < self.error_rate else 200
        return Result(status, {}, {}, self.chance.lognormvariate(3.5, 0.5) * self.slower)


@dataclass
class Deployment:
    """A controller, its two arms and the clock they share."""

    controller: CanaryController
    stable: Arm
    canary: Arm
    clock: VirtualClock

    def send(self, count, *, keys=None, tool="get_balance"):
        for number in range(count):
            key = None if keys is None else f"caller-{number % keys}"
            self.controller.route_request(tool, {}, key=key)

    def up_to(self, rate, seconds, *, keys=None, poll=10):
        """Send traffic and obey every evaluation; give the seconds until the end, or None."""
        passed = 0
        while passed < seconds:
            for _ in range(rate * poll):
                key = None if keys is None else f"caller-{self.stable.chance.randrange(keys)}"
                self.controller.route_request("get_balance", {}, key=key)
            self.clock.advance(poll)
            passed += poll
            decision = self.controller.evaluate()
            if decision["action"] == "rollback":
                self.controller.rollback(decision["reason"])
                return passed
            if decision["action"] == "promote":
                self.controller.promote()
            if self.controller.state == "promoted":
                return passed
        return None

    def up_to_state(self, rate, seconds, **given):
        """The same, and give the state that it has come to."""
        self.up_to(rate, seconds, **given)
        return self.controller.state


def deployment(seed=0, *, stable_rate=0.0, canary_rate=0.0, slower=1.0, start=True, **given):
    """A deployment that has started, unless told otherwise; `given` goes to the configuration."""
    chance, clock = random.Random(seed), VirtualClock(start=1_000_000)
    extra = {
        name: given.pop(name) for name in ("store", "hooks", "contract_check") if name in given
    }
    metrics_client = given.pop("metrics_client", None)
    config = CanaryConfig("agent-v1", "agent-v2", **{"seed": seed, **given})
    stable = Arm(chance, stable_rate)
    canary = Arm(chance, canary_rate, slower)
    controller = CanaryController(config, stable, canary, metrics_client, clock=clock, **extra)
    if start:
        controller.start()
    return Deployment(controller, stable, canary, clock)
